"""Open actions of somebody who leaves, and how they go to whoever takes over."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core.screen import day
from delivery.models import Action
from delivery.selectors.actions import people_to_ask
from delivery.services.action_rules import locked
from delivery.services.actions import give_to


def action_lines(user: User) -> list[str]:
    """Return the open actions that somebody is to do, in words."""
    return [
        _("%(title)s, %(place)s, due on %(day)s")
        % {"title": action.title, "place": action.location.name, "day": day(action.due_on)}
        for action in _held(user)
    ]


def hand_over_actions(user: User, successor: User, by: Any) -> list[str]:
    """Give open actions to the successor, where they have a role; say in words what was done.

    The successor finds them in My week, not accepted yet; they get no mail for each.
    """
    told: list[str] = []
    for action in _held(user):
        words = {"title": action.title, "place": action.location.name, "name": successor}
        if not people_to_ask(action.location).filter(pk=successor.pk).exists():
            told.append(_("%(title)s: %(name)s has no role at %(place)s.") % words)
            continue
        give_to(locked(action), owner=successor, by=by, why=_("Handed over"), tell=False)
        told.append(_("%(title)s, %(place)s: handed over to %(name)s.") % words)
    return told


def _held(user: User) -> Any:
    return Action.objects.open().filter(owner=user).select_related("location__programme")
