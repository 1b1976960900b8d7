"""The lists of members, of attendance at training, and of the log."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.sharing import Category
from core.choices import Marking
from core.exports import Column, Export
from core.personal import Personal
from delivery.choices import GroupKind, GroupRole, LogKind
from delivery.models import GroupMember, LogEntry, TrainingAttendance
from delivery.selectors.groups import MEMBERS as MEMBER_ROWS
from delivery.selectors.groups import MemberLine, namings_for
from delivery.selectors.log import ENTRIES, opens_text
from programmes.choices import ConsentPurpose
from programmes.exports.common import (
    DATE,
    NUMBER,
    SCOPES,
    YES_NO,
    locations_in,
    outdated_by,
    programme_of,
    sees_personal,
)
from programmes.models import Location
from programmes.sharing import shared_with

BOTH = (Permission.EXPORT, Permission.VIEW)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A membership as it is exported: what never depends on the reader, and the row itself."""

    member: GroupMember
    line: MemberLine

    @property
    def marking(self) -> str:
        """The marking of the membership."""
        return str(self.member.marking)


def _house_lines(rows: list[GroupMember]) -> Iterable[MemberRow]:
    """Return rows as the house may show them: consents bind it; agreements come afterwards."""
    namings = namings_for(
        None, {row.group.location_id: row.group.location for row in rows}.values()
    )
    return [MemberRow(row, namings[row.group.location_id].line(row)) for row in rows]


def _members_withheld(user: Any, scope: Any) -> Callable[[Any], Collection[str]]:
    namings = namings_for(user, _at(user, scope).select_related("programme"))

    def withheld(row: MemberRow) -> Collection[str]:
        naming = namings.get(row.member.group.location_id)
        hidden = []
        if row.line.is_named and not (naming and naming.opens(row.member)):
            hidden.append("name")
        if (row.line.email or row.line.contact) and not (naming and naming.reaches(row.member)):
            hidden.append("contact")
        return hidden

    return withheld


def _at(user: Any, scope: Any) -> Any:
    """Return the locations of a scope whose lists a person may take, and which they may see."""
    return Location.objects.filter(pk__in=locations_in(user, scope).values("pk")).visible_to(
        user, Permission.VIEW
    )


MEMBERS = Export(
    key="delivery.members",
    title=_("Members of groups"),
    description=_("Who sits in the groups, for which agency, from when to when."),
    model=GroupMember,
    scopes=SCOPES,
    permissions=BOTH,
    queryset=lambda user, scope: MEMBER_ROWS.filter(group__location__in=_at(user, scope)).order_by(
        "group__location__name", "group__kind", "group__name", "joined_on", "pk"
    ),
    prepare=_house_lines,
    withheld=_members_withheld,
    outdated=outdated_by(ConsentPurpose.GROUP),
    date="joined_on",
    date_label=_("joined on"),
    order=50,
    columns=(
        Column(
            key="location",
            title=_("Location"),
            description=_("The town."),
            value="member.group.location.name",
        ),
        Column(
            key="group",
            title=_("Group"),
            description=_("The group's name."),
            value="member.group.name",
        ),
        Column(
            key="kind",
            title=_("Kind"),
            description=_("Delivery group or working group."),
            value="member.group.get_kind_display",
            choices=[(label, label) for label in GroupKind.labels],
        ),
        Column(
            key="name",
            title=_("Name"),
            description=_("The member's name; of the community only with a consent that stands."),
            value="line.name",
            personal=Personal.IDENTITY,
            category=Category.PEOPLE,
        ),
        Column(
            key="agency",
            title=_("Comes for"),
            description=_("The agency; empty: the community."),
            value="member.agency.name",
        ),
        Column(
            key="seat", title=_("Seat"), description=_("The seat taken."), value="member.seat.label"
        ),
        Column(
            key="role",
            title=_("Role"),
            description=_("What they do in the group."),
            value="line.role_label",
            choices=[(label, label) for label in GroupRole.labels],
        ),
        Column(
            key="joined_on",
            title=_("Since"),
            description=_("First day in the group."),
            type=DATE,
            value="member.joined_on",
        ),
        Column(
            key="left_on",
            title=_("Until"),
            description=_("Last day in the group; empty while it lasts."),
            type=DATE,
            value="member.left_on",
        ),
        Column(
            key="contact",
            title=_("How to reach them"),
            description=_("E-mail address or other contact, where an agreement covers it."),
            value=lambda row: row.line.email or row.line.contact or None,
            personal=Personal.CONTACT,
            category=Category.PEOPLE,
        ),
        Column(
            key="demonstration",
            title=_("Invented"),
            description=_("Whether the record is invented for demonstration."),
            type=YES_NO,
            value="member.is_demonstration",
        ),
    ),
)

ATTENDANCE = Export(
    key="delivery.training",
    title=_("Attendance at training"),
    description=_("How many people of each agency came to which session; nobody is named."),
    model=TrainingAttendance,
    scopes=SCOPES,
    permissions=(Permission.EXPORT,),
    queryset=lambda user, scope: (
        TrainingAttendance.objects.filter(session__location__in=locations_in(user, scope))
        .select_related("session__location", "session__course", "agency")
        .order_by("session__held_on", "session_id", "agency__name", "pk")
    ),
    date="session__held_on",
    date_label=_("held on"),
    order=51,
    columns=(
        Column(
            key="location",
            title=_("Location"),
            description=_("The town."),
            value="session.location.name",
        ),
        Column(
            key="course",
            title=_("Course"),
            description=_("Which course it was."),
            value="session.course.name",
        ),
        Column(
            key="level",
            title=_("Level"),
            description=_("For whom the course is."),
            value="session.course.level",
        ),
        Column(
            key="held_on",
            title=_("Held on"),
            description=_("The day of the session."),
            type=DATE,
            value="session.held_on",
        ),
        Column(
            key="where",
            title=_("Where"),
            description=_("Where it was held."),
            value="session.where",
        ),
        Column(
            key="agency",
            title=_("Agency"),
            description=_("Where these people come from."),
            value=lambda row: row.agency.name if row.agency else _t("The community"),
        ),
        Column(
            key="people",
            title=_("People"),
            description=_(
                "How many came. An agency may have several rows for one session: add them up."
            ),
            type=NUMBER,
        ),
        Column(
            key="of_group",
            title=_("Of a group"),
            description=_("Whether this row is a member of a group who was ticked."),
            type=YES_NO,
            value=lambda row: row.member_id is not None,
        ),
        Column(
            key="demonstration",
            title=_("Invented"),
            description=_("Whether the record is invented for demonstration."),
            type=YES_NO,
            value="is_demonstration",
        ),
    ),
)


def _may_log(user: Any, scope: Any) -> Callable[[Any], bool]:
    shared, personal = shared_with(user, programme_of(scope)), sees_personal(user, scope)
    return lambda row: personal and opens_text(shared, row)


LOG = Export(
    key="delivery.log",
    title=_("Log"),
    description=_("Visits, briefings and talks: when, where, what happened."),
    model=LogEntry,
    scopes=SCOPES,
    permissions=BOTH,
    queryset=lambda user, scope: ENTRIES.filter(location__in=_at(user, scope)).order_by(
        "done_on", "created_at", "pk"
    ),
    may_sensitive=_may_log,
    date="done_on",
    date_label=_("done on"),
    order=52,
    columns=(
        Column(
            key="location", title=_("Location"), description=_("The town."), value="location.name"
        ),
        Column(key="done_on", title=_("On"), description=_("The day."), type=DATE),
        Column(
            key="kind",
            title=_("What"),
            description=_("What it was."),
            value="get_kind_display",
            choices=[(label, label) for label in LogKind.labels],
        ),
        Column(
            key="place",
            title=_("Target place"),
            description=_("The target place; empty: elsewhere, or all of the town."),
            value="target_place.name",
        ),
        Column(key="where", title=_("Where"), description=_("Where exactly.")),
        Column(
            key="text",
            title=_("What happened"),
            description=_("In the recorder's words."),
            personal=Personal.FREE_TEXT,
        ),
        Column(
            key="people",
            title=_("People met"),
            description=_("How many people were met; empty: not counted."),
            type=NUMBER,
        ),
        Column(
            key="recorded_by",
            title=_("Recorded by"),
            description=_("Who noted it."),
            personal=Personal.AUTHOR,
        ),
        Column(
            key="agency",
            title=_("Whose information"),
            description=_("The agency it belongs to."),
            value="agency.name",
        ),
        Column(
            key="marking",
            title=_("Marking"),
            description=_("Security marking of the record."),
            value="get_marking_display",
            choices=[(label, label) for label in Marking.labels],
        ),
        Column(
            key="demonstration",
            title=_("Invented"),
            description=_("Whether the record is invented for demonstration."),
            type=YES_NO,
            value="is_demonstration",
        ),
    ),
)
