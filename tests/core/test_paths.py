"""Addresses are kept without their tokens."""

import datetime as dt
import logging
import uuid
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from core.paths import SafePaths, safe_path
from engagement.logs import AccessLogger
from tests.house.machine import house

TOKEN = "Uzo4ZL9g-VPqPKiF76t2Eg1fYQ2pyHT3bSaEwHNxUZc"  # as secrets.token_urlsafe(32) makes them


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        (f"/accounts/link/{TOKEN}/", "/accounts/link/…/"),
        (f"/accounts/link/{TOKEN}/code/?x={TOKEN}", "/accounts/link/…/code/?x=…"),
        (f"/accounts/login/?next=%2Faccounts%2Flink%2F{TOKEN}%2F", None),
        ("/accounts/password/reset/ab12-c8k2j4-0123456789abcdef0123456789/", None),
        ("/locations/leominster/steps/6/", "/locations/leominster/steps/6/"),
        ("", ""),
    ],
)
def test_long_segments_go_and_the_rest_stays(path, kept):
    safe = safe_path(path)
    assert TOKEN not in safe
    assert "0123456789abcdef" not in safe
    if kept is not None:
        assert safe == kept


def test_numbers_of_records_stay():
    number = uuid.uuid4()
    assert safe_path(f"/jobs/{number}/") == f"/jobs/{number}/"


def test_what_django_says_of_a_request_is_cleaned():
    record = logging.LogRecord(
        "django.request", 30, "", 0, "Not Found: %s", (f"/l/{TOKEN}/",), None
    )
    assert SafePaths().filter(record)
    assert record.getMessage() == "Not Found: /l/…/"
    other = logging.LogRecord("core.jobs", 20, "", 0, "Job %s", (TOKEN,), None)
    SafePaths().filter(other)
    assert other.getMessage() == f"Job {TOKEN}"


def test_the_filter_is_on_the_one_handler(settings):
    handlers = settings.LOGGING["handlers"]
    assert all(handler["filters"] == ["paths"] for handler in handlers.values())
    assert settings.LOGGING["filters"]["paths"]["()"] == "core.paths.SafePaths"


def test_the_access_log_names_no_token():
    logger = AccessLogger(Config())
    answer = SimpleNamespace(status="200 OK", sent=10, headers=[])
    request = SimpleNamespace(headers=[("REFERER", f"http://localhost/accounts/link/{TOKEN}/")])
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"/accounts/link/{TOKEN}/?t={TOKEN}",
        "PATH_INFO": f"/accounts/link/{TOKEN}/",
        "QUERY_STRING": f"t={TOKEN}",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"http://localhost/accounts/link/{TOKEN}/",
    }
    atoms = logger.atoms(answer, request, environ, dt.timedelta(seconds=1))
    assert TOKEN not in str(atoms)
    assert atoms["r"] == "GET /accounts/link/…/?t=… HTTP/1.1"


def test_the_web_process_uses_that_log():
    command = house("django").web("127.0.0.1:8000", 2)
    assert command[command.index("--logger-class") + 1] == "engagement.logs.AccessLogger"
