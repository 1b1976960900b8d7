"""Answers to a survey over HTTP, a tenth of them sent again, against a bare INSERT loop.

The web server (gunicorn, two workers, as installed) takes whole answers at /s/<code>/answer/ from
several clients at once. Every tenth is sent a second time while or after the first one is stored.
The peer is what the database alone can do: one connection, for each answer one transaction with
the same two INSERT statements, committed as durably. Counted afterwards in the database: none may
be lost, none doubled.

    ENGAGEMENT_MODE=demo DATABASE_URL=… .venv/bin/python benchmarks/survey_answers.py [answers]

Run it on a database of its own (migrated, any content): it adds a programme, a survey and a wave
marked as synthetic, and removes them again. Prints one line of JSON; exit code 1 if fewer than 50
answers a second were durable, or any was lost or doubled. ``durable`` says whether the database
waits for the disk (fsync and synchronous_commit): without it the speed proves nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import subprocess
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

HOUSE = Path(__file__).resolve().parents[1]
LIMIT = 50.0
CLIENTS = 8
WORKERS = 2
EVERY = 10
ANSWERS = 1500


def main() -> int:
    """Measure, print, judge."""
    sys.path.insert(0, str(HOUSE))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement.settings")
    import django

    django.setup()
    many = int(sys.argv[1]) if len(sys.argv) > 1 else ANSWERS
    programme, wave = _make()
    try:
        sent = _sent(wave, many)
        http = _over_http(wave, sent)
        bare = _bare(wave, many)
        found = _found(wave, sent)
    finally:
        programme.delete()
    result = {
        "answers": many,
        "sent_again": many // EVERY,
        "answers_a_second": round(many / http, 1),
        "limit": LIMIT,
        "bare_inserts_a_second": round(many / bare, 1),
        **found,
        "durable": _durable(),
        "load": os.getloadavg()[0],
    }
    print(json.dumps(result))
    fine = many / http >= LIMIT and found == {"lost": 0, "doubled": 0, "foreign": 0}
    return 0 if fine else 1


def _make() -> tuple[Any, Any]:
    from django.conf import settings

    from core import clock
    from programmes.models import Location, Programme, StepTemplate
    from programmes.services import ensure_templates
    from surveys.models import Question
    from surveys.services import ensure_questions, make_survey, open_wave

    if settings.PRODUCTION:
        raise SystemExit("Not in production: it makes synthetic answers.")
    ensure_templates()
    ensure_questions()
    name = f"benchmark-{uuid.uuid4().hex[:8]}"
    programme = Programme.objects.create(
        slug=name,
        name=f"Synthetic {name}",
        template=StepTemplate.objects.first(),
        starts_on=clock.today(),
        is_demonstration=True,
    )
    location = Location.objects.create(
        programme=programme, slug=name, name="Synthetic", is_demonstration=True
    )
    survey = make_survey(
        location=location,
        title="Synthetic",
        purpose="To measure.",
        asked_by="A benchmark",
        questions=list(Question.objects.filter(location=None).newest()),
        by=None,
        demonstration=True,
    )
    wave = open_wave(
        survey=survey,
        mode="open_link",
        opens_on=clock.today(),
        closes_on=clock.today() + dt.timedelta(days=7),
        code=name,
        by=None,
        demonstration=True,
    )
    return programme, wave


def _sent(wave: Any, many: int) -> list[tuple[uuid.UUID, bytes]]:
    """Return the bodies of all answers: every question answered, each its own way."""
    from surveys.wording import questions_of

    asked = questions_of(wave)
    bodies = []
    for number in range(many):
        key = uuid.uuid4()
        given = {"id": str(key), "do": "send"}
        for place, one in enumerate(asked):
            name = f"q-{one.code}"
            if one.is_chosen:
                given[name] = one.options[(number + place) % len(one.options)].value
            else:
                given[name] = f"Synthetic text {number}"
        bodies.append((key, urlencode(given).encode()))
    return bodies


def _over_http(wave: Any, sent: list[tuple[uuid.UUID, bytes]]) -> float:
    """Send all answers from several clients and return the seconds until the last was answered."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "engagement.wsgi", "--log-level", "error"),
            *("-w", str(WORKERS), "-b", f"127.0.0.1:{port}"),
        ],
        cwd=HOUSE,
        env={**os.environ, "ENGAGEMENT_BASE_URL": f"http://localhost:{port}"},
    )
    try:
        _wait(port, wave.public_url)
        queue = [
            (key, body)
            for number, (key, body) in enumerate(sent)
            for _again in range(2 if number % EVERY == 0 else 1)
        ]
        lock, refused = threading.Lock(), []
        places = iter(queue)

        def client(_number: int) -> None:
            while True:
                with lock:
                    item = next(places, None)
                if item is None:
                    return
                status = _post(port, f"{wave.public_url}answer/", item[1])
                if status != 302:
                    refused.append(status)

        began = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(client, range(CLIENTS)))
        seconds = time.monotonic() - began
        if refused:
            print(f"{len(refused)} refused, the first with {refused[0]}", file=sys.stderr)
        return seconds
    finally:
        server.terminate()
        server.wait(30)


def _post(port: int, path: str, body: bytes) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        kind = "application/x-www-form-urlencoded"
        connection.request("POST", path, body, {"Content-Type": kind, "Host": f"localhost:{port}"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def _wait(port: int, path: str) -> None:
    for _try in range(240):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", path, headers={"Host": f"localhost:{port}"})
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.5)  # until it listens
    raise SystemExit("The web server did not come up.")


def _bare(wave: Any, many: int) -> float:
    """Return the seconds that the bare INSERT statements take, in transactions of their own."""
    from django.db import connection

    from surveys.wording import questions_of

    asked = [one for one in questions_of(wave) if one.is_chosen]
    places = ", ".join(["(%s, %s, %s, %s, NULL, '', '', '')"] * len(asked))
    columns = "id, submission_id, question, value, number, text, text_state, shown_text"
    made = []
    began = time.monotonic()
    with connection.cursor() as cursor:
        for _number in range(many):
            key = uuid.uuid4()
            made.append(key)
            cursor.execute("BEGIN")
            cursor.execute(
                "INSERT INTO surveys_submission (id, wave_id, answered_on, way, batch) "
                "VALUES (%s, %s, %s, 'online', 'bare')",
                [key, wave.pk, wave.opens_on],
            )
            values = [
                value
                for one in asked
                for value in (uuid.uuid4(), key, one.code, one.options[0].value)
            ]
            cursor.execute(
                f"INSERT INTO surveys_reply ({columns}) VALUES {places}",  # our names
                values,
            )
            cursor.execute("COMMIT")
    return time.monotonic() - began


def _found(wave: Any, sent: list[tuple[uuid.UUID, bytes]]) -> dict[str, int]:
    """Compare what is stored with what was sent, row by row."""
    from surveys.models import Reply, Submission
    from surveys.wording import questions_of

    there = list(Submission.objects.filter(wave=wave, batch="").values_list("pk", flat=True))
    wanted = {key for key, _body in sent}
    replies = Reply.objects.filter(submission__wave=wave, submission__batch="").count()
    whole = len(sent) * len(questions_of(wave))
    return {
        "lost": len(wanted - set(there)) + max(whole - replies, 0),
        "doubled": len(there) - len(set(there)) + max(replies - whole, 0),
        "foreign": len(set(there) - wanted),
    }


def _durable() -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        fsync, commit = cursor.fetchone()
    return fsync == "on" and commit != "off"


if __name__ == "__main__":
    raise SystemExit(main())
