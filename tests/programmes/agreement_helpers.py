"""People who sign for agencies, and short ways to draft and sign."""

from __future__ import annotations

import datetime as dt

from accounts.grants import give_role
from accounts.models import AgencyMembership
from accounts.roles import Role
from accounts.sharing import Category
from programmes.models import SharingAgreement
from programmes.services import agreements as services
from programmes.sharing import shared_with
from tests.factories.accounts import UserFactory
from tests.personas import LONG_AGO

TODAY = dt.date(2024, 6, 25)
PDF = b"%PDF-1.4\n%%EOF\n"


def may_sign_for(agency, name, **more):
    """Return somebody with a leader's role on an agency, and none in any programme."""
    user = UserFactory(name=name, agency=agency, **more)
    give_role(
        membership_model=AgencyMembership,
        user=user,
        anchor=agency,
        role=Role.LEADER,
        starts_on=LONG_AGO,
        by=None,
    )
    return user


def draft(people, **changes) -> SharingAgreement:
    given = {
        "programme": people.programme,
        "title": "Sharing at Leominster",
        "purpose": "To work at one place together.",
        "legal_basis": "cda-1998-s115",
        "categories": ["sensitive_notes"],
        "starts_on": TODAY,
        "review_on": dt.date(2024, 12, 1),
        "ends_on": dt.date(2025, 6, 24),
        "parties": [people.police, people.housing],
        "by": people.manager,
        **changes,
    }
    return services.draft_agreement(**given)


def sign(agreement, user, **changes):
    given = {
        "agreement": agreement,
        "agency": user.agency,
        "name": user.name,
        "version": agreement.version,
        "by": user,
        **changes,
    }
    return services.sign_agreement(**given)


def opens(people) -> bool:
    return shared_with(people.partner, people.programme).covers(
        Category.SENSITIVE_NOTES, people.police.pk
    )
