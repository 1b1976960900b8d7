"""A street file sent from a page: who may, what is stored, what stays, what a bad one says."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.choices import JobState
from core.errors import BadInput, Refused
from core.jobs import run_now
from core.models import DataImport, JobRun, StoredFile
from incidents.ingest.sending import request_street_import
from incidents.models import Incident
from tests.incidents.streets import make_areas

NAME = "2024-05-west-mercia-street.csv"
HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context"
)


def row(street: str, *, month: str = "2024-05") -> str:
    return (
        f",{month},West Mercia Police,West Mercia Police,-2.735,52.225,On or near {street},"
        "E01000001,Town 0,Anti-social behaviour,,"
    )


def sent(*rows: str, name: str = NAME) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join([HEADER, *rows, ""]).encode(), "text/csv")


PAGE = "/locations/leominster/data/import/"


def take(people, file, *, keep_good=False):
    return run_now(
        request_street_import(
            location=people.location,
            file=file,
            keep_good=keep_good,
            by=people.analyst,
            deliver=False,
        )
    )


@pytest.fixture
def analyst(client, people):
    make_areas(people.location)
    client.force_login(people.analyst)
    return client


def test_an_analyst_sends_a_file_and_reads_what_it_brought(analyst, people):
    assert PAGE in analyst.get("/locations/leominster/data/").content.decode()
    answer = analyst.post(PAGE, {"file": sent(row("High Street"), row("Low Street"))})
    job = JobRun.objects.get()
    assert answer.url == job.get_absolute_url()
    done = run_now(job)
    assert done.state == JobState.SUCCEEDED, done.error
    assert Incident.objects.count() == 2
    assert DataImport.objects.get(kind="street").imported_by == people.analyst
    assert not StoredFile.objects.exists(), "the upload is not kept beside its rows"
    page = analyst.get(done.result_url).content.decode()
    assert "2 reports added" in page
    assert "west-mercia 2024-05" in page


def test_a_month_that_is_held_stays_as_it_is(people):
    make_areas(people.location)
    take(people, sent(row("High Street"), row("Low Street")))
    same = take(people, sent(row("High Street"), row("Low Street")))
    assert (same.result["added"], same.result["skipped"]) == (0, [])
    other = take(people, sent(row("Nowhere Street")))
    assert other.state == JobState.SUCCEEDED
    assert other.result["skipped"][0]["file"].endswith(NAME)
    assert "held already" in other.result["skipped"][0]["reason"]
    assert set(Incident.objects.values_list("street", flat=True)) == {
        "On or near High Street",
        "On or near Low Street",
    }


def test_a_wrong_row_stops_the_import_and_is_named(people):
    make_areas(people.location)
    bad = [row("High Street"), row("Low Street").replace("-2.735", "west")]
    with pytest.raises(BadInput, match=r"row 3, column “Longitude”: found “west”"):
        take(people, sent(*bad))
    assert JobRun.objects.get().state == JobState.FAILED
    assert not Incident.objects.exists()
    assert not StoredFile.objects.exists()
    kept = take(people, sent(*bad), keep_good=True)
    assert kept.result["totals"] == {
        "read": 2,
        "stored": 1,
        "without_location": 0,
        "rejected": 1,
    }


def test_who_may_import_no_more_is_refused_by_the_job(people):
    make_areas(people.location)
    job = request_street_import(
        location=people.location,
        file=sent(row("High Street")),
        keep_good=False,
        by=people.coordinator,
        deliver=False,
    )
    with pytest.raises(Refused, match="no longer have access"):
        run_now(job)
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (None, "Choose"),
        (SimpleUploadedFile("2024-05-west-mercia-street.pdf", b"%PDF-1.7\n"), "zip"),
        (SimpleUploadedFile("months.zip", b"not a zip at all"), "months.zip"),
    ],
)
def test_what_cannot_be_a_street_file_is_told_on_the_form(analyst, file, said):
    answer = analyst.post(PAGE, {"file": file} if file else {})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "There is a problem" in text
    assert said in text
    assert not JobRun.objects.exists()


def test_the_same_file_twice_at_once_is_one_job(people):
    make_areas(people.location)
    asked = [
        request_street_import(
            location=people.location,
            file=sent(row("High Street")),
            keep_good=False,
            by=people.analyst,
            deliver=False,
        )
        for _ in range(2)
    ]
    assert asked[0].pk == asked[1].pk
    assert StoredFile.objects.count() == 1
