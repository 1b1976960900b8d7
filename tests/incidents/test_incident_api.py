"""Published reports row by row, for programs."""

from __future__ import annotations

import pytest

from accounts.roles import Role
from incidents.models import Incident
from places.models import Area, AreaPart
from places.services import define_drawn
from tests.factories.accounts import UserFactory
from tests.incidents.streets import CODES, hold_month, make_areas, square
from tests.personas import give_location_role

pytestmark = pytest.mark.django_db
A, B, REST = CODES
ADDRESS = "/api/v1/incidents/leominster/"


@pytest.fixture
def town(people):
    make_areas(people.location)
    for lsoa in Area.objects.filter(code__in=CODES):
        AreaPart.objects.create(area=lsoa, piece=lsoa.boundary[0])
    hold_month("2024-01", {A: 3, B: 2, REST: 5}, other=4)
    hold_month("2024-03", {A: 1})
    return people.location


def rows_of(client, query=""):
    """Return every row by following the pages, and the first page."""
    first = page = client.get(f"{ADDRESS}?page_size=2{query}").json()
    rows = list(page["results"])
    while page["next"]:
        page = client.get(page["next"]).json()
        rows += page["results"]
    return rows, first


def test_all_rows_of_the_location_come_once_and_missing_months_are_named(client, people, town):
    client.force_login(people.analyst)
    rows, page = rows_of(client, "&first_month=2024-01&last_month=2024-03")
    inside = Incident.objects.filter(lsoa_code__in=(A, B))
    assert len(rows) == inside.count()
    assert {row["id"] for row in rows} == {str(pk) for pk in inside.values_list("pk", flat=True)}
    assert [row["month"] for row in rows] == sorted(row["month"] for row in rows)
    assert (page["missing"], page["attribution"]) == (["2024-02"], "data.police.uk")
    asb, __ = rows_of(client, "&category=Anti-social+behaviour&last_month=2024-03")
    assert len(asb) == 6
    point = next(row["point"] for row in asb if row["point"])
    assert (point["type"], len(point["coordinates"])) == ("Point", 2)
    assert rows_of(client)[0] == rows_of(client, "&first_month=2023-04&last_month=2024-03")[0]


def test_what_cannot_be_read_is_said(client, people, town):
    client.force_login(people.analyst)
    for query, words in (
        ("?first_month=2024-13", "not a month"),
        ("?first_month=2024-03&last_month=2024-01", "must not come after"),
        ("?force=west-mercia", "no such field"),
        ("?cursor=x", "not valid"),
    ):
        answer = client.get(ADDRESS + query)
        assert answer.status_code == 400
        assert words in answer.content.decode()


def test_a_drawn_boundary_needs_an_agreement_and_enough_people(client, people, town):
    drawn = define_drawn(boundary=square(-2.8)[0], by=people.coordinator, note="")
    drawn.residents = 900
    drawn.save()
    town.area = drawn
    town.save()
    client.force_login(people.analyst)
    few = client.get(ADDRESS)
    drawn.residents = 2000
    drawn.save()
    enough = client.get(ADDRESS)
    warden = UserFactory(name="Wendy Warden", agency=people.housing)
    give_location_role(warden, town, Role.COORDINATOR)
    client.force_login(warden)
    other = client.get(ADDRESS)
    assert (few.status_code, enough.status_code, other.status_code) == (400, 200, 400)
    assert "live in it" in few.json()["detail"]
    assert "withheld" in other.json()["detail"]
    assert {row["lsoa_code"] for row in enough.json()["results"]} == {A}
