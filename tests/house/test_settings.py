"""Production starts with safe settings only; models and migrations agree."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from accounts.services import create_token
from engagement.checks import production_holds_no_demonstration
from tests.factories.accounts import UserFactory

ROOT = Path(settings.BASE_DIR)
SAFE = {
    "ENGAGEMENT_MODE": "production",
    "ENGAGEMENT_SECRET_KEY": secrets.token_urlsafe(64),
    "ENGAGEMENT_HOSTS": "engagement.example.org",
    "ENGAGEMENT_BASE_URL": "https://engagement.example.org",
}


def production(*arguments, database="postgis:///none?host=/nowhere", **changes):
    """Run a management command in production mode with nothing but these variables."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = kept | SAFE | {"DATABASE_URL": database} | changes
    environment = {name: value for name, value in environment.items() if value is not None}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_with_safe_settings_passes_djangos_own_checks():
    done = production("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_production_answers_with_strict_transport_security_and_safe_cookies():
    code = (
        "from django.test import Client; from django.conf import settings; "
        "answer = Client(headers={'host': 'engagement.example.org'}, "
        "raise_request_exception=False).get('/api/v1/me/', secure=True); "
        "print(answer['Strict-Transport-Security'], settings.SESSION_COOKIE_SECURE, "
        "settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY)"
    )
    done = production("shell", "--no-imports", "-c", code)
    said = "max-age=31536000; includeSubDomains; preload True True True"
    assert done.stdout.strip() == said, done.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ENGAGEMENT_SECRET_KEY": None}, "Set the environment variable ENGAGEMENT_SECRET_KEY"),
        ({"ENGAGEMENT_SECRET_KEY": "short"}, "ENGAGEMENT_SECRET_KEY is too weak"),
        ({"ENGAGEMENT_SECRET_KEY": "ab" * 40}, "ENGAGEMENT_SECRET_KEY is too weak"),
        ({"ENGAGEMENT_HOSTS": ""}, "ENGAGEMENT_HOSTS must name the hosts"),
        ({"ENGAGEMENT_HOSTS": "*"}, "ENGAGEMENT_HOSTS must name the hosts"),
        ({"ENGAGEMENT_BASE_URL": None}, "ENGAGEMENT_BASE_URL must be the https address"),
        ({"ENGAGEMENT_BASE_URL": "http://engagement.example.org"}, "must be the https address"),
        ({"ENGAGEMENT_MODE": "staging"}, "it can be demo, test or production"),
        ({"DATABASE_URL": "sqlite:///db"}, "postgis:// is expected"),
    ],
)
def test_production_refuses_unsafe_settings(change, said):
    done = production("check", **change)
    assert done.returncode != 0
    assert said in done.stderr


def test_a_mode_left_out_means_production():
    done = production("check", ENGAGEMENT_MODE=None, ENGAGEMENT_SECRET_KEY=None)
    assert done.returncode != 0


def test_production_refuses_a_database_with_demonstration_accounts(db, settings):
    UserFactory(is_demonstration=True)
    assert production_holds_no_demonstration(None, databases=["default"]) == []
    settings.PRODUCTION = True
    (error,) = production_holds_no_demonstration(None, databases=["default"])
    assert error.id == "engagement.E004"
    with pytest.raises(SystemCheckError, match="demonstration accounts"):
        call_command("check", databases=["default"])


def test_a_demonstration_account_is_dead_in_production(client, people, settings):
    person = people.coordinator
    person.set_password("correct horse battery staple")
    person.is_demonstration = True
    person.save()
    _, text = create_token(user=person, name="x", by=None)
    client.force_login(person)
    assert client.get("/accounts/profile/").status_code == 200
    settings.PRODUCTION = True
    assert client.get("/accounts/profile/").status_code == 302
    sent = {"login": person.email, "password": "correct horse battery staple"}
    assert client.post("/accounts/login/", sent).status_code == 422
    token = {"Authorization": f"Token {text}"}
    assert client.get("/api/v1/me/", headers=token).status_code == 401


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)
