"""The sentences of feeds say what their tables say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.feeds.figures import (
    FeedCategoryCount,
    FeedFigures,
    FeedMonthCount,
    HourWeight,
    QualifierCount,
    QuarterCount,
    Repeats,
)
from incidents.feeds.publishing import public_feed
from incidents.feeds.words import (
    busiest_block,
    busiest_day,
    hours_words,
    public_words,
    qualifier_words,
    quarter_words,
    repeat_words,
    total_words,
)

FIGURES = FeedFigures(
    slug="noise",
    title="Noise complaints",
    agency="Council",
    kind="council",
    terms="Agreement",
    published=False,
    public_figures=True,
    months=(
        FeedMonthCount("2024-01", 30, "observed"),
        FeedMonthCount("2024-02", None, "missing"),
        FeedMonthCount("2024-03", 34, "observed"),
    ),
    categories=(
        FeedCategoryCount("Loud music", "noise", "nuisance", True, 40),
        FeedCategoryCount("Barking dogs", "animals", "nuisance", True, 24),
        FeedCategoryCount("Licensing", "", "", False, 90),
    ),
    qualifiers=(QualifierCount("nuisance", 60), QualifierCount("", 4)),
    timed=40,
    wide=3,
    untimed=21,
    hours=tuple(
        HourWeight(day, hour, 10.0 if (day, hour) in {(5, 22), (5, 23), (6, 0), (4, 1)} else 0.0)
        for day in range(7)
        for hour in range(24)
    ),
    repeats=(),
    places=(),
    quarters=(QuarterCount("noise", "2024-Q1", 40), QuarterCount("animals", "2024-Q1", 3)),
)


def test_the_total_says_its_months_and_the_most_frequent_category():
    assert total_words(FIGURES) == (
        "64 incidents of anti-social behaviour in the months held (2 of 3). The most frequent "
        "category is “Loud music” with 40."
    )


def test_other_categories_in_front_are_other_words():
    turned = replace(FIGURES, categories=(FIGURES.categories[1], FIGURES.categories[0]))
    assert "“Barking dogs” with 24" in total_words(turned)


def test_nothing_held_is_not_none_happened():
    empty = replace(FIGURES, months=(FeedMonthCount("2024-01", None, "missing"),))
    assert total_words(empty) == "No month of this feed is held for the period."


def test_qualifiers_say_what_is_not_known():
    assert qualifier_words(FIGURES) == "By qualifier: 60 nuisance. Of 4 it is not known."
    assert qualifier_words(replace(FIGURES, qualifiers=())) == ""


def test_hours_are_said_across_midnight_beside_an_even_spread():
    assert hours_words(FIGURES) == (
        "Of the 40 whose time is known to within a day, 100% fall between 22:00 and 02:00 (an even "
        "spread would give 17%), and 50% on a Saturday (an even spread: 14%). 24 without such a "
        "time are left out."
    )


def test_without_times_hours_are_refused_in_words():
    assert "cannot be said" in hours_words(replace(FIGURES, hours=(), timed=12))


@given(st.integers(0, 23), st.integers(0, 6))
def test_turning_the_clock_or_the_week_turns_the_words(hours, days):
    turned = [
        HourWeight((one.weekday + days) % 7, (one.hour + hours) % 24, one.weight)
        for one in FIGURES.hours
    ]
    assert busiest_block(turned) == ((22 + hours) % 24, 1.0)
    assert busiest_day(turned) == ((5 + days) % 7, 0.5)


def test_repeats_say_units_incidents_and_share():
    found = Repeats("place", keyed=60, units=40, repeated=5, incidents=25, flagged=7)
    assert repeat_words(found) == (
        "Places: 5 of 40 had two or more incidents within these months, and made 25 of the 60 of "
        "which it is known (42%). The agency itself marks 7."
    )


def test_marks_alone_are_said_as_such():
    found = Repeats("caller", keyed=0, units=0, repeated=0, incidents=0, flagged=7)
    assert "the agency marks 7" in repeat_words(found)


def test_the_public_version_says_what_is_hidden():
    assert public_words(public_feed(FIGURES)) == (
        "40 incidents are shown, in 1 whole quarter. 1 count from 1 to 4 is hidden to protect "
        "privacy, and is in no sum but those that say so."
    )


@pytest.mark.parametrize(
    ("quarter", "words"),
    [("2024-Q1", "January to March 2024"), ("2023-Q4", "October to December 2023")],
)
def test_a_quarter_in_words(quarter, words):
    assert quarter_words(quarter) == words
