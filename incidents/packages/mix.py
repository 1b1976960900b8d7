"""The mix of categories at a location beside that of the rest of the police area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from core.statistics import share_ratio
from incidents.packages.figures import ASB
from incidents.packages.findings import decimal_words
from incidents.packages.patterns import MixRow


def mix_from(own: Mapping[str, int], everywhere: Mapping[str, int]) -> tuple[MixRow, ...]:
    """Return one row for each category of ``own``: ASB first, then by count, then by name.

    ``everywhere`` are the counts of the whole police area over the same months, the location's
    own among them; they are taken off, so that no report is set beside itself.
    """
    others = {name: everywhere.get(name, 0) - count for name, count in own.items()}
    base, other_base = sum(own.values()), sum(others.values())
    order = sorted(own, key=lambda name: (name != ASB, -own[name], name))
    return tuple(_row(name, own[name], base, others[name], other_base) for name in order)


def _row(category: str, count: int, base: int, others: int, other_base: int) -> MixRow:
    ratio = share_ratio(count, base, others, other_base) if base and other_base else None
    return MixRow(
        category,
        count,
        round(100 * count / base, 4) if base else None,
        others,
        round(100 * others / other_base, 4) if other_base else None,
        None if ratio is None else round(ratio[0], 4),
        None if ratio is None else round(ratio[1].low, 4),
        None if ratio is None else round(ratio[1].high, 4),
    )


def most_over(rows: Sequence[MixRow]) -> MixRow | None:
    """Return the category with the highest ratio of those whose interval lies above 1."""
    over = [row for row in rows if row.low is not None and row.low > 1]
    return min(over, key=lambda row: (-(row.ratio or 0.0), row.category), default=None)


def mix_words(rows: Sequence[MixRow]) -> str:
    """Say ASB's share here and in the rest of the area, and which category stands out most."""
    asb = next((row for row in rows if row.category == ASB), None)
    if asb is None or asb.share_percent is None or asb.others_share_percent is None:
        return _("The mix of categories cannot be set beside the rest of the police area yet.")
    top = most_over(rows)
    if top is None:
        beside = _("no category is clearly over-represented here")
    else:
        beside = _(
            "most over-represented here is “%(category)s”, at %(ratio)s times its share there "
            "(95%% interval %(low)s to %(high)s)"
        ) % {
            "category": top.category,
            "ratio": decimal_words(top.ratio or 0.0, 2),
            "low": decimal_words(top.low or 0.0, 2),
            "high": decimal_words(top.high or 0.0, 2),
        }
    return _(
        "ASB is %(here)s%% of all reports here and %(there)s%% in the rest of the police area; "
        "%(beside)s."
    ) % {
        "here": decimal_words(asb.share_percent, 1),
        "there": decimal_words(asb.others_share_percent, 1),
        "beside": beside,
    }
