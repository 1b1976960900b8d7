"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core import clock


def site(request: HttpRequest) -> dict[str, Any]:
    """Return ``site``: mode, whether this is a demonstration, and its business date."""
    return {
        "site": {
            "mode": settings.MODE,
            "demonstration": settings.DEMONSTRATION,
            "business_date": clock.today(),
        }
    }
