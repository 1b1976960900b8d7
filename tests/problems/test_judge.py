"""What may be said of an evaluation; the towns' months are real, published counts."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from problems.evaluation.figures import MonthCount
from problems.evaluation.gather import choose, last_whole_month
from problems.evaluation.judge import at_a_peak, judge
from problems.evaluation.words import sentence

MONTHS = Path(__file__).parents[1] / "data" / "west_mercia_months.csv"
AS_OF = dt.date(2024, 6, 25)
TOWNS = ("leominster", "evesham", "shrewsbury", "oswestry")


def real() -> dict[dt.date, dict[str, int]]:
    with MONTHS.open(encoding="utf-8", newline="") as file:
        return {
            dt.date.fromisoformat(f"{row['month']}-01"): {
                **{town: int(row[town]) for town in TOWNS},
                "force": int(row["asb_rows"]),
            }
            for row in csv.DictReader(file)
        }


def span(first: str, last: str) -> list[dt.date]:
    year, month = map(int, first.split("-"))
    found = []
    while f"{year}-{month:02}" <= last:
        found.append(dt.date(year, month, 1))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found


def evaluate(town, other, before, after, as_of=AS_OF, late=False, change=lambda town, month, n: n):
    """Judge two towns by their real months; ``change`` may alter a count."""
    held = real()
    roles = {"response": town, **({"comparison": other} if other else {}), "force": "force"}
    months = []
    for window, (first, last) in (("before", before), ("after", after)):
        for month in span(first, last):
            there = month in held and month <= last_whole_month(as_of)
            counts = {
                role: change(name, month, held[month][name]) if there else None
                for role, name in roles.items()
            }
            months.append(MonthCount(month, window, "observed" if there else "missing", counts))
    return judge(
        months=months,
        roles=[role for role in roles if role != "force"],
        windows=(
            span(*before)[0],
            span(*before)[-1],
            span(*after)[0],
            span(*after)[-1],
        ),
        as_of=as_of,
        version=1,
        late=late,
    )


FORCE_WIDE = (("2021-03", "2021-08"), ("2021-10", "2022-03"))
SAME_MONTHS = (("2021-04", "2022-03"), ("2024-01", "2024-04"))


@pytest.mark.parametrize("town", TOWNS)
def test_without_a_similar_place_the_force_wide_fall_is_not_claimed(town):
    found = evaluate(town, None, *FORCE_WIDE)
    here = found.of("response")
    assert here.after < 0.75 * here.before  # it fell, everywhere
    assert found.verdict == "cannot_tell"
    assert "no similar place" in sentence(found)
    assert "Clear change" not in sentence(found)


@pytest.mark.parametrize("town", TOWNS)
@pytest.mark.parametrize("other", TOWNS)
@pytest.mark.parametrize("window", [FORCE_WIDE, SAME_MONTHS], ids=["2021-22", "2021-24"])
def test_with_a_similar_place_the_force_wide_fall_is_taken_out(town, other, window):
    if town == other:
        return
    found = evaluate(town, other, *window)
    assert found.of("response").after < found.of("response").before
    assert found.reason != "better", sentence(found)
    assert not sentence(found).startswith("Clear change: ")


def test_shrewsbury_fell_by_810_reports_and_claims_none_of_them():
    found = evaluate("shrewsbury", "evesham", *FORCE_WIDE)
    here, there = found.of("response"), found.of("comparison")
    assert (here.before, here.after) == (1925, 1115)
    assert (there.before, there.after) == (657, 344)
    assert found.verdict == "no_clear_change"
    assert found.reason == "as_elsewhere"
    said = sentence(found)
    assert said.startswith("No clear change: reports went from 1,925")
    assert "fell at the similar place too" in said
    assert {"force_wide", "unlike_size", "months_differ"} <= set(found.caveats)
    # Unweighted, the difference alone would have claimed 497 reports at z −7.8.
    assert round(found.difference.estimate) == -497
    assert found.difference.z < -7


def test_an_effect_put_into_the_real_months_is_found():
    def halved(town, month, n):
        return round(n * 0.5) if town == "shrewsbury" and month.year >= 2024 else n

    plain = evaluate("shrewsbury", "evesham", *SAME_MONTHS)
    found = evaluate("shrewsbury", "evesham", *SAME_MONTHS, change=halved)
    assert found.reason == "better"
    assert sentence(found).startswith("Clear change: ")
    assert plain.reason != "better"
    assert found.expected.low > 0


def test_a_place_that_only_did_better_than_a_poor_comparison_claims_nothing():
    # Evesham fell less than the force; against it any town would look like a success.
    found = evaluate("shrewsbury", "evesham", *SAME_MONTHS)
    assert found.ratio.high < 1
    assert found.force_ratio.high > 1
    assert (found.verdict, found.reason) == ("no_clear_change", "as_force")
    assert "whole police force area" in sentence(found)


def test_where_other_months_are_compared_nothing_is_called_clear():
    found = evaluate("evesham", "leominster", *FORCE_WIDE)
    assert found.ratio.high < 1
    assert (found.verdict, found.reason) == ("cannot_tell", "other_season")


def test_a_rise_is_a_clear_change_for_the_worse():
    def doubled(town, month, n):
        return n * 2 if town == "leominster" and month.year == 2024 else n

    found = evaluate(
        "leominster", "evesham", ("2021-04", "2022-03"), ("2024-01", "2024-04"), change=doubled
    )
    assert found.verdict == "clear_change"
    assert sentence(found).startswith("Clear change for the worse")


def test_each_month_is_compared_with_the_same_month():
    found = evaluate("leominster", "evesham", ("2021-03", "2022-03"), ("2024-01", "2024-04"))
    assert found.matching == "same_months"
    used = {(one.window, one.month) for one in found.months if one.used}
    assert {month.month for window, month in used if window == "before"} == {1, 2, 3, 4}
    # March was held twice before and once after: it counts once on each side.
    assert (found.months_before, found.months_after) == (4, 4)
    assert found.of("response").before == 35 + 18 + 21 + 44


def test_while_months_are_to_come_it_is_too_early():
    found = evaluate("leominster", "evesham", ("2021-04", "2024-04"), ("2024-05", "2025-04"))
    assert found.verdict == "too_early"
    assert "run to April 2025 and 0 of 12 are held" in sentence(found)


def test_months_that_have_not_been_received_yet_are_waited_for():
    found = evaluate(
        "leominster",
        "evesham",
        ("2021-04", "2022-03"),
        ("2024-04", "2024-05"),
        dt.date(2024, 6, 25),
    )
    assert (found.verdict, found.reason) in {
        ("too_early", "not_received"),
        ("cannot_tell", "months_missing"),
    }
    late = evaluate(
        "leominster",
        "evesham",
        ("2021-04", "2022-03"),
        ("2024-05", "2024-10"),
        dt.date(2024, 11, 30),
    )
    assert (late.verdict, late.reason) == ("too_early", "not_received")


def test_months_that_were_never_received_leave_nothing_to_tell():
    found = evaluate("leominster", "evesham", ("2021-04", "2022-03"), ("2022-05", "2023-04"))
    assert (found.verdict, found.reason) == ("cannot_tell", "months_missing")
    assert "0 of the 12" in sentence(found)


def test_a_missing_month_is_left_out_and_never_zero():
    found = evaluate("leominster", "evesham", ("2021-04", "2022-04"), ("2024-01", "2024-04"))
    missing = [one for one in found.months if one.status == "missing"]
    assert missing
    assert not any(one.used for one in missing)
    assert "some_missing" in found.caveats


def test_a_month_that_looks_incomplete_takes_no_part():
    months = [
        MonthCount(dt.date(2023, n, 1), "before", "observed", {"response": 9}) for n in (1, 2, 3, 4)
    ] + [
        MonthCount(
            dt.date(2024, n, 1), "after", "partial" if n == 4 else "observed", {"response": 9}
        )
        for n in (1, 2, 3, 4)
    ]
    matching, used = choose(months)
    assert matching == "same_months"
    assert len(used) == 6


def test_what_was_set_after_the_start_says_so():
    found = evaluate("shrewsbury", "evesham", *FORCE_WIDE, late=True)
    assert "late" in found.caveats


def test_a_peak_before_is_flagged():
    def before(counts):
        return [
            MonthCount(
                dt.date(2022 + n // 12, n % 12 + 1, 1), "before", "observed", {"response": count}
            )
            for n, count in enumerate(counts)
        ]

    assert at_a_peak(before([10] * 8 + [20] * 4))
    assert not at_a_peak(before([10] * 12))
    assert not at_a_peak(before([20] * 4 + [10] * 8))


def test_displacement_is_not_spoken_of_where_nothing_was_gained():
    months = [
        MonthCount(
            dt.date(year, n, 1),
            window,
            "observed",
            {"response": here, "comparison": 40, "buffer": 20, "buffer_comparison": 20},
        )
        for year, window, here in ((2023, "before", 30), (2024, "after", 45))
        for n in range(1, 7)
    ]
    found = judge(
        months=months,
        roles=["response", "comparison", "buffer", "buffer_comparison"],
        windows=tuple(dt.date(y, m, 1) for y, m in ((2023, 1), (2023, 6), (2024, 1), (2024, 6))),
        as_of=dt.date(2024, 7, 31),
        version=1,
        late=False,
    )
    assert found.quotient.success > 0
    assert found.quotient.quotient is None
    assert "no_displacement_claim" in found.caveats


def test_two_small_counts_get_an_e_test():
    months = [
        MonthCount(dt.date(year, n, 1), window, "observed", {"response": count})
        for year, window, counts in ((2023, "before", (6, 6, 4)), (2024, "after", (9, 8, 8)))
        for n, count in enumerate(counts, start=1)
    ]
    found = judge(
        months=months,
        roles=["response"],
        windows=tuple(dt.date(y, m, 1) for y, m in ((2023, 1), (2023, 3), (2024, 1), (2024, 3))),
        as_of=AS_OF,
        version=1,
        late=False,
    )
    assert round(found.e_test, 3) == 0.165  # published for 16 against 25


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (dt.date(2024, 6, 25), dt.date(2024, 5, 1)),
        (dt.date(2024, 6, 30), dt.date(2024, 6, 1)),
        (dt.date(2024, 1, 1), dt.date(2023, 12, 1)),
    ],
)
def test_the_last_whole_month(on, expected):
    assert last_whole_month(on) == expected
