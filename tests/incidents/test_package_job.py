"""Asking for a package, building it as a job, keeping it once, withdrawing it."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from accounts.grants import end_role
from core import files
from core.errors import Conflict, NotAllowed, Refused
from core.jobs import run_now
from core.models import JobRun
from incidents.choices import PackageState
from incidents.models import DataPackage, Incident
from incidents.packages import services
from incidents.packages.recipe import months_between, parse_month
from incidents.packages.selectors import data_overview
from programmes.models import LocationMembership
from tests.incidents.streets import CODES, hold_month, make_areas

A, B, _ = CODES
JANUARY, MARCH = dt.date(2024, 1, 1), dt.date(2024, 3, 1)


@pytest.fixture
def location(people):
    make_areas(people.location)
    hold_month("2024-01", {A: 5, B: 2})
    hold_month("2024-02", {A: 6})
    return people.location


@pytest.fixture
def quick(monkeypatch):
    """Stand in for drawing and printing, which tests/incidents/test_package_files.py looks at."""
    monkeypatch.setattr("incidents.packages.build.draw", lambda figures, keep: {})
    monkeypatch.setattr(
        "incidents.packages.briefing.as_html",
        lambda f, d: b"<!DOCTYPE html><html><!-- briefing -->x</html>",
    )
    monkeypatch.setattr("incidents.packages.briefing.as_pdf", lambda f, d: b"%PDF-1.7\n%%EOF\n")


def ask(people, **changes):
    wanted = {
        "location": people.location,
        "first_month": JANUARY,
        "last_month": MARCH,
        "by": people.coordinator,
        "deliver": False,
    }
    return services.request_package(**{**wanted, **changes})


def test_a_job_builds_a_package_and_keeps_it(people, location, quick):
    done = run_now(ask(people))
    package = DataPackage.objects.get()
    assert done.result["package"] == str(package.pk)
    assert done.result_url == package.get_absolute_url()
    assert package.summary["months"] == [
        {"month": "2024-01", "count": 7, "status": "observed"},
        {"month": "2024-02", "count": 6, "status": "observed"},
        {"month": "2024-03", "count": None, "status": "missing"},
    ]
    assert package.built_on == dt.date(2024, 6, 25)
    with files.open_file(package.file) as stream:
        names = zipfile.ZipFile(io.BytesIO(stream.read())).namelist()
    assert names[0] == "datapackage.json"


def test_the_same_figures_are_kept_once(people, location, quick):
    first = run_now(ask(people))
    second = run_now(ask(people))
    assert first.pk != second.pk
    assert first.result["package"] == second.result["package"]
    assert DataPackage.objects.count() == 1


def test_changed_data_make_a_new_package_that_replaces_the_old(people, location, quick):
    run_now(ask(people))
    Incident.objects.filter(lsoa_code=A).first().delete()
    run_now(ask(people))
    states = DataPackage.objects.order_by("created_at").values_list("state", flat=True)
    assert list(states) == [PackageState.SUPERSEDED, PackageState.CURRENT]


def test_a_second_request_while_one_waits_is_the_same_job(people, location):
    assert ask(people).pk == ask(people).pk
    assert JobRun.objects.count() == 1
    assert ask(people, first_month=dt.date(2024, 2, 1)).pk != ask(people).pk


@pytest.mark.parametrize("who", ["partner", "leader", "researcher", "neighbour", "stranger"])
def test_who_may_not_build_cannot_ask(people, location, who):
    with pytest.raises(NotAllowed):
        ask(people, by=getattr(people, who))
    assert not JobRun.objects.exists()


def test_a_right_that_ended_meanwhile_stops_the_job(people, location, quick):
    asked = ask(people)
    role = LocationMembership.objects.get(user=people.coordinator, anchor=people.location)
    end_role(membership=role, ends_on=dt.date(2024, 6, 1), by=None)
    with pytest.raises(Refused, match="no longer"):
        run_now(asked)
    assert not DataPackage.objects.exists()


def test_months_after_the_business_date_must_be_asked_for(people, location):
    with pytest.raises(Refused, match="after the business date, 25 June 2024"):
        ask(people, last_month=dt.date(2024, 7, 1))
    assert ask(people, last_month=dt.date(2024, 7, 1), include_later=True)


def test_months_out_of_order_and_a_location_without_area_are_refused(people, location):
    with pytest.raises(Refused, match="must not come after"):
        ask(people, first_month=MARCH, last_month=JANUARY)
    with pytest.raises(Refused, match="ten years"):
        ask(people, first_month=dt.date(2001, 1, 1))
    people.location.area = None
    people.location.save()
    with pytest.raises(Refused, match="has no area yet"):
        ask(people)


@pytest.mark.parametrize("text", ["2024-13", "2024-00", "24-01", "2024/01", "", "2024-1"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(Refused, match="is not a month"):
        parse_month(text)


def test_months_between_two_dates_hold_both():
    assert months_between(dt.date(2023, 11, 1), dt.date(2024, 2, 1)) == (
        "2023-11",
        "2023-12",
        "2024-01",
        "2024-02",
    )


def test_a_withdrawn_package_stays_with_its_reason_and_is_not_built_again(people, location, quick):
    run_now(ask(people))
    package = DataPackage.objects.get()
    with pytest.raises(Refused, match="Say why"):
        services.withdraw_package(package=package, reason=" ", by=people.coordinator, version=1)
    with pytest.raises(NotAllowed):
        services.withdraw_package(package=package, reason="No", by=people.leader, version=1)
    with pytest.raises(Conflict):
        services.withdraw_package(
            package=DataPackage.objects.get(), reason="Wrong area", by=people.coordinator, version=7
        )
    services.withdraw_package(
        package=DataPackage.objects.get(), reason="Wrong area", by=people.coordinator, version=1
    )
    with pytest.raises(Refused, match="withdrawn on 25 June 2024: Wrong area"):
        run_now(ask(people))
    assert DataPackage.objects.get().state == PackageState.WITHDRAWN


def test_the_command_writes_one_zip_and_one_line(people, location, quick, tmp_path, capsys):
    call_command(
        "build_data_package",
        "leominster",
        "--from",
        "2024-01",
        "--to",
        "2024-03",
        "--out",
        str(tmp_path / "made" / "here"),
        "--json",
    )
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [m["count"] for m in summary["months"]] == [7, 6, None]
    (only,) = (tmp_path / "made" / "here").iterdir()
    assert str(only) == summary["file"]
    assert zipfile.is_zipfile(only)


@pytest.mark.parametrize(
    ("location_slug", "first", "words"),
    [
        ("nowhere", "2024-01", "There is no location"),
        ("leominster", "2024-13", "is not a month"),
    ],
)
def test_the_command_says_what_is_wrong(people, location, location_slug, first, words):
    with pytest.raises(CommandError, match=words):
        call_command("build_data_package", location_slug, "--from", first, "--to", "2024-03")


def test_the_data_page_says_what_is_held_up_to_the_business_date(people, location):
    hold_month("2024-09", {A: 1})
    shown = data_overview(location=people.location)
    assert shown.forces[0].held == "January and February 2024"
    assert shown.forces[0].missing == "March to June 2024"
    assert (shown.first, shown.last) == (JANUARY, dt.date(2024, 6, 1))
    assert shown.later
    assert data_overview(location=people.location, include_later=True).last == dt.date(2024, 9, 1)


def test_a_coordinator_asks_on_the_page_and_lands_on_the_job(client, people, location):
    client.force_login(people.coordinator)
    page = client.get("/locations/leominster/data/")
    assert "Missing is not zero" in page.content.decode()
    answer = client.post(
        "/locations/leominster/data/", {"first_month": "2024-01", "last_month": "2024-03"}
    )
    job = JobRun.objects.get()
    assert answer.url == job.get_absolute_url()
    assert job.requested_by == people.coordinator
    later = client.post(
        "/locations/leominster/data/", {"first_month": "2024-01", "last_month": "2024-09"}
    )
    assert later.status_code == 422


def test_a_program_asks_and_gets_the_job(client, people, location):
    client.force_login(people.analyst)
    answer = client.post(
        "/api/v1/data-packages/",
        content_type="application/json",
        data={"location": "leominster", "first_month": "2024-01", "last_month": "2024-03"},
    )
    assert answer.status_code == 202
    assert answer.json()["id"] == str(JobRun.objects.get().pk)
