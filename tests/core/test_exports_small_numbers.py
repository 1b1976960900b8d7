"""Small numbers are hidden so that no subtraction brings them back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.exports.disclosure import hide_small


def table(rows):
    """Return the counts and totals of a table with row, column and grand totals."""
    height, width = len(rows), len(rows[0])
    counts = {(r, c): rows[r][c] for r in range(height) for c in range(width)}
    totals = [((r, "all"), [(r, c) for c in range(width)]) for r in range(height)]
    totals += [(("all", c), [(r, c) for r in range(height)]) for c in range(width)]
    totals += [(("all", "all"), [(r, "all") for r in range(height)])]
    totals += [(("all", "all"), [("all", c) for c in range(width)])]
    for key, parts in totals:
        counts[key] = sum(counts[part] for part in parts)
    return counts, totals


def solvable(counts, totals, hidden):
    """Return which hidden cells linear equations give away, by numpy's rank (not by our code)."""
    cells = sorted(hidden, key=repr)
    at = {cell: n for n, cell in enumerate(cells)}
    equations = []
    if not cells:
        return []
    for total, parts in totals:
        row = np.zeros(len(cells))
        for cell, sign in [(total, -1), *((part, 1) for part in parts)]:
            if cell in at:
                row[at[cell]] += sign
        equations.append(row)
    system = np.array(equations)
    rank = np.linalg.matrix_rank(system)
    return [
        cell
        for cell in cells
        if np.linalg.matrix_rank(np.vstack([system, np.eye(len(cells))[at[cell]]])) == rank
    ]


def test_a_small_count_takes_another_with_it():
    counts = {"a": 3, "b": 9, "c": 20, "all": 32}
    assert hide_small(counts, [("all", ["a", "b", "c"])]) == {"a", "b"}


def test_two_small_counts_hide_each_other():
    counts = {"a": 3, "b": 4, "c": 20, "all": 27}
    assert hide_small(counts, [("all", ["a", "b", "c"])]) == {"a", "b"}


def test_zero_and_five_are_shown():
    assert hide_small({"a": 0, "b": 5, "all": 5}, [("all", ["a", "b"])]) == frozenset()


def test_a_small_total_is_hidden_with_its_parts():
    assert hide_small({"a": 0, "b": 3, "all": 3}, [("all", ["a", "b"])]) == {"b", "all"}


def test_subtraction_over_rows_and_columns_is_seen_through():
    """Each row alone hides two cells; only rows and columns together give the small one away."""
    counts, totals = table([[3, 10, 20], [30, 40, 50], [60, 70, 80]])
    hidden = hide_small(counts, totals)
    assert (0, 0) in hidden
    assert solvable(counts, totals, hidden) == []
    row_only = {(0, 0), (0, 1)}
    assert solvable(counts, totals, row_only) != []  # the column's total would tell


@settings(max_examples=150)
@given(
    st.integers(1, 5).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 30), min_size=width, max_size=width), min_size=1, max_size=5
        )
    )
)
def test_no_hidden_count_can_be_solved_for(rows):
    counts, totals = table(rows)
    hidden = hide_small(counts, totals)
    assert {cell for cell, count in counts.items() if 0 < count < 5} <= hidden
    assert solvable(counts, totals, hidden) == []


def test_a_total_that_is_no_sum_is_refused():
    with pytest.raises(ValueError, match="not the sum"):
        hide_small({"a": 1, "all": 2}, [("all", ["a"])])
