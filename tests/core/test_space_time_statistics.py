"""Clusters, hours of the week and control limits against published and reference values."""

import csv
import datetime as dt
import math
from pathlib import Path
from statistics import NormalDist
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.statistics import aoristic_weights, clear_scores, control_limits, local_g_star

GRID = Path(__file__).parents[1] / "data" / "getis_ord_grid.csv"
LONDON = ZoneInfo("Europe/London")
UTC = dt.UTC


def near(points: list[tuple[float, float]], distance: float) -> list[list[int]]:
    return [
        [place for place, other in enumerate(points) if math.dist(one, other) <= distance]
        for one in points
    ]


def test_gi_star_as_published_for_six_points_getisord_3():
    points = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
    found = local_g_star([2, 3, 3.2, 5, 8, 7], near(points, 15))
    printed = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    assert [round(value, 8) for value in found] == printed


@pytest.mark.parametrize("distance", ["30", "60", "90", "120", "150"])
def test_gi_star_on_the_grid_of_getis_and_ord(distance):
    with GRID.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["d"] == distance]
    assert len(rows) == 256
    points = [(float(row["x"]), float(row["y"])) for row in rows]
    found = local_g_star([float(row["val"]) for row in rows], near(points, float(distance)))
    expected = [float(row["Gi_star_z"]) for row in rows]
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_gi_star_says_nothing_where_there_is_nothing_to_tell():
    assert local_g_star([], []) == []
    assert local_g_star([4], [[]]) == [None]
    assert local_g_star([4, 4, 4], [[1], [0, 2], [1]]) == [None] * 3
    assert local_g_star([1, 2], [[1], [0]]) == [None] * 2


@pytest.mark.parametrize("neighbours", [[[1]], [[1], [2]], [[1], [-1]]])
def test_gi_star_refuses_neighbours_that_are_not_there(neighbours):
    with pytest.raises(ValueError, match="neighbour"):
        local_g_star([1, 2], neighbours)


def test_of_many_scores_those_are_clear_that_chance_would_not_give():
    # The 15 p-values of Benjamini and Hochberg's own example (1995, section 3.2): four are clear.
    chances = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    chances += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    scores = [NormalDist().inv_cdf(1 - chance / 2) for chance in chances]
    assert clear_scores(scores) == [True] * 4 + [False] * 11
    assert clear_scores([None, 9.0, -9.0, 0.1]) == [False, True, True, False]
    assert clear_scores([]) == []


def test_from_eight_to_four_each_hour_has_an_eighth():
    day = dt.datetime(2024, 1, 8, 8, tzinfo=LONDON)  # a Monday
    found = aoristic_weights(day, day.replace(hour=16), LONDON)
    assert found == {(0, hour): 0.125 for hour in range(8, 16)}


def test_a_span_over_midnight_lies_in_two_days_and_minutes_count():
    found = aoristic_weights(
        dt.datetime(2024, 1, 7, 22, 30, tzinfo=LONDON),  # a Sunday
        dt.datetime(2024, 1, 8, 0, 30, tzinfo=LONDON),
        LONDON,
    )
    assert found == {(6, 22): 0.25, (6, 23): 0.5, (0, 0): 0.25}


def test_a_moment_just_after_midnight_in_summer_is_of_its_local_day():
    at = dt.datetime(2024, 6, 4, 23, 10, tzinfo=UTC)  # Wednesday, ten past midnight in Leominster
    assert aoristic_weights(at, at, LONDON) == {(2, 0): 1.0}


def test_the_hour_the_clock_skips_has_no_time_and_the_one_it_repeats_has_twice():
    spring = aoristic_weights(
        dt.datetime(2024, 3, 31, 0, tzinfo=LONDON),
        dt.datetime(2024, 3, 31, 3, tzinfo=LONDON),
        LONDON,
    )
    assert spring == {(6, 0): 0.5, (6, 2): 0.5}
    autumn = aoristic_weights(
        dt.datetime(2024, 10, 27, 0, tzinfo=LONDON),
        dt.datetime(2024, 10, 27, 3, tzinfo=LONDON),
        LONDON,
    )
    assert autumn == {(6, 0): 0.25, (6, 1): 0.5, (6, 2): 0.25}


def test_times_without_offset_and_spans_that_end_early_are_refused():
    with pytest.raises(ValueError, match="offset"):
        aoristic_weights(dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 2), LONDON)
    late = dt.datetime(2024, 1, 2, tzinfo=UTC)
    with pytest.raises(ValueError, match="before it begins"):
        aoristic_weights(late, late - dt.timedelta(seconds=1), LONDON)


@given(
    st.datetimes(min_value=dt.datetime(2020, 1, 1), max_value=dt.datetime(2030, 1, 1)),
    st.timedeltas(min_value=dt.timedelta(0), max_value=dt.timedelta(days=10)),
)
def test_the_weights_of_any_span_are_one_together(at, length):
    start = at.replace(tzinfo=UTC)
    found = aoristic_weights(start, start + length, LONDON)
    assert math.fsum(found.values()) == pytest.approx(1)
    assert all(weight > 0 for weight in found.values())
    assert len(found) <= 168


def test_limits_of_an_individuals_chart_by_hand():
    # Ranges 2, 1, 2, 1, 2, 1, 2: mean 11/7; 2.66 times that is 4.18.
    found = control_limits([10, 12, 11, 13, 12, 14, 13, 15])
    assert found is not None
    assert (found.centre, round(found.low, 2), round(found.high, 2)) == (12.5, 8.32, 16.68)
    assert (found.outside, found.shifted) == ((), ())


def test_a_month_beyond_the_limits_and_a_shift_are_told():
    found = control_limits([5, 5, 6, 5, 4, 5, 6, 5, 30, 5])
    assert found is not None
    assert found.outside == (8,)
    assert found.low == 0.0
    moved = control_limits([3] * 8 + [9] * 8)
    assert moved is not None
    assert moved.shifted == tuple(range(16))


def test_what_is_not_known_has_no_range_and_ends_a_run():
    held = control_limits([3, 4, 3, None, 9, 8, 9, 8, 9])
    assert held is not None
    assert held.centre == pytest.approx(53 / 8)
    assert held.high == pytest.approx(53 / 8 + 2.66 * 1)  # six ranges of 1; none across the gap
    assert held.shifted == ()
    assert control_limits([1, 2, 3, 4, 5, 6, 7]) is None
    assert control_limits([1, None] * 8) is None
