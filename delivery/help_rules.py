"""When help from above is proposed: the thresholds, each with its reason, and the causes found.

Nothing is sent by rule: a proposal only reminds those who run the group that others can unblock
what they cannot. The thresholds are the product's defaults.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.screen import day
from delivery.choices import ActionState, ConcernState, Tier
from delivery.models import Action, Concern
from programmes.models import Location, SignOff, StepRecord

OVERDUE_DAYS = 14
"""An action: two weeks are two meetings of most groups' weekly round, and past every reminder."""
BLOCKED_DAYS = 10
"""A blocked action: its owner has said that they cannot go on, so it waits less long."""
LATE_WEEKS = 3
"""A step: about half of a typical step's planned length (five to eleven weeks)."""
SETTLED = (ConcernState.ANSWERED, ConcernState.NOT_PUBLISHED)


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing for which help could be asked; ``key`` is the same for as long as it lasts.

    The key holds the promised date: a new date is a new promise, and may be a new cause.
    """

    key: str
    location: Location
    rule: str
    title: str
    tier: Tier
    action: Action | None = None
    step: StepRecord | None = None
    concern: Concern | None = None

    @property
    def about(self) -> dict[str, Any]:
        """What it is about, as the fields of a request."""
        return {"action": self.action, "step": self.step, "concern": self.concern}


def causes(on: dt.date) -> Iterator[Cause]:
    """Yield every cause that stands on a day; three queries. Blocked comes before overdue."""
    yield from _actions(on)
    yield from _steps(on)
    yield from _concerns(on)


def _actions(on: dt.date) -> Iterator[Cause]:
    waits = Q(due_on__lte=on - dt.timedelta(days=OVERDUE_DAYS)) | Q(
        state=ActionState.BLOCKED, blocked_on__lte=on - dt.timedelta(days=BLOCKED_DAYS)
    )
    for row in Action.objects.all().open().filter(waits).select_related("location", "step"):
        key = f"action-{row.pk}-{row.due_on}"
        blocked = (on - row.blocked_on).days if row.blocked_on else 0
        late = (on - row.due_on).days
        if row.state == ActionState.BLOCKED and blocked >= BLOCKED_DAYS:
            rule = _("blocked for %(days)d days, since %(date)s") % {
                "days": blocked,
                "date": day(row.blocked_on),
            }
        else:
            rule = _("overdue by %(days)d days, since %(date)s") % {
                "days": late,
                "date": day(row.due_on),
            }
        title = _("Unblock: %(title)s") % {"title": row.title}
        yield Cause(key, row.location, rule, title, Tier.TASKING, action=row, step=row.step)


def _steps(on: dt.date) -> Iterator[Cause]:
    before = on - dt.timedelta(weeks=LATE_WEEKS)
    signed = SignOff.objects.filter(reopened_on__isnull=True)
    rows = (
        StepRecord.objects.filter(planned_end__lte=before)
        .exclude(pk__in=signed.values("step_record"))
        .select_related("location", "definition")
    )
    for row in rows:
        weeks = (on - row.planned_end).days // 7
        yield Cause(
            f"step-{row.pk}-{row.planned_end}",
            row.location,
            ngettext("%(weeks)d week late", "%(weeks)d weeks late", weeks) % {"weeks": weeks},
            _("Bring step %(number)d forward: %(name)s")
            % {"number": row.definition.number, "name": row.definition.name},
            Tier.TASKING,
            step=row,
        )


def _concerns(on: dt.date) -> Iterator[Cause]:
    rows = (
        Concern.objects.filter(answer_by__lt=on)
        .exclude(state__in=SETTLED)
        .select_related("location")
    )
    for row in rows:
        yield Cause(
            f"concern-{row.pk}-{row.answer_by}",
            row.location,
            _("answer promised by %(date)s") % {"date": day(row.answer_by)},
            _("Answer a resident: the promised day has passed"),
            Tier.TASKING,
            concern=row,
        )
