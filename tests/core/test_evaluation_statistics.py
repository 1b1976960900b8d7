"""Statistics of evaluations against published values, to the digits that are printed.

Where a row of ``tests/data/evaluation_published.csv`` is named, its source stands there.
"""

import math

import pytest

from core.statistics import (
    difference_test,
    displacement_quotient,
    e_test,
    pearson_dispersion,
    poisson_z,
    rate_ratio,
    reports_to_prevent,
)

WHEELER = {"treated": (207, 110), "control": (308, 318)}
NEARBY = {"displaced": (178, 157), "displaced_control": (150, 140)}


def test_difference_without_a_nearby_area_wdd_1():
    found = difference_test(**WHEELER)
    assert (found.estimate, round(found.standard_error, 1)) == (-107, 30.7)


def test_difference_with_weights_for_size_wdd_2():
    found = difference_test(**WHEELER, weights=(1.2, 0.9))
    assert (round(found.estimate, 1), round(found.standard_error, 1)) == (-91.9, 31.5)


def test_small_difference_wdd_3():
    found = difference_test(treated=(100, 80), control=(100, 90))
    assert found.estimate == -10
    assert round(found.standard_error) == 19
    assert round(found.standard_error, 2) == 19.24


def test_equal_periods_wdd_4():
    found = difference_test(treated=(80, 20), control=(100, 50))
    assert found.estimate == -10
    assert found.standard_error**2 == pytest.approx(250)
    assert round(found.standard_error, 1) == 15.8


def test_unequal_periods_wdd_5():
    found = difference_test(treated=(80, 20), control=(100, 50), periods=(2, 1))
    assert found.estimate == -20
    assert found.standard_error**2 == pytest.approx(115)
    assert round(found.standard_error, 1) == 10.7
    assert (round(found.interval.low), round(found.interval.high)) == (-41, 1)


def test_displacement_areas_wdd_6():
    found = difference_test(**WHEELER, **NEARBY)
    assert (found.estimate, found.local, found.displaced) == (-118, -107, -11)
    assert found.standard_error**2 == pytest.approx(1568)
    assert round(found.standard_error, 1) == 39.6
    assert round(found.z, 2) == -2.98
    assert (round(found.interval.low), round(found.interval.high)) == (-196, -40)


def test_dispersion_widens_by_its_root():
    plain, wide = difference_test(**WHEELER), difference_test(**WHEELER, dispersion=4)
    assert wide.standard_error == pytest.approx(2 * plain.standard_error)
    assert wide.z == pytest.approx(plain.z / 2)
    assert wide.estimate == plain.estimate


def test_log_rate_ratio_published():
    found = rate_ratio(treated=(50, 30), control=(60, 55))
    assert round(found.log_ratio, 7) == -0.4238142
    assert round(found.ratio, 7) == 0.6545455


def test_relative_effect_size_derived():
    found = rate_ratio(treated=(50, 30), control=(60, 55))
    assert round(found.relative_effect, 4) == 1.5278
    low, high = found.relative_interval.low, found.relative_interval.high
    assert (round(low, 3), round(high, 3)) == (0.854, 2.734)
    assert found.standard_error**2 == pytest.approx(1 / 50 + 1 / 30 + 1 / 60 + 1 / 55)


def test_a_zero_cell_is_corrected_and_says_so():
    found = rate_ratio(treated=(10, 0), control=(10, 10))
    assert found.corrected
    assert found.ratio == pytest.approx(0.5 / 10.5)
    assert not rate_ratio(treated=(10, 1), control=(10, 10)).corrected


def test_quotient_and_its_parts_wdq_1():
    found = displacement_quotient(response=(207, 110), buffer=(178, 157), control=(308, 318))
    assert found.gross_effect == 97
    assert round(found.net_effect, 5) == 0.32617
    assert round(found.success, 6) == -0.326166
    assert round(found.buffer, 6) == -0.084211
    assert round(found.quotient, 6) == 0.258186
    assert round(found.total_net_effect, 6) == 130.5
    assert found.reading == "diffusion"


def test_no_quotient_unless_the_response_area_improved():
    found = displacement_quotient(response=(110, 207), buffer=(178, 157), control=(308, 318))
    assert found.success > 0
    assert found.quotient is None
    assert found.reading == ""
    assert displacement_quotient(response=(5, 4), buffer=(5, 4), control=(5, 0)) is None


@pytest.mark.parametrize(
    ("buffer", "reading"),
    [
        ((100, 30), "diffusion_larger"),
        ((100, 90), "diffusion"),
        ((100, 100), "none"),
        ((100, 120), "displacement_smaller"),
        ((100, 180), "gain_lost"),
    ],
)
def test_the_reading_of_the_quotient_guerette_appendix_c(buffer, reading):
    found = displacement_quotient(response=(100, 50), buffer=buffer, control=(100, 100))
    assert found.reading == reading


@pytest.mark.parametrize(("before", "now"), [(4, 9), (16, 25)])
def test_poisson_z_published(before, now):
    assert poisson_z(before, now) == 2


@pytest.mark.parametrize(
    ("first", "second", "p"), [(0, 3, 0.0884), (6, 2, 0.1749), (16, 25, 0.165)]
)
def test_e_test_published(first, second, p):
    digits = len(str(p)) - 2
    assert round(e_test(first, second), digits) == p


def test_e_test_is_not_for_counts_over_100():
    with pytest.raises(ValueError, match="up to 100"):
        e_test(101, 3)
    assert e_test(0, 0) == 1


@pytest.mark.parametrize(("count", "prevented"), [(100, 30), (20, 15)])
def test_about_as_many_must_be_prevented_as_published(count, prevented):
    # Wheeler and Ratcliffe speak of weak evidence in round numbers, as fives.
    assert 5 * round(reports_to_prevent(count, count, level=0.9) / 5) == prevented


def test_what_must_be_prevented_is_just_enough():
    least = reports_to_prevent(100, 100)
    enough = difference_test(treated=(100, 100 - least), control=(100, 100))
    one_less = difference_test(treated=(100, 101 - least), control=(100, 100))
    assert enough.interval.high <= 0 < one_less.interval.high


def test_dispersion_of_a_steady_share_is_one_however_season_moves():
    table = [(10 * n, 20 * n) for n in (1, 3, 2, 5, 4, 6)]
    assert pearson_dispersion([table]) == 1


def test_dispersion_by_hand():
    # 2 areas, 6 months; every month 30 reports, expected 15 and 15.
    table = [(20, 10), (10, 20), (20, 10), (10, 20), (20, 10), (10, 20)]
    chi = 12 * (5**2) / 15
    assert pearson_dispersion([table]) == pytest.approx(chi / 5)


def test_dispersion_of_one_area_is_variance_over_mean():
    months = [12, 30, 18, 25, 9, 26]
    mean = sum(months) / 6
    expected = sum((n - mean) ** 2 for n in months) / 5 / mean
    assert pearson_dispersion([[(n,) for n in months]]) == pytest.approx(expected)


def test_dispersion_is_not_guessed_from_a_few_months():
    assert pearson_dispersion([[(5, 9), (30, 2), (4, 8)]]) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"treated": (-1, 2), "control": (1, 1)},
        {"treated": (1, 2), "control": (1, 1), "periods": (0, 1)},
        {"treated": (1, 2), "control": (1, 1), "dispersion": 0},
        {"treated": (1, 2), "control": (1, 1), "displaced": (1, 1)},
    ],
)
def test_what_cannot_be_counted_is_refused(wrong):
    with pytest.raises(ValueError, match=r"cannot|must|needs"):
        difference_test(**wrong)


def test_a_difference_of_nothing_is_nothing():
    found = difference_test(treated=(0, 0), control=(0, 0))
    assert (found.z, found.standard_error, math.copysign(1, found.z)) == (0, 0, 1)
