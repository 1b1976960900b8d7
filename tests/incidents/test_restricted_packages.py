"""Force extracts: counts and packages of restricted sources, for those whom an agreement covers."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from rest_framework.test import APIClient

from accounts.roles import Role
from core.choices import Marking
from core.jobs import run_now
from core.models import BusinessDate
from incidents import selectors
from incidents.choices import PackageState
from incidents.models import DataPackage, ForceMonth, Incident, Source
from incidents.packages import services
from places.models import AreaDefinition
from programmes.registry import evidence_provider
from tests.factories.accounts import UserFactory
from tests.factories.core import StoredFileFactory
from tests.factories.programmes import SharingAgreementFactory
from tests.incidents.streets import ASB, CODES, hold_month, make_areas
from tests.personas import give_location_role

A, B, _ = CODES
JANUARY, MARCH = dt.date(2024, 1, 1), dt.date(2024, 3, 1)
DATA = "/locations/leominster/data/"


@pytest.fixture
def location(people):
    """January is published: 7 reports. February is an extract of the force: 40 reports."""
    make_areas(people.location)
    hold_month("2024-01", {A: 5, B: 2})
    hold_month("2024-02", {A: 40})
    extract = Source.objects.create(
        slug="force-extract", title="Extract of the force", restricted=True, attribution="The force"
    )
    ForceMonth.objects.filter(month=dt.date(2024, 2, 1)).update(source=extract)
    return people.location


@pytest.fixture
def warden(people, location):
    """A coordinator of the housing provider."""
    user = UserFactory(name="Wendy Warden", agency=people.housing)
    give_location_role(user, location, Role.COORDINATOR)
    return user


@pytest.fixture
def quick(monkeypatch):
    """Stand in for drawing and printing, which tests/incidents/test_package_files.py looks at."""
    monkeypatch.setattr("incidents.packages.build.draw", lambda figures, keep: {})
    monkeypatch.setattr(
        "incidents.packages.briefing.as_html",
        lambda f, d: b"<!DOCTYPE html><html><body><main>x</main></body></html>",
    )
    monkeypatch.setattr("incidents.packages.briefing.as_pdf", lambda f, d: b"%PDF-1.7\n%%EOF\n")


def agree(people, *categories, **changes):
    given = {
        "programme": people.programme,
        "signed": [people.police, people.housing],
        "categories": list(categories) or ["force_extracts"],
        **changes,
    }
    return SharingAgreementFactory(**given)


def build(people, by):
    asked = services.request_package(
        location=people.location, first_month=JANUARY, last_month=MARCH, by=by, deliver=False
    )
    return run_now(asked)


def counts(location) -> list[int | None]:
    rows = selectors.monthly_counts(location.area, JANUARY, MARCH, categories=[ASB])
    return [row.count for row in rows]


def test_a_restricted_source_counts_only_where_it_is_opened(location):
    assert counts(location) == [7, None, None]
    with selectors.with_restricted():
        assert counts(location) == [7, 40, None]
    assert counts(location) == [7, None, None]


def test_rows_of_a_restricted_source_count_in_no_selector(location):
    """A second, restricted file of a month that is published too adds nothing to it."""
    february = dt.date(2024, 2, 1)
    ForceMonth.objects.filter(month=JANUARY).update(month=february)
    Incident.objects.update(month=february)
    rows = {
        "months": [r.count for r in selectors.monthly_counts(location.area, february, february)],
        "areas": [r.count for r in selectors.counts_by_area(location.area, february, february)],
        "rows": list(selectors.incident_rows(location.area, february, february)),
        "places": selectors.places_ranked(location.area, february, february).reports,
    }
    assert sum(rows["months"]) == 7
    assert sum(rows["areas"]) == 7
    assert len(rows["rows"]) == 7
    assert rows["places"] <= 7
    compared = selectors.comparison_counts(location.area, february, february, categories=[ASB])
    assert max(row.count or 0 for row in compared) <= 7


def test_the_data_page_shows_extracts_to_those_who_are_covered(client, people, location, warden):
    def page(user) -> str:
        client.force_login(user)
        return client.get(DATA).content.decode()

    assert ">40<" not in page(warden)
    assert ">40<" in page(people.coordinator)  # of the lead agency
    agreement = agree(people)
    assert ">40<" in page(warden)
    BusinessDate.objects.update(date=agreement.ends_on + dt.timedelta(days=1))
    assert ">40<" not in page(warden)


def test_a_package_of_a_covered_person_holds_them_and_is_restricted(people, location, quick):
    done = build(people, people.coordinator)
    package = DataPackage.objects.get()
    assert package.restricted
    assert package.marking == Marking.OFFICIAL_SENSITIVE
    assert [row["count"] for row in package.summary["months"]] == [7, 40, None]
    assert set(done.result) == {"package", "sha256", "size"}  # the job outlives the agreement
    assert done.result_file is None


def test_a_package_of_somebody_else_holds_published_data_only(people, location, warden, quick):
    build(people, warden)
    package = DataPackage.objects.get()
    assert not package.restricted
    assert [row["count"] for row in package.summary["months"]] == [7, None, None]
    agree(people)
    build(people, warden)
    restricted = DataPackage.objects.get(restricted=True)
    package.refresh_from_db()
    assert package.state == PackageState.CURRENT  # a restricted one never replaces it
    assert restricted.state == PackageState.CURRENT


def test_what_the_house_builds_for_nobody_holds_published_data_only(people, location, quick):
    build(people, None)
    assert not DataPackage.objects.get().restricted


def test_without_restricted_sources_packages_are_open_as_ever(people, location, warden, quick):
    Source.objects.update(restricted=False)
    build(people, people.coordinator)
    package = DataPackage.objects.get()
    assert not package.restricted
    assert DataPackage.objects.visible_to(warden).filter(pk=package.pk).exists()


@pytest.fixture
def package(people, location):
    return DataPackage.objects.create(
        location=location,
        first_month=JANUARY,
        last_month=MARCH,
        recipe={},
        fingerprint="1" * 64,
        summary={"reports": 47},
        restricted=True,
        built_on=MARCH,
        file=StoredFileFactory(name="package.zip"),
        briefing_html=StoredFileFactory(
            name="b.html", content=b"<!DOCTYPE html><html><body><main>x</main></body></html>"
        ),
        briefing_pdf=StoredFileFactory(name="b.pdf"),
    )


def addresses(package) -> list[str]:
    page = package.get_absolute_url()
    api = f"/api/v1/data-packages/{package.pk}/"
    return [page, f"{page}zip/", f"{page}pdf/", f"{page}withdraw/", api, f"{api}zip/", f"{api}pdf/"]


def statuses(user, package, client) -> list[int]:
    """Ask for a package everywhere it appears; and say whether the lists name it."""
    client.force_login(user)
    api = APIClient()
    api.force_authenticate(user)
    found = []
    for path in addresses(package):
        answer = (api if path.startswith("/api/") else client).get(path)
        if answer.streaming:
            b"".join(answer.streaming_content)
        found.append(answer.status_code)
    listed = {row["id"] for row in api.get("/api/v1/data-packages/").data["results"]}
    assert (str(package.pk) in listed) is (found[0] == 200)
    assert (package.get_absolute_url() in client.get(DATA).content.decode()) is (found[0] == 200)
    return found


def test_a_restricted_package_does_not_exist_for_the_uncovered(client, people, warden, package):
    assert statuses(warden, package, client) == [404] * 7
    assert statuses(people.coordinator, package, client) == [200] * 7


def test_it_exists_while_an_agreement_covers_it(client, people, warden, package):
    agreement = agree(people)
    assert statuses(warden, package, client) == [200] * 7
    BusinessDate.objects.update(date=agreement.ends_on + dt.timedelta(days=1))
    assert statuses(warden, package, client) == [404] * 7


@pytest.mark.parametrize("categories", [["people"], ["sensitive_notes", "exact_coordinates"]])
def test_another_category_does_not_open_it(client, people, warden, package, categories):
    agree(people, *categories)
    assert statuses(warden, package, client) == [404] * 7


def test_it_counts_as_evidence_for_everybody(people, location, package):
    found = evidence_provider("data-packages").counts([location])
    assert found[location.pk].count == 1


@pytest.mark.parametrize("how", ["area", "kept"])
def test_a_package_of_a_drawn_area_needs_exact_coordinates(client, people, warden, package, how):
    if how == "area":
        AreaDefinition.objects.filter(location=package.location).update(
            kind="drawn",
            boundary=MultiPolygon(Polygon.from_bbox((-2.8, 52.2, -2.7, 52.3)), srid=4326),
        )
        DataPackage.objects.update(restricted=False)
    else:  # the area was drawn when it was built; its files still show it
        DataPackage.objects.update(restricted=False, summary={"area_kind": "drawn"})
    package.refresh_from_db()
    assert statuses(warden, package, client) == [404] * 7
    agree(people, "exact_coordinates")
    assert statuses(warden, package, client) == [200] * 7


def test_a_package_keeps_whether_its_area_was_drawn(people, location, quick):
    build(people, people.coordinator)
    assert DataPackage.objects.get().summary["area_kind"] == "lsoa_set"
