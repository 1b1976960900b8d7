"""Meetings for the access matrix: with guests of the police and of Teme, and printed minutes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from delivery.models import Concern, MeetingAttendance
from tests.factories.core import StoredFileFactory
from tests.factories.meetings import (
    AttendanceFactory,
    DecisionFactory,
    IssueFactory,
    MeetingFactory,
)

POLICE = {"community", "verifier", "analyst", "leader", "coordinator", "manager", "token_reader"}

TWINS = ("meeting_id", "attendance_id", "issue_id", "decision_id")
OTHERS = ()
SECRETS: dict[str, set[str]] = {
    # A guest of the police, who has no account, and the minutes that name them.
    "own-guest-q7": POLICE | {"covered"},
    "own-minutes-named-q7": POLICE | {"covered"},
    # A guest of Teme's at the same meeting.
    "x-guest-q7": {"covered", "teme"},
    # The neighbour's.
    "neighbours-meeting-q7": {"neighbour"},
    "neighbours-issue-q7": {"neighbour"},
    "neighbours-decision-q7": {"neighbour"},
    "neighbours-guest-q7": {"neighbour"},
    "neighbours-minutes-q7": {"neighbour"},
}


def _pdf(content: bytes) -> Any:
    return StoredFileFactory(name="minutes.pdf", content=content, content_type="application/pdf")


def _concern(location: Any) -> Concern:
    return Concern.objects.create(
        location=location,
        kind="concern",
        text="It is dark.",
        channel="in_person",
        heard_on=dt.date(2024, 6, 3),
        answer_by=dt.date(2024, 7, 1),
        state="open",
    )


def world(people: Any, made: dict[str, Any]) -> list[Any]:
    """Make a planned meeting with the partner and a guest on its list, and what came of it."""
    by, location = people.coordinator, people.location
    meeting = MeetingFactory(
        location=location,
        called_by=by,
        minutes=_pdf(b"own-minutes-plain\n"),
        minutes_named=_pdf(b"own-minutes-named-q7\n"),
        minutes_on=dt.date(2024, 6, 20),
        minutes_digest="0" * 64,
        named_agencies=[people.police.pk],
    )
    AttendanceFactory(meeting=meeting, user=people.partner)
    guest = AttendanceFactory(meeting=meeting, name="own-guest-q7", agency=people.police)
    issue = IssueFactory(meeting=meeting, recorded_by=by)
    decision = DecisionFactory(location=location, meeting=meeting, issue=issue, recorded_by=by)
    return [meeting, guest, issue, decision]


def names(made: dict[str, Any]) -> dict[str, Any]:
    """Return the placeholders."""
    return {
        "meeting_id": made["delivery.Meeting"].pk,
        "attendance_id": made["delivery.MeetingAttendance"].pk,
        "issue_id": made["delivery.Issue"].pk,
        "decision_id": made["delivery.Decision"].pk,
    }


def neighbours(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Make the neighbour's meeting."""
    people = cast.people
    by, location = people.neighbour, people.other_location
    meeting = MeetingFactory(
        location=location,
        called_by=by,
        title="neighbours-meeting-q7",
        minutes=_pdf(b"neighbours-minutes-q7\n"),
        minutes_on=dt.date(2024, 6, 20),
    )
    AttendanceFactory(meeting=meeting, user=by)
    guest = AttendanceFactory(meeting=meeting, name="neighbours-guest-q7", agency=by.agency)
    issue = IssueFactory(meeting=meeting, recorded_by=by, text="neighbours-issue-q7")
    decision = DecisionFactory(
        location=location, meeting=meeting, recorded_by=by, text="neighbours-decision-q7"
    )
    return {
        "n_meeting_id": meeting.pk,
        "n_attendance_id": guest.pk,
        "n_raise_concern_id": _concern(location).pk,
        "n_issue_id": issue.pk,
        "n_decision_id": decision.pk,
    }


def anothers(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Put a guest of Teme's on the list of Leominster's meeting."""
    guest = AttendanceFactory(
        meeting_id=known["meeting_id"], name="x-guest-q7", agency=cast.agencies["teme"]
    )
    other = MeetingFactory(location=cast.people.location, called_by=cast.people.coordinator)
    issue = IssueFactory(meeting=other, recorded_by=cast.people.coordinator)
    return {
        "x_attendance_id": guest.pk,
        "raise_concern_id": _concern(cast.people.location).pk,
        "other_meetings_attendance_id": AttendanceFactory(
            meeting=other, name="Ward councillor", agency=cast.people.police
        ).pk,
        "other_meetings_issue_id": issue.pk,
    }


def grow(people: Any, size: int) -> None:
    """Hold as many meetings as there are locations, each with people and entries."""
    by, location = people.coordinator, people.location
    first = dt.date(2024, 6, 1)
    for number in range(size):
        meeting = MeetingFactory(
            location=location,
            called_by=by,
            held_on=first - dt.timedelta(days=number),
            state="held",
            closed_on=first,
        )
        DecisionFactory(location=location, meeting=meeting, recorded_by=by)
    ahead = MeetingFactory(location=location, called_by=by, title="Ahead")
    MeetingAttendance.objects.create(meeting=ahead, user=by, agency=by.agency)
