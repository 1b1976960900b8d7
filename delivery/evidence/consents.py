"""Consents of the community members who sit in a location's groups today."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from core import clock
from delivery.models import GroupMember
from programmes.choices import ConsentPurpose
from programmes.counting import CountedRows
from programmes.models import Consent


def _rows() -> QuerySet[Any]:
    """Return memberships by a consent to be known to the group that counts today."""
    today = clock.today()
    stands = Consent.objects.standing(today).filter(purpose=ConsentPurpose.GROUP)
    members = GroupMember.objects.all().present(today)
    return members.filter(group__ended_on__isnull=True, consent__in=stands.values("pk"))


def _words(count: int) -> str:
    return ngettext(
        "%(count)d consent of a community member",
        "%(count)d consents of community members",
        count,
    ) % {"count": count}


CONSENTS = CountedRows(
    key="group-consents",
    rows=_rows,
    words=_words,
    url_name="delivery:group",
    location="group__location",
    date="consent__given_on",
    make_url_name="delivery:group",
    make_label=_("Add a community member with their consent"),
    make_permission=Permission.DELIVERY_RECORD,
)
