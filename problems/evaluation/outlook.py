"""What can be said before the work begins: how large a change would have to be to be seen."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.errors import Refused
from core.statistics import pearson_dispersion, reports_to_prevent
from incidents.choices import Coverage
from problems.choices import AreaRole, MeasureKind
from problems.evaluation.gather import months_of
from problems.evaluation.judge import WANTED_MONTHS, at_a_peak
from problems.evaluation.words import CAVEATS
from problems.models import Baseline

WEAK = 0.9
"""The level of an interval that gives weak evidence; 0.95 gives a clear change."""


def outlook_of(baseline: Baseline) -> dict[str, Any]:
    """Return counts, months held and what must be prevented, as plain values.

    ``expected`` are the reports a period as long as the months after would see here if nothing
    changed. Keys are missing where nothing can be said; ``refused`` is why nothing can be counted.
    """
    if baseline.measure != MeasureKind.ASB_REPORTS:
        return {}
    try:
        months = months_of(baseline, clock.today())
    except Refused as error:
        return {"refused": str(error)}
    before = [one for one in months if one.window == "before"]
    after = sum(one.window == "after" for one in months)
    held = [one for one in before if one.status == Coverage.OBSERVED]
    found: dict[str, Any] = {
        "months": len(before),
        "held": len(held),
        "months_after": after,
        "peak": at_a_peak(before),
        "short": len(before) < WANTED_MONTHS,
    }
    if not held:
        return found
    roles = [AreaRole.RESPONSE, AreaRole.COMPARISON]
    sums = {
        str(role): sum(one.counts.get(role) or 0 for one in held)
        for role in roles
        if role in held[0].counts
    }
    expected = {role: total / len(held) * after for role, total in sums.items()}
    spread = pearson_dispersion([[[one.counts.get(role) or 0 for role in sums] for one in held]])
    here, there = expected[str(AreaRole.RESPONSE)], expected.get(str(AreaRole.COMPARISON))
    found |= {
        "before": sums,
        "expected": {role: round(number, 1) for role, number in expected.items()},
        "dispersion": round(spread, 2) if spread else None,
        "weak": reports_to_prevent(here, there, dispersion=spread or 1.0, level=WEAK),
        "clear": reports_to_prevent(here, there, dispersion=spread or 1.0),
    }
    return found


def outlook_words(baseline: Baseline) -> list[str]:
    """Return the outlook in sentences, the power note first."""
    found = baseline.outlook
    if not found:
        return []
    if "refused" in found:
        return [found["refused"]]
    said = [_("%(held)d of %(months)d months before are held.") % found]
    if "weak" in found:
        said.append(_power(found))
    said += [str(CAVEATS["peak"])] if found.get("peak") else []
    said += [str(CAVEATS["short_baseline"])] if found.get("short") else []
    if str(AreaRole.COMPARISON) not in found.get("before", {}) and "before" in found:
        said.append(
            _("Without a similar place no result can be claimed: choose one before it is locked.")
        )
    return said


def _power(found: dict[str, Any]) -> str:
    words = {
        "expected": f"{round(found['expected'][str(AreaRole.RESPONSE)]):,}",
        "weak": f"{_five(found['weak']):,}",
        "clear": f"{_five(found['clear']):,}",
        "months": found["months_after"],
    }
    if found["clear"] >= found["expected"][str(AreaRole.RESPONSE)]:
        return (
            _(
                "With about %(expected)s reports in %(months)d months, even preventing all of them "
                "could hardly be told from chance. Choose a larger area, more months, or a survey "
                "question."
            )
            % words
        )
    return (
        _(
            "With about %(expected)s reports in %(months)d months if nothing changes, roughly "
            "%(weak)s must be prevented for even weak evidence, and about %(clear)s for a clear "
            "change."
        )
        % words
    )


def _five(number: int) -> int:
    """Return a number to the nearest five, as it is said of something so uncertain."""
    return max(5, 5 * round(number / 5))
