"""A broker that is away or hangs holds up nobody, and nothing is lost."""

import socket
import time

import pytest
from django.db import transaction

from core.choices import JobState
from core.jobs import dispatch, request_job, runner
from core.jobs.sweep import sweep
from core.models import JobRun
from engagement.celery import app
from tests.core import job_kinds  # noqa: F401  # registers the kinds

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(dispatch, "_quiet_until", 0.0)


@pytest.fixture
def broker(monkeypatch):
    """Point the application at another broker for one test."""

    def at(url: str) -> None:
        monkeypatch.setattr(app.conf, "broker_url", url)
        monkeypatch.setattr(app.conf, "broker_write_url", url)
        monkeypatch.setattr(app.conf, "broker_read_url", url)
        app._after_fork()

    yield at
    monkeypatch.undo()
    app._after_fork()


@pytest.fixture
def closed_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture
def hanging_port():
    """A listener that takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield listener.getsockname()[1]


def ask_on_commit(key: str = "k") -> tuple[JobRun, float]:
    began = time.perf_counter()
    with transaction.atomic():
        run = request_job(kind="tests.nothing", key=key, params={}, by=None)
    return run, time.perf_counter() - began


def test_a_broker_that_refuses_holds_up_nobody(broker, closed_port):
    broker(f"redis://127.0.0.1:{closed_port}/0")
    run, seconds = ask_on_commit()
    assert seconds < 1.5
    run.refresh_from_db()
    assert (run.state, run.dispatched_at) == (JobState.QUEUED, None)


def test_a_broker_that_hangs_holds_up_one_request_for_a_second_and_the_next_not_at_all(
    broker, hanging_port
):
    broker(f"redis://127.0.0.1:{hanging_port}/0")
    run, seconds = ask_on_commit()
    assert seconds < 1.5
    second, again = ask_on_commit("other")
    assert again < 0.5
    for waiting in (run, second):
        waiting.refresh_from_db()
        assert (waiting.state, waiting.dispatched_at) == (JobState.QUEUED, None)


def test_what_a_broker_did_not_take_is_delivered_when_it_is_back(broker, closed_port, monkeypatch):
    broker(f"redis://127.0.0.1:{closed_port}/0")
    run, _ = ask_on_commit()
    assert sweep().delivered == 0
    run.refresh_from_db()
    assert run.dispatched_at is None
    # Back again: the message's path from here is the worker's, which takes the id and executes.
    monkeypatch.setattr("core.tasks.run_job.delay", lambda job_id: runner.execute(run.pk))
    assert sweep().delivered == 1
    run.refresh_from_db()
    assert run.state == JobState.SUCCEEDED


def test_a_broker_that_answers_gets_the_id_and_nothing_else(broker):
    broker("memory://")
    run, _ = ask_on_commit()
    run.refresh_from_db()
    assert run.dispatched_at is not None
    with app.connection_for_read() as connection:
        message = connection.SimpleQueue(app.conf.task_default_queue).get(timeout=1)
        assert message.payload[:2] == [[str(run.pk)], {}]
        message.ack()
