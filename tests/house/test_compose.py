"""Production as docker-compose.yml and Dockerfile describe it: same processes, no secrets, safe."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from tests.house.machine import ROOT, house

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
LASTING = ("database", "redis", "web", "worker", "scheduler")
ONCE = ("check", "roles", "migrate")
OURS = ("web", "worker", "scheduler", *ONCE)


def test_the_services_are_those_of_the_product():
    assert set(SERVICES) == {*LASTING, *ONCE}


def test_commands_equal_those_of_bin_run():
    django = house("django")
    assert SERVICES["web"]["command"] == django.web("0.0.0.0:8000", "${ENGAGEMENT_WEB_WORKERS:-4}")
    assert SERVICES["worker"]["command"] == django.worker("${ENGAGEMENT_WORKERS:-2}")
    assert SERVICES["scheduler"]["command"] == django.scheduler(
        "/srv/engagement/var/scheduler/schedule"
    )
    image = json.loads(re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.M)[1])
    assert image == django.web("0.0.0.0:8000", "4")


@pytest.mark.parametrize("name", LASTING)
def test_every_lasting_service_has_a_health_check_and_comes_back(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_the_web_waits_for_migrations_which_wait_for_roles_and_safe_settings():
    for name in ("web", "worker", "scheduler"):
        waits = {on: how["condition"] for on, how in SERVICES[name]["depends_on"].items()}
        assert waits == {
            "database": "service_healthy",
            "redis": "service_healthy",
            "migrate": "service_completed_successfully",
        }
    after = "service_completed_successfully"
    assert SERVICES["migrate"]["depends_on"] == {"roles": {"condition": after}}
    assert SERVICES["roles"]["depends_on"]["check"] == {"condition": after}
    assert SERVICES["check"]["command"][-4:] == ["check", "--deploy", "--fail-level", "ERROR"]
    assert all(SERVICES[name]["restart"] == "no" for name in ONCE)


def test_only_the_migration_runs_as_the_owner_of_the_database():
    roles = {
        name: re.match(r"postgis://(\w+)@", service["environment"]["DATABASE_URL"])[1]
        for name, service in SERVICES.items()
        if "DATABASE_URL" in service.get("environment", {})
    }
    postgres = house("postgres")
    assert roles == {
        "migrate": postgres.OWNER,
        "check": postgres.WEB,
        "web": postgres.WEB,
        "worker": postgres.WEB,
        "scheduler": postgres.WEB,
    }


@pytest.mark.parametrize("name", OURS)
def test_our_containers_are_neither_root_nor_writable(name):
    service = SERVICES[name]
    assert service["user"] == "10001:10001"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged")


def test_the_image_ends_as_a_user_who_is_not_root():
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, re.M)
    assert users == ["engagement"]
    assert "--uid 10001" in DOCKERFILE


def test_no_secret_stands_in_the_files():
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|KEY|TOKEN", key):
                assert key.endswith("_FILE"), f"{name} has {key} in its environment"
                assert value.removeprefix("/run/secrets/") in service["secrets"]
            assert not re.search(r"://[^/@\s]*:[^@\s]+@", str(value)), f"{name}: password in {key}"
    for secret in COMPOSE["secrets"].values():
        assert secret["file"].startswith("${ENGAGEMENT_SECRETS:?")
    assert not re.search(r"(?i)(password|secret|token)\s*[:=]\s*['\"]?[a-z0-9]{8}", DOCKERFILE)
    kept_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".env", "var", ".venv"} <= set(kept_out)


def test_what_must_be_chosen_has_no_default():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    for name in (
        "ENGAGEMENT_BASE_URL",
        "ENGAGEMENT_HOSTS",
        "ENGAGEMENT_SECRETS",
        "ENGAGEMENT_SMTP_HOST",
    ):
        assert re.search(rf"\$\{{{name}:\?", text)
        assert not re.search(rf"\$\{{{name}(\}}|:-|-)", text)


def test_every_variable_is_described_in_the_documentation():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    described = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    names = set(re.findall(r"\$\{([A-Z_]+)", text))
    names |= {key for name in OURS for key in SERVICES[name]["environment"]}
    assert {name for name in names if f"`{name}`" not in described} == set()


def test_only_the_web_is_published_and_only_to_this_machine():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert list(published) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in published["web"])
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("database", "redis"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_the_image_installs_the_lock_with_hashes_and_what_set_up_lists():
    assert "pip install --no-cache-dir --require-hashes -r" in DOCKERFILE
    named = set(
        re.findall(
            r"(?<=\s)([a-z][a-z0-9.+-]*[a-z0-9])(?=\s)",
            "\n".join(
                re.findall(r"apt-get install -y --no-install-recommends(.*?)&&", DOCKERFILE, re.S)
            ),
        )
    )
    servers = {
        "postgresql-{version}",
        "postgresql-{version}-postgis-3",
        "redis-server",
        "util-linux",
    }  # in containers of their own; util-linux is in every image
    for package in house("packages").listed():
        if package.when == "run" and package.names[0] not in servers:
            assert package.names[0].replace("{version}", "15") in named


def test_production_does_not_start_with_unsafe_settings(monkeypatch, settings):
    from engagement.checks import production_is_safe

    settings.PRODUCTION = True
    settings.SECRET_KEY, settings.ALLOWED_HOSTS, settings.DEBUG = "a" * 60, ["*"], True
    found = {problem.id for problem in production_is_safe(None)}
    assert {"engagement.E001", "engagement.E002", "engagement.E003"} <= found
