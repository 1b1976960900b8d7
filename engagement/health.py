"""Asks the web process of this container whether it can serve: ``python -m engagement.health``."""

from __future__ import annotations

import os
import sys
import urllib.request


def main() -> int:
    """Return 0 if ``/healthz`` answers; a refusal or an error status ends in an exception."""
    host = os.environ.get("ENGAGEMENT_HOSTS", "localhost").split(",")[0].strip()
    asked = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": host})
    with urllib.request.urlopen(asked, timeout=8) as answer:  # noqa: S310
        return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
