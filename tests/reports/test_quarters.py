"""Financial quarters run from April."""

import datetime as dt

import pytest

from core.errors import Refused
from reports.quarters import Quarter


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023-24-Q4", dt.date(2024, 1, 1), dt.date(2024, 3, 31)),
        ("2023-24-Q1", dt.date(2023, 4, 1), dt.date(2023, 6, 30)),
        ("1999-00-Q3", dt.date(1999, 10, 1), dt.date(1999, 12, 31)),
        ("2024-25-q2", dt.date(2024, 7, 1), dt.date(2024, 9, 30)),
    ],
)
def test_a_quarter_has_its_days(text, first, last):
    quarter = Quarter.parse(text)
    assert (quarter.first_day, quarter.last_day) == (first, last)
    assert Quarter.of(first) == Quarter.of(last) == quarter
    assert str(quarter) == text.upper()


def test_quarters_follow_each_other_across_the_year():
    quarter = Quarter.parse("2023-24-Q4")
    assert str(quarter.next) == "2024-25-Q1"
    assert quarter.next.previous == quarter
    assert quarter.words == "Quarter 4 of 2023-24, January to March 2024"


@pytest.mark.parametrize("text", ["2023-25-Q4", "2023-24-Q5", "2023-24", "Q4", "23-24-Q1", ""])
def test_what_is_no_quarter_is_refused(text):
    with pytest.raises(Refused, match="not a financial quarter"):
        Quarter.parse(text)
