"""What every template knows of the demonstration, beside what the floors below tell."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from demo.content import read_story
from programmes.context import week, week_of_page
from programmes.models import Programme


def site(request: HttpRequest) -> dict[str, Any]:
    """Return ``site`` of the floors below; in a demonstration also its date's week and pages."""
    facts: dict[str, Any] = week(request)["site"]  # type: ignore[assignment]  # a context processor's dict holds anything
    if facts["demonstration"]:
        user = getattr(request, "user", None)
        facts |= {
            "programme_week": partial(_week, request),
            "may_move_date": bool(user is not None and user.is_authenticated and user.is_staff),
            "move_date_url": reverse("demo:date"),
            "about_demonstration_url": reverse("demo:about"),
            "mail_url": reverse("demo:mail"),
            "banner_note": _banner_note(),
        }
    return {"site": facts}


def _banner_note() -> str:
    note = _("Invented records say “demonstration”.")
    if settings.SECOND_FACTOR_WAIVED:
        return f"{note} {_('Signing in asks for no second step here.')}"
    return note


def _week(request: HttpRequest) -> int | None:
    """Return the week of the page's or the person's programme, else of the West Mercia one.

    The last is for those who belong to none: before signing in, and for the administrator.
    """
    own = week_of_page(request)
    if own is not None:
        return own
    programme = Programme.objects.filter(slug=read_story().programmes[0].slug).first()
    return programme.week_of(clock.today()) if programme else None
