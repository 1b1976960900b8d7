"""Short ways to say what the tests of programmes do again and again."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from accounts.grants import give_role
from accounts.roles import Role
from programmes import services
from programmes.models import Evidence, Location, LocationMembership, StepRecord
from tests.personas import LONG_AGO, People


def give_roles_at(people: People, location: Location) -> None:
    for user, role in (
        (people.coordinator, Role.COORDINATOR),
        (people.community, Role.COMMUNITY_COORDINATOR),
        (people.partner, Role.PARTNER),
        (people.verifier, Role.VERIFIER),
    ):
        give_role(
            membership_model=LocationMembership,
            user=user,
            anchor=location,
            role=role,
            starts_on=LONG_AGO,
            by=people.admin,
        )


def fill(record: StepRecord, *, by, on: dt.date, leave_out: int = 0, reason: str = "") -> None:
    """Record one piece of every required kind of evidence, or all but some."""
    wanted = list(record.definition.evidence_wanted.filter(required=True))
    for kind in wanted[: len(wanted) - leave_out]:
        note(record, by=by, on=on, wanted=kind, reason=reason)


def note(record: StepRecord, *, by, on: dt.date, wanted=None, reason: str = "", **more) -> Evidence:
    given = {
        "title": wanted.label if wanted else "A walk",
        "note": "Seen on the day.",
        "id": uuid4(),
        **more,
    }
    return services.record_evidence(
        record=record, wanted=wanted, done_on=on, by=by, out_of_order_reason=reason, **given
    )


def form_id(response) -> str:
    """Return the client-made id that a shown form carries."""
    return str(response.context["form"]["id"].value())


def address(path: str) -> str:
    """Return the address of a page of Leominster."""
    return f"/locations/leominster/{path}"


def date(name: str, day: dt.date) -> dict[str, int]:
    """Return a day as the three boxes of a form send it."""
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
