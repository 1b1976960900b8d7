"""The programme's week, for the banner of a demonstration."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.context import site
from programmes.models import Programme
from programmes.selectors.ledger import may_read_ledger


def week_of_page(request: HttpRequest) -> int | None:
    """Return the week of the programme this page is about, else of the person's first one.

    None before the programme's first day, and for those without any programme.
    """
    programme: Programme | None = getattr(request, "programme", None)
    if programme is None and hasattr(request, "first_week"):
        return request.first_week
    user = getattr(request, "user", None)
    if programme is None and user is not None and user.is_authenticated:
        programme = Programme.objects.all().visible_to(user).order_by("starts_on", "name").first()
    number = programme.week_of(clock.today()) if programme is not None else 0
    found = number if number > 0 else None
    request.first_week = found  # type: ignore[attr-defined]  # the banner asks twice
    return found


def week(request: HttpRequest) -> dict[str, object]:
    """Add ``programme_week`` and the ledger's link to what templates know of the site.

    Both are read only where they are shown.
    """
    facts = site(request)["site"]
    return {
        "site": {
            **facts,
            "programme_week": partial(week_of_page, request),
            "more_navigation": partial(more_pages, request),
        }
    }


def more_pages(request: HttpRequest) -> list[dict[str, Any]]:
    """Return further entries of the main navigation: people for administrators, the ledger."""
    pages = []
    if getattr(request.user, "is_staff", False):
        people, agencies = reverse("people:people"), reverse("people:agencies")
        pages.append({"text": _("People"), "href": people, "also": agencies})
    if may_read_ledger(request.user):
        pages.append({"text": _("Ledger"), "href": reverse("programmes:ledger")})
    return pages
