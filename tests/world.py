"""One row of every scoped model inside the personas' programme, for tests that walk all of them.

Whoever adds a scoped model adds its row here; `tests/accounts/test_scoping.py` and the URL table
fail until it is there.
"""

from __future__ import annotations

import datetime as dt

from accounts.grants import give_role
from accounts.models import AgencyMembership
from accounts.roles import Role
from incidents.models import DataPackage
from programmes.models import Evidence, LocationMembership, ProgrammeMembership, SignOff
from reports.models import ProgressReport
from tests.factories.accounts import AgencyFactory
from tests.factories.core import JobRunFactory, StoredFileFactory
from tests.factories.programmes import StepRecordFactory, TargetPlaceFactory
from tests.personas import LONG_AGO, People

A_DATE = dt.date(2024, 6, 1)


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
        file=StoredFileFactory(name="package.zip"),
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
    )
    at_agency = give_role(
        membership_model=AgencyMembership,
        user=people.partner,
        anchor=AgencyFactory(),
        role=Role.PARTNER,
        starts_on=LONG_AGO,
        by=None,
    )
    rows = [
        at_agency,
        JobRunFactory(requested_by=people.coordinator),
        people.programme,
        people.location,
        place,
        step,
        evidence,
        sign_off,
        package,
        report,
        LocationMembership.objects.filter(anchor=people.location).exclude(user=people.manager)[0],
        ProgrammeMembership.objects.filter(anchor=people.programme)[0],
    ]
    return {row._meta.label: row for row in rows}
