"""Packages that new data make old are built again by themselves, and people are told once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail

from core.choices import JobState
from core.models import BusinessDate, DataImport, JobRun
from delivery.models import MailChoice
from incidents.choices import PackageState
from incidents.models import DataPackage, ForceMonth
from incidents.packages.rebuild import ask_for_stale, tell_of_new
from tests.factories.core import StoredFileFactory
from tests.incidents.streets import hold_month, make_areas

JUNE = dt.date(2024, 6, 25)


@pytest.fixture
def location(people):
    make_areas(people.location)
    for month in ("2024-03", "2024-04"):
        hold_month(month, {"E01000001": 5})
    return people.location


def finish(job: JobRun) -> DataPackage:
    """Stand in for the worker: the job is done and its package is there."""
    JobRun.objects.filter(pk=job.pk).update(state=JobState.SUCCEEDED)
    file = StoredFileFactory(name="package.zip")
    return DataPackage.objects.create(
        location_id=job.params["location"],
        first_month=dt.date.fromisoformat(f"{job.params['first_month']}-01"),
        last_month=dt.date.fromisoformat(f"{job.params['last_month']}-01"),
        recipe={},
        fingerprint=job.pk.hex,
        built_on=JUNE,
        job=job,
        file=file,
        briefing_html=file,
        briefing_pdf=file,
    )


def test_the_last_twelve_months_up_to_the_newest_held_are_asked_for_once(location):
    (job,) = ask_for_stale(JUNE)
    assert job.requested_by is None
    assert (job.params["first_month"], job.params["last_month"]) == ("2023-05", "2024-04")
    assert ask_for_stale(JUNE) == []
    finish(job)
    assert ask_for_stale(JUNE) == []


def test_a_new_month_asks_for_the_window_that_ends_with_it(location):
    finish(ask_for_stale(JUNE)[0])
    hold_month("2024-05", {"E01000001": 4})
    (job,) = ask_for_stale(JUNE)
    assert job.params["last_month"] == "2024-05"


def test_a_changed_file_of_a_held_month_asks_again(location):
    finish(ask_for_stale(JUNE)[0])
    later = DataImport.objects.create(
        kind="street", file_name="2024-04.csv", sha256="c" * 64, imported_on=JUNE
    )
    ForceMonth.objects.filter(month=dt.date(2024, 4, 1)).update(data_import=later)
    assert len(ask_for_stale(JUNE)) == 1


def test_what_failed_or_was_withdrawn_is_not_tried_every_night(location):
    (job,) = ask_for_stale(JUNE)
    JobRun.objects.filter(pk=job.pk).update(state=JobState.FAILED)
    assert ask_for_stale(JUNE) == []
    package = finish(job)
    DataPackage.objects.filter(pk=package.pk).update(state=PackageState.WITHDRAWN)
    JobRun.objects.filter(pk=job.pk).update(created_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert ask_for_stale(JUNE) == []


def test_months_after_the_business_date_are_left(location):
    hold_month("2024-09", {"E01000001": 4})
    (job,) = ask_for_stale(JUNE)
    assert job.params["last_month"] == "2024-04"


def test_without_data_or_area_nothing_is_asked_for(people):
    hold_month("2024-04", {"E01000001": 5})
    assert ask_for_stale(JUNE) == []


def test_those_who_build_packages_are_told_once_in_one_mail(
    people, location, django_capture_on_commit_callbacks
):
    package = finish(ask_for_stale(JUNE)[0])
    with django_capture_on_commit_callbacks(execute=True):
        assert tell_of_new(JUNE) == 3
    assert sorted(one.to[0] for one in mail.outbox) == [
        "analyst@example.test",
        "coordinator@example.test",
        "manager@example.test",
    ]
    text = mail.outbox[0].body
    assert "Leominster, May 2023 to April 2024" in text
    assert package.get_absolute_url() in text
    assert tell_of_new(JUNE + dt.timedelta(days=1)) == 0


def test_whoever_switched_the_weekly_mail_off_is_not_told(people, location):
    MailChoice.objects.create(user=people.analyst, weekly_digest=False)
    finish(ask_for_stale(JUNE)[0])
    assert tell_of_new(JUNE) == 2


def test_what_a_person_asked_for_is_no_news(people, location):
    package = finish(ask_for_stale(JUNE)[0])
    JobRun.objects.filter(pk=package.job_id).update(requested_by=people.analyst)
    assert tell_of_new(JUNE) == 0


def test_after_a_fortnight_nobody_is_told_any_more(people, location):
    finish(ask_for_stale(JUNE)[0])
    BusinessDate.objects.update(date=JUNE + dt.timedelta(days=15))
    assert tell_of_new(JUNE + dt.timedelta(days=15)) == 0
