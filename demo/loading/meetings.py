"""Meetings and what was written down at them, told to the services day by day."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import Agency, User
from core import clock
from core.jobs import run_now
from delivery.choices import Attended
from delivery.meeting_templates import TEMPLATES
from delivery.models import Concern, DeliveryGroup, Issue, Meeting
from delivery.selectors.meeting_people import Invitee, members_on
from delivery.services import meetings
from delivery.services.actions import ask_action
from delivery.services.answers import accept_action, finish_action
from delivery.services.meeting_mail import send_invitations
from delivery.services.meeting_minutes import request_minutes
from delivery.services.meeting_people import answer_invitation, mark_attendance
from demo.content import read_story
from demo.loading.part import Part
from demo.loading.programmes import identity, user_of
from programmes.models import Location

FILE = Path(__file__).parents[1] / "story" / "meetings.toml"


@cache
def story() -> dict[str, Any]:
    """Read the story of the meetings."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def parts() -> Iterator[Part]:
    """Yield what is loaded: one transaction."""
    yield Part("meetings", "Meetings and decisions", is_there, load)


def raised_parts() -> Iterator[Part]:
    """Yield what was raised from residents' concerns, once those are there."""
    yield Part("meetings-raised", "Concerns taken to the workshop", _raised_are_there, _raise)


def minutes_parts() -> Iterator[Part]:
    """Yield the printed minutes: made by the same job that a button starts."""
    yield Part("minutes", "Minutes of two meetings", _minutes_are_there, _print)


def is_there() -> bool:
    """Say whether it was loaded (all in one transaction)."""
    wanted = {identity("meeting", entry["key"]) for entry in story()["meetings"]}
    return Meeting.objects.filter(pk__in=wanted).count() == len(wanted)


@transaction.atomic
def load() -> None:
    """Plan, hold and close the meetings, each on its days."""
    people = {user.email.split("@")[0]: user for user in User.objects.all()}
    for entry in story()["meetings"]:
        _meeting(entry, people)


def _agency(key: str | None) -> Agency | None:
    if key is None:
        return None
    names = {entry.key: entry.name for entry in read_story().agencies}
    return Agency.objects.get(name=names[key])


def _meeting(entry: dict[str, Any], people: dict[str, User]) -> None:
    by = people[entry["by"]]
    location = Location.objects.select_related("programme").get(slug=entry["location"])
    group = DeliveryGroup.objects.filter(pk=identity("group", entry.get("group", "-"))).first()
    with clock.business_date(entry["planned_on"]):
        members = members_on([group]) if group is not None else []
        asked = [Invitee(member=row) for row in members]
        sits = {row.user_id for row in members}
        asked += [
            Invitee(user=people[key])
            for key in entry.get("invited", ())
            if people[key].pk not in sits
        ]
        asked += [
            Invitee(name=one["name"], agency=_agency(one.get("agency")))
            for one in entry.get("others", ())
        ]
        meeting = meetings.plan_meeting(
            id=identity("meeting", entry["key"]),
            location=location,
            kind=entry["kind"],
            title=entry["title"],
            held_on=entry["held_on"],
            starts_at=entry["starts_at"],
            ends_at=entry["ends_at"],
            where=entry["where"],
            agenda=entry.get("agenda") or TEMPLATES[entry["kind"]].agenda_text,
            group=group,
            invited=asked,
            by=by,
            demonstration=True,
        )
    if "mail_on" in entry:
        with clock.business_date(entry["mail_on"]):
            send_invitations(meeting=meeting, by=by)
            for key in entry.get("coming", ()):
                row = meeting.attendance.select_related("meeting").get(user=people[key])
                answer_invitation(attendance=row, coming=True, by=people[key])
    if entry["held_on"] <= story_day():
        with clock.business_date(entry["held_on"]):
            _hold(entry, meeting, people)
        _answered(entry, people)


def story_day() -> Any:
    """Return the day on which the demonstration stands."""
    from demo.content import BUSINESS_DATE

    return BUSINESS_DATE


def _hold(entry: dict[str, Any], meeting: Meeting, people: dict[str, User]) -> None:
    """Mark who was there, write down what came, and close."""
    states = {people[key].pk: Attended.APOLOGIES for key in entry.get("apologies", ())}
    states |= {people[key].pk: Attended.ABSENT for key in entry.get("absent", ())}
    by = people[entry["by"]]
    for row in meeting.attendance.select_related("meeting"):
        state = states.get(row.user_id, Attended.PRESENT)
        mark_attendance(attendance=row, state=state, by=by)
    issues = {
        one["key"]: meetings.raise_issue(
            id=identity("issue", entry["key"], one["key"]),
            meeting=meeting,
            text=one["text"],
            by=people[one["by"]],
            demonstration=True,
        )
        for one in entry["issues"]
    }
    decisions = {
        one["key"]: meetings.record_decision(
            id=identity("decision", entry["key"], one["key"]),
            location=meeting.location,
            meeting=meeting,
            issue=issues[one["issue"]] if "issue" in one else None,
            text=one["text"],
            decided_on=entry["held_on"],
            by=people[one["by"]],
            demonstration=True,
        )
        for one in entry["decisions"]
    }
    for one in entry.get("actions", ()):
        ask_action(
            id=identity("action", entry["key"], one["key"]),
            location=meeting.location,
            meeting=meeting,
            decision=decisions[one["decision"]],
            title=one["title"],
            owner=people[one["owner"]],
            due_on=one["due_on"],
            by=by,
            demonstration=True,
            tell=False,
        )
    meeting.refresh_from_db()
    meetings.close_meeting(
        meeting=meeting, version=meeting.version, summary=entry.get("summary", ""), by=by
    )


def _answered(entry: dict[str, Any], people: dict[str, User]) -> None:
    """Let the owners finish what was asked at a meeting."""
    from delivery.models import Action

    for one in entry.get("actions", ()):
        action = Action.objects.get(pk=identity("action", entry["key"], one["key"]))
        owner = people[one["owner"]]
        with clock.business_date(entry["held_on"]):
            accept_action(action=action, by=owner)
        with clock.business_date(one["done"]["on"]):
            finish_action(action=action, note=one["done"]["note"], photo=None, by=owner)


def _raised_are_there() -> bool:
    wanted = {_raised_id(entry) for entry in story()["raised"]}
    return Issue.objects.filter(pk__in=wanted).count() == len(wanted)


def _raised_id(entry: dict[str, Any]) -> Any:
    return identity("issue", entry["meeting"], entry["concern"])


@transaction.atomic
def _raise() -> None:
    for entry in story()["raised"]:
        meeting = Meeting.objects.select_related("location").get(
            pk=identity("meeting", entry["meeting"])
        )
        with clock.business_date(meeting.held_on):
            meetings.raise_issue(
                id=_raised_id(entry),
                meeting=meeting,
                text=entry["text"],
                concern=Concern.objects.get(pk=identity("concern", entry["concern"])),
                by=user_of(entry["by"]),
                demonstration=True,
            )


def _printed() -> Any:
    wanted = {
        identity("meeting", entry["key"]) for entry in story()["meetings"] if entry.get("minutes")
    }
    return Meeting.objects.filter(pk__in=wanted).order_by("held_on")


def _minutes_are_there() -> bool:
    return not _printed().filter(minutes__isnull=True).exists()


def _print() -> None:
    for meeting in _printed().filter(minutes__isnull=True):
        run_now(request_minutes(meeting=meeting, by=user_of("coordinator"), deliver=False))
