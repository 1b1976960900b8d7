"""What an evaluation says: one sentence, and what to keep in mind."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.screen import month_name
from problems.choices import AreaRole
from problems.evaluation.figures import FORCE, Figures

CAVEATS: dict[str, Any] = {
    "late": gettext_lazy(
        "What is compared was set or changed after the work began, so it could have been chosen "
        "by its result."
    ),
    "months_differ": gettext_lazy(
        "The months before and after are different months of the year, because too few of the "
        "same months are held. Season is taken out by the similar place alone."
    ),
    "some_missing": gettext_lazy(
        "Some months are missing. They are left out on both sides, never counted as zero."
    ),
    "some_partial": gettext_lazy("Some months look incomplete as published. They are left out."),
    "short_baseline": gettext_lazy(
        "Fewer than 24 months before were set. Places are often chosen when things are at their "
        "worst, and then get better by themselves."
    ),
    "peak": gettext_lazy(
        "The months before end with a peak. High counts tend to fall by themselves afterwards, "
        "whatever is done (regression to the mean)."
    ),
    "unlike_size": gettext_lazy(
        "The similar place has more than twice, or less than half, as many reports. The weighted "
        "displacement difference asks for like counts, so the ratio decides."
    ),
    "small_counts": gettext_lazy(
        "There were fewer than 30 reports on one side. Only a very large change could be told from "
        "chance."
    ),
    "dispersion_unknown": gettext_lazy(
        "Too few months are held to measure how much counts vary from month to month. They are "
        "taken to vary as little as chance allows, so the interval is rather too narrow."
    ),
    "zero": gettext_lazy("One count is zero; 0.5 was added to each so that a ratio exists."),
    "no_displacement_claim": gettext_lazy(
        "Whether anything moved nearby is not asked, because reports here did not fall more than "
        "at the similar place."
    ),
    "force_wide": gettext_lazy(
        "Reports fell all over the West Mercia force area from spring 2021 to spring 2022, as "
        "reports of broken pandemic rules ended. Only what goes beyond that can be due to the work "
        "here."
    ),
    "one_group": gettext_lazy(
        "Nobody was asked at a similar place, so a change may be one that happened everywhere."
    ),
    "other_people": gettext_lazy(
        "People chose for themselves whether to answer, and not the same people answered twice."
    ),
}

READINGS: dict[str, Any] = {
    "diffusion_larger": gettext_lazy("The benefit nearby was larger than the direct effect."),
    "diffusion": gettext_lazy("Nearby gained too: the benefit spread."),
    "none": gettext_lazy("Nothing moved and nothing spread."),
    "displacement_smaller": gettext_lazy("Some of it moved nearby, but less than was gained."),
    "gain_lost": gettext_lazy("As much or more moved nearby as was gained."),
}


def span(first: dt.date, last: dt.date) -> str:
    """Return "March 2021 to March 2022", or the one month."""
    if first == last:
        return month_name(first)
    return _("%(first)s to %(last)s") % {"first": month_name(first), "last": month_name(last)}


def many(number: float) -> str:
    """Return a whole number as it is printed."""
    return f"{round(number):,}"


def moved(figures: Figures) -> dict[str, str]:
    """Return the words that every sentence about counts needs."""
    here = figures.of(AreaRole.RESPONSE)
    assert here is not None
    return {
        "before": many(here.before),
        "after": many(here.after),
        "months_before": _months(figures.months_before),
        "months_after": _months(figures.months_after),
    }


def _months(number: int) -> str:
    return ngettext("%(n)d month", "%(n)d months", number) % {"n": number}


def sentence(figures: Figures) -> str:
    """Return the one sentence; it never claims what the verdict does not."""
    words = {
        "refused": _refused,
        "window_open": _window_open,
        "not_received": _not_received,
        "no_comparison": _no_comparison,
        "months_missing": _months_missing,
        "better": _better,
        "worse": _worse,
        "as_elsewhere": _as_elsewhere,
        "as_force": _as_force,
        "other_season": _other_season,
        "within_chance": _within_chance,
        "one_wave": _one_wave,
        "no_wave": _no_wave,
        "survey_clear": _survey,
        "survey_chance": _survey,
    }
    return words[figures.reason](figures)


def _refused(figures: Figures) -> str:
    return _("Cannot tell, because the reports cannot be counted: %(why)s") % {
        "why": figures.refused
    }


def _window_open(figures: Figures) -> str:
    return _(
        "Too early to tell, because the months to compare run to %(last)s and %(held)d of "
        "%(wanted)d are held so far."
    ) % {
        "last": month_name(figures.after_last),
        "held": figures.held_after,
        "wanted": figures.wanted_after,
    }


def _not_received(figures: Figures) -> str:
    return _(
        "Too early to tell, because only %(held)d of the %(wanted)d months after the start have "
        "been received."
    ) % {"held": figures.held_after, "wanted": figures.wanted_after}


def _no_comparison(figures: Figures) -> str:
    return _(
        "Cannot tell: there were %(before)s reports in %(months_before)s before and %(after)s "
        "in %(months_after)s after, but with no similar place to compare with, this may be "
        "what happened everywhere and not what was done here."
    ) % moved(figures)


def _months_missing(figures: Figures) -> str:
    return _(
        "Cannot tell, because too few months are held to compare: %(held)d of the %(wanted)d "
        "after the start."
    ) % {"held": figures.held_after, "wanted": figures.wanted_after}


def _range(figures: Figures) -> dict[str, str]:
    """Return the interval around "fewer than expected" in words."""
    assert figures.expected is not None
    found = figures.expected

    def bound(number: float) -> str:
        word = _("%(n)s fewer") if number >= 0 else _("%(n)s more")
        return word % {"n": many(abs(number))}

    return {
        **moved(figures),
        "expected": many(found.reports),
        "difference": many(abs(found.fewer)),
        "low": bound(found.low),
        "high": bound(found.high),
    }


def _better(figures: Figures) -> str:
    return _(
        "Clear change: %(after)s reports in %(months_after)s, about %(difference)s fewer than "
        "the %(expected)s expected from the similar place (95%% interval: %(low)s to %(high)s)."
    ) % _range(figures)


def _worse(figures: Figures) -> str:
    return _(
        "Clear change for the worse: %(after)s reports in %(months_after)s, about "
        "%(difference)s more than the %(expected)s expected from the similar place (95%% "
        "interval: %(low)s to %(high)s)."
    ) % _range(figures)


def _as_elsewhere(figures: Figures) -> str:
    return _(
        "No clear change: reports went from %(before)s in %(months_before)s to %(after)s in "
        "%(months_after)s, but they fell at the similar place too, from which about "
        "%(expected)s would be expected here (95%% interval: %(low)s to %(high)s)."
    ) % _range(figures)


def _as_force(figures: Figures) -> str:
    return _(
        "No clear change: reports went from %(before)s in %(months_before)s to %(after)s in "
        "%(months_after)s, which differs from the similar place but not from the whole police "
        "force area, so it is not due to what was done here."
    ) % moved(figures)


def _other_season(figures: Figures) -> str:
    return _(
        "Cannot tell: reports went from %(before)s in %(months_before)s to %(after)s in "
        "%(months_after)s, but they are different months of the year, and the similar place "
        "need not have the same season."
    ) % moved(figures)


def role_label(role: str) -> str:
    """Return what an area of an evaluation is called."""
    return str(_("Police force area") if role == FORCE else AreaRole(role).label)


def _within_chance(figures: Figures) -> str:
    return _(
        "No clear change: %(after)s reports in %(months_after)s, where about %(expected)s would "
        "be expected from the similar place, a difference that chance alone can make (95%% "
        "interval: %(low)s to %(high)s)."
    ) % _range(figures)


def _one_wave(figures: Figures) -> str:
    return _(
        "Too early to tell, because people have been asked before (%(wave)s) but not yet after."
    ) % {"wave": figures.shares[0].wave}


def _no_wave(figures: Figures) -> str:
    return _("Cannot tell, because nobody was asked before the work began.")


def _survey(figures: Figures) -> str:
    before, after = figures.shares[0], figures.shares[1]
    words = {
        "survey_clear": _(
            "Clear change: %(before)s of %(before_base)s answered “%(answer)s” before, %(after)s "
            "of %(after_base)s after; nobody was asked at a similar place, so why it changed is "
            "not known."
        ),
        "survey_chance": _(
            "No clear change: %(before)s of %(before_base)s answered “%(answer)s” before, "
            "%(after)s of %(after_base)s after, a difference that chance alone can make."
        ),
    }
    return words[figures.reason] % {
        "answer": after.label,
        "before": many(before.count or 0),
        "before_base": many(before.base),
        "after": many(after.count or 0),
        "after_base": many(after.base),
    }
