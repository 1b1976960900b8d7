"""Charts: the drawing, its table and its words say the same, and nothing comes from outside."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from core.charts import Bar, Bars, MonthlyBars, MonthValue, cached, data_uri, draw
from core.charts.drawing import DrawingError

MONTHS = (
    MonthValue("2024-01", 20),
    MonthValue("2024-02", 11),
    MonthValue("2024-03", 1021),
    MonthValue("2024-04", 21, "partial"),
    MonthValue("2024-05", None, "missing"),
    MonthValue("2024-06", 0),
)
MONTHLY = MonthlyBars(
    title="Reports by month",
    alt="Between 0 and 1,021 reports a month.",
    unit="Reports",
    source="data.police.uk",
    months=MONTHS,
)
RANKING = Bars(
    title="Streets",
    alt="Three streets.",
    unit="Reports",
    note_head="Share",
    bars=(
        Bar("High Street", 12, "50%"),
        Bar("<script>alert(1)</script>", 9, "37.5%"),
        Bar("High Street", 3, "12.5%"),
    ),
)


def texts(svg: bytes) -> list[str]:
    return [text.strip() for text in ET.fromstring(svg).itertext() if text.strip()]


def test_each_month_is_drawn_with_its_value_and_a_missing_one_in_words():
    written = texts(draw(MONTHLY))
    for value in ("20", "11", "1,021", "21", "0"):
        assert value in written
    assert written.count("missing") == 1
    assert "May" in written


def test_a_missing_month_is_a_gap_not_a_zero():
    bars = [
        element.get("aria-label")
        for element in ET.fromstring(draw(MONTHLY)).iter()
        if element.get("aria-roledescription") == "bar"
    ]
    assert "month: 2024-06; value: 0; status: observed" in bars
    assert len(bars) == 5
    assert not [bar for bar in bars if "2024-05" in bar]


def test_the_table_says_what_the_drawing_says():
    assert MONTHLY.rows == [
        ["January 2024", "20"],
        ["February 2024", "11"],
        ["March 2024", "1,021"],
        ["April 2024", "21 (looks incomplete)"],
        ["May 2024", "missing"],
        ["June 2024", "0"],
    ]
    assert [column["text"] for column in MONTHLY.head] == ["Month", "Reports"]


def test_a_missing_month_cannot_carry_a_value_nor_a_held_one_none():
    with pytest.raises(ValueError, match="missing month has no value"):
        MonthValue("2024-01", 0, "missing")
    with pytest.raises(ValueError, match="missing month has no value"):
        MonthValue("2024-01", None)


def test_a_chart_needs_a_sentence_for_those_who_cannot_see_it():
    with pytest.raises(ValueError, match="sentence"):
        replace(MONTHLY, alt=" ")


def test_places_that_share_a_name_stay_two_bars():
    svg = draw(RANKING)
    assert texts(svg).count("High Street") == 2
    assert RANKING.rows == [
        ["High Street", "12", "50%"],
        ["<script>alert(1)</script>", "9", "37.5%"],
        ["High Street", "3", "12.5%"],
    ]


def test_a_name_cannot_become_markup():
    svg = draw(RANKING)
    tags = {element.tag.split("}")[-1] for element in ET.fromstring(svg).iter()}
    assert "script" not in tags
    assert "<script>alert(1)</script>" in texts(svg)


def test_the_same_chart_is_drawn_in_the_same_bytes(settings, tmp_path):
    first = draw(MONTHLY)
    settings.VAR_DIR = tmp_path / "another"
    assert draw(MONTHLY) == first


def test_a_drawing_is_made_once(monkeypatch):
    before = cached(MONTHLY)
    assert before.src == ""
    assert before.rows == MONTHLY.rows
    svg = draw(MONTHLY)
    monkeypatch.setattr("core.charts.drawing._render", None)
    assert draw(MONTHLY) == svg
    assert cached(MONTHLY).src == data_uri(MONTHLY)


def test_another_value_or_word_is_another_drawing():
    digests = {
        chart.digest
        for chart in (
            MONTHLY,
            RANKING,
            replace(MONTHLY, alt="Other words."),
            replace(MONTHLY, months=MONTHS[:-1]),
        )
    }
    assert len(digests) == 4


def test_a_drawing_without_its_bars_is_an_error(monkeypatch):
    monkeypatch.setattr(MonthlyBars, "spec", lambda self: RANKING.spec())
    with pytest.raises(DrawingError, match="3 bars of 5"):
        draw(MONTHLY)


def test_a_specification_with_an_address_draws_nothing(monkeypatch, tmp_path):
    file = tmp_path / "canary.csv"
    file.write_text("month,value\ncanary,5\n")
    for address in (file.as_uri(), "http://127.0.0.1:9/x.csv"):
        spec = {**MONTHLY.spec(), "data": {"url": address}}
        monkeypatch.setattr(MonthlyBars, "spec", lambda self, spec=spec: spec)
        with pytest.raises((DrawingError, ValueError)):
            draw(MONTHLY)
        monkeypatch.undo()


def test_many_months_label_every_third():
    months = tuple(MonthValue(f"{2021 + i // 12}-{i % 12 + 1:02d}", i) for i in range(24))
    written = texts(draw(replace(MONTHLY, months=months)))
    assert written.count("Jan") == 2
    assert "Feb" not in written
