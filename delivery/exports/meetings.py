"""The lists of meetings and of decisions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.exports import Column, ColumnType, Export, register
from core.personal import Personal
from delivery.choices import MeetingKind, MeetingState
from delivery.models import Decision, Meeting
from delivery.selectors.meetings import with_numbers
from programmes.exports.common import SCOPES, locations_in, may_lead_sensitive


def _meetings(user: Any, scope: Any) -> Any:
    rows = Meeting.objects.filter(location__in=locations_in(user, scope))
    rows = rows.select_related("location", "group", "called_by")
    return with_numbers(rows).order_by("held_on", "starts_at", "pk")


def _decisions(user: Any, scope: Any) -> Any:
    rows = Decision.objects.filter(location__in=locations_in(user, scope))
    rows = rows.select_related("location", "meeting", "issue", "recorded_by")
    return rows.order_by("decided_on", "created_at", "pk")


def _number(key: str, title: Any, description: Any) -> Column:
    return Column(
        key=key,
        title=title,
        description=description,
        type=ColumnType.INTEGER,
        value=f"{key}_count",
    )


LOCATION = Column(
    key="location", title=_("Location"), description=_("The town."), value="location.name"
)
INVENTED = Column(
    key="demonstration",
    title=_("Invented"),
    description=_("Whether the record is invented for demonstration."),
    type=ColumnType.YES_NO,
    value="is_demonstration",
)

MEETINGS = Export(
    key="delivery.meetings",
    title=_("Meetings"),
    description=_("When meetings are and were, how many came, and how much came of them."),
    model=Meeting,
    scopes=SCOPES,
    permissions=(Permission.EXPORT,),
    queryset=_meetings,
    may_sensitive=may_lead_sensitive,
    date="held_on",
    date_label=_("day"),
    order=42,
    columns=(
        LOCATION,
        Column(
            key="day",
            title=_("Day"),
            description=_("The day of the meeting."),
            type=ColumnType.DATE,
            value="held_on",
        ),
        Column(
            key="kind",
            title=_("Kind"),
            description=_("Which template it follows."),
            value="get_kind_display",
            choices=[(label, label) for label in MeetingKind.labels],
        ),
        Column(key="title", title=_("Title"), description=_("What it is called.")),
        Column(
            key="state",
            title=_("How it stands"),
            description=_("Planned, held or cancelled."),
            value="get_state_display",
            choices=[(label, label) for label in MeetingState.labels],
        ),
        Column(
            key="group",
            title=_("Group"),
            description=_("The group that meets; empty for none."),
            value="group.name",
        ),
        _number("invited", _("On the list"), _("How many people were asked or came.")),
        _number("present", _("Present"), _("How many people were there.")),
        _number("issue", _("Issues"), _("How many issues were raised.")),
        _number("decision", _("Decisions"), _("How many decisions were taken.")),
        _number("action", _("Actions"), _("How many actions were asked for.")),
        Column(
            key="called_by",
            title=_("Called by"),
            description=_("Who planned it."),
            personal=Personal.AUTHOR,
        ),
        INVENTED,
    ),
)

DECISIONS = Export(
    key="delivery.decisions",
    title=_("Decisions"),
    description=_("What was decided, when and at which meeting."),
    model=Decision,
    scopes=SCOPES,
    permissions=(Permission.EXPORT,),
    queryset=_decisions,
    may_sensitive=may_lead_sensitive,
    date="decided_on",
    date_label=_("decided on"),
    order=44,
    columns=(
        LOCATION,
        Column(
            key="decided_on",
            title=_("Decided on"),
            description=_("The day on which it was decided."),
            type=ColumnType.DATE,
        ),
        Column(
            key="text",
            title=_("Decision"),
            description=_("What was decided."),
            personal=Personal.FREE_TEXT,
        ),
        Column(
            key="issue",
            title=_("Issue"),
            description=_("What was raised before; empty for none in particular."),
            value="issue.text",
            personal=Personal.FREE_TEXT,
        ),
        Column(
            key="meeting",
            title=_("Meeting"),
            description=_("Where it was decided; empty: outside a meeting."),
            value="meeting.title",
        ),
        Column(
            key="recorded_by",
            title=_("Recorded by"),
            description=_("Who wrote it down."),
            personal=Personal.AUTHOR,
        ),
        INVENTED,
    ),
)


def register_all() -> None:
    """Offer both lists."""
    register(MEETINGS)
    register(DECISIONS)
