"""Addresses as they may be kept: without the secrets that some of them carry.

A link in a mail ends in a token. Whoever writes an address down (history, the ledger, a log) passes
it through here, so that reading what is kept never lets anybody use such a link.
"""

from __future__ import annotations

import logging
import re
import uuid

_LONG = re.compile(r"[A-Za-z0-9_-]{32,}")
HIDDEN = "…"


def _hide(found: re.Match[str]) -> str:
    try:
        uuid.UUID(found.group())
    except ValueError:
        return HIDDEN
    return found.group()


def safe_path(path: str) -> str:
    """Return ``path`` with every run of 32 or more URL-safe characters that is no UUID as "…"."""
    return _LONG.sub(_hide, path)


class SafePaths(logging.Filter):
    """Cleans what Django says of requests: "Not Found: /accounts/link/…/"."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean records of Django's loggers; keep every record."""
        if record.name.startswith("django."):
            record.msg, record.args = safe_path(record.getMessage()), None
        return True
