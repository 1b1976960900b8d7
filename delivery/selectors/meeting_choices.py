"""Whom a form of meetings offers: members of the groups, and people with a role here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core import clock
from delivery.meeting_templates import MeetingTemplate
from delivery.models import DeliveryGroup, Meeting
from delivery.selectors.actions import people_to_ask
from delivery.selectors.groups import Naming, naming_for
from delivery.selectors.meeting_people import (
    Invitee,
    members_on,
    person_words,
    usually_asked,
)
from programmes.models import Location


@dataclass(frozen=True, slots=True)
class Choices:
    """What to tick: (key, words) in their order, whom each key stands for, which are ticked."""

    options: tuple[tuple[str, str], ...]
    found: dict[str, Invitee]
    ticked: tuple[str, ...] = field(default=())


def groups_of(location: Location) -> Any:
    """Return the groups at work at a location today, the delivery group first."""
    rows = DeliveryGroup.objects.filter(location=location).standing(clock.today())
    return rows.order_by("kind", "name")


def people_to_invite(
    location: Location,
    reader: Any,
    *,
    template: MeetingTemplate | None = None,
    group: DeliveryGroup | None = None,
    meeting: Meeting | None = None,
    naming: Naming | None = None,
) -> Choices:
    """Return whom to ask to a meeting, as a reader may know them.

    Members of ``group``, or of the only group of the kind that the template names, come first and
    are ticked, then people by role, those whom the template asks ticked. Who is on the list of
    ``meeting`` already is left out.
    """
    there: list[tuple[Any, ...]] = list(
        meeting.attendance.values_list("user", "member", "member__consent") if meeting else []
    )
    users: set[UUID | None] = {one[0] for one in there}
    members: set[UUID | None] = {one[1] for one in there}
    consents: set[UUID | None] = {one[2] for one in there}
    groups = list(groups_of(location))
    ticked_groups = _ticked_groups(groups, template, group)
    naming = naming or naming_for(reader, location)
    asked = usually_asked(template, location) if template is not None else set()
    options: list[tuple[str, str]] = []
    found: dict[str, Invitee] = {}
    ticked: list[str] = []
    rows = members_on(groups)
    rows.sort(key=lambda row: (row.group_id not in ticked_groups, row.agency_id is None))
    for row in rows:
        if row.pk in members or (row.user_id is not None and row.user_id in users):
            continue
        if row.consent_id is not None and row.consent_id in consents:
            continue
        users.add(row.user_id)
        consents.add(row.consent_id)
        line, key = naming.line(row), f"member:{row.pk}"
        words = f"{line.name}, {line.agency_name}" if line.agency_name else line.name
        elsewhere = "" if row.group_id in ticked_groups else f" · {row.group.name}"
        options.append((key, f"{words}{elsewhere}"))
        found[key] = Invitee(member=row)
        if row.group_id in ticked_groups:
            ticked.append(key)
    people = [one for one in people_to_ask(location) if one.pk not in users]
    people.sort(key=lambda one: one.pk not in asked)
    for one in people:
        key = f"user:{one.pk}"
        words = person_words(one, naming.shared, naming.reader_id)
        if one.agency is not None and str(one.agency) not in words:
            words = f"{words}, {one.agency}"
        options.append((key, words))
        found[key] = Invitee(user=one)
        if one.pk in asked and not (ticked_groups and template and template.group):
            ticked.append(key)
    return Choices(tuple(options), found, tuple(ticked))


def _ticked_groups(
    groups: list[DeliveryGroup], template: MeetingTemplate | None, group: DeliveryGroup | None
) -> set[UUID]:
    if group is not None:
        return {group.pk}
    if template is None or template.group is None:
        return set()
    found = [one.pk for one in groups if one.kind == template.group]
    return set(found) if len(found) == 1 else set()
