"""What somebody who leaves holds here: the problems they lead and the interventions they own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core.history import because
from delivery.selectors.actions import people_to_ask
from problems.choices import InterventionState, ProblemState
from problems.models import Intervention, Problem
from problems.services.common import locked


def _held(user: User) -> list[Any]:
    problems = Problem.objects.filter(owner=user, state=ProblemState.OPEN)
    running = (InterventionState.PLANNED, InterventionState.RUNNING)
    owned = Intervention.objects.filter(owner=user, state__in=running)
    return [
        *problems.select_related("location"),
        *owned.select_related("problem__location"),
    ]


def _place(row: Any) -> Any:
    return row.location if isinstance(row, Problem) else row.problem.location


def held_lines(user: User) -> list[str]:
    """Return what somebody leads or owns, in words."""
    return [f"{row.title}, {_place(row).name}" for row in _held(user)]


def hand_over(user: User, successor: User, by: Any) -> list[str]:
    """Give it to the successor, where they have a role; say in words what was done."""
    told: list[str] = []
    for row in _held(user):
        place = _place(row)
        words = {"title": row.title, "place": place.name, "name": successor}
        if not people_to_ask(place).filter(pk=successor.pk).exists():
            told.append(_("%(title)s: %(name)s has no role at %(place)s.") % words)
            continue
        stored = locked(row)
        stored.owner = successor
        with because(by=by, reason=_("Handed over")):
            stored.save_version(stored.version)
        told.append(_("%(title)s, %(place)s: handed over to %(name)s.") % words)
    return told
