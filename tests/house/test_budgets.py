"""Main pages ask the database exactly as often as ``tests/budgets/pages.json`` says, at any size.

A page that gets cheaper or dearer changes its figure there, with the change that explains it.
"""

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from accounts.services import create_token
from core.choices import LedgerAction
from core.ledger import note
from core.models import JobRun
from programmes.models import Evidence
from tests import areas
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.core import JobRunFactory
from tests.factories.programmes import (
    ConsentFactory,
    EvidenceWantedFactory,
    LocationFactory,
    SharingAgreementFactory,
    StepDefinitionFactory,
    StepRecordFactory,
    TargetPlaceFactory,
)
from tests.personas import give_location_role

BUDGETS = Path(__file__).parents[1] / "budgets" / "pages.json"


def pages():
    return areas.budgets(BUDGETS)


def grow(people, size):
    """Fill the personas' programme: locations with eight steps, evidence, places, jobs."""
    definitions = [
        StepDefinitionFactory(template=people.programme.template, number=n) for n in range(1, 9)
    ]
    for definition in definitions:
        EvidenceWantedFactory(step=definition)
    more = LocationFactory.create_batch(size - 1, programme=people.programme)
    for location in [people.location, *more]:
        records = [
            StepRecordFactory(location=location, definition=definition)
            for definition in definitions
        ]
        Evidence.objects.create(
            step_record=records[0],
            title="Walk",
            done_on=dt.date(2024, 6, 1),
            recorded_by=people.coordinator,
        )
    TargetPlaceFactory.create_batch(size, location=people.location)
    agencies = AgencyFactory.create_batch(size)
    for number, agency in enumerate(agencies):
        person = UserFactory(agency=agency)
        give_location_role(person, people.location, Role.PARTNER)
        SharingAgreementFactory(programme=people.programme, signed=[people.police, agency])
        ConsentFactory(
            location=people.location, agency=agency, recorded_by=people.coordinator, user=person
        )
        create_token(user=people.coordinator, name=f"Token {number}", by=None)
        note(LedgerAction.VIEW, by=person, subject=people.location, touches=["personal"])
    JobRunFactory.create_batch(size, requested_by=people.coordinator)
    for grow_area in areas.said("things", "grow"):
        grow_area(people, size)
    assert JobRun.objects.count() == size


@pytest.mark.parametrize("size", [4, 40])
def test_pages_keep_their_number_of_queries_at_any_size(client, people, size):
    grow(people, size)
    wrong = []
    for page in pages():
        client.force_login(getattr(people, page["as"]))
        client.get(page["path"])  # content types and the like are read once in a process
        with CaptureQueriesContext(connection) as queries:
            response = client.get(page["path"])
        assert response.status_code == 200, page
        if len(queries) != page["queries"]:
            wrong.append(f"{page['path']} as {page['as']}: {len(queries)}, not {page['queries']}")
    assert wrong == [], "\n".join(wrong)


def test_no_main_page_asks_more_than_twenty_five_times():
    assert max(page["queries"] for page in pages()) <= 25
