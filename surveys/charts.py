"""The chart of a wave: what is reported of each question, as shares."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.charts import Bar, Bars, draw
from surveys.models import Wave
from surveys.selectors.figures import WaveResults
from surveys.selectors.results import SCORE_CODE, results_of

SHORT = {
    SCORE_CODE: _("High score for anti-social behaviour"),
    "asb-abandoned-cars": _("Problem: abandoned cars"),
    "asb-noisy-neighbours": _("Problem: noisy neighbours"),
    "asb-drunk-rowdy": _("Problem: drunk or rowdy people"),
    "asb-drugs": _("Problem: drugs"),
    "asb-litter": _("Problem: rubbish or litter"),
    "asb-teenagers": _("Problem: teenagers hanging around"),
    "asb-vandalism": _("Problem: vandalism and graffiti"),
    "asb-experienced": _("Experienced or witnessed some"),
    "dealing-with-issues": _("Agree: dealing with what matters"),
}
"""What fits beside a bar, for the standard questions; others stand as they are."""


def per_cent(share: float) -> float:
    """Return a share as it is printed: per cent with one decimal."""
    return round(share * 100, 1)


def measures_chart(results: WaveResults) -> Bars | None:
    """Return the bars of all measures that may be shown; None if there is none."""
    shown = [one for one in results.measures if one.figure.state == "shown"]
    if not shown:
        return None
    bars = tuple(
        Bar(
            str(SHORT.get(one.code, one.title)),
            per_cent(one.figure.share or 0.0),
            f"{per_cent(one.figure.low or 0.0):.0f}-{per_cent(one.figure.high or 0.0):.0f}",
        )
        for one in shown
    )
    return Bars(
        title=gettext("What people told us: shares of those who answered"),
        alt=gettext("Bars of %(n)d shares; the largest share is %(most)s per cent.")
        % {"n": len(bars), "most": max(bar.value for bar in bars)},
        unit=gettext("per cent of those who answered"),
        source=gettext("%(title)s, wave %(number)d; %(answers)d answers")
        % {"title": results.title, "number": results.number, "answers": results.answers},
        note=gettext("In brackets: 95% interval (Wilson)."),
        bars=bars,
        label_head=gettext("What is reported"),
        note_head=gettext("95% interval"),
    )


def draw_chart(wave: Wave) -> bool:
    """Draw a wave's chart if it has one; say whether. Takes half a second: for jobs."""
    chart = measures_chart(results_of(wave))
    if chart is None:
        return False
    draw(chart)
    return True
