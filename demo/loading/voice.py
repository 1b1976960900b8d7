"""What residents of the demonstration say, and what becomes of it, told to the services."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from accounts.models import User
from core import clock
from delivery.models import Action, Concern, Priority, PublicPage
from delivery.services import voice, voice_answers, voice_public
from demo.content import STORY
from demo.loading.part import Part
from demo.loading.programmes import identity, user_of
from programmes.models import Location, TargetPlace

Entry = dict[str, Any]


def parts() -> Iterator[Part]:
    """Yield the residents' voice."""
    yield Part("voice", "Residents’ voice", is_there, load)


def story() -> dict[str, list[Entry]]:
    """Return what the story says."""
    with (STORY / "voice.toml").open("rb") as file:
        return tomllib.load(file)


def is_there() -> bool:
    """Say whether it was loaded (all in one transaction)."""
    wanted = [identity("concern", entry["key"]) for entry in story()["concerns"]]
    return Concern.objects.filter(pk__in=wanted).count() == len(wanted)


@transaction.atomic
def load() -> None:
    """Open the pages, hear, read, agree, answer: each on its day."""
    told = story()
    here = _Here()
    for entry in told["pages"]:
        here.page(entry)
    for entry in told["concerns"]:
        here.concern(entry)
    for entry in told["priorities"]:
        here.priority(entry)
    for entry in sorted(told["answers"], key=lambda one: one["on"]):
        here.answer(entry)
    for entry in told["worries"]:
        here.worry(entry)
    here.close([entry for entry in told["pages"] if entry.get("closed")])


class _Here:
    """Who and where, read once."""

    def __init__(self) -> None:
        locations = Location.objects.select_related("programme")
        self.locations = {location.slug: location for location in locations}
        self.people: dict[str, User] = {}
        self.concerns: dict[str, Concern] = {}
        self.priorities: dict[str, Priority] = {}

    def person(self, key: str) -> User:
        """Return a person of the demonstration."""
        if key not in self.people:
            self.people[key] = user_of(key)
        return self.people[key]

    def place(self, entry: Entry) -> TargetPlace | None:
        """Return the target place that an entry names."""
        if "place" not in entry:
            return None
        location = self.locations[entry["location"]]
        found: TargetPlace = location.target_places.get(slug=entry["place"])
        return found

    def page(self, entry: Entry) -> None:
        """Open a page."""
        self._set_page(entry, on=entry["on"], is_open=True)

    def close(self, entries: list[Entry]) -> None:
        """Close the pages that are not open, the day after they were made."""
        for entry in entries:
            self._set_page(entry, on=entry["on"] + dt.timedelta(days=1), is_open=False)

    def _set_page(self, entry: Entry, *, on: dt.date, is_open: bool) -> None:
        location = self.locations[entry["location"]]
        known = PublicPage.objects.filter(location=location).first()
        with clock.business_date(on):
            voice_public.set_public_page(
                location=location,
                is_open=is_open,
                promise_days=entry["promise_days"],
                intro=entry["intro"],
                indexed=False,
                version=known.version if known else None,
                by=self.person(entry["by"]),
                demonstration=True,
            )

    def concern(self, entry: Entry) -> None:
        """Hear it, by the public page or by somebody; then read or close it."""
        key = identity("concern", entry["key"])
        said: Entry = {
            "id": key,
            "location": self.locations[entry["location"]],
            "kind": entry["kind"],
            "text": entry["text"],
            "where": entry.get("where", ""),
            "target_place": self.place(entry),
            "demonstration": True,
        }
        with clock.business_date(entry["heard_on"]):
            if entry["channel"] == "public_page":
                voice.hear(**said)
            else:
                voice.record_concern(
                    channel=entry["channel"],
                    heard_on=entry["heard_on"],
                    by=self.person(entry["by"]),
                    **said,
                )
        concern = Concern.objects.select_related("location").get(pk=key)
        if read := entry.get("read"):
            with clock.business_date(read["on"]):
                concern = voice.moderate(
                    concern=concern,
                    version=concern.version,
                    kind=entry["kind"],
                    target_place=concern.target_place,
                    public_text=read["public_text"],
                    publish=True,
                    answer_by=read["answer_by"],
                    by=self.person(read["by"]),
                )
        if closed := entry.get("closed"):
            with clock.business_date(closed["on"]):
                concern = voice.not_take_further(
                    concern=concern,
                    version=concern.version,
                    why=closed["why"],
                    note=closed["note"],
                    by=self.person(closed["by"]),
                )
        self.concerns[entry["key"]] = concern

    def priority(self, entry: Entry) -> None:
        """Agree it, and link what is done about it."""
        by = self.person(entry["by"])
        with clock.business_date(entry["agreed_on"]):
            priority = voice_answers.agree_priority(
                id=identity("priority", entry["key"]),
                location=self.locations[entry["location"]],
                title=entry["title"],
                why=entry["why"],
                doing=entry["doing"],
                agreed_on=entry["agreed_on"],
                target_place=self.place(entry),
                concerns=[self.concerns[key] for key in entry["concerns"]],
                publish=True,
                by=by,
                demonstration=True,
            )
        wanted = [identity("action", key) for key in entry["actions"]]
        voice_answers.link_actions(
            priority=priority, actions=Action.objects.filter(pk__in=wanted), by=by
        )
        self.priorities[entry["key"]] = priority

    def answer(self, entry: Entry) -> None:
        """Draft it and, where the story says by whom, approve it."""
        about: Entry = {}
        if "concern" in entry:
            about["concern"] = Concern.objects.select_related("location").get(
                pk=identity("concern", entry["concern"])
            )
        else:
            about["priority"] = self.priorities[entry["priority"]]
        with clock.business_date(entry["on"]):
            answer = voice_answers.draft_answer(
                id=identity("answer", entry["key"]),
                kind=entry["kind"],
                text=entry["text"],
                by=self.person(entry["drafted_by"]),
                demonstration=True,
                **about,
            )
            if "approved_by" in entry:
                voice_answers.approve_answer(
                    answer=answer, version=answer.version, by=self.person(entry["approved_by"])
                )

    def worry(self, entry: Entry) -> None:
        """Take a safeguarding message without mail, and keep that it was passed on."""
        with clock.business_date(entry["on"]):
            message = voice_public.take_safeguarding(
                id=identity("worry", entry["key"]),
                location=self.locations[entry["location"]],
                text=entry["text"],
                tell=False,
                demonstration=True,
            )
        passed = entry["passed_on"]
        with clock.business_date(passed["on"]):
            voice_public.pass_on_safeguarding(
                message=message,
                version=message.version,
                handled_on=passed["on"],
                note=passed["note"],
                by=self.person(passed["by"]),
            )
