"""Errors as people read them."""

from core.errors import RowError


def test_control_characters_of_a_file_are_spelled_out():
    error = RowError("a.csv", 2, "Month", "\x1b[31m\x00é\n", "a month")
    assert str(error) == (
        "a.csv, row 2, column “Month”: found “\\x1b[31m\\x00é\\n”, expected a month."
    )
