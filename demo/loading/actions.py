"""Actions of the demonstration, told to the services day by day; no mail is sent for them."""

from __future__ import annotations

import datetime as dt
import io
import tomllib
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image, ImageDraw

from accounts.models import User
from core import clock
from delivery.models import Action, Decision, Meeting
from delivery.services import actions, answers
from delivery.services.quietly import without_mail
from demo.content import STORY
from demo.loading.part import Part
from demo.loading.programmes import identity, user_of
from programmes.models import Location, StepRecord, TargetPlace


def parts() -> Iterator[Part]:
    """Yield the actions."""
    yield Part("actions", "Actions", is_there, load)


def entries() -> list[dict[str, Any]]:
    """Return what the story says."""
    with (STORY / "actions.toml").open("rb") as file:
        found: list[dict[str, Any]] = tomllib.load(file)["actions"]
    return found


def is_there() -> bool:
    """Say whether all of them are loaded (in one transaction)."""
    wanted = [identity("action", entry["key"]) for entry in entries()]
    return Action.objects.filter(pk__in=wanted).count() == len(wanted)


@transaction.atomic
def load() -> None:
    """Ask for each action on its day, then let happen what happened, in the order of the days."""
    people: dict[str, User] = {}
    with without_mail():
        for entry in entries():
            _one(entry, people)


def _person(key: str, people: dict[str, User]) -> User:
    if key not in people:
        people[key] = user_of(key)
    return people[key]


def _one(entry: dict[str, Any], people: dict[str, User]) -> None:
    location = Location.objects.select_related("programme").get(slug=entry["location"])
    with clock.business_date(entry["asked_on"]):
        action = actions.ask_action(
            id=identity("action", entry["key"]),
            location=location,
            title=entry["title"],
            details=entry.get("details", ""),
            owner=_person(entry["owner"], people),
            helpers=[_person(key, people) for key in entry.get("helpers", ())],
            due_on=entry["due_on"],
            target_place=TargetPlace.objects.get(location=location, slug=entry["place"])
            if "place" in entry
            else None,
            step=StepRecord.objects.get(location=location, definition__number=entry["step"])
            if "step" in entry
            else None,
            meeting=Meeting.objects.get(pk=identity("meeting", entry["meeting"]))
            if "meeting" in entry
            else None,
            decision=Decision.objects.get(
                pk=identity("decision", entry["meeting"], entry["decision"])
            )
            if "decision" in entry
            else None,
            by=_person(entry["asked_by"], people),
            demonstration=True,
        )
    happened: list[tuple[dt.date, Any]] = []
    if "accepted_on" in entry:
        owner = _person(entry["owner"], people)
        happened.append(
            (entry["accepted_on"], lambda: answers.accept_action(action=action, by=owner))
        )
    for what, do in (
        ("proposed", _propose),
        ("blocked", _block),
        ("finished", _finish),
        ("dropped", _drop),
    ):
        if what in entry:
            said = entry[what]
            by = _person(said["by"], people)
            happened.append((said["on"], _later(do, action, said, by)))
    for number, said in enumerate(entry.get("comments", ())):
        by = _person(said["by"], people)
        comment = {**said, "id": identity("action-comment", entry["key"], number)}
        happened.append((said["on"], _later(_comment, action, comment, by)))
    for on, do_it in sorted(happened, key=lambda one: one[0]):
        with clock.business_date(on):
            do_it()


def _later(do: Any, action: Action, said: dict[str, Any], by: User) -> Any:
    return lambda: do(action, said, by)


def _propose(action: Action, said: dict[str, Any], by: User) -> None:
    answers.propose_date(action=action, due_on=said["due_on"], why=said["why"], by=by)


def _block(action: Action, said: dict[str, Any], by: User) -> None:
    answers.block_action(action=action, reason=said["reason"], by=by)


def _finish(action: Action, said: dict[str, Any], by: User) -> None:
    photo = _drawing() if said.get("photo") else None
    answers.finish_action(action=action, note=said["note"], photo=photo, by=by)


def _drop(action: Action, said: dict[str, Any], by: User) -> None:
    actions.drop_action(action=action, reason=said["reason"], by=by)


def _comment(action: Action, said: dict[str, Any], by: User) -> None:
    actions.add_comment(id=said["id"], action=action, text=said["text"], by=by)


def _drawing() -> SimpleUploadedFile:
    """Return a picture that nobody takes for a photo: it is drawn, and says so."""
    picture = Image.new("RGB", (800, 600), "#cfe3ea")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 400, 800, 600), fill="#8a8d8f")
    for left in (60, 300, 540):
        pen.rectangle((left, 220, left + 200, 400), fill="#b58863")
        pen.rectangle((left + 20, 260, left + 180, 400), fill="#e9e4d8")
    pen.rectangle((0, 380, 800, 400), fill="#3f6b3a")
    pen.text((40, 40), "Demonstration: a drawing, not a photo", fill="#0b0c0c", font_size=32)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return SimpleUploadedFile("hedge.png", stream.getvalue(), content_type="image/png")
