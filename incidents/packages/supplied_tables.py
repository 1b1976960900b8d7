"""The tables of what agencies supply: in a package only where they hold something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from incidents.feeds.figures import FeedFigures
from incidents.packages.figures import Figures
from incidents.packages.resources import STATUSES, Column, Table

FEED = Column("feed", "string", "Address name of the feed.", required=True)
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table whose columns come from a feed and one of its parts."""

    values: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        return self.values[name]


def _each(figures: Figures, part: str) -> Iterator[_Row]:
    for feed in figures.supplied:
        for one in getattr(feed, part):
            yield _Row({"feed": feed.slug, **_plain(one)})


def _plain(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}


def _feeds(figures: Figures) -> Iterable[_Row]:
    for feed in figures.supplied:
        yield _Row({**_facts(feed), "public_figures_only": False})
    for public in figures.supplied_public:
        facts = {name: getattr(public, name) for name in ("title", "agency", "kind", "terms")}
        yield _Row(
            {
                "feed": public.slug,
                **facts,
                "timed": None,
                "wide": None,
                "untimed": None,
                "public_figures_only": True,
            }
        )


def _facts(feed: FeedFigures) -> dict[str, Any]:
    return {
        "feed": feed.slug,
        "title": feed.title,
        "agency": feed.agency,
        "kind": feed.kind,
        "terms": feed.terms,
        "timed": feed.timed,
        "wide": feed.wide,
        "untimed": feed.untimed,
    }


def _hours(figures: Figures) -> Iterator[_Row]:
    for row in _each(figures, "hours"):
        yield _Row({**row.values, "weekday": DAY_NAMES[row.weekday]})


def _public(figures: Figures) -> Iterator[_Row]:
    for feed in figures.supplied_public:
        for cell in feed.cells:
            status = "hidden" if cell.count is None else "shown"
            yield _Row({"feed": feed.slug, **_plain(cell), "status": status})


def _pools(figures: Figures) -> Iterator[_Row]:
    for feed in figures.supplied_public:
        for pool in feed.pools:
            cells = "; ".join(f"{theme} {quarter}" for theme, quarter in pool.cells)
            yield _Row({"feed": feed.slug, "cells": cells, "total": pool.total})


COUNT = Column("count", "integer", "Incidents of ASB.", required=True)
SUPPLIED_TABLES: tuple[Table, ...] = (
    Table(
        "feeds",
        "What agencies supply",
        "Each feed that has part in this package, and under which terms.",
        (
            FEED,
            Column("title", "string", "Title of the feed.", required=True),
            Column("agency", "string", "The agency that supplies it.", required=True),
            Column("kind", "string", "What kind of agency.", required=True),
            Column("terms", "string", "How it may be used.", required=True),
            Column("timed", "integer", "Incidents whose time is known to within a day."),
            Column("wide", "integer", "Incidents whose time spans a day or more."),
            Column("untimed", "integer", "Incidents without a time."),
            Column(
                "public_figures_only",
                "boolean",
                "Whether only counts by theme and quarter are given, small ones hidden.",
                required=True,
            ),
        ),
        _feeds,
        ("feed",),
    ),
    Table(
        "supplied_months",
        "Incidents of feeds by month",
        "Incidents of ASB of the location by feed and month; empty where the month is missing.",
        (
            FEED,
            Column("month", "yearmonth", "Year and month (YYYY-MM), local time.", required=True),
            Column("count", "integer", "Incidents of ASB; empty where the month is missing."),
            Column("status", "string", "As in monthly_counts.csv.", required=True, enum=STATUSES),
        ),
        lambda figures: _each(figures, "months"),
        ("feed", "month"),
    ),
    Table(
        "supplied_categories",
        "Incidents of feeds by category",
        "Incidents of the location in the months held, by the agency's own category.",
        (
            FEED,
            Column("category", "string", "Category as the agency names it.", required=True),
            Column("theme", "string", "What it is in common words; empty: not sorted yet."),
            Column("qualifier", "string", "Personal, nuisance or environmental; may be empty."),
            Column("is_asb", "boolean", "Whether it counts as ASB.", required=True),
            Column("count", "integer", "Incidents.", required=True),
        ),
        lambda figures: _each(figures, "categories"),
        ("feed", "category"),
    ),
    Table(
        "supplied_qualifiers",
        "Incidents of feeds by qualifier",
        "Incidents of ASB by the row's own qualifier, else by that of its category.",
        (FEED, Column("qualifier", "string", "Empty where it is not known."), COUNT),
        lambda figures: _each(figures, "qualifiers"),
    ),
    Table(
        "supplied_hours",
        "Incidents of feeds by hour of the week",
        "Aoristic weights: each incident of ASB is spread evenly over the span in which it may "
        "have happened (at most a day). Local time.",
        (
            FEED,
            Column("weekday", "string", "Day of the week.", required=True, enum=DAY_NAMES),
            Column("hour", "integer", "Hour of the day, 0 to 23.", required=True),
            Column("weight", "number", "Incidents, in parts.", required=True, decimals=6),
        ),
        _hours,
        ("feed", "weekday", "hour"),
    ),
    Table(
        "supplied_repeats",
        "Repeat places, callers and victims of feeds",
        "How far incidents of ASB come from the same place, caller or victim within the months.",
        (
            FEED,
            Column("kind", "string", "place, caller or victim.", required=True),
            Column("keyed", "integer", "Incidents of which it is known.", required=True),
            Column("units", "integer", "Different ones among them.", required=True),
            Column("repeated", "integer", "Of these, with two or more incidents.", required=True),
            Column("incidents", "integer", "Incidents of the repeated ones.", required=True),
            Column("flagged", "integer", "Incidents that the agency itself marks as repeats."),
        ),
        lambda figures: _each(figures, "repeats"),
        ("feed", "kind"),
    ),
    Table(
        "supplied_places",
        "Places of feeds with two incidents or more",
        "The ten places with the most incidents of ASB, as the agency names them. For partners.",
        (
            FEED,
            Column("rank", "integer", "Rank by count.", required=True),
            Column("place", "string", "The place as the agency names it.", required=True),
            COUNT,
        ),
        lambda figures: _each(figures, "places"),
        ("feed", "rank"),
    ),
    Table(
        "supplied_public",
        "Incidents of feeds by theme and quarter, small counts hidden",
        "Counts of 1 to 4 are hidden to protect privacy, and are in no sum but supplied_sums.csv. "
        "Quarters are whole calendar quarters of which all months are held.",
        (
            FEED,
            Column("theme", "string", "What it is in common words; empty: not sorted yet."),
            Column("quarter", "string", "Calendar quarter (2024-Q1).", required=True),
            Column("count", "integer", "Incidents of ASB; empty where hidden."),
            Column("status", "string", "shown or hidden.", required=True, enum=("shown", "hidden")),
        ),
        _public,
    ),
    Table(
        "supplied_sums",
        "What hidden counts make together",
        "Sums over several hidden counts, where none of them follows from all that is shown.",
        (
            FEED,
            Column("cells", "string", "The hidden counts: theme and quarter.", required=True),
            Column("total", "integer", "Their sum.", required=True),
        ),
        _pools,
    ),
)


def supplied_tables(figures: Figures) -> tuple[Table, ...]:
    """Return the tables that hold something for these figures."""
    return tuple(
        table for table in SUPPLIED_TABLES if next(iter(table.rows(figures)), None) is not None
    )
