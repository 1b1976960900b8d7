"""What a feed says, in sentences; each number in them stands in a table beside it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from core.screen import month_name
from incidents.choices import Qualifier, Theme
from incidents.feeds.figures import LEAST_TIMED, FeedFigures, HourWeight, Repeats
from incidents.feeds.publishing import PublicFeed

BLOCK = 4  # hours of the day that are looked at together
DAYS = (
    _lazy("Monday"),
    _lazy("Tuesday"),
    _lazy("Wednesday"),
    _lazy("Thursday"),
    _lazy("Friday"),
    _lazy("Saturday"),
    _lazy("Sunday"),
)


def theme_words(theme: str) -> str:
    """Return a theme in words; what nobody has sorted says so."""
    return str(Theme(theme).label) if theme else _("Not yet sorted")


def quarter_words(quarter: str) -> str:
    """Return "2024-Q1" as "January to March 2024"."""
    year, number = quarter.split("-Q")
    first = int(number) * 3 - 2
    start = month_name(f"{year}-{first:02d}").rsplit(" ", 1)[0]
    return _("%(first)s to %(last)s") % {
        "first": start,
        "last": month_name(f"{year}-{first + 2:02d}"),
    }


def total_words(figures: FeedFigures) -> str:
    """Say how many incidents of ASB there are, over how many months, and what is missing."""
    if not figures.held:
        return _("No month of this feed is held for the period.")
    words = ngettext(
        "%(count)s incident of anti-social behaviour in the months held (%(held)s of %(all)s).",
        "%(count)s incidents of anti-social behaviour in the months held (%(held)s of %(all)s).",
        figures.total,
    ) % {
        "count": f"{figures.total:,}",
        "held": len(figures.held),
        "all": len(figures.months),
    }
    asb = [one for one in figures.categories if one.is_asb and one.count]
    if len(asb) > 1:
        words += " " + _("The most frequent category is “%(name)s” with %(count)s.") % {
            "name": asb[0].category,
            "count": f"{asb[0].count:,}",
        }
    return words


def qualifier_words(figures: FeedFigures) -> str:
    """Say how many were personal, nuisance and environmental; empty where nobody said."""
    known = [one for one in figures.qualifiers if one.qualifier]
    if not known:
        return ""
    told = ", ".join(
        _("%(count)s %(qualifier)s")
        % {
            "count": f"{one.count:,}",
            "qualifier": str(Qualifier(one.qualifier).label).split(":", maxsplit=1)[0].lower(),
        }
        for one in known
    )
    words = _("By qualifier: %(told)s.") % {"told": told}
    unknown = sum(one.count for one in figures.qualifiers if not one.qualifier)
    if unknown:
        words += " " + _("Of %(count)s it is not known.") % {"count": f"{unknown:,}"}
    return words


def hours_words(figures: FeedFigures) -> str:
    """Say when incidents fall, beside an even spread; or plainly why that cannot be said."""
    if not figures.hours:
        return _(
            "When in the week they happened cannot be said: a time is known well enough for "
            "%(timed)s, and at least %(least)s are needed."
        ) % {"timed": figures.timed, "least": LEAST_TIMED}
    start, share = busiest_block(figures.hours)
    day, day_share = busiest_day(figures.hours)
    words = _(
        "Of the %(timed)s whose time is known to within a day, %(share)s%% fall between "
        "%(start)s:00 and %(end)s:00 (an even spread would give %(even)s%%), and %(day_share)s%% "
        "on a %(day)s (an even spread: 14%%)."
    ) % {
        "timed": f"{figures.timed:,}",
        "share": round(100 * share),
        "start": f"{start:02d}",
        "end": f"{(start + BLOCK) % 24:02d}",
        "even": round(100 * BLOCK / 24),
        "day_share": round(100 * day_share),
        "day": DAYS[day],
    }
    left = figures.wide + figures.untimed
    if left:
        words += " " + ngettext(
            "%(count)s without such a time is left out.",
            "%(count)s without such a time are left out.",
            left,
        ) % {"count": f"{left:,}"}
    return words


def busiest_block(hours: Sequence[HourWeight]) -> tuple[int, float]:
    """Return the first hour of the four in a row with the most weight, over midnight too."""
    by_hour = [0.0] * 24
    for one in hours:
        by_hour[one.hour] += one.weight
    total = sum(by_hour)
    blocks = [sum(by_hour[(start + n) % 24] for n in range(BLOCK)) for start in range(24)]
    best = max(range(24), key=lambda start: (round(blocks[start], 9), -start))
    return best, blocks[best] / total


def busiest_day(hours: Sequence[HourWeight]) -> tuple[int, float]:
    """Return the weekday with the most weight (Monday 0) and its share."""
    by_day = [0.0] * 7
    for one in hours:
        by_day[one.weekday] += one.weight
    best = max(range(7), key=lambda day: (round(by_day[day], 9), -day))
    return best, by_day[best] / sum(by_day)


def repeat_words(repeats: Repeats) -> str:
    """Say how far incidents come from the same places, callers or victims within the months."""
    titles = {
        "place": _("Places"),
        "caller": _("Callers"),
        "victim": _("Victims"),
    }
    if not repeats.keyed:
        return _("%(kind)s: which of them are the same is not told; the agency marks %(n)s.") % {
            "kind": titles[repeats.kind],
            "n": repeats.flagged,
        }
    words = _(
        "%(kind)s: %(repeated)s of %(units)s had two or more incidents within these months, and "
        "made %(incidents)s of the %(keyed)s of which it is known (%(share)s%%)."
    ) % {
        "kind": titles[repeats.kind],
        "repeated": f"{repeats.repeated:,}",
        "units": f"{repeats.units:,}",
        "incidents": f"{repeats.incidents:,}",
        "keyed": f"{repeats.keyed:,}",
        "share": round(100 * repeats.incidents / repeats.keyed),
    }
    if repeats.flagged is not None:
        words += " " + _("The agency itself marks %(count)s.") % {"count": repeats.flagged}
    return words


def public_words(public: PublicFeed) -> str:
    """Say what is shown of a feed in public, and how much is hidden."""
    if not public.quarters:
        return _("No whole quarter is held for the period, so nothing is shown.")
    words = ngettext(
        "%(count)s incident is shown, in %(quarters)s.",
        "%(count)s incidents are shown, in %(quarters)s.",
        public.shown,
    ) % {
        "count": f"{public.shown:,}",
        "quarters": ngettext("%(n)s whole quarter", "%(n)s whole quarters", len(public.quarters))
        % {"n": len(public.quarters)},
    }
    if public.hidden:
        words += " " + ngettext(
            "%(n)s count from 1 to %(most)s is hidden to protect privacy, and is in no sum but "
            "those that say so.",
            "%(n)s counts from 1 to %(most)s are hidden to protect privacy, and are in no sum but "
            "those that say so.",
            public.hidden,
        ) % {"n": public.hidden, "most": public.threshold - 1}
    return words
