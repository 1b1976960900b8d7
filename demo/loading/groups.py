"""Groups, training and the log, told to the services day by day."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import Agency, User
from core import clock
from delivery.models import DeliveryGroup, GroupMember, LogEntry, TrainingCourse
from delivery.services.courses import ensure_courses
from delivery.services.groups import add_seat, form_group
from delivery.services.log import log_entry
from delivery.services.members import add_member, end_membership
from delivery.services.training import Heads, record_training
from demo.content import read_story
from demo.loading.part import Part
from demo.loading.programmes import identity, user_of
from programmes.consents import WORDING
from programmes.models import Consent, Location, StepRecord
from programmes.services import consents

FILE = Path(__file__).parents[1] / "story" / "groups.toml"


@cache
def story() -> dict[str, Any]:
    """Read the story of groups, training and the log."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def parts() -> Iterator[Part]:
    """Yield what is loaded: one transaction."""
    yield Part("groups", "Groups, training and the log", is_there, load)


def is_there() -> bool:
    """Say whether it was loaded (all in one transaction)."""
    return LogEntry.objects.filter(pk=_log_id(story()["log"][-1])).exists()


@cache
def _agency_names() -> dict[str, str]:
    return {entry.key: entry.name for entry in read_story().agencies}


def _agency(key: str) -> Agency:
    agency: Agency = Agency.objects.get(name=_agency_names()[key])
    return agency


def _log_id(entry: dict[str, Any]) -> Any:
    return identity("log", entry["location"], entry["done_on"], entry["text"])


@transaction.atomic
def load() -> None:
    """Record consents, groups, members, sessions and entries, each on its day."""
    told = story()
    ensure_courses()
    people = {user.email: user for user in User.objects.all()}
    who = partial(_who, people)
    locations = {row.slug: row for row in Location.objects.select_related("programme")}
    for entry in told["consents"]:
        _give(entry, locations[entry["location"]], who(entry["by"]))
    for entry in told["groups"]:
        _group(entry, locations[entry["location"]], who)
    for entry in told["trainings"]:
        _training(entry, locations[entry["location"]], who)
    for entry in told["log"]:
        _log(entry, locations[entry["location"]], who)
    for entry in told["consents"]:
        if "withdrawn_on" in entry:
            _withdraw(entry, who(entry["by"]))


def _who(people: dict[str, User], key: str) -> User:
    return people.get(f"{key}@demo.example") or user_of(key)


def _give(entry: dict[str, Any], location: Location, by: User) -> None:
    with clock.business_date(entry["given_on"]):
        consents.record_consent(
            id=identity("consent", location.slug, entry["key"]),
            location=location,
            name=entry["name"],
            contact=entry["contact"],
            purpose=entry["purpose"],
            wording=str(WORDING[entry["purpose"]]),
            given_on=entry["given_on"],
            given_how=entry["given_how"],
            by=by,
            demonstration=True,
        )


def _withdraw(entry: dict[str, Any], by: User) -> None:
    consent = Consent.objects.get(pk=identity("consent", entry["location"], entry["key"]))
    with clock.business_date(entry["withdrawn_on"]):
        consents.withdraw_consent(
            consent=consent,
            version=consent.version,
            withdrawn_on=entry["withdrawn_on"],
            note=entry["withdrawn_note"],
            by=by,
        )


def _group(entry: dict[str, Any], location: Location, who: Any) -> None:
    by, key = who(entry["by"]), entry["key"]
    with clock.business_date(entry["formed_on"]):
        group = form_group(
            id=identity("group", key),
            location=location,
            kind=entry["kind"],
            target_place=location.target_places.get(slug=entry["place"])
            if "place" in entry
            else None,
            name=entry["name"],
            purpose=entry["purpose"],
            formed_on=entry["formed_on"],
            by=by,
            demonstration=True,
        )
    seats = {}
    for seat in entry["seats"]:
        with clock.business_date(seat.get("asked_on", entry["formed_on"])):
            seats[seat["key"]] = add_seat(
                id=identity("seat", key, seat["key"]),
                group=group,
                label=seat["label"],
                agency=_agency(seat["agency"]) if "agency" in seat else None,
                why=seat.get("why", ""),
                asked_on=seat.get("asked_on"),
                by=by,
                demonstration=True,
            )
    for number, member in enumerate(entry["members"]):
        _member(member, f"unnamed-{number}", group=group, key=key, seats=seats, who=who, by=by)


def _member(
    entry: dict[str, Any],
    otherwise: str,
    *,
    group: DeliveryGroup,
    key: str,
    seats: dict[str, Any],
    who: Any,
    by: User,
) -> None:
    consent = None
    if "consent" in entry:
        consent = Consent.objects.get(pk=identity("consent", group.location.slug, entry["consent"]))
    known = entry.get("user") or entry.get("consent") or otherwise
    with clock.business_date(entry["joined_on"]):
        member = add_member(
            id=identity("member", key, known),
            group=group,
            user=who(entry["user"]) if "user" in entry else None,
            consent=consent,
            agency=_agency(entry["agency"]) if "agency" in entry else None,
            seat=seats[entry["seat"]] if "seat" in entry else None,
            role=entry.get("role", "member"),
            joined_on=entry["joined_on"],
            by=by,
            demonstration=True,
        )
    if "left_on" in entry:
        with clock.business_date(entry["left_on"]):
            end_membership(member=member, left_on=entry["left_on"], version=member.version, by=by)


def _training(entry: dict[str, Any], location: Location, who: Any) -> None:
    with clock.business_date(entry["held_on"]):
        record_training(
            id=identity("training", location.slug, entry["key"]),
            location=location,
            course=TrainingCourse.objects.get(key=entry["course"]),
            group=DeliveryGroup.objects.get(pk=identity("group", entry["group"])),
            held_on=entry["held_on"],
            where=entry["where"],
            trainer=entry["trainer"],
            notes=entry.get("notes", ""),
            heads=[
                Heads(None if key == "community" else _agency(key), people)
                for key, people in entry["heads"].items()
            ],
            members=[
                GroupMember.objects.get(pk=identity("member", entry["group"], member))
                for member in entry["members"]
            ],
            by=who(entry["by"]),
            demonstration=True,
        )


def _log(entry: dict[str, Any], location: Location, who: Any) -> None:
    step = None
    if "step" in entry:
        step = StepRecord.objects.get(location=location, definition__number=entry["step"])
    with clock.business_date(entry["done_on"]):
        log_entry(
            id=_log_id(entry),
            location=location,
            kind=entry["kind"],
            done_on=entry["done_on"],
            text=entry["text"],
            target_place=location.target_places.get(slug=entry["place"])
            if "place" in entry
            else None,
            where=entry.get("where", ""),
            people=entry.get("people"),
            step=step,
            marking=entry.get("marking", "official"),
            handling=entry.get("handling", ""),
            by=who(entry["by"]),
            demonstration=True,
        )
