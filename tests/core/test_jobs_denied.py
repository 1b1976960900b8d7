"""Work asked for by somebody whose account was closed is not done."""

import pytest

from core.choices import JobState
from core.errors import NotAllowed
from core.jobs import JobResult, deny_jobs_of, job, request_job, runner
from core.models import JobRun
from tests.factories.accounts import UserFactory

DONE: list[str] = []


@job(kind="tests.denied", title="Work for a person", max_attempts=1)
def work(handle):
    DONE.append(handle.params["name"])
    return JobResult()


@job(kind="tests.not_allowed", title="Work without a right", max_attempts=1)
def work_without_right(handle):
    raise NotAllowed("Your role does not let you do this.")


def asked(by, kind="tests.denied", name="one"):
    return request_job(kind=kind, key=name, params={"name": name}, by=by, deliver=False)


def close(person):
    person.is_active = False
    person.save(update_fields=["is_active"])


@pytest.fixture(autouse=True)
def nothing_done():
    DONE.clear()


def test_a_waiting_job_of_a_closed_account_ends_denied_when_a_worker_takes_it(business_date):
    person = UserFactory()
    run = asked(person)
    close(person)
    assert runner.execute(run.pk)
    run.refresh_from_db()
    assert (run.state, DONE) == (JobState.DENIED, [])
    assert "may no longer sign in" in run.error
    assert run.finished_at is not None


def test_closing_an_account_denies_its_waiting_jobs_at_once_and_stops_running_ones(business_date):
    person, other = UserFactory(), UserFactory()
    waiting, running = asked(person, name="waiting"), asked(person, name="running")
    others = asked(other, name="others")
    JobRun.objects.filter(pk=running.pk).update(state=JobState.RUNNING)
    close(person)
    assert deny_jobs_of(person) == 2
    for run in (waiting, running, others):
        run.refresh_from_db()
    assert (waiting.state, running.state, others.state) == ("denied", "running", "queued")
    assert running.cancel_requested
    assert not others.cancel_requested


def test_what_an_open_account_asked_for_as_well_is_done(business_date):
    person, other = UserFactory(), UserFactory()
    run = asked(person)
    assert asked(other).pk == run.pk  # the same work: one job with two people
    close(person)
    assert deny_jobs_of(person) == 0
    runner.execute(run.pk)
    run.refresh_from_db()
    assert (run.state, DONE) == (JobState.SUCCEEDED, ["one"])


def test_what_nobody_asked_for_is_done(business_date):
    run = asked(None)
    runner.execute(run.pk)
    assert DONE == ["one"]


def test_a_job_whose_requester_has_lost_the_right_ends_denied_with_the_reason(business_date):
    run = asked(UserFactory(), kind="tests.not_allowed")
    runner.execute(run.pk)
    run.refresh_from_db()
    assert run.state == JobState.DENIED
    assert run.error == "Your role does not let you do this."
