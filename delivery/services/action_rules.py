"""What every change of an action asks: who may do it, whether it is open, whether it fits."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.errors import Conflict, NotAllowed, Refused
from core.screen import day
from delivery.choices import ActionState
from delivery.models import Action
from delivery.selectors.actions import opens_action, people_to_ask
from programmes import policy
from programmes.models import Location
from programmes.sharing import shared_with

RECORD = Permission.DELIVERY_RECORD


def locked(action: Action, version: int | None = None) -> Action:
    """Return the stored action, locked until the transaction ends; answers wait for each other.

    Raises core.errors.Conflict where ``version`` is not the stored one.
    """
    stored: Action = (
        Action.objects.select_for_update(of=("self",))
        .select_related(
            "location__programme",
            "owner__agency",
            "asked_by",
            "target_place",
            "step",
            "photo",
            "evidence",
        )
        .get(pk=action.pk)
    )
    if version is not None and stored.version != version:
        raise Conflict(
            _("Someone else changed this action while you were editing it."), current=stored
        )
    return stored


def runs_it(by: Any, action: Action) -> bool:
    """Say whether somebody runs actions at the location."""
    return by is None or policy.holds(by, RECORD, action)


def require_hand(by: Any, action: Action, *, owner: bool = False) -> None:
    """Raise core.errors.NotAllowed unless a person does the action or runs actions there.

    ``owner`` leaves helpers out. Whoever lost their role at the location does nothing there.
    """
    if runs_it(by, action):
        return
    mine = action.owner_id == by.pk or (not owner and action.helpers.filter(pk=by.pk).exists())
    if not (mine and policy.holds(by, Permission.VIEW, action)):
        raise NotAllowed(_("Only whoever is to do this action, or runs actions here, can do that."))


def refuse_closed(action: Action) -> None:
    """Raise Refused for an action that nobody has to do any more."""
    if action.state == ActionState.DONE:
        raise Refused(_("This action was finished on %(day)s.") % {"day": day(action.closed_on)})
    if action.state == ActionState.DROPPED:
        raise Refused(
            _("This action was dropped on %(day)s: %(why)s")
            % {"day": day(action.closed_on), "why": action.dropped_reason}
        )


def refuse_unfit_day(due_on: dt.date) -> None:
    """Raise Refused for a due date before today (by the business date)."""
    if due_on < clock.today():
        raise Refused(_("The date lies before today. Choose today or later."))


def refuse_strangers(location: Location, people: list[Any]) -> None:
    """Raise Refused for anybody without an open account and a role at the location."""
    known = set(people_to_ask(location).filter(pk__in=[one.pk for one in people]).values_list("pk"))
    for one in people:
        if (one.pk,) not in known:
            raise Refused(
                _("%(name)s has no role at %(place)s. Give them one first.")
                % {"name": one, "place": location.name}
            )


def refuse_elsewhere(location: Location, *things: Any) -> None:
    """Raise Refused for a place, step, meeting or decision of another location."""
    for thing in things:
        if thing is not None and thing.location_id != location.pk:
            raise Refused(_("“%(thing)s” belongs to another location.") % {"thing": str(thing)})


def require_words(by: Any, action: Action) -> None:
    """Raise NotAllowed for an action whose words are withheld from a person."""
    shared = shared_with(by, action.location.programme)
    if by is not None and not opens_action(shared, action, by):
        raise NotAllowed(
            _("What this action says is withheld from you: no sharing agreement opens it.")
        )
