"""Shares and their differences, to the printed digits."""

import pytest

from core.statistics.proportions import newcombe_interval, wilson_interval


@pytest.mark.parametrize(
    ("found", "base", "low", "high"),
    [
        (23, 60, 0.2709, 0.5098),
        (81, 263, 0.2553, 0.3662),
        (0, 20, 0.0, 0.1611),
    ],
)
def test_wilson_gives_the_published_intervals(found, base, low, high):
    interval = wilson_interval(found, base)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [  # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_gives_the_published_intervals(counts, low, high):
    interval = newcombe_interval(*counts)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


def test_all_of_all_reaches_one_and_an_empty_base_is_an_error():
    assert wilson_interval(20, 20).high == 1.0
    for found, base in ((0, 0), (3, 2), (-1, 5)):
        with pytest.raises(ValueError, match="Not a share"):
            wilson_interval(found, base)
    with pytest.raises(ValueError, match="level"):
        wilson_interval(1, 2, level=1.0)
