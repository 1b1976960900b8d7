"""What the demonstration's own pages show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.models import DataImport
from demo.content import Fact, PublishedSource, read_story
from programmes.models import Programme


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose data are shown, in the words of the data's licence."""

    text: str
    licence: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class ProgrammeTold:
    """A programme with what is published about it."""

    name: str
    facts: tuple[Fact, ...]
    source_note: str


@dataclass(frozen=True, slots=True)
class About:
    """Everything on the page about the demonstration."""

    programmes: tuple[ProgrammeTold, ...]
    sources: tuple[PublishedSource, ...]
    attributions: tuple[Attribution, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeWeek:
    """In which of its weeks a programme stands; below 1 before its start."""

    programme: str
    week: int
    weeks: int


def about() -> About:
    """Return what is published, in whose words, and whose data are held."""
    story = read_story()
    sources = {
        source.key: source
        for programme in story.programmes
        for fact in programme.facts
        for source in fact.sources
    }
    return About(
        programmes=tuple(
            ProgrammeTold(programme.name, programme.facts, programme.source_note)
            for programme in story.programmes
        ),
        sources=tuple(sources.values()),
        attributions=attributions(),
    )


def attributions() -> tuple[Attribution, ...]:
    """Return every attribution of the data held, each once."""
    rows = (
        DataImport.objects.exclude(attribution="")
        .values_list("attribution", "licence")
        .order_by("attribution", "licence")
        .distinct()
    )
    return tuple(Attribution(text, licence) for text, licence in rows)


def programme_weeks(on: dt.date) -> tuple[ProgrammeWeek, ...]:
    """Return the week in which each programme stands on a day."""
    return tuple(
        ProgrammeWeek(programme.name, programme.week_of(on), programme.weeks)
        for programme in Programme.objects.order_by("starts_on", "name")
    )
