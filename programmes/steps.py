"""The rules of steps, without any database: states, timing, order, planned dates, and why.

Progress is computed: the kinds of required evidence that are there, over those that are wanted.
Gates are soft (work out of order needs a reason), sign-offs are hard (all required evidence).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programmes.choices import StepState, StepTiming


def planned_dates(starts_on: dt.date, first_week: int, last_week: int) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a span of the programme's weeks (week 1 is the first).

    The last day is the seventh day of the last week.
    """
    return (
        starts_on + dt.timedelta(weeks=first_week - 1),
        starts_on + dt.timedelta(weeks=last_week) - dt.timedelta(days=1),
    )


def state_of(
    *, signed_off: bool, started: bool, has_evidence: bool, done: int, wanted: int
) -> StepState:
    """Return how a step stands.

    A step that wants nothing required is ready as soon as it has begun, never by itself.
    """
    if signed_off:
        return StepState.SIGNED_OFF
    begun = started or has_evidence
    if begun and done >= wanted:
        return StepState.READY
    return StepState.UNDER_WAY if begun else StepState.NOT_STARTED


def timing_of(
    *, state: StepState, planned_start: dt.date, planned_end: dt.date, on: dt.date
) -> StepTiming:
    """Return how a step stands against its plan on a day; late begins the day after the end."""
    if state == StepState.SIGNED_OFF:
        return StepTiming.DONE
    if on > planned_end:
        return StepTiming.LATE
    if state == StepState.NOT_STARTED and on < planned_start:
        return StepTiming.NOT_DUE
    return StepTiming.IN_TIME


def look_of(*, state: StepState, timing: StepTiming, planned_start: dt.date, on: dt.date) -> str:
    """Return the screen's status (``core.statuses``): signed off, late, ready, due and so on."""
    if state == StepState.SIGNED_OFF:
        return "signed_off"
    if timing == StepTiming.LATE:
        return "late"
    if state == StepState.READY:
        return "ready"
    if state == StepState.UNDER_WAY:
        return "in_progress"
    return "due_soon" if on >= planned_start else "not_started"


def label_of(look: str) -> str:
    """Return words where the screen's own would mislead: due means "should have begun"."""
    return str(_("Due to start")) if look == "due_soon" else ""


def day(date: dt.date) -> str:
    """Write a date as "12 March 2024"."""
    return formats.date_format(date, "j F Y")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step has its colour: ``short`` for a cell of the board, ``full`` as sentences."""

    short: str
    full: str


def reason_for(
    *,
    look: str,
    done: int,
    wanted: int,
    planned_start: dt.date,
    planned_end: dt.date,
    on: dt.date,
    signed_on: dt.date | None,
    signed_by: Any,
) -> Reason:
    """Put in words what lies behind a colour, with the figures and dates it rests on."""
    pieces = _("%(done)d of %(wanted)d kinds of evidence are in place.") % {
        "done": done,
        "wanted": wanted,
    }
    share = _("%(done)d of %(wanted)d") % {"done": done, "wanted": wanted}
    if look == "signed_off" and signed_on is not None:
        return Reason(
            day(signed_on),
            _("Signed off by %(name)s on %(date)s.")
            % {
                "name": signed_by,
                "date": day(signed_on),
            },
        )
    if look == "late":
        late = late_words(planned_end, on)
        if done >= wanted:
            pieces = _("All required evidence is in place: it waits for its sign-off.")
        planned = _("It was planned to end on %(date)s, %(late)s ago.") % {
            "date": day(planned_end),
            "late": late,
        }
        return Reason(
            _("%(share)s · %(late)s over") % {"share": share, "late": late}, f"{planned} {pieces}"
        )
    if look == "ready":
        return Reason(
            share, _("All required evidence is in place; a person with that right can sign it off.")
        )
    if look == "in_progress":
        planned = _("It is planned to end on %(date)s.") % {"date": day(planned_end)}
        return Reason(share, f"{planned} {pieces}")
    if look == "due_soon":
        return Reason(
            _("since %(date)s") % {"date": formats.date_format(planned_start, "j M")},
            _("It was planned to start on %(date)s and nothing is recorded yet.")
            % {"date": day(planned_start)},
        )
    return Reason(
        _("from %(date)s") % {"date": formats.date_format(planned_start, "j M")},
        _("It is planned to start on %(date)s.") % {"date": day(planned_start)},
    )


def late_words(end: dt.date, on: dt.date) -> str:
    """Write how long after its planned end a step is: days up to two weeks, then whole weeks."""
    days = (on - end).days
    if days < 14:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    weeks = days // 7
    return ngettext("%(count)d week", "%(count)d weeks", weeks) % {"count": weeks}


def earlier_open(number: int, signed_off: Iterable[tuple[int, bool]]) -> list[int]:
    """Return the numbers of earlier steps that are not signed off.

    ``signed_off`` holds (step's number, whether it stands signed off) of one location.
    """
    return sorted(other for other, signed in signed_off if other < number and not signed)


def numbers_words(numbers: list[int]) -> str:
    """Write step numbers as "step 4" or "steps 1, 2 and 4"."""
    if len(numbers) == 1:
        return _("step %(number)d") % {"number": numbers[0]}
    head = ", ".join(str(number) for number in numbers[:-1])
    return _("steps %(head)s and %(last)d") % {"head": head, "last": numbers[-1]}
