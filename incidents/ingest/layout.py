"""What data.police.uk files look like: names, headers, types, and the rule for each column.

One table of rules serves both the quick check of a whole file and the list of what is wrong in it.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from incidents.choices import FileKind

STREET_HEADER = (
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
)
STREET_COLUMNS = (
    "crime_id",
    "month",
    "reported_by",
    "falls_within",
    "longitude",
    "latitude",
    "street",
    "lsoa_code",
    "lsoa_name",
    "crime_type",
    "last_outcome",
    "context",
)
OUTCOMES_HEADER = (*STREET_HEADER[:9], "Outcome type")
OUTCOMES_COLUMNS = (*STREET_COLUMNS[:9], "outcome_type")
STOPS_START = ("Type", "Date", "Part of a policing operation")

ASB = "Anti-social behaviour"
CRIME_TYPES = (
    ASB,
    "Bicycle theft",
    "Burglary",
    "Criminal damage and arson",
    "Drugs",
    "Other crime",
    "Other theft",
    "Possession of weapons",
    "Public order",
    "Robbery",
    "Shoplifting",
    "Theft from the person",
    "Vehicle crime",
    "Violence and sexual offences",
)

FILE_NAME = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<force>[a-z]+(?:-[a-z]+)*?)"
    r"-(?P<kind>street|outcomes|stop-and-search)\.csv",
    re.IGNORECASE,
)
FIRST_YEAR = 2010  # street-level data begin in December 2010


def month_from(text: str, *, latest: dt.date) -> dt.date | None:
    """Return the first day of the month written YYYY-MM; None if it is none, or still to come."""
    match = re.fullmatch(r"(\d{4})-(\d{2})", text)
    if not match or not 1 <= int(match[2]) <= 12 or int(match[1]) < FIRST_YEAR:
        return None
    month = dt.date(int(match[1]), int(match[2]), 1)
    return month if month <= latest else None


@dataclass(frozen=True, slots=True)
class Rule:
    """What a good row fulfils in one column: an SQL condition over the staging table."""

    column: str
    expected: str
    good: str
    advice: str = ""

    @property
    def title(self) -> str:
        """The column as the file's header calls it."""
        return _TITLES[self.column]


_TITLES = dict(zip(STREET_COLUMNS, STREET_HEADER, strict=True)) | {"outcome_type": "Outcome type"}


def _number(column: str, other: str, low: float, high: float) -> str:
    # Lengths are bounded apart: counting within the pattern takes twice as long.
    return (
        f"CASE WHEN {column} = '' THEN {other} = ''"
        rf" WHEN {column} ~ '^-?[0-9]+(\.[0-9]+)?$' AND length({column}) <= 25"
        f" THEN {column}::float8 BETWEEN {low} AND {high} ELSE false END"
    )


# Great Britain and Northern Ireland with their islands, in degrees (WGS 84).
WEST, EAST, SOUTH, NORTH = -9.0, 2.5, 49.0, 61.5
_TYPES = ", ".join(f"'{name}'" for name in CRIME_TYPES)

STREET_RULES = (
    Rule(
        "month",
        "the month in the file's name, as YYYY-MM",
        "month = %(month)s",
        "A file holds one month.",
    ),
    Rule(
        "reported_by",
        "the name of a force, at most 100 characters",
        "length(reported_by) BETWEEN 1 AND 100",
    ),
    Rule("falls_within", "at most 100 characters", "length(falls_within) <= 100"),
    Rule(
        "longitude",
        f"a longitude in degrees from {WEST} to {EAST}, or blank with the latitude",
        _number("longitude", "latitude", WEST, EAST),
    ),
    Rule(
        "latitude",
        f"a latitude in degrees from {SOUTH} to {NORTH}, or blank with the longitude",
        _number("latitude", "longitude", SOUTH, NORTH),
    ),
    Rule("street", "at most 200 characters", "length(street) <= 200"),
    Rule(
        "lsoa_code",
        "an area code of nine characters (E01014013), or blank",
        "lsoa_code = '' OR (lsoa_code ~ '^[A-Z0-9]+$' AND length(lsoa_code) IN (8, 9))",
    ),
    Rule("lsoa_name", "at most 100 characters", "length(lsoa_name) <= 100"),
    Rule("crime_type", "one of the 14 types of data.police.uk", f"crime_type IN ({_TYPES})"),
    Rule("crime_id", "64 hexadecimal digits, or blank", "length(crime_id) IN (0, 64)"),
    Rule("last_outcome", "at most 200 characters", "length(last_outcome) <= 200"),
    Rule("context", "at most 1000 characters", "length(context) <= 1000"),
)

# The kinds of outcome are not a closed list: the police have added to them.
OUTCOMES_RULES = (
    *(rule for rule in STREET_RULES if rule.column in OUTCOMES_COLUMNS[1:]),
    Rule("crime_id", "64 hexadecimal digits", "length(crime_id) = 64"),
    Rule(
        "outcome_type",
        "what became of the crime, in at most 200 characters",
        "length(outcome_type) BETWEEN 1 AND 200",
    ),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """What the files of one kind look like, and the staging table that takes their rows."""

    kind: FileKind
    header: tuple[str, ...]
    columns: tuple[str, ...]
    rules: tuple[Rule, ...]

    @property
    def staging(self) -> str:
        """The name of the staging table."""
        return f"{self.kind.value}_staging"


STREET = Layout(FileKind.STREET, STREET_HEADER, STREET_COLUMNS, STREET_RULES)
OUTCOMES = Layout(FileKind.OUTCOMES, OUTCOMES_HEADER, OUTCOMES_COLUMNS, OUTCOMES_RULES)
