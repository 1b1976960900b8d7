"""The list of actions to take along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core import clock, exports
from core.choices import Marking
from core.exports import Column, Export
from core.personal import Personal
from delivery.choices import ActionState
from delivery.models import Action
from delivery.selectors.actions import opens_action
from programmes.exports.common import (
    DATE,
    NUMBER,
    SCOPES,
    YES_NO,
    locations_in,
    programme_of,
    sees_personal,
)
from programmes.sharing import shared_with


def register() -> None:
    """Make the list known."""
    exports.register(ACTIONS)


def _may(user: Any, scope: Any) -> Callable[[Any], bool]:
    shared, personal = shared_with(user, programme_of(scope)), sees_personal(user, scope)
    return lambda row: personal and opens_action(shared, row, user)


def _column(key: str, title: Any, description: Any, **more: Any) -> Column:
    return Column(key=key, title=title, description=description, **more)


ACTIONS = Export(
    key="delivery.actions",
    title=_("Actions"),
    description=_("What was asked of whom by when, and what became of it; without photos."),
    model=Action,
    scopes=SCOPES,
    permissions=(Permission.EXPORT,),
    queryset=lambda user, scope: (
        Action.objects.filter(location__in=locations_in(user, scope))
        .select_related(
            "location__programme",
            "target_place",
            "owner__agency",
            "asked_by",
            "agency",
            "evidence__step_record__definition",
        )
        .prefetch_related("helpers")
        .order_by("due_on", "created_at", "pk")
    ),
    may_sensitive=_may,
    date="due_on",
    date_label=_("due on"),
    order=50,
    columns=(
        _column("location", _("Location"), _("The town."), value="location.name"),
        _column(
            "place",
            _("Target place"),
            _("The spot; empty: the whole location."),
            value="target_place.name",
        ),
        _column("title", _("Action"), _("What is to be done.")),
        _column("owner", _("Owner"), _("Who answers for it."), personal=Personal.IDENTITY),
        _column(
            "owner_agency",
            _("Owner’s agency"),
            _("The agency of whoever answers for it."),
            value="owner.agency.name",
        ),
        _column("due_on", _("Due on"), _("The agreed day."), type=DATE),
        _column(
            "state",
            _("State"),
            _("How it stands."),
            value="get_state_display",
            choices=[(label, label) for label in ActionState.labels],
        ),
        _column(
            "late",
            _("Days late"),
            _("Days past its date while it is open, on the business date; else 0."),
            type=NUMBER,
            value=lambda row: row.days_late(clock.today()),
        ),
        _column("asked_on", _("Asked on"), _("The day it was asked."), type=DATE),
        _column("asked_by", _("Asked by"), _("Who asked for it."), personal=Personal.AUTHOR),
        _column("blocked_on", _("Blocked since"), _("The day on which it was said."), type=DATE),
        _column(
            "blocked_reason",
            _("What blocks it"),
            _("In the words of whoever is to do it."),
            personal=Personal.FREE_TEXT,
        ),
        _column("closed_on", _("Closed on"), _("The day it was done or dropped."), type=DATE),
        _column(
            "closing_note",
            _("What was done"),
            _("In the words of whoever did it."),
            personal=Personal.FREE_TEXT,
        ),
        _column(
            "evidence_step",
            _("Evidence on step"),
            _("The number of the step on which it stands as evidence."),
            type=NUMBER,
            value="evidence.step_record.definition.number",
        ),
        _column(
            "agency",
            _("Whose information"),
            _("The agency it belongs to; empty: the lead agency's."),
            value="agency.name",
        ),
        _column(
            "marking",
            _("Marking"),
            _("Security marking of the record."),
            value="get_marking_display",
            choices=[(label, label) for label in Marking.labels],
        ),
        _column(
            "demonstration",
            _("Invented"),
            _("Whether the record is invented for demonstration."),
            type=YES_NO,
            value="is_demonstration",
        ),
    ),
)
