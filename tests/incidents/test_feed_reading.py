"""Mappings, guesses and cells of feeds, and ten thousand files that nobody would send."""

from __future__ import annotations

import json
import random
import time

import pytest

from core.errors import BadInput
from incidents.choices import Grain
from incidents.feeds.categories import guess_of
from incidents.feeds.guess import guess
from incidents.feeds.mapping import Clock, Fields, Mapping, Order, System, mapping_from
from incidents.feeds.preview import head_of
from incidents.feeds.rows import Reader, Rejected, Row, opened
from incidents.models import Feed

FEED = Feed(title="Noise", grain=Grain.INCIDENT, salt="5a" * 32)
COUNTS = Feed(title="Falls", grain=Grain.COUNT, salt="5a" * 32)


def of(text, grain=Grain.INCIDENT):
    head = head_of(text.encode(), "f.csv")
    return guess(head.headings, head.rows, grain)


def test_a_council_extract_is_guessed():
    found = of(
        "Case Ref,Complaint Type,Date Received,Easting,Northing,Complainant,Street Name,Outcome\n"
        "1,Noise,13/02/2024 10:20,349611,259021,A Person,High Street,Closed\n"
    )
    assert found.mapping == Mapping(
        {
            "reference": "Case Ref",
            "category": "Complaint Type",
            "opened": "Date Received",
            "x": "Easting",
            "y": "Northing",
            "caller": "Complainant",
            "place": "Street Name",
            "outcome": "Outcome",
        },
        system=System.GRID,
    )


def test_a_force_extract_is_guessed():
    found = of(
        "Incident number,NSIR qualifier,Category,Sub type,Date from,Time from,Date to,Time to,"
        "Longitude,Latitude,Repeat caller,Vulnerable\n"
        "7,Nuisance,ASB,Rowdy,01/31/2024,23:40,02/01/2024,06:10,-2.7,52.2,Y,N\n"
    )
    assert found.mapping.columns == {
        "reference": "Incident number",
        "qualifier": "NSIR qualifier",
        "category": "Category",
        "subtype": "Sub type",
        "from": "Date from",
        "from_time": "Time from",
        "to": "Date to",
        "to_time": "Time to",
        "x": "Longitude",
        "y": "Latitude",
        "repeat_caller": "Repeat caller",
        "vulnerable": "Vulnerable",
    }
    assert found.mapping.order == Order.MONTH_FIRST


def test_an_order_that_nothing_tells_is_said_to_be_open():
    found = of("Date\n03/04/2024\n05/06/2024\n")
    assert found.mapping.order == Order.DAY_FIRST
    assert any("could be read" in note for note in found.notes)
    assert not any("could be read" in note for note in of("Date\n13/04/2024\n").notes)


def test_dates_of_both_orders_are_said_to_contradict():
    assert any("Ask the agency" in n for n in of("Date\n13/04/2024\n04/13/2024\n").notes)


def test_times_that_say_they_are_utc_are_taken_by_that():
    found = of("datetime\n2024-04-01T07:29:00+00:00\n2024-04-01T08:29:00Z\n")
    assert found.mapping.clock == Clock.UTC
    assert found.mapping.columns == {"from": "datetime"}


def test_a_swapped_pair_is_noticed():
    found = of("Date,Longitude,Latitude\n13/04/2024,52.2,-2.7\n")
    assert (found.mapping.columns["x"], found.mapping.columns["y"]) == ("Latitude", "Longitude")
    assert any("wrong way round" in note for note in found.notes)


def test_values_contradict_headings():
    assert "x" not in of("Date,X,Y\n13/04/2024,yes,no\n").mapping.columns
    assert of("Date,Place code\n13/04/2024,E01014034\n").mapping.columns["lsoa"] == "Place code"


def test_counts_by_area_are_guessed():
    found = of("Month,LSOA code,Type,Count\n2024-01,E01014034,Falls,12\n", Grain.COUNT)
    assert found.mapping.columns == {
        "date": "Month",
        "lsoa": "LSOA code",
        "category": "Type",
        "count": "Count",
    }


METROPOLITAN = {
    "Rowdy or Inconsiderate Behaviour": "rowdy",
    "Rowdy / Nuisance Neighbours": "neighbours",
    "Nuisance Neighbours": "neighbours",
    "Noise": "noise",
    "Street Drinking": "drinking",
    "Begging / Vagrancy": "begging",
    "Littering / Drugs Paraphernalia": "litter",
    "Vehicle Nuisance / Inappropriate Use": "vehicles",
    "Vehicle Abandoned - Not Stolen": "vehicles",
    "Fireworks": "fireworks",
    "Animal Problems": "animals",
    "Trespass": "trespass",
    "Malicious / Nuisance Communications": "messages",
    "Prostitution Related Activity": "sex_work",
}


@pytest.mark.parametrize(("name", "theme"), METROPOLITAN.items())
def test_the_words_of_the_metropolitan_police(name, theme):
    is_asb, __, found = guess_of(name)
    assert (is_asb, found) == (True, theme)


@pytest.mark.parametrize(
    ("name", "is_asb", "theme"),
    [
        ("Flytipping", True, "fly_tipping"),
        ("Dog fouling", True, "litter"),
        ("Burglary dwelling", False, "other"),
        ("Emergency admissions, assault", False, "harm"),
        ("Zzz", True, ""),
    ],
)
def test_common_words(name, is_asb, theme):
    found = guess_of(name)
    assert (found[0], found[2]) == (is_asb, theme)


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {},
        {"columns": []},
        {"columns": {"nothing": "A"}},
        {"columns": {"from": ""}},
        {"columns": {"from": 3}},
        {"columns": {"from": "A", "to": "a"}},
        {"columns": {}, "clock": "mine"},
        {"columns": {}, "clock": ["utc"]},
        {"columns": {}, "category": 1},
    ],
)
def test_a_mapping_that_is_none_is_refused(content):
    with pytest.raises(BadInput):
        mapping_from(content, "mapping.json")


def test_a_mapping_comes_back_as_it_was():
    mapping = Mapping(
        {"from": "When", "x": "A", "y": "B"}, System.GRID, Clock.UTC, Order.YEAR_FIRST
    )
    assert mapping_from(json.loads(json.dumps(mapping.as_json())), "m") == mapping


def test_headings_that_are_blank_or_the_same_get_names_of_their_own():
    assert head_of(b"Date,,Date\n1,2,3\n", "f").headings == ("Date", "Column B", "Date (2)")


CELLS = (
    "",
    "  ",
    "1/1/2024",
    "31/02/2024",
    "2024-03-31T01:30",
    "29/10/2023 01:30",
    "2024-01-01T00:00:00+14:00",
    "9999-12-31T23:59-14:00",
    "2024-01-01T00:00+99:99",
    "1 May 2024 12:00 am",
    "24:00",
    "٣/٤/٢٠٢٤",
    "²³",
    "-2.7",
    "52.2",
    "1e308",
    "nan",
    "inf",
    "349,611.0",
    "1" * 400,
    "1.1.1.1",
    "SO 4961 590",
    "HZ99999999",
    "POINT(-2.7 52.2)",
    "52.2,-2.7",
    "E01014034",
    "e01014034",
    "W06000001",
    "yes",
    "N",
    "maybe",
    "<5",
    "12",
    "Personal nuisance",
    "Noise",
    "=1+1",
    "\\N",
    "\\.",
    "a\nb",
    "\u202e\u200b\ufeff",
    "👪" * 40,
    "x" * 5000,
    "\x1f",
    "\x00",
    '"',
    ",",
)
JUNK = (
    "",
    "{",
    "[]",
    '{"type": "FeatureCollection", "features": [{}]}',
    "PK\x03\x04",
    "\ufeff",
    "\n" * 9,
)


GOOD = {
    "from": ("1/1/2024 10:00", "2024-05-02T23:40Z", "29/10/2023 01:30"),
    "date": ("1/1/2024", "Jan 2024", "2024-02"),
    "opened": ("3/1/2024 10:00",),
    "to": ("", "3/1/2025 10:00"),
    "from_time": ("", "10:00"),
    "x": ("-2.7", "349611"),
    "y": ("52.2", "259021"),
    "point": ("", "SO 4961 5902"),
    "lsoa": ("E01014034", "E01014035"),
    "category": ("Noise",),
    "count": ("0", "12"),
}


def cell_of(chance, name):
    """Return a cell that fits its field, mostly."""
    if chance.random() < 0.15:
        return chance.choice(CELLS)
    return chance.choice(GOOD.get(name, ("", "yes", "1")))


def made_up(chance):
    """Return bytes, a mapping's JSON and a feed of one case."""
    if chance.random() < 0.05:
        return chance.choice(JUNK).encode(), {"columns": {"from": "h0"}}, FEED
    width = chance.randint(1, 6)
    headings = [f"h{n}" if chance.random() < 0.95 else chance.choice(CELLS) for n in range(width)]
    fields = chance.sample(Fields.values, min(width, chance.randint(1, 6)))
    if chance.random() < 0.7 and "from" not in fields and "date" not in fields:
        fields[0] = chance.choice(["from", "date", "opened"])
    names = [*fields, *([""] * (width - len(fields) + (chance.random() < 0.1)))]
    lines = [headings] + [
        [cell_of(chance, name) for name in names] for __ in range(chance.randint(0, 4))
    ]
    quoted = chance.random() < 0.9
    text = "\n".join(
        ",".join('"' + c.replace('"', '""') + '"' if quoted else c for c in line) for line in lines
    )
    content = text.encode("utf-8" if chance.random() < 0.95 else "utf-16")
    if chance.random() < 0.1:
        cut = chance.randrange(len(content) + 1)
        content = content[:cut] + bytes([chance.randrange(256)]) + content[cut + 1 :]
    mapping = {
        "columns": {name: f"h{n}" for n, name in enumerate(fields)},
        "system": chance.choice(System.values),
        "clock": chance.choice(Clock.values),
        "order": chance.choice(Order.values),
    }
    return content, mapping, COUNTS if chance.random() < 0.2 else FEED


def test_ten_thousand_files_are_read_or_refused_and_no_row_is_lost():
    """Only BadInput or rows; each line is a row or a rejected one; the slowest takes no second."""
    chance = random.Random(5)
    read = refused = rows = rejected = 0
    slowest = 0.0
    for __ in range(10_000):
        content, columns, feed = made_up(chance)
        began = time.perf_counter()
        try:
            head = head_of(content, "f.csv")
            guess(head.headings, head.rows, feed.grain)
            mapping = mapping_from(columns, "m.json")
            with opened(content, "f.csv") as file:
                reader = Reader(feed=feed, mapping=mapping, file=file)
                found = [reader.read(line) for line in file.lines]
        except BadInput:
            refused += 1
        else:
            assert len(found) == len(head.rows)
            assert all(isinstance(one, Row | Rejected) for one in found)
            rows += sum(isinstance(one, Row) for one in found)
            rejected += sum(isinstance(one, Rejected) for one in found)
            read += 1
        slowest = max(slowest, time.perf_counter() - began)
    assert slowest < 1
    # The cases are of every kind: a test of refusals alone would prove little.
    assert min(read, refused, rows, rejected) > 500
