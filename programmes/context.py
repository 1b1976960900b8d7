"""The programme's week, for the banner of a demonstration."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest

from core import clock
from core.context import site
from programmes.models import Programme


def week_of_page(request: HttpRequest) -> int | None:
    """Return the week of the programme this page is about, else of the person's first one.

    None before the programme's first day, and for those without any programme.
    """
    programme: Programme | None = getattr(request, "programme", None)
    if programme is None and hasattr(request, "first_week"):
        return request.first_week  # type: ignore[no-any-return]
    user = getattr(request, "user", None)
    if programme is None and user is not None and user.is_authenticated:
        programme = Programme.objects.all().visible_to(user).order_by("starts_on", "name").first()
    number = programme.week_of(clock.today()) if programme is not None else 0
    found = number if number > 0 else None
    request.first_week = found  # type: ignore[attr-defined]  # the banner asks twice
    return found


def week(request: HttpRequest) -> dict[str, object]:
    """Add ``programme_week`` to what templates know of the site; read only where it is shown."""
    facts = site(request)["site"]
    return {"site": {**facts, "programme_week": partial(week_of_page, request)}}
