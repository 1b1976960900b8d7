"""What small counts a published table gives away, and that ours give none."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.disclosure import SMALL, KnownSum, public_table, worked_out

YEAR = ("Q1", "Q2", "Q3", "Q4")
ROWS = ("begging", "fires", "noise")
counts_of_a_year = st.fixed_dictionaries({cell: st.integers(0, 9) for cell in product(ROWS, YEAR)})


def fitting(cells, sums):
    """Return every way to fill hidden cells that fulfils the sums, by trying them all."""
    cells = sorted(cells)
    for values in product(range(1, SMALL), repeat=len(cells)):
        filled = dict(zip(cells, values, strict=True))
        if all(sum(filled[cell] for cell in one.cells) == one.total for one in sums):
            yield filled


def test_a_sum_of_two_hidden_counts_says_both_at_its_ends_only():
    both = frozenset({"a", "b"})
    assert worked_out([KnownSum(both, 2)]) == {"a", "b"}
    assert worked_out([KnownSum(both, 8)]) == {"a", "b"}
    assert worked_out([KnownSum(both, 5)]) == set()


def test_sums_that_say_nothing_apart_can_say_everything_together():
    """a+b, b+c and a+c leave one solution for each of the three."""
    sums = [
        KnownSum(frozenset("ab"), 5),
        KnownSum(frozenset("bc"), 5),
        KnownSum(frozenset("ac"), 4),
    ]
    assert all(worked_out([one]) == set() for one in sums)
    assert worked_out(sums) == {"a", "b", "c"}


def test_sums_of_no_hidden_counts_are_refused():
    with pytest.raises(ValueError, match="No hidden counts"):
        worked_out([KnownSum(frozenset("ab"), 9)])


@given(
    st.lists(st.integers(1, 4), min_size=5, max_size=5),
    st.lists(st.sets(st.integers(0, 4), min_size=1), min_size=1, max_size=4),
)
def test_what_is_worked_out_is_what_trying_everything_finds(values, groups):
    sums = [KnownSum(frozenset(group), sum(values[n] for n in group)) for group in groups]
    cells = {cell for one in sums for cell in one.cells}
    ways = list(fitting(cells, sums))
    fixed = {cell for cell in cells if len({way[cell] for way in ways}) == 1}
    assert worked_out(sums) == fixed


@given(counts_of_a_year)
def test_no_small_count_can_be_read_or_worked_out(counts):
    table = public_table(counts, years=[YEAR])
    assert not [count for count in table.shown.values() if 0 < count < SMALL]
    assert table.hidden == {cell for cell, count in counts.items() if 0 < count < SMALL}
    assert worked_out(table.pooled) == set()
    assert all(one.total >= SMALL and len(one.cells) > 1 for one in table.pooled)
    assert table.total == sum(count for count in counts.values() if not 0 < count < SMALL)


@given(counts_of_a_year)
def test_tables_of_parts_of_a_year_add_nothing_to_that_of_the_whole(counts):
    """Whoever kept what was published quarter by quarter knows no more than the year's table."""
    whole = public_table(counts, years=[YEAR])
    kept = set(whole.pooled)
    for held in range(1, 4):
        part = {cell: count for cell, count in counts.items() if cell[1] in YEAR[:held]}
        table = public_table(part, years=[])
        assert table.shown.items() <= whole.shown.items()
        kept |= set(table.pooled)
    assert kept == set(whole.pooled)
    assert worked_out(kept) == set()


def test_what_is_hidden_is_pooled_where_that_says_nothing():
    counts = {("noise", "Q1"): 3, ("fires", "Q1"): 4, ("begging", "Q1"): 12}
    table = public_table(counts, years=[])
    assert table.shown == {("begging", "Q1"): 12}
    assert table.pooled == (KnownSum(frozenset({("noise", "Q1"), ("fires", "Q1")}), 7),)
    assert table.total == 12
