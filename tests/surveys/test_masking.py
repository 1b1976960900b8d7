"""No hidden count can be found from what is shown: on the page, in a table, in the answers."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from core.exports.small_numbers import determined
from surveys.choices import QuestionKind
from surveys.limits import LEAST_BASE, LEAST_CELL
from surveys.selectors.masking import hidden_cells
from surveys.selectors.results import numbers_of, score_of, table_of
from surveys.wording import Asked, Option

COUNTS = st.lists(st.integers(0, 60), min_size=2, max_size=7)


def question(kind, n, counted):
    options = tuple(Option(f"o{i}", f"Option {i}", None, i < counted) for i in range(n))
    return Asked("q", 1, "", "Question?", "", kind, options, "Measure", False)


@given(counts=COUNTS, counted=st.integers(0, 6))
@settings(max_examples=300)
def test_no_hidden_answer_of_a_choice_follows_from_those_shown(counts, counted):
    counted = min(counted, len(counts) - 1)
    base = sum(counts)
    asked = question(QuestionKind.SINGLE, len(counts), counted)
    values = {f"o{i}": n for i, n in enumerate(counts)}
    shown = table_of(asked, values, base)
    if base < LEAST_BASE:
        assert all(figure.count is None for figure in shown.values())
        return
    for value, count in values.items():
        assert shown[value].count in (None, count)
        if 0 < count < LEAST_CELL:
            assert shown[value].state == "hidden"
    # The equations a reader can write down: all answers make the base, some make the measure.
    cells = {**values, "=counted": sum(counts[:counted]), "=all": base}
    parts = [f"o{i}" for i in range(counted)]
    hidden = {value for value in values if shown[value].count is None}
    if shown["=counted"].count is None:
        hidden.add("=counted")
    assert determined(hidden, [("=all", list(values)), ("=counted", parts)]) == []
    # And by how little is left for the hidden ones: 10 people at least in each sum.
    left = sum(cells[value] for value in hidden if value in values)
    assert left == 0 or left >= LEAST_CELL


@given(counts=st.lists(st.integers(0, 80), min_size=2, max_size=6), base=st.integers(80, 120))
@settings(max_examples=200)
def test_of_all_that_apply_neither_the_few_who_chose_nor_the_few_who_did_not_are_shown(
    counts, base
):
    asked = question(QuestionKind.SEVERAL, len(counts), 0)
    shown = table_of(asked, {f"o{i}": n for i, n in enumerate(counts)}, base)
    for i, count in enumerate(counts):
        few = 0 < count < LEAST_CELL or 0 < base - count < LEAST_CELL
        assert (shown[f"o{i}"].state == "hidden") == few


@given(st.lists(st.integers(0, 21), min_size=0, max_size=200))
@settings(max_examples=150)
def test_few_high_scores_are_hidden_and_so_are_few_others(scores):
    found = score_of(scores)
    high = sum(score >= 11 for score in scores)
    if len(scores) < LEAST_BASE:
        assert found.high.figure.state == "too_few"
        assert found.numbers.mean is None
    else:
        few = 0 < high < LEAST_CELL or 0 < len(scores) - high < LEAST_CELL
        assert (found.high.figure.count is None) == few


def test_two_hidden_counts_never_sum_to_so_little_that_they_are_known():
    counts = {"a": 1, "b": 1, "c": 40, "d": 60, "all": 102}
    hidden = hidden_cells(counts, [("all", ["a", "b", "c", "d"])])
    assert {"a", "b"} < hidden
    assert sum(counts[cell] for cell in hidden) >= LEAST_CELL


def test_a_mean_of_few_answers_is_rounded_so_that_no_sum_can_be_solved():
    assert numbers_of([1.0] * 49).mean is None
    assert numbers_of([1.0] * 59 + [9.0]).mean == 1
    assert numbers_of([1.0] * 119 + [9.0]).mean == 1.1


def test_the_answers_that_go_out_hold_no_count_that_the_results_hide(survey):
    from surveys.exports import answer_rows
    from surveys.models import Reply, Wave
    from surveys.selectors.results import results_of
    from tests.factories.surveys import WaveFactory, answer

    wave = WaveFactory(survey=survey, opens_on="2024-02-01", closes_on="2024-03-01")
    wave = Wave.objects.select_related("survey__location").get(pk=wave.pk)
    strands = [one["code"] for one in wave.wording if one["strand"]]
    for value, times in (("very-big", 4), ("fairly-big", 30), ("not-very-big", 40)):
        answer(wave, dict.fromkeys(strands, value), times)
    answer(wave, {"safe-after-dark": "very-unsafe"}, 3)
    answer(wave, {"safe-after-dark": "bit-unsafe"}, 20)
    answer(wave, {"safe-after-dark": "very-safe"}, 50)
    results = results_of(wave)
    replies = Reply.objects.filter(submission__wave=wave).select_related(
        "submission__wave__survey__location"
    )
    written = Counter((row.question, row.answer) for row in answer_rows(list(replies)))
    for one in results.questions:
        for line in one.lines:
            if line.figure.state == "shown" and line.figure.count:
                count = written[(one.code, line.label)]
                assert count in (0, line.figure.count)
            else:
                assert written[(one.code, line.label)] == 0, (one.code, line.label)
    masked = {code: n for (code, answer), n in written.items() if answer == "[c]"}
    assert masked
    assert all(n >= LEAST_CELL for n in masked.values())
