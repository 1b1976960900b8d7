"""The one chart of an evaluation: reports a month, before and after, here and there."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.charts import Bar, Bars
from problems.evaluation.figures import FORCE, Figures
from problems.evaluation.words import role_label, span

SOURCE = "data.police.uk"


def chart_of(figures: Figures) -> Bars | None:
    """Return it; None where nothing could be compared."""
    if not figures.counts:
        return None
    bars = []
    for one in figures.counts:
        if one.role == FORCE:
            continue  # a hundred times as many: it would flatten the rest
        label = role_label(one.role)
        for word, count, months in (
            (_("before"), one.before, figures.months_before),
            (_("after"), one.after, figures.months_after),
        ):
            bars.append(
                Bar(f"{label}, {word}", round(count / months, 1), note=f"{count:,} / {months}")
            )
    return Bars(
        title=_("Reports of anti-social behaviour a month, before and after"),
        alt="; ".join(f"{bar.label}: {bar.value:g}" for bar in bars) + ".",
        unit=_("Reports a month"),
        source=SOURCE,
        note=_("Before: %(before)s. After: %(after)s. Only months that are compared count.")
        % {
            "before": span(figures.before_first, figures.before_last),
            "after": span(figures.after_first, figures.after_last),
        },
        bars=tuple(bars),
        label_head=_("Where and when"),
        note_head=_("Reports / months"),
    )
