"""Reads the environment once, with plain errors: the only place that knows os.environ."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

Mode = Literal["demo", "test", "production"]


def text(name: str, default: str | None = None) -> str:
    """Return the variable ``name``; without a default its absence is an error."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def secret(name: str, default: str | None = None) -> str:
    """Return a secret from ``name``, or from the file that ``name``_FILE names."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return text(name, default)


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated variable as a list without blanks."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def mode() -> Mode:
    """Return what this process is for; anything unknown is refused."""
    value = text("ENGAGEMENT_MODE", "production")
    if value not in ("demo", "test", "production"):
        raise ImproperlyConfigured(
            f"ENGAGEMENT_MODE is {value!r}; it can be demo, test or production."
        )
    return value  # type: ignore[return-value]  # narrowed by the test above


def database(url: str) -> dict[str, Any]:
    """Turn ``postgis://user:password@host:port/name?host=/socket/folder`` into Django's form.

    Raises ImproperlyConfigured for any other scheme: PostGIS is the one dialect.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgis", "postgres", "postgresql"):
        raise ImproperlyConfigured(
            f"DATABASE_URL starts with {parts.scheme!r}; postgis:// is expected."
        )
    query = parse_qs(parts.query)
    host = query.get("host", [parts.hostname or ""])[0]
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": secret("DATABASE_PASSWORD", unquote(parts.password or "")),
        "HOST": host,
        "PORT": str(parts.port or ""),
    }
