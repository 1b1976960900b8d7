"""Statistics of counts against published and independently derived values."""

import pytest

from core.statistics import (
    byar_interval,
    change_status,
    percent_change,
    poisson_z,
    rate_per_1000,
)


@pytest.mark.parametrize(("count", "low", "high"), [(100, 81.36, 121.63), (25, 16.17, 36.91)])
def test_byar_gives_the_derived_limits(count, low, high):
    interval = byar_interval(count)
    assert (round(interval.low, 2), round(interval.high, 2)) == (low, high)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Garwood's exact limits as tabulated (e.g. Breslow and Day 1987, table 2.10).
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (9, 4.115, 17.085)],
)
def test_below_ten_the_exact_limits_are_used(count, low, high):
    interval = byar_interval(count)
    assert interval.low == pytest.approx(low, abs=0.001)
    assert interval.high == pytest.approx(high, abs=0.001)


def test_the_change_from_exact_to_byar_at_ten_is_small():
    # Exact limits for 10 are 4.795 and 18.390.
    interval = byar_interval(10)
    assert interval.low == pytest.approx(4.795, abs=0.02)
    assert interval.high == pytest.approx(18.390, abs=0.02)


def test_a_narrower_level_gives_a_narrower_interval():
    assert byar_interval(40, 0.8).low > byar_interval(40).low
    assert byar_interval(40, 0.8).high < byar_interval(40).high


@pytest.mark.parametrize(("before", "now", "z"), [(4, 9, 2), (16, 25, 2), (25, 16, -2), (7, 7, 0)])
def test_poisson_z_gives_the_published_values(before, now, z):
    assert poisson_z(before, now) == pytest.approx(z)


def test_dispersion_makes_a_change_less_clear():
    assert poisson_z(4, 9, dispersion=4) == pytest.approx(1)


def test_only_three_standard_errors_are_a_clear_change():
    assert change_status(16, 25) == "no_clear_change"
    assert change_status(16, 36) == "clear_change"
    assert change_status(36, 16) == "clear_change"


def test_a_period_not_held_is_too_early_to_tell():
    assert change_status(None, 25) == "too_early"
    assert change_status(25, None) == "too_early"


def test_a_percentage_is_not_given_for_small_counts():
    assert percent_change(4, 9) is None
    assert percent_change(200, 150) == pytest.approx(-25)


def test_a_rate_carries_its_base_and_interval():
    rate = rate_per_1000(100, 13477)
    assert rate.base == 13477
    assert rate.value == pytest.approx(7.420, abs=0.001)
    assert rate.low == pytest.approx(6.037, abs=0.001)
    assert rate.high == pytest.approx(9.025, abs=0.001)


@pytest.mark.parametrize(
    "call",
    [
        lambda: byar_interval(-1),
        lambda: byar_interval(3, 1.0),
        lambda: poisson_z(-1, 2),
        lambda: poisson_z(1, 2, dispersion=0),
        lambda: rate_per_1000(3, 0),
    ],
)
def test_values_that_make_no_sense_are_refused(call):
    with pytest.raises(ValueError, match=r"negative|between|positive"):
        call()
