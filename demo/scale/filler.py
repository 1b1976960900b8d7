"""Makes rows at each synthetic location, kind after kind, and counts them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from accounts.models import User
from delivery.models import Action, DeliveryGroup, Meeting
from programmes.models import Location

BATCH = 2_000


class Filler:
    """The locations to be filled, and what was made so far.

    ``people`` take turns as owners and authors; ``common`` marks every row as synthetic; ``rows``
    counts what was made by its name.
    """

    def __init__(
        self, locations: list[Location], people: list[User], on: dt.date, common: dict[str, Any]
    ) -> None:
        self.locations = locations
        self.people = people
        self.on = on
        self.since = on - dt.timedelta(weeks=8)
        self.common = common
        self.rows: dict[str, int] = {}
        self.group_of: dict[Any, DeliveryGroup] = {}
        self.meeting_of: dict[Any, Meeting] = {}
        self.action_of: dict[Any, Action] = {}

    def person(self, turn: int) -> User:
        """Return whose turn it is."""
        return self.people[turn % len(self.people)]

    def author(self, turn: int) -> dict[str, Any]:
        """Return who recorded a row, and for which agency."""
        person = self.person(turn)
        return {"recorded_by": person, "agency": person.agency}

    def store(self, name: str, rows: Iterator[Any]) -> list[Any]:
        """Store rows of one model, and return them."""
        made = list(rows)
        type(made[0])._base_manager.bulk_create(made, batch_size=BATCH)
        self.rows[name] = len(made)
        return made

    def each(self, times: int) -> Iterator[tuple[int, Location, int]]:
        """Yield a running number, the location and 1 … ``times`` for each location."""
        turn = 0
        for location in self.locations:
            for number in range(1, times + 1):
                turn += 1
                yield turn, location, number
