"""One row of every scoped model inside the personas' programme, for tests that walk all of them.

Whoever adds a scoped model adds its row here; `tests/accounts/test_scoping.py` and the URL table
fail until it is there.
"""

from __future__ import annotations

import datetime as dt

from accounts.grants import give_role
from accounts.invitations import invite
from accounts.models import AgencyMembership, ApiToken, Invitation, digest_of
from accounts.roles import Role
from core import clock
from core.choices import JobState, LedgerAction
from core.ledger import note
from core.models import LedgerEntry, TabularImport
from core.tabular.reading import read_text
from core.tabular.registry import table_of
from core.tabular.services import receive_table
from incidents.models import DataPackage
from programmes.models import Evidence, LocationMembership, ProgrammeMembership, SignOff
from reports.models import ProgressReport
from tests import areas
from tests.factories.accounts import AgencyFactory
from tests.factories.core import JobRunFactory, StoredFileFactory
from tests.factories.incidents import package_zip
from tests.factories.programmes import (
    ConsentFactory,
    SharingAgreementFactory,
    StepRecordFactory,
    TargetPlaceFactory,
)
from tests.personas import LONG_AGO, People

A_DATE = dt.date(2024, 6, 1)
INVITATION = "the-token-of-the-invitation"


def _table(people: People) -> TabularImport:
    """Return a table that the coordinator has sent; and one finished list of theirs."""
    JobRunFactory(
        kind="core.export",
        requested_by=people.coordinator,
        state=JobState.SUCCEEDED,
        finished_at=clock.now(),
        result_file=StoredFileFactory(name="list.zip"),
        result={"rows": 1, "annex": 0, "columns": ["Location"], "withheld": []},
        params={
            "export": "programmes.locations",
            "scope": "programmes.Location",
            "scope_id": str(people.location.pk),
            "form": "csv",
            "reason": "For the quarterly board",
            "first": None,
            "last": None,
        },
    )
    return receive_table(
        table=table_of("programmes.target_places"),
        target=people.location,
        sheet=read_text("Name\nPark\n", "places.csv"),
        by=people.coordinator,
    )


def make_one_of_everything(people: People) -> dict:
    """Return a row for each scoped model, by the model's label."""
    place = TargetPlaceFactory(location=people.location, slug="grange", name="Grange")
    step = StepRecordFactory(location=people.location, definition__number=1)
    evidence = Evidence.objects.create(
        step_record=step,
        title="Walkabout",
        done_on=A_DATE,
        recorded_by=people.coordinator,
        file=StoredFileFactory(),
    )
    sign_off = SignOff.objects.create(step_record=step, signed_by=people.leader, signed_on=A_DATE)
    package = DataPackage.objects.create(
        location=people.location,
        first_month=dt.date(2024, 1, 1),
        last_month=dt.date(2024, 3, 1),
        recipe={},
        fingerprint="0" * 64,
        built_on=A_DATE,
        file=StoredFileFactory(name="package.zip", content=package_zip()),
        briefing_html=StoredFileFactory(name="briefing.html"),
        briefing_pdf=StoredFileFactory(name="briefing.pdf"),
    )
    report = ProgressReport.objects.create(
        location=people.location,
        quarter="2023-24-Q4",
        figures={},
        fingerprint="0" * 64,
        built_on=A_DATE,
        html=StoredFileFactory(name="report.html"),
        pdf=StoredFileFactory(name="report.pdf"),
        annex=StoredFileFactory(name="annex.pdf"),
        annex_marking="official-sensitive",
        annex_owners=[people.police.pk],
    )
    consent = ConsentFactory(
        location=people.location, agency=people.police, recorded_by=people.coordinator
    )
    at_agency = give_role(
        membership_model=AgencyMembership,
        user=people.partner,
        anchor=AgencyFactory(),
        role=Role.PARTNER,
        starts_on=LONG_AGO,
        by=None,
    )
    agreement = SharingAgreementFactory(
        programme=people.programme,
        categories=["people"],
        signed=[people.police],
        unsigned=[people.housing],
        document=StoredFileFactory(name="signed.pdf"),
    )
    invitation = make_invitation(people)
    rows = [
        at_agency,
        invitation.user,
        agreement,
        agreement.parties.get(agency=people.housing),
        JobRunFactory(requested_by=people.coordinator),
        _table(people),
        people.programme,
        people.location,
        place,
        step,
        evidence,
        sign_off,
        package,
        report,
        consent,
        noted_at(people.location),
        LocationMembership.objects.filter(anchor=people.location).exclude(user=people.manager)[0],
        ProgrammeMembership.objects.filter(anchor=people.programme)[0],
    ]
    made = {row._meta.label: row for row in rows}
    for world in areas.said("things", "world"):
        made.update({row._meta.label: row for row in world(people, made)})
    return made


def noted_at(location) -> LedgerEntry:
    """Return an entry of the ledger under a location, by nobody."""
    note(LedgerAction.VIEW, subject=location)
    return LedgerEntry.objects.latest("id")


def make_invitation(people: People) -> Invitation:
    """Return an invitation of somebody to the location; its link's token is ``INVITATION``.

    The invited person has a token and so has the coordinator, for pages that name one.
    """
    invitation = invite(
        email="asked@example.test",
        name="Asked",
        agency=None,
        by=people.manager,
        roles=[(LocationMembership, people.location, Role.PARTNER, A_DATE, None)],
    )
    assert invitation is not None
    Invitation.objects.filter(pk=invitation.pk).update(digest=digest_of(INVITATION))
    for person in (invitation.user, people.coordinator):
        ApiToken.objects.create(user=person, name="laptop", digest=digest_of(str(person.pk)))
    return invitation
