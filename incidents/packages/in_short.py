"""Page one: what, when, where, changing, missing, who, why, how – and who could tell the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.screen import month_name, number
from incidents.feeds.figures import FeedFigures
from incidents.feeds.words import hours_words, qualifier_words, repeat_words
from incidents.packages.figures import ASB, Change, Figures
from incidents.packages.findings import (
    LEAST_FOR_WHEN,
    change_words,
    decimal_words,
    join_words,
    months_words,
    plain_street,
    reports,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One question with its answer; ``known`` is False where nobody has told yet."""

    key: str
    question: str
    text: str
    known: bool


def in_short(figures: Figures) -> tuple[Answer, ...]:
    """Return the answers in their order."""
    feeds = figures.supplied
    return (
        _answer("what", _("What?"), _what(figures), _told(feeds, "qualifiers")),
        _answer("when", _("When?"), _when(figures), _told(feeds, "hours")),
        _answer("where", _("Where?"), _where(figures), ()),
        _answer("change", _("Changing?"), _change(figures.change), ()),
        _answer("missing", _("Missing?"), _missing(figures), ()),
        _unless_told(
            "who",
            _("Who?"),
            _(
                "Published data cannot say. The force’s own records can say how many callers and "
                "places come back; residents can say who is affected."
            ),
            _told(feeds, "repeats"),
        ),
        _unless_told(
            "why",
            _("Why?"),
            _("No data can say. The people who live, work and spend time there can: ask them."),
            (),
        ),
        _unless_told(
            "how",
            _("How?"),
            _(
                "Published data cannot say: there is one category for everything. The group’s own "
                "look at the place can, and so can the force’s record of each call."
            ),
            (),
        ),
    )


def _answer(key: str, question: str, text: str, told: Sequence[str]) -> Answer:
    return Answer(key, question, " ".join((text, *told)), known=True)


def _unless_told(key: str, question: str, text: str, told: Sequence[str]) -> Answer:
    return Answer(key, question, " ".join(told) or text, known=bool(told))


def _told(feeds: Sequence[FeedFigures], what: str) -> tuple[str, ...]:
    """Return what agencies supply on a question, each sentence led by the feed's title."""
    said = []
    for feed in feeds:
        words = ""
        if what == "hours" and feed.hours:
            words = hours_words(feed)
        elif what == "qualifiers":
            words = qualifier_words(feed)
        elif what == "repeats":
            words = " ".join(
                repeat_words(one) for one in feed.repeats if one.kind != "place" and one.keyed
            )
        if words:
            said.append(_("%(feed)s: %(words)s") % {"feed": feed.title, "words": words})
    return tuple(said)


def _what(figures: Figures) -> str:
    if not figures.held:
        return _("Nobody can tell yet: no month of this period is held.")
    row = next((one for one in figures.mix if one.category == ASB), None)
    if row is None or row.share_percent is None:
        return _("%(reports)s to the police.") % {"reports": reports(figures.total)}
    return _("%(reports)s to the police: %(share)s%% of everything reported here.") % {
        "reports": reports(figures.total),
        "share": decimal_words(row.share_percent, 0),
    }


def _when(figures: Figures) -> str:
    held = figures.held
    if len(held) < LEAST_FOR_WHEN or not figures.total:
        return _("Too few months are held to say. The day and the hour are not published.")
    high = max(row.count or 0 for row in held)
    highest = [month_name(row.month) for row in held if row.count == high]
    if len(highest) == len(held):
        return _("Every month alike. The day and the hour are not published.")
    return _("Most in %(months)s (%(count)s). The day and the hour are not published.") % {
        "months": join_words(highest),
        "count": number(high),
    }


def _where(figures: Figures) -> str:
    if not figures.places:
        return _("No report has a map point, so no place can be named.")
    top = figures.places[0]
    half = next(place.rank for place in figures.places if place.cumulative_percent >= 50)
    return ngettext(
        "Most around “%(street)s” (%(count)s). One of %(all)s map points holds half or more.",
        "Most around “%(street)s” (%(count)s). The %(half)s highest of %(all)s map points hold "
        "half or more.",
        half,
    ) % {
        "street": plain_street(top.street),
        "count": number(top.count),
        "half": half,
        "all": number(len(figures.places)),
    }


def _change(change: Change) -> str:
    if change.now is None or change.before is None:
        return _("Too early to tell: fewer than three months have a like month of an earlier year.")
    return _("%(verdict)s %(now)s in %(months)s, %(before)s in the same months of %(year)s.") % {
        "verdict": change_words(change)[0],
        "now": number(change.now),
        "months": months_words(change.months),
        "before": number(change.before),
        "year": change.earlier[0][:4],
    }


def _missing(figures: Figures) -> str:
    held = (
        _("%(months)s: not held, which is not zero.") % {"months": months_words(figures.missing)}
        if figures.missing
        else _("No month.")
    )
    return _("%(held)s Whatever was told only to a council or a landlord, or to nobody.") % {
        "held": held
    }
