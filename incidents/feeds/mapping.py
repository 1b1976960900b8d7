"""What each column of a feed's files becomes: the mapping that is saved with the feed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import BadInput, RowError

LATER_LINES = re.compile(r"\s+")
UNFIT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class Fields(models.TextChoices):
    """What a column can become. The three keys are kept as keyed hashes, never as they stand."""

    REFERENCE = "reference", gettext_lazy("Reference of the record")
    CATEGORY = "category", gettext_lazy("Category")
    SUBTYPE = "subtype", gettext_lazy("Sub-type")
    QUALIFIER = "qualifier", gettext_lazy("Qualifier: personal, nuisance, environmental")
    DATE = "date", gettext_lazy("Day or month, without a time")
    OPENED = "opened", gettext_lazy("Reported at (date and time)")
    FROM = "from", gettext_lazy("Happened from: date, or date and time")
    FROM_TIME = "from_time", gettext_lazy("Happened from: time")
    TO = "to", gettext_lazy("Happened to: date, or date and time")
    TO_TIME = "to_time", gettext_lazy("Happened to: time")
    X = "x", gettext_lazy("Longitude or easting")
    Y = "y", gettext_lazy("Latitude or northing")
    POINT = "point", gettext_lazy("Both coordinates, or a grid reference")
    PLACE = "place", gettext_lazy("Street or premises, kept as it stands")
    LSOA = "lsoa", gettext_lazy("Code of the area (LSOA)")
    CALLER = "caller", gettext_lazy("Who reported it: kept as a key only")
    VICTIM = "victim", gettext_lazy("Who was harmed: kept as a key only")
    PREMISES = "premises", gettext_lazy("Premises or address: kept as a key only")
    REPEAT_CALLER = "repeat_caller", gettext_lazy("Repeat caller: yes or no")
    REPEAT_VICTIM = "repeat_victim", gettext_lazy("Repeat victim: yes or no")
    REPEAT_PLACE = "repeat_place", gettext_lazy("Repeat location: yes or no")
    VULNERABLE = "vulnerable", gettext_lazy("Somebody vulnerable: yes or no")
    OUTCOME = "outcome", gettext_lazy("Outcome or closing code")
    COUNT = "count", gettext_lazy("Number of incidents")


SECRET = frozenset({Fields.CALLER, Fields.VICTIM, Fields.PREMISES})
FLAGS = (Fields.REPEAT_CALLER, Fields.REPEAT_VICTIM, Fields.REPEAT_PLACE, Fields.VULNERABLE)
WHEN = (Fields.FROM, Fields.OPENED, Fields.DATE)


class System(models.TextChoices):
    """In which system coordinates are given."""

    DEGREES = "wgs84", gettext_lazy("Longitude and latitude in degrees (WGS 84)")
    GRID = "bng", gettext_lazy("Easting and northing in metres (British National Grid)")


class Clock(models.TextChoices):
    """By which clock times without an offset are given."""

    LOCAL = "local", gettext_lazy("Local time (British Summer Time in summer)")
    UTC = "utc", gettext_lazy("UTC (Greenwich Mean Time all year)")


class Order(models.TextChoices):
    """How dates of figures alone are written. The year first is read under each of them."""

    DAY_FIRST = "dmy", gettext_lazy("Day first: 31/12/2024")
    MONTH_FIRST = "mdy", gettext_lazy("Month first: 12/31/2024")
    YEAR_FIRST = "ymd", gettext_lazy("Year first only: 2024-12-31")


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which heading fills which field, and how its cells are read.

    ``columns`` is by field. ``category`` is what rows are called where no column says it.
    """

    columns: dict[str, str] = field(default_factory=dict)
    system: str = System.DEGREES
    clock: str = Clock.LOCAL
    order: str = Order.DAY_FIRST
    category: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept with the feed."""
        return {
            "columns": {name: self.columns[name] for name in Fields.values if name in self.columns},
            "system": str(self.system),
            "clock": str(self.clock),
            "order": str(self.order),
            "category": self.category,
        }

    def has(self, *names: str) -> bool:
        """Say whether any of these fields is filled by a column."""
        return any(name in self.columns for name in names)

    def problems(self, *, counts: bool) -> list[str]:
        """Return in words what keeps files from being read by it; ``counts``: rows are counts."""
        found = []
        if counts:
            if not self.has(Fields.COUNT):
                found.append(_("Say which column is the number of incidents."))
            if not self.has(Fields.LSOA):
                found.append(_("Say which column is the code of the area."))
        elif self.has(Fields.COUNT):
            found.append(_("A row of this feed is one incident, so no column is their number."))
        if not self.has(*WHEN):
            found.append(_("Say which column tells when it happened, or when it was reported."))
        if self.has(Fields.FROM_TIME) and not self.has(Fields.FROM, Fields.DATE):
            found.append(_("A time needs its date: say which column is “happened from”."))
        if self.has(Fields.TO_TIME) and not self.has(Fields.TO):
            found.append(_("A time needs its date: say which column is “happened to”."))
        if self.has(Fields.TO) and not self.has(Fields.FROM, Fields.DATE):
            found.append(_("“Happened to” needs “happened from”."))
        if self.has(Fields.X) != self.has(Fields.Y):
            found.append(_("Coordinates come in pairs: say which column is the other one."))
        if self.has(Fields.X) and self.has(Fields.POINT):
            found.append(_("Coordinates are in two columns or in one, not both."))
        if self.has(Fields.SUBTYPE) and not self.has(Fields.CATEGORY):
            found.append(_("A sub-type needs its category."))
        return found


def mapping_from(content: Any, name: str) -> Mapping:
    """Return a mapping from its JSON. Raises BadInput naming ``name``, the file it stands in."""
    if not isinstance(content, dict):
        raise _bad(name, None, content, _("a mapping: {“columns”: {…}}"))
    columns = content.get("columns")
    if not isinstance(columns, dict):
        raise _bad(name, "columns", columns, _("an object of fields and headings"))
    for one, heading in columns.items():
        if one not in Fields.values:
            raise _bad(name, "columns", one, ", ".join(Fields.values))
        if not isinstance(heading, str) or not heading.strip():
            raise _bad(name, one, heading, _("a heading"))
    headings = [tidy(heading).casefold() for heading in columns.values()]
    if len(set(headings)) != len(headings):
        raise _bad(name, "columns", ", ".join(headings), _("each heading once"))
    options: dict[str, str] = {}
    kinds: dict[str, type[models.TextChoices]] = {
        "system": System,
        "clock": Clock,
        "order": Order,
    }
    for key, kind in kinds.items():
        if key in content:
            if content[key] not in kind.values:
                raise _bad(name, key, content[key], ", ".join(kind.values))
            options[key] = content[key]
    category = content.get("category", "")
    if not isinstance(category, str) or len(category) > 150:
        raise _bad(name, "category", category, _("a text of at most 150 characters"))
    return Mapping(
        {one: tidy(heading) for one, heading in columns.items()},
        category=tidy(category),
        **options,
    )


def tidy(text: str) -> str:
    """Return a text in one line without what neither a page nor the database can hold."""
    return LATER_LINES.sub(" ", UNFIT.sub(" ", text)).strip()


def _bad(name: str, column: str | None, found: Any, expected: str) -> BadInput:
    return BadInput([RowError(name, None, column, tidy(str(found))[:60], expected)])
