"""What the figures from 1 to 5 mean that people give a stakeholder, the same words everywhere."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

SCALES: dict[str, tuple[Any, ...]] = {
    "capability": (
        _("could not help with this at present"),
        _("could do a little with a lot of help"),
        _("could do some things"),
        _("could do most of what is needed"),
        _("could do it alone, and help others"),
    ),
    "connectedness": (
        _("knows hardly anybody here"),
        _("knows a few people"),
        _("knows one part of the community well"),
        _("knows several parts of the community"),
        _("knows nearly everybody, and brings people together"),
    ),
    "interest": (
        _("does not care about it"),
        _("would listen"),
        _("wants to hear how it goes"),
        _("wants to take part"),
        _("is pressing for it"),
    ),
    "influence": (
        _("cannot change anything about it"),
        _("can speak up"),
        _("can sway some people"),
        _("can decide a part of it"),
        _("can make it happen, or stop it"),
    ),
}


def scale_choices(name: str) -> list[tuple[Any, Any]]:
    """Return the choices of a scale for a form: nothing, then 1 to 5 with their words."""
    return [
        ("", _("Not judged yet")),
        *((number, f"{number} – {words}") for number, words in enumerate(SCALES[name], 1)),
    ]


def scale_words(name: str, value: int | None) -> str:
    """Return a figure with its meaning, or that nobody has judged it."""
    if value is None:
        return str(_("Not judged yet"))
    return f"{value} – {SCALES[name][value - 1]}"
