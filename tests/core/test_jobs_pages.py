"""The jobs pages and the API: one's own jobs, and nobody else's."""

import pytest
from django.urls import reverse

from core.choices import JobState
from core.models import JobRun
from tests.factories.accounts import UserFactory
from tests.factories.core import JobRunFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return UserFactory()


@pytest.fixture
def mine(client, owner):
    """A client signed in as the owner of jobs."""
    client.force_login(owner)
    return client


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_list_shows_ones_own_jobs_only(mine, owner):
    JobRunFactory(title="Data package for Leominster", requested_by=owner)
    JobRunFactory(title="Somebody else's", requested_by=UserFactory())
    JobRunFactory(title="The house's own")
    page = text(mine.get("/jobs/"))
    assert "Data package for Leominster" in page
    assert "Somebody else" not in page
    assert "The house" not in page


def test_an_empty_list_says_what_would_be_there(mine):
    assert "No jobs yet" in text(mine.get("/jobs/"))


@pytest.mark.parametrize("name", ["core:job", "core:job-progress"])
def test_other_peoples_jobs_do_not_exist(mine, name):
    other = JobRunFactory(requested_by=UserFactory())
    assert mine.get(reverse(name, args=[other.pk])).status_code == 404


def test_other_peoples_jobs_cannot_be_cancelled(mine):
    other = JobRunFactory(requested_by=UserFactory())
    assert mine.post(reverse("core:job-cancel", args=[other.pk])).status_code == 404
    other.refresh_from_db()
    assert not other.cancel_requested


def test_a_superuser_sees_no_more_than_their_own(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert (
        client.get(JobRunFactory(requested_by=UserFactory()).get_absolute_url()).status_code == 404
    )


def test_who_asked_second_sees_the_job_but_no_cancel_button(mine, owner):
    job = JobRunFactory(requested_by=UserFactory(), title="Shared")
    job.followers.add(owner)
    page = text(mine.get(job.get_absolute_url()))
    assert "Shared" in page
    assert "Cancel this job" not in page
    assert mine.post(reverse("core:job-cancel", args=[job.pk])).status_code == 403


def test_an_open_job_asks_again_each_second_and_works_without_scripts(mine, owner):
    job = JobRunFactory(
        requested_by=owner, state=JobState.RUNNING, done=3, total=4, stage="Drawing charts"
    )
    page = text(mine.get(job.get_absolute_url()))
    fragment = reverse("core:job-progress", args=[job.pk])
    assert f'hx-get="{fragment}" hx-trigger="every 1s"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "Check again" in page
    assert "Drawing charts" in page
    assert "3 of 4" in page
    answer = mine.get(fragment)
    assert "no-store" in answer["Cache-Control"]
    assert "<html" not in text(answer)


def test_an_ended_job_stops_asking_and_links_its_result(mine, owner):
    job = JobRunFactory(
        requested_by=owner,
        state=JobState.SUCCEEDED,
        result_url="/locations/x/",
        finished_at="2026-11-22T10:00Z",
    )
    for address in (job.get_absolute_url(), reverse("core:job-progress", args=[job.pk])):
        page = text(mine.get(address))
        assert "hx-get" not in page
        assert "/locations/x/" in page
        assert "refresh" not in page


def test_a_failed_job_shows_its_error_line_by_line_and_escaped(mine, owner):
    job = JobRunFactory(
        requested_by=owner,
        state=JobState.FAILED,
        error="a.csv, row 3: found “<b>”.\nb.csv, row 4: found “”.",
    )
    page = text(mine.get(job.get_absolute_url()))
    assert "row 3: found “&lt;b&gt;”.<br>b.csv, row 4" in page


def test_the_cancel_button_cancels(mine, owner):
    job = JobRunFactory(requested_by=owner)
    answer = mine.post(reverse("core:job-cancel", args=[job.pk]))
    assert answer["Location"] == job.get_absolute_url()
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_cancelling_takes_a_post(mine, owner):
    job = JobRunFactory(requested_by=owner)
    assert mine.get(reverse("core:job-cancel", args=[job.pk])).status_code == 405


def test_who_is_not_signed_in_is_sent_to_sign_in(client):
    assert client.get("/jobs/").status_code == 302


def test_the_list_takes_the_same_queries_for_many_jobs(mine, owner, django_assert_max_num_queries):
    JobRunFactory.create_batch(20, requested_by=owner)
    with django_assert_max_num_queries(8):
        mine.get("/jobs/")


# --- API --------------------------------------------------------------------------------------


def test_the_api_lists_ones_own_jobs_and_tells_nothing_of_the_inside(mine, owner):
    job = JobRunFactory(requested_by=owner, params={"secret": 1})
    JobRunFactory(requested_by=UserFactory())
    body = mine.get("/api/v1/jobs/").json()
    assert [row["id"] for row in body["results"]] == [str(job.pk)]
    assert body["results"][0]["state"] == "queued"
    assert not {"token", "worker", "params", "checkpoints"} & body["results"][0].keys()


def test_the_api_knows_nothing_of_other_peoples_jobs(mine):
    other = JobRunFactory(requested_by=UserFactory())
    assert mine.get(f"/api/v1/jobs/{other.pk}/").status_code == 404
    assert mine.post(f"/api/v1/jobs/{other.pk}/cancel/").status_code == 404


def test_the_api_cancels_ones_own_job(mine, owner):
    job = JobRunFactory(requested_by=owner)
    answer = mine.post(f"/api/v1/jobs/{job.pk}/cancel/")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert JobRun.objects.get().state == JobState.CANCELLED


def test_the_api_makes_and_deletes_no_jobs(mine, owner):
    job = JobRunFactory(requested_by=owner)
    assert mine.post("/api/v1/jobs/", {}).status_code == 405
    assert mine.delete(f"/api/v1/jobs/{job.pk}/").status_code == 405


# --- Health and timing ------------------------------------------------------------------------


def test_health_is_told_to_anybody_and_nothing_more(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json().keys() == {"status", "database", "redis"}
    assert answer.json()["database"] == "ok"


def test_health_fails_without_the_database_and_only_reports_redis(client, monkeypatch, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    body = client.get("/healthz").json()
    assert (body["status"], body["redis"]) == ("ok", "failing")
    monkeypatch.setattr("core.views.health._database_answers", lambda: False)
    assert client.get("/healthz").status_code == 503


def test_every_response_tells_its_time_and_its_queries(mine):
    header = mine.get("/jobs/")["Server-Timing"]
    total, database = header.split(", ")
    assert total.startswith("total;dur=")
    duration, description = database.removeprefix("db;").split(";")
    assert float(total.removeprefix("total;dur=")) >= float(duration.removeprefix("dur=")) > 0
    assert description.startswith('desc="')
    assert description.endswith(' queries"')
    assert int(description.removeprefix('desc="').removesuffix(' queries"')) > 0


def test_the_number_of_queries_told_is_the_number_made(mine, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as made:
        header = mine.get("/jobs/")["Server-Timing"]
    assert f'desc="{len(made)} queries"' in header


def test_in_production_only_an_administrator_is_told_the_timing(client, settings):
    settings.PRODUCTION = True
    client.force_login(UserFactory())
    assert "Server-Timing" not in client.get("/jobs/")
    client.force_login(UserFactory(is_staff=True))
    assert "Server-Timing" in client.get("/jobs/")
