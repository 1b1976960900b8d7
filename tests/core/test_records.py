"""Figures survive being kept as JSON."""

import datetime as dt
import json
from dataclasses import dataclass

import pytest

from core.records import digest, from_plain, to_plain


@dataclass(frozen=True)
class Inner:
    name: str
    share: float
    count: int | None


@dataclass(frozen=True)
class Outer:
    on: dt.date
    rows: tuple[Inner, ...]
    pair: tuple[str, int]
    by_name: dict[str, int]
    best: Inner | None = None


OUTER = Outer(
    dt.date(2024, 6, 25),
    (Inner("a", 1.0, None), Inner("é", 0.5, 3)),
    ("x", 2),
    {"k": 1},
    Inner("b", 2.0, 0),
)


def test_a_record_comes_back_from_json_as_it_was():
    assert from_plain(Outer, json.loads(json.dumps(to_plain(OUTER)))) == OUTER


def test_a_field_that_came_later_has_its_default_in_what_was_kept_before():
    plain = to_plain(OUTER)
    del plain["best"]
    assert from_plain(Outer, plain).best is None


def test_the_digest_depends_on_the_content_only():
    again = from_plain(Outer, to_plain(OUTER))
    assert digest(again) == digest(OUTER)
    assert digest(Outer(OUTER.on, OUTER.rows[:1], OUTER.pair, OUTER.by_name)) != digest(OUTER)


def test_a_value_that_does_not_fit_is_refused():
    plain = to_plain(OUTER)
    with pytest.raises(TypeError, match="expected"):
        from_plain(Outer, {**plain, "pair": [1, 2]})
    with pytest.raises(KeyError):
        from_plain(Outer, {"on": "2024-06-25"})
    with pytest.raises(TypeError, match="no plain form"):
        to_plain({"x": object()})
