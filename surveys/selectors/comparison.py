"""Two waves side by side: what changed clearly, what did not, and whether they compare at all."""

from __future__ import annotations

from core.statistics.proportions import newcombe_interval
from surveys.selectors.figures import Change, Comparison, Measure, Share, WaveResults
from surveys.selectors.results import SCORE_CODE


def compare(before: WaveResults, after: WaveResults) -> Comparison:
    """Return how each measure changed from one wave to a later one.

    A change is clear where the 95% interval of the difference (Newcombe's hybrid score) does not
    hold 0. A measure is compared only if its question was worded the same in both; with either
    figure hidden, or a wave unfinished or under the limit, it is too early to tell.
    """
    if after.state != "ready":
        changes = tuple(_not_yet(measure) for measure in before.measures)
    else:
        changes = tuple(
            change_between(measure, other, same=_same(measure.code, before, after))
            for measure in after.measures
            if (other := before.measure(measure.code)) is not None
        )
    return Comparison(
        before=before,
        after=after,
        same_wording=before.wording_hash == after.wording_hash,
        same_mode=before.mode == after.mode,
        changes=changes,
    )


def _not_yet(measure: Measure) -> Change:
    """Return that nothing can be said before the later wave is finished."""
    nothing = Share(0, "too_few")
    return Change(measure.code, measure.title, measure.figure, nothing, True, "too_early")


def _same(code: str, before: WaveResults, after: WaveResults) -> bool:
    """Say whether a measure rests on the same words; the score on those of all its strands."""
    one, other = _digests(before), _digests(after)
    if code == SCORE_CODE:
        # Which seven they are is fixed by the product; a wave without them has no score.
        codes = one.keys() & other.keys()
        return all(one[key] == other[key] for key in codes if key.startswith("asb-"))
    return one.get(code) == other.get(code)


def _digests(results: WaveResults) -> dict[str, str]:
    return {question.code: question.digest for question in results.questions}


def change_between(measure: Measure, other: Measure, *, same: bool) -> Change:
    """Return how a measure changed since ``other``, an earlier wave's, as ``compare`` says."""
    before, after = other.figure, measure.figure
    parts = (measure.code, measure.title, before, after, same)
    if not same:
        return Change(*parts, "not_comparable")
    if not (_known(before) and _known(after)):
        return Change(*parts, "too_early")
    assert after.count is not None
    assert before.count is not None
    interval = newcombe_interval(after.count, after.base, before.count, before.base)
    clear = interval.low > 0 or interval.high < 0
    return Change(
        *parts,
        "clear_change" if clear else "no_clear_change",
        after.count / after.base - before.count / before.base,
        interval.low,
        interval.high,
    )


def _known(figure: Share) -> bool:
    return figure.state == "shown"
