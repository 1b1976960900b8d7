"""What a meeting came to, as one reader may see it: for its page, the capture and the minutes."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.sharing import Category
from core import clock
from core.screen import day
from delivery.choices import Attended
from delivery.models import Action, Concern, Decision, Issue, Meeting, MeetingAttendance
from delivery.selectors.groups import Naming, naming_for
from delivery.selectors.meeting_people import (
    agency_words,
    attendance_of,
    is_withdrawn,
    mailbox_of,
    name_of,
    person_words,
)
from programmes.models import Consent
from programmes.sharing import Shared

NOBODY = Shared(user_id=None, agency_id=None, lead_agency_id=None)


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody on a meeting's list; ``name`` is empty where it is withheld.

    ``told`` says whether they were mailed the meeting as it stands now, ``reachable`` whether they
    could be, ``mine`` that it is the reader.
    """

    id: UUID
    name: str
    agency: str
    state: str
    label: str
    told: bool
    reachable: bool
    mine: bool
    is_community: bool

    @property
    def words(self) -> str:
        """How to speak of them in any case."""
        if self.name:
            return self.name
        if self.is_community:
            return _("A resident")
        return _("Somebody of %(agency)s") % {"agency": self.agency}


@dataclass(frozen=True, slots=True)
class AgencyPart:
    """Those of one agency: the names that the reader may know, and how many others."""

    agency: str
    names: tuple[str, ...]
    others: int

    @property
    def number(self) -> int:
        """How many people."""
        return len(self.names) + self.others

    @property
    def words(self) -> str:
        """The names, and how many are not named."""
        if not self.names:
            return ngettext("%(n)d person", "%(n)d people", self.others) % {"n": self.others}
        if not self.others:
            return ", ".join(self.names)
        more = ngettext("%(n)d more", "%(n)d more", self.others) % {"n": self.others}
        return f"{', '.join(self.names)}, {more}"


@dataclass(frozen=True, slots=True)
class IssueLine:
    """Something raised; ``concern`` says in words from which resident's concern, if from one."""

    id: UUID
    text: str
    concern: str
    concern_id: UUID | None
    version: int


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """Something decided; ``issue`` is the text of what it answers."""

    id: UUID
    text: str
    decided_on: dt.date
    issue: str
    version: int


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action asked for at the meeting, with its owner as the reader may know them."""

    id: UUID
    title: str
    owner: str
    agency: str
    due_on: dt.date
    state: str
    label: str
    decision: str
    url: str


@dataclass(frozen=True, slots=True)
class Record:
    """What a meeting came to for one reader."""

    attendees: tuple[Attendee, ...]
    issues: tuple[IssueLine, ...]
    decisions: tuple[DecisionLine, ...]
    actions: tuple[ActionLine, ...]

    @property
    def number(self) -> int:
        """How many entries were captured."""
        return len(self.issues) + len(self.decisions) + len(self.actions)

    @property
    def mine(self) -> Attendee | None:
        """The reader's own place on the list."""
        return next((one for one in self.attendees if one.mine), None)

    @property
    def untold(self) -> int:
        """How many on the list are to be mailed the meeting as it stands."""
        return sum(one.reachable and not one.told for one in self.attendees)

    @property
    def present(self) -> tuple[AgencyPart, ...]:
        """Who was there, by agency, the community last."""
        return self.by_agency(Attended.PRESENT)

    @property
    def apologies(self) -> tuple[AgencyPart, ...]:
        """Who sent apologies, by agency."""
        return self.by_agency(Attended.APOLOGIES)

    @property
    def absent(self) -> tuple[AgencyPart, ...]:
        """Who was asked and did not come, by agency."""
        return self.by_agency(Attended.ABSENT)

    @property
    def present_count(self) -> int:
        """How many people were there."""
        return sum(part.number for part in self.present)

    def by_agency(self, state: str) -> tuple[AgencyPart, ...]:
        """Return those in one state, agency by agency."""
        found: dict[str, list[str]] = defaultdict(list)
        for one in self.attendees:
            if one.state == state:
                found[one.agency].append(one.name)
        return tuple(
            AgencyPart(agency, tuple(filter(None, names)), names.count(""))
            for agency, names in found.items()
        )


@dataclass(frozen=True, slots=True)
class Print:
    """The minutes as they are printed: text that names nobody who was there, or names people."""

    title: str
    location: str
    kind: str
    held_on: dt.date
    times: str
    where: str
    agenda: tuple[str, ...]
    summary: str
    record: Record
    closed_on: dt.date | None
    is_demonstration: bool

    @property
    def fingerprint(self) -> str:
        """A digest of everything that is printed."""
        plain = json.dumps(asdict(self), default=str, sort_keys=True)
        return hashlib.sha256(plain.encode()).hexdigest()


def record_of(meeting: Meeting, reader: Any, naming: Naming | None = None) -> Record:
    """Return what a meeting came to as a reader may see it. Four queries, two more for naming."""
    return _record(meeting, naming or naming_for(reader, meeting.location))


def print_of(meeting: Meeting, *, named: bool) -> Print:
    """Return what is printed: with the names that consents allow, or with nobody's."""
    if named:
        naming = naming_for(None, meeting.location)
    else:
        naming = Naming(reader_id=None, shared=NOBODY, reads_people=False, on=clock.today())
    record = _record(meeting, naming)
    if not named:
        nameless = tuple(replace(one, owner="") for one in record.actions)
        record = replace(record, actions=nameless)
    # How an action stands moves on; the minutes say what was asked for.
    asked = tuple(replace(one, state="", label="", url="") for one in record.actions)
    people = tuple(
        replace(one, told=False, reachable=False, mine=False) for one in record.attendees
    )
    return Print(
        title=meeting.title,
        location=meeting.location.name,
        kind=str(meeting.get_kind_display()),
        held_on=meeting.held_on,
        times=times_words(meeting),
        where=meeting.where,
        agenda=tuple(meeting.agenda_points()),
        summary=meeting.summary,
        record=replace(record, actions=asked, attendees=people),
        closed_on=meeting.closed_on,
        is_demonstration=meeting.is_demonstration,
    )


def times_words(meeting: Meeting) -> str:
    """Return the time of day in words: "10:00 to 11:30"; empty where none is set."""
    if meeting.starts_at is None:
        return ""
    if meeting.ends_at is None:
        return f"{meeting.starts_at:%H:%M}"
    return _("%(start)s to %(end)s") % {
        "start": f"{meeting.starts_at:%H:%M}",
        "end": f"{meeting.ends_at:%H:%M}",
    }


def named_in_print(meeting: Meeting) -> tuple[list[UUID], list[UUID]]:
    """Return the agencies and the consents of the people whose names the minutes print."""
    agencies: set[UUID | None] = set()
    consents: set[UUID] = set()
    for row in attendance_of(meeting):
        consent = row.member.consent if row.member is not None else None
        if consent is not None:
            if not is_withdrawn(row.member):
                consents.add(consent.pk)
                agencies.add(consent.agency_id)
            continue
        if row.user is not None or row.name or (row.member is not None and row.member.name):
            agencies.add(row.agency_id)
    agencies |= set(meeting.actions.values_list("owner__agency", flat=True).order_by())
    lead = meeting.location.programme.lead_agency_id
    named = {key or lead for key in agencies}
    return sorted(key for key in named if key is not None), sorted(consents)


def may_read_names(meeting: Meeting, naming: Naming) -> bool:
    """Say whether the printed minutes with names are open to a reader, all of them, now."""
    if not all(naming.shared.covers(Category.PEOPLE, key) for key in meeting.named_agencies):
        return False
    if not meeting.named_consents:
        return True
    if not naming.reads_people:
        return False
    standing = Consent.objects.filter(pk__in=meeting.named_consents).standing(clock.today())
    return int(standing.count()) == len(meeting.named_consents)


def is_changed_since(meeting: Meeting) -> bool:
    """Say whether the printed minutes no longer say what the record says."""
    return bool(
        meeting.minutes_digest
        and meeting.minutes_digest != print_of(meeting, named=True).fingerprint
    )


def _record(meeting: Meeting, naming: Naming) -> Record:
    issues = Issue.objects.filter(meeting=meeting).select_related("concern")
    decisions = Decision.objects.filter(meeting=meeting).select_related("issue")
    actions = Action.objects.filter(meeting=meeting).select_related(
        "owner__agency", "decision", "location"
    )
    return Record(
        attendees=tuple(_attendee(row, meeting, naming) for row in attendance_of(meeting)),
        issues=tuple(_issue(row) for row in issues.order_by("created_at", "pk")),
        decisions=tuple(_decision(row) for row in decisions.order_by("created_at", "pk")),
        actions=tuple(_actions(actions.order_by("created_at", "pk"), naming)),
    )


def _attendee(row: MeetingAttendance, meeting: Meeting, naming: Naming) -> Attendee:
    return Attendee(
        id=row.pk,
        name=name_of(row, naming),
        agency=agency_words(row),
        state=row.state,
        label=str(row.get_state_display()),
        told=row.told == meeting.sequence,
        reachable=mailbox_of(row) is not None,
        mine=row.user_id is not None and row.user_id == naming.reader_id,
        is_community=row.agency_id is None,
    )


def _issue(row: Issue) -> IssueLine:
    return IssueLine(
        id=row.pk,
        text=row.text,
        concern=concern_words(row.concern) if row.concern is not None else "",
        concern_id=row.concern_id,
        version=row.version,
    )


def concern_words(concern: Concern) -> str:
    """Return what a resident brought in words that name nobody: its kind and when it was heard."""
    return _("%(kind)s heard on %(day)s") % {
        "kind": concern.get_kind_display(),
        "day": day(concern.heard_on),
    }


def _decision(row: Decision) -> DecisionLine:
    return DecisionLine(
        id=row.pk,
        text=row.text,
        decided_on=row.decided_on,
        issue=row.issue.text if row.issue is not None else "",
        version=row.version,
    )


def _actions(rows: Iterable[Action], naming: Naming) -> Iterable[ActionLine]:
    on = clock.today()
    for row in rows:
        yield ActionLine(
            id=row.pk,
            title=row.title,
            owner=person_words(row.owner, naming.shared, naming.reader_id),
            agency=str(row.owner.agency or ""),
            due_on=row.due_on,
            state=row.shown_state(on),
            label=str(row.get_state_display()),
            decision=row.decision.text if row.decision is not None else "",
            url=row.get_absolute_url(),
        )
