"""In which week a step is likely to be done: a small rule over records, without any database.

The rule (docs/steps.md says it in plain words):

1. A step that is signed off has no forecast: it is done, and holds nothing up.
2. **Floor.** A step is never forecast earlier than its planned end, moved by as many days as the
   step before it is forecast to run over (its slip), and by as many days as the most overdue
   action tied to the step is late; and never earlier than today.
3. **Pace.** Work that has put a share of the required evidence in place, in the days since it
   began, needs the same pace for the rest: ``began + days / share``. At least a week of days
   counts, so that a first day's work promises nothing.
4. The forecast is the later of floor and pace. Where all required evidence is in place, the floor
   alone counts: the step waits for its sign-off.
5. A step of which nothing is recorded yet, or none of the required evidence, has no forecast.
   It still passes its floor on to the steps after it.
6. A step that was begun out of order, with its reason, does not wait for the step before it.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programmes.choices import StepState

LEAST_DAYS = 7
"""Fewest days a pace is taken over."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rule reads of one step.

    ``done`` of ``wanted`` kinds of required evidence are in place; ``began_on`` is the day work
    began where it is known; ``overdue_days`` is how late the most overdue action tied to the step
    is, ``overdue`` how many such actions there are. ``out_of_order`` says that it was begun, with
    a reason, before earlier steps were signed off.
    """

    state: StepState
    planned_start: dt.date
    planned_end: dt.date
    began_on: dt.date | None
    done: int
    wanted: int
    overdue_days: int = 0
    overdue: int = 0
    out_of_order: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a step is likely to be done.

    ``week`` is the programme's week of the day ``on``; both are None where nothing can be
    forecast. ``slip_days`` is by how much the step runs past its planned end, which it passes on.
    ``reason`` says in words where it comes from.
    """

    week: int | None
    on: dt.date | None
    slip_days: int
    reason: str


def forecasts(
    standings: list[Standing], *, starts_on: dt.date, on: dt.date, numbers: list[int]
) -> list[Forecast]:
    """Return the forecast of each step of one location, in the order of their ``numbers``.

    ``starts_on`` is the programme's first day, ``on`` the day on which is judged.
    """
    found: list[Forecast] = []
    slip, slip_of = 0, 0
    for standing, number in zip(standings, numbers, strict=True):
        if standing.out_of_order:
            slip = 0
        one = _forecast(standing, slip=slip, slip_of=slip_of, starts_on=starts_on, on=on)
        found.append(one)
        slip, slip_of = one.slip_days, number
    return found


def _forecast(
    step: Standing, *, slip: int, slip_of: int, starts_on: dt.date, on: dt.date
) -> Forecast:
    if step.state == StepState.SIGNED_OFF:
        return Forecast(None, None, 0, "")
    moved = step.planned_end + dt.timedelta(days=slip + step.overdue_days)
    floor = max(moved, on)
    if step.state == StepState.NOT_STARTED:
        return Forecast(None, None, _past(floor, step), _("No forecast: nothing recorded yet."))
    if step.wanted and not step.done:
        return Forecast(
            None,
            None,
            _past(floor, step),
            _("No forecast: none of the required evidence is in place yet."),
        )
    day = max(floor, _at_this_pace(step, on)) if step.done < step.wanted else floor
    week = (day - starts_on).days // 7 + 1
    return Forecast(week, day, _past(day, step), _words(step, day, moved, slip, slip_of))


def _past(day: dt.date, step: Standing) -> int:
    """Return by how many days a day lies past the planned end."""
    return max(0, (day - step.planned_end).days)


def _at_this_pace(step: Standing, on: dt.date) -> dt.date:
    """Return the day on which all required evidence is in place if work goes on as it has."""
    began = min(step.began_on or step.planned_start, on)
    days = max((on - began).days, LEAST_DAYS)
    return began + dt.timedelta(days=math.ceil(days * step.wanted / step.done))


def _words(step: Standing, day: dt.date, moved: dt.date, slip: int, slip_of: int) -> str:
    """Say what decides the forecast, then what else moves it."""
    pieces = []
    if step.done >= step.wanted:
        pieces.append(_("All required evidence is in place; it waits for its sign-off."))
    elif day > moved:
        pieces.append(
            _("At the pace so far: %(done)d of %(wanted)d kinds of evidence are in place.")
            % {"done": step.done, "wanted": step.wanted}
        )
    else:
        pieces.append(
            _("%(done)d of %(wanted)d kinds of evidence are in place.")
            % {"done": step.done, "wanted": step.wanted}
        )
    if day == moved and not slip and not step.overdue_days:
        pieces.append(_("That is enough for the planned end."))
    if slip and day == moved:
        pieces.append(
            _("Step %(number)d before it runs %(length)s over.")
            % {"number": slip_of, "length": _length(slip)}
        )
    if step.overdue_days and day == moved:
        pieces.append(
            ngettext(
                "An action it depends on is %(length)s overdue.",
                "%(count)d actions it depends on are overdue, the longest by %(length)s.",
                step.overdue,
            )
            % {"count": step.overdue, "length": _length(step.overdue_days)}
        )
    return " ".join(pieces)


def _length(days: int) -> str:
    if days < 14:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    weeks = days // 7
    return ngettext("%(count)d week", "%(count)d weeks", weeks) % {"count": weeks}
