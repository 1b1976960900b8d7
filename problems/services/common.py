"""What the services of problems share: locking, owners, days."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.policy import require
from core import clock
from core.errors import Refused
from core.screen import day
from problems.choices import ProblemState
from problems.models import Problem
from programmes.models import Location, TargetPlace

Row = TypeVar("Row", bound=models.Model)
P = Permission


def locked(row: Row) -> Row:
    """Return a row anew, locked until the transaction ends."""
    manager: Any = type(row)._default_manager
    return manager.select_for_update(of=("self",)).get(pk=row.pk)


def require_open(problem: Problem, by: Any) -> None:
    """Raise NotAllowed without the right to record problems, Refused if the problem is closed."""
    require(by, P.PROBLEM_RECORD, problem)
    if problem.state == ProblemState.CLOSED:
        raise Refused(_("This problem is closed. Open it again before changing it."))


def refuse_future(date: dt.date, today: dt.date | None = None) -> None:
    """Raise Refused for a day after the business date."""
    today = today or clock.today()
    if date > today:
        raise Refused(_("The date must be %(date)s or earlier.") % {"date": day(today)})


def refuse_stranger(person: Any, location: Location) -> None:
    """Raise Refused for an owner without a role at the location."""
    if person is None or not Location.objects.all().visible_to(person).filter(pk=location.pk):
        raise Refused(_("Choose somebody who has a role at %(place)s.") % {"place": location.name})


def refuse_other_place(place: TargetPlace | None, location: Location) -> None:
    """Raise Refused for a target place of another location."""
    if place is not None and place.location_id != location.pk:
        raise Refused(_("Choose a target place of %(place)s.") % {"place": location.name})
