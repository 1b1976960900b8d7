"""What agencies supply, in packages: partner and public editions, and who may see which."""

from __future__ import annotations

import datetime as dt
import zipfile

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from rest_framework.test import APIClient

from accounts.roles import Role
from core.choices import Marking
from core.errors import Refused
from core.files import path_of
from core.jobs import run_now
from core.models import BusinessDate
from incidents import selectors
from incidents.choices import PackageState
from incidents.models import DataPackage, Feed
from incidents.packages import services
from incidents.packages.recipe import PARTNER, PUBLIC
from places.models import AreaDefinition
from programmes.registry import evidence_provider
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.core import StoredFileFactory
from tests.factories.feeds import FeedFactory, feed_category, feed_held, feed_rows
from tests.factories.incidents import package_zip
from tests.factories.programmes import SharingAgreementFactory
from tests.incidents.streets import ASB, CODES, hold_month, make_areas
from tests.personas import give_location_role

A, B, _ = CODES
JANUARY, MARCH = dt.date(2024, 1, 1), dt.date(2024, 3, 1)
DATA = "/locations/leominster/data/"


@pytest.fixture
def location(people):
    """January is published: 7 reports. Of February the force itself supplied 40 incidents."""
    make_areas(people.location)
    hold_month("2024-01", {A: 5, B: 2})
    feed = FeedFactory(programme=people.programme, agency=people.police, slug="force-extract")
    rowdy = feed_category(feed, "Rowdy", theme="rowdy")
    feed_rows(feed, "2024-02", 37, category=rowdy, place="Corn Square")
    feed_rows(feed, "2024-02", 3, category=feed_category(feed, "Begging", theme="begging"))
    feed_held(feed, "2024-01", "2024-02", "2024-03")
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


def build(people, by, edition=PARTNER):
    asked = services.request_package(
        location=people.location,
        first_month=JANUARY,
        last_month=MARCH,
        edition=edition,
        by=by,
        deliver=False,
    )
    return run_now(asked)


def inside(package) -> dict[str, str]:
    """Return the text files of a package."""
    with zipfile.ZipFile(path_of(package.file)) as archive:
        return {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith((".csv", ".json", ".html"))
        }


def test_what_is_supplied_never_counts_as_published(people, location, quick):
    rows = selectors.monthly_counts(location.area, JANUARY, MARCH, categories=[ASB])
    assert [row.count for row in rows] == [7, None, None]
    build(people, people.coordinator)
    package = DataPackage.objects.get()
    assert [row["count"] for row in package.summary["months"]] == [7, None, None]


def test_a_partner_edition_says_all_and_is_restricted(people, location, quick):
    done = build(people, people.coordinator)
    package = DataPackage.objects.get()
    assert package.restricted
    assert package.supplied_by == [people.police.pk]
    assert package.marking == Marking.OFFICIAL_SENSITIVE
    assert set(done.result) == {"package", "sha256", "size"}  # the job outlives the agreement
    assert done.result_file is None
    files = inside(package)
    assert "force-extract,2024-02,40,observed" in files["supplied_months.csv"]
    assert "force-extract,1,Corn Square,37" in files["supplied_places.csv"]


def test_a_public_edition_holds_nothing_of_a_feed_that_does_not_allow_it(people, location, quick):
    build(people, people.coordinator, PUBLIC)
    package = DataPackage.objects.get()
    assert not package.restricted
    files = inside(package)
    assert not [name for name in files if name.startswith(("supplied", "feeds"))]
    assert not [name for name, text in files.items() if "Rowdy" in text or "Corn Square" in text]


def test_a_public_edition_hides_small_counts_where_a_feed_allows_its_figures(
    people, location, quick
):
    Feed.objects.update(public_figures=True)
    build(people, people.coordinator, PUBLIC)
    package = DataPackage.objects.get()
    assert not package.restricted
    files = inside(package)
    assert {name for name in files if name.startswith("supplied")} == {"supplied_public.csv"}
    assert "force-extract,rowdy,2024-Q1,37,shown" in files["supplied_public.csv"]
    assert "force-extract,begging,2024-Q1,,hidden" in files["supplied_public.csv"]
    assert not [name for name, text in files.items() if "Corn Square" in text or ",40," in text]


def test_the_briefing_of_each_edition_says_what_it_may(people, location):
    Feed.objects.update(public_figures=True)
    build(people, people.coordinator)
    build(people, people.coordinator, PUBLIC)
    partner, public = (
        inside(DataPackage.objects.get(restricted=restricted))["briefing.html"]
        for restricted in (True, False)
    )
    assert "40 incidents of anti-social behaviour in the months held (3 of 3)" in partner
    assert "Corn Square" in partner
    assert "37 incidents are shown, in 1 whole quarter" in public
    assert "Corn Square" not in public
    assert "40 incidents" not in public


def test_a_feed_that_its_agency_publishes_is_shown_whole(people, location, warden, quick):
    Feed.objects.update(published=True)
    build(people, warden, PUBLIC)
    assert "force-extract,2024-02,40" in inside(DataPackage.objects.get())["supplied_months.csv"]


def test_somebody_who_is_not_covered_gets_no_partner_edition(people, location, warden, quick):
    with pytest.raises(Refused, match="no partner edition"):
        build(people, warden)
    build(people, warden, PUBLIC)
    package = DataPackage.objects.get()
    assert not package.restricted
    agree(people)
    build(people, warden)
    restricted = DataPackage.objects.get(restricted=True)
    package.refresh_from_db()
    assert package.state == PackageState.CURRENT  # a partner edition never replaces it
    assert restricted.state == PackageState.CURRENT


def test_an_agreement_that_ends_while_a_job_waits_hides_what_it_built(
    people, location, warden, quick
):
    """A job counts by the day it was asked for; who opens what it built, by the day they do."""
    agreement = agree(people)
    job = services.request_package(
        location=location,
        first_month=JANUARY,
        last_month=MARCH,
        edition=PARTNER,
        by=warden,
        deliver=False,
    )
    BusinessDate.objects.update(date=agreement.ends_on + dt.timedelta(days=1))
    run_now(job)
    package = DataPackage.objects.get()
    assert not DataPackage.objects.visible_to(warden).filter(pk=package.pk).exists()
    assert DataPackage.objects.visible_to(people.coordinator).filter(pk=package.pk).exists()


def test_what_the_house_builds_for_nobody_is_public(people, location, quick):
    with pytest.raises(Refused, match="no partner edition"):
        build(people, None)
    build(people, None, PUBLIC)
    assert not DataPackage.objects.get().restricted


def test_the_form_offers_the_partner_edition_to_those_who_have_one(
    client, people, location, warden
):
    def page(user) -> str:
        client.force_login(user)
        return client.get(DATA).content.decode()

    assert "For partners" not in page(warden)
    assert "For partners" in page(people.coordinator)
    agree(people)
    assert "For partners" in page(warden)


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
        supplied_by=[people.police.pk],
        built_on=MARCH,
        file=StoredFileFactory(name="package.zip", content=package_zip()),
        briefing_html=StoredFileFactory(
            name="b.html", content=b"<!DOCTYPE html><html><body><main>x</main></body></html>"
        ),
        briefing_pdf=StoredFileFactory(name="b.pdf"),
    )


def addresses(package) -> list[str]:
    page = package.get_absolute_url()
    api = f"/api/v1/data-packages/{package.pk}/"
    own = ("", "zip/", "pdf/", "xlsx/", "ods/", "compare/", "withdraw/")
    return [*(f"{page}{part}" for part in own), api, f"{api}zip/", f"{api}pdf/"]


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
    assert statuses(warden, package, client) == [404] * 10
    assert statuses(people.coordinator, package, client) == [200] * 10


def test_it_exists_while_an_agreement_covers_it(client, people, warden, package):
    agreement = agree(people)
    assert statuses(warden, package, client) == [200] * 10
    BusinessDate.objects.update(date=agreement.ends_on + dt.timedelta(days=1))
    assert statuses(warden, package, client) == [404] * 10


@pytest.mark.parametrize("categories", [["people"], ["sensitive_notes", "exact_coordinates"]])
def test_another_category_does_not_open_it(client, people, warden, package, categories):
    agree(people, *categories)
    assert statuses(warden, package, client) == [404] * 10


def test_every_agency_that_supplied_has_to_share(client, people, warden, package):
    """Of two agencies' data an agreement with one of them opens nothing."""
    council = AgencyFactory(name="Council")
    DataPackage.objects.update(supplied_by=[people.police.pk, council.pk])
    package.refresh_from_db()
    agree(people)
    assert statuses(warden, package, client) == [404] * 10
    assert statuses(people.coordinator, package, client) == [404] * 10
    agree(people, signed=[people.police, people.housing, council])
    assert statuses(warden, package, client) == [200] * 10
    assert statuses(people.coordinator, package, client) == [200] * 10


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
    assert statuses(warden, package, client) == [404] * 10
    agree(people, "exact_coordinates")
    assert statuses(warden, package, client) == [200] * 10


def test_a_package_keeps_whether_its_area_was_drawn(people, location, quick):
    build(people, people.coordinator, PUBLIC)
    assert DataPackage.objects.get().summary["area_kind"] == "lsoa_set"
