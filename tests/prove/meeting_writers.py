"""Proof: a hundred people write one meeting's actions at once, and each action is there once.

``bin/prove meeting_writers`` starts the web server and lets a hundred HTTP clients, each signed in
for itself, send actions on the capture page as fast as they can. A third of what they send is sent
twice, as an impatient finger or a lost answer does. None may be lost, none doubled.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from accounts.roles import Role
from delivery.models import Action, Meeting
from tests.core.live_worker import database_url, die_with_the_tests, redis_url
from tests.factories.accounts import UserFactory
from tests.factories.meetings import MeetingFactory
from tests.personas import give_location_role
from tests.signing import sign_in_fully

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 100
EACH = 5
REPEATED = 3  # every third is sent twice
WORKERS = 4


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(tmp_path):
    """Serve this test's database with gunicorn, as production does."""
    port = free_port()
    env = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis_url(),
        "ENGAGEMENT_MODE": "test",
        "ENGAGEMENT_VAR": str(tmp_path),
    }
    command = [sys.executable, "-m", "gunicorn", "engagement.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(WORKERS), "--backlog", "2048", "--timeout", "120"]
    with (tmp_path / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            env=env,
            stdout=log,
            stderr=log,
            cwd=settings.BASE_DIR,
            start_new_session=True,
            preexec_fn=die_with_the_tests,  # noqa: PLW1509  # no threads yet
        )
        try:
            wait_until_it_answers(port, process)
            yield port
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def wait_until_it_answers(port: int, process: subprocess.Popen) -> None:
    for _ in range(240):
        assert process.poll() is None, "the server has ended"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.5)
    raise AssertionError("the server does not answer")


def writer(number: int, people) -> dict[str, str]:
    """Return the cookies of somebody who may write at the location, signed in for themselves."""
    user = UserFactory(email=f"writer{number}@example.test", agency=people.police)
    give_location_role(user, people.location, Role.COORDINATOR)
    client = Client()
    sign_in_fully(client, user)  # the server waives nothing
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def send(port: int, path: str, cookies: dict[str, str], fields: dict[str, str]) -> str:
    """Send a form as a browser does; return the status and where it leads."""
    token = "a" * 32
    kept = {**cookies, settings.CSRF_COOKIE_NAME: token}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": "; ".join(f"{name}={value}" for name, value in kept.items()),
        "Host": "localhost",
        "Connection": "close",
    }
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=180)
    try:
        body = urlencode({**fields, "csrfmiddlewaretoken": token})
        link.request("POST", path, body, headers)
        answer = link.getresponse()
        answer.read()
        return f"{answer.status} {answer.getheader('Location', '').partition('#')[0]}"
    finally:
        link.close()


def test_a_hundred_writers_lose_nothing_and_double_nothing(people, server):
    meeting: Meeting = MeetingFactory(location=people.location, called_by=people.coordinator)
    path = f"{meeting.get_absolute_url()}capture/"
    cookies = [writer(number, people) for number in range(CLIENTS)]
    wanted: dict[uuid.UUID, str] = {}
    jobs: list[list[dict[str, str]]] = []
    for number in range(CLIENTS):
        mine = []
        for turn in range(EACH):
            key, title = uuid.uuid4(), f"Action {turn} of writer {number}"
            wanted[key] = title
            fields = {
                "what": "action",
                "action-id": str(key),
                "action-title": title,
                "action-owner": str(people.partner.pk),
                "action-due_on": "2024-07-20",
            }
            mine += [fields] * (2 if turn % REPEATED == 0 else 1)
        jobs.append(mine)

    def write(number: int) -> list[str]:
        return [send(server, path, cookies[number], fields) for fields in jobs[number]]

    began = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = [answer for found in pool.map(write, range(CLIENTS)) for answer in found]
    seconds = time.monotonic() - began

    stored = dict(Action.objects.filter(meeting=meeting).values_list("pk", "title"))
    lost = wanted.items() - stored.items()
    doubled = [
        title
        for title, count in Counter(
            Action.objects.filter(meeting=meeting).values_list("title", flat=True)
        ).items()
        if count > 1
    ]
    print(
        f"\n{CLIENTS} clients, {len(answers)} requests in {seconds:.1f} s, {len(wanted)} actions: "
        f"{len(lost)} lost, {len(doubled)} doubled; answers {dict(Counter(answers))}"
    )
    assert set(answers) == {f"302 {path}?saved=action"}
    assert stored == wanted
    assert doubled == []
