"""Help: short pages in plain English, one a subject, brought by the app it lies in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Topic:
    """One page of help: its address name, title, what it answers, and the template of its text."""

    slug: str
    title: Any
    summary: Any
    template_name: str
    order: int


_topics: dict[str, Topic] = {}


def register_help(slug: str, *, title: Any, summary: Any, template_name: str, order: int) -> None:
    """Add a page of help. Raises ImproperlyConfigured if the address name is taken."""
    if slug in _topics:
        raise ImproperlyConfigured(f"Help on {slug!r} is registered twice.")
    _topics[slug] = Topic(slug, title, summary, template_name, order)


def topics() -> list[Topic]:
    """Return all pages of help in their order."""
    return sorted(_topics.values(), key=lambda topic: (topic.order, topic.slug))


def topic(slug: str) -> Topic | None:
    """Return one page of help; None if there is none of that name."""
    return _topics.get(slug)
