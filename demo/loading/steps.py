"""Asking for help, verification and the successor, told to the services day by day."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction

from accounts.grants import give_role
from accounts.roles import Role
from core import clock
from delivery.models import Action, HelpRequest
from delivery.services import help as asking
from delivery.services.help_rules import propose_due
from delivery.services.quietly import without_mail
from demo.content import BUSINESS_DATE, STORY
from demo.loading.part import Part
from demo.loading.people import REASON
from demo.loading.programmes import identity, user_of
from programmes import services
from programmes.models import Location, LocationMembership, StepRecord, Verification

Told = list[tuple[dt.date, Callable[[], object]]]


def parts() -> Iterator[Part]:
    """Yield what this module tells."""
    yield Part("steps", "Asking for help, verification, handover", is_there, load)


def story() -> dict[str, Any]:
    """Return what the story says."""
    with (STORY / "steps.toml").open("rb") as file:
        return tomllib.load(file)


def is_there() -> bool:
    """Say whether all of it is loaded (in one transaction)."""
    told = story()
    asked = [identity("help", entry["key"]) for entry in told["help"]]
    said = [_said_id(entry, number) for entry, number, _said in _sayings(told)]
    posts = [_held(entry).exists() for entry in told["successors"]]
    return (
        HelpRequest.objects.filter(pk__in=asked).count() == len(asked)
        and Verification.objects.filter(pk__in=said).count() == len(said)
        and all(posts)
    )


@transaction.atomic
def load() -> None:
    """Let everything happen in the order of its days, then propose what stands still."""
    told = story()
    events: Told = []
    for entry in told["help"]:
        events += _help(entry)
    for entry, number, said in _sayings(told):
        events.append((said["on"], _later(_say, entry, number, said)))
    for entry in told["successors"]:
        events.append((entry["named_on"], _later(_name, entry)))
    with without_mail():
        for on, happen in sorted(events, key=lambda event: event[0]):
            with clock.business_date(on):
                happen()
        with clock.business_date(BUSINESS_DATE):
            propose_due(BUSINESS_DATE)


def _later(do: Callable[..., object], *args: Any) -> Callable[[], object]:
    return lambda: do(*args)


def _help(entry: dict[str, Any]) -> Told:
    found: Told = [(entry["sent_on"], _later(_ask, entry))]
    if "decided" in entry:
        found.append((entry["decided"]["on"], _later(_decide, entry)))
    if "returned" in entry:
        found.append((entry["returned"]["on"], _later(_return, entry)))
    return found


def _ask(entry: dict[str, Any]) -> None:
    location = Location.objects.select_related("programme").get(slug=entry["location"])
    asking.ask_for_help(
        id=identity("help", entry["key"]),
        location=location,
        tier=entry["tier"],
        title=entry["title"],
        reason=entry["reason"],
        decide_by=entry["decide_by"],
        action=Action.objects.get(pk=identity("action", entry["action"]))
        if "action" in entry
        else None,
        step=_step(entry) if "step" in entry else None,
        by=user_of(entry["by"]),
        demonstration=True,
        tell=False,
    )


def _decide(entry: dict[str, Any]) -> None:
    said = entry["decided"]
    asking.decide(
        request=_request(entry),
        outcome=said["outcome"],
        decision=said["text"],
        help_from=said.get("help_from", ""),
        help_by=said.get("help_by"),
        by=user_of(said["by"]),
        tell=False,
    )


def _return(entry: dict[str, Any]) -> None:
    said = entry["returned"]
    asking.return_to_group(
        id=identity("help-decision", entry["key"]),
        request=_request(entry),
        text=said["text"],
        by=user_of(said["by"]),
        demonstration=True,
        tell=False,
    )


def _request(entry: dict[str, Any]) -> HelpRequest:
    found: HelpRequest = HelpRequest.objects.get(pk=identity("help", entry["key"]))
    return found


def _step(entry: dict[str, Any]) -> StepRecord:
    found: StepRecord = StepRecord.objects.get(
        location__slug=entry["location"], definition__number=entry["step"]
    )
    return found


def _sayings(told: dict[str, Any]) -> Iterator[tuple[dict[str, Any], int, dict[str, Any]]]:
    for entry in told["verification"]:
        for number, said in enumerate(entry["said"]):
            yield entry, number, said


def _said_id(entry: dict[str, Any], number: int) -> Any:
    return identity("verification", entry["key"], number)


def _say(entry: dict[str, Any], number: int, said: dict[str, Any]) -> None:
    more: dict[str, Any] = {
        "record": _step(entry),
        "text": said["text"],
        "by": user_of(said["by"]),
        "id": _said_id(entry, number),
        "demonstration": True,
    }
    if said["kind"] == "send":
        services.send_to_verifier(**more)
    else:
        services.verify_step(agreed=said["kind"] == "agree", **more)


def _held(entry: dict[str, Any]) -> Any:
    return LocationMembership.objects.filter(
        user__email=f"{entry['who']}@demo.example",
        anchor__slug=entry["location"],
        role=entry["role"],
    )


def _name(entry: dict[str, Any]) -> None:
    give_role(
        membership_model=LocationMembership,
        user=user_of(entry["who"]),
        anchor=Location.objects.get(slug=entry["location"]),
        role=Role(entry["role"]),
        starts_on=entry["starts_on"],
        by=None,
        is_demonstration=True,
        reason=REASON,
    )
