"""Which files of a download are which: force, month and kind of each, before anything is read in.

The file's name says force, month and kind. A file under another name is taken too, if its header
says the kind, and its rows the month and the force.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from core.archives import Member, file_error, members_of
from core.clock import now
from core.errors import BadInput, RowError
from incidents.forces import FORCES, force_named
from incidents.ingest.layout import (
    FILE_NAME,
    OUTCOMES,
    OUTCOMES_HEADER,
    STOPS_START,
    STREET,
    Layout,
    month_from,
)
from incidents.ingest.reader import read_header
from incidents.ingest.staging import check_header, sha256_of

EMPTY_REASON = "No rows below the header: nothing of it is held."


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One file: of which kind, force and month."""

    member: Member
    layout: Layout
    force: str
    month: dt.date

    @property
    def key(self) -> tuple[str, str, dt.date]:
        """Kind, force and month, of which one file is held."""
        return self.layout.kind.value, self.force, self.month


@dataclass(slots=True)
class Plan:
    """What a command's paths hold. ``skipped`` says of each other file why it is not stored."""

    files: list[PublishedFile] = field(default_factory=list)
    skipped: list[dict[str, str]] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)


def make_plan(paths: Iterable[str | Path]) -> Plan:
    """Recognise every file; raise BadInput for one that cannot be placed, naming all of them.

    The same kind, force and month twice is taken once if both files are the same, and refused if
    not.
    """
    members, others = members_of(paths)
    plan = Plan(skipped=[{"file": name, "reason": "Not a CSV file."} for name in others])
    errors: list[RowError] = []
    for member in members:
        try:
            _place(plan, member)
        except BadInput as error:
            errors += error.errors
    if not errors:
        errors += _settle_repeats(plan)
    if errors:
        raise BadInput(errors[:100], more=max(0, len(errors) - 100))
    if not plan.files:
        raise BadInput(
            [
                RowError(
                    ", ".join(Path(p).name for p in paths),
                    None,
                    None,
                    "no street or outcomes file",
                    "at least one file named YYYY-MM-force-street.csv",
                    "Stop and search files are not stored.",
                )
            ]
        )
    # Street files first: the account and the words about progress begin with them.
    plan.files.sort(key=lambda one: (one.layout is not STREET, one.month, one.force))
    return plan


def _place(plan: Plan, member: Member) -> None:
    name = FILE_NAME.fullmatch(member.name)
    with member.open() as stream:
        header, rest, __ = read_header(stream, member.label)
    if tuple(header[:3]) == STOPS_START:
        plan.skipped.append(
            {
                "file": member.label,
                "reason": "Stop and search files are not reports of incidents; not stored.",
            }
        )
        return
    layout = OUTCOMES if tuple(header) == OUTCOMES_HEADER else STREET
    if name and name["kind"].lower() != layout.kind:
        raise file_error(
            member.label,
            f"a header that no {name['kind'].lower()} file has",
            "the header that belongs to the file's name",
        )
    check_header(layout, member.label, header)
    month = month_from(f"{name['year']}-{name['month']}", latest=_latest()) if name else None
    if layout is OUTCOMES and not rest.strip():
        # A force may publish no outcomes; that keeps nobody from the reports beside them.
        plan.skipped.append({"file": member.label, "reason": EMPTY_REASON})
        return
    if name and month:
        plan.files.append(PublishedFile(member, layout, name["force"].lower(), month))
        return
    first = _first_row(layout, member.label, rest)
    month = month_from(first["Month"], latest=_latest())
    if month is None:
        raise BadInput(
            [
                RowError(
                    member.label,
                    2,
                    "Month",
                    first["Month"],
                    "a month that has begun, written YYYY-MM (01 to 12)",
                )
            ]
        )
    if name:
        raise file_error(
            member.label,
            f"the month {name['year']}-{name['month']} in its name",
            "a month that has begun, written YYYY-MM (01 to 12)",
        )
    known = force_named(first["Reported by"])
    if known is None:
        raise BadInput(
            [
                RowError(
                    member.label,
                    2,
                    "Reported by",
                    first["Reported by"],
                    "the name of a police force",
                    f"Name the file YYYY-MM-force-{layout.kind.value}.csv.",
                )
            ]
        )
    plan.files.append(PublishedFile(member, layout, known.slug, month))


def _latest() -> dt.date:
    return now().date().replace(day=1)


def _first_row(layout: Layout, label: str, rest: bytes) -> dict[str, str]:
    line = rest.splitlines()[:1]
    text = line[0].decode("utf-8", "backslashreplace") if line else ""
    fields = next(csv.reader(io.StringIO(text)), [])
    if len(fields) != len(layout.header):
        raise BadInput(
            [
                RowError(
                    label,
                    2,
                    None,
                    f"{len(fields)} columns",
                    f"{len(layout.header)} columns, as the header",
                )
            ]
        )
    return dict(zip(layout.header, fields, strict=True))


def _settle_repeats(plan: Plan) -> list[RowError]:
    """Keep one of several equal files of a force and month; return an error where they differ."""
    kept: dict[tuple[str, str, dt.date], PublishedFile] = {}
    errors = []
    for one in plan.files:
        before = kept.setdefault(one.key, one)
        if before is one:
            continue
        if sha256_of(before.member) == sha256_of(one.member):
            plan.repeated.append(one.member.label)
        else:
            errors.append(
                RowError(
                    one.member.label,
                    None,
                    None,
                    f"another file of {one.force} for {one.month:%Y-%m} than {before.member.label}",
                    "one file for a force and month",
                    "Leave out the older of the two.",
                )
            )
    plan.files = list(kept.values())
    return errors


def force_name(slug: str, reported_by: str, label: str) -> str:
    """Return the name to keep for a force; raise BadInput if the rows are another force's."""
    said = force_named(reported_by)
    if said is not None and said.slug != slug and slug in FORCES:
        raise BadInput(
            [
                RowError(
                    label,
                    2,
                    "Reported by",
                    reported_by,
                    f"{FORCES[slug].name}, as the file's name says",
                )
            ]
        )
    return reported_by or slug
