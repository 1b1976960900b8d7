"""What was heard at a location, and what was promised for it: figures and lists."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Value

from accounts.permissions import Permission
from core import clock
from delivery.choices import ConcernState
from delivery.models import Answer, Concern, Priority, SafeguardingMessage
from delivery.selectors.totals import HEARD, total
from programmes.models import Location

WAITING = (ConcernState.NEW, ConcernState.OPEN)


@dataclass(frozen=True, slots=True)
class VoiceCounts:
    """How what was heard at a location stands on a day; overdue ones are waiting ones, too."""

    heard: int
    new: int
    open: int
    answered: int
    overdue: int

    @property
    def waiting(self) -> int:
        """Those to whom an answer is owed."""
        return self.new + self.open


@dataclass(frozen=True, slots=True)
class VoicePlace:
    """What waits for one person at one location."""

    name: str
    slug: str
    new: int = 0
    overdue: int = 0
    to_approve: int = 0
    safeguarding: int = 0


def people_heard(location: Location, first: dt.date, last: dt.date) -> int:
    """Return how many times people were heard at a location on these days, both included.

    The one figure that every page, report, export and the API show. Counted is what residents
    brought, by the day it was heard, whatever became of it; not what was sent twice or empty, and
    not what was moved to safeguarding.
    """
    return total("people_heard", location, first, last)


def voice_counts(location: Location, on: dt.date | None = None) -> VoiceCounts:
    """Return how what was heard stands on a day (one query)."""
    on = on or clock.today()
    found = Concern.objects.filter(location=location, heard_on__lte=on).aggregate(
        heard=Count("pk", filter=HEARD),
        new=Count("pk", filter=Q(state=ConcernState.NEW)),
        open=Count("pk", filter=Q(state=ConcernState.OPEN)),
        answered=Count("pk", filter=Q(state=ConcernState.ANSWERED)),
        overdue=Count("pk", filter=Q(state__in=WAITING, answer_by__lt=on)),
    )
    return VoiceCounts(**found)


def open_promises(location: Location) -> Any:
    """Return what was heard and is not answered yet, the answer that is due first in front."""
    rows = Concern.objects.filter(location=location, state__in=WAITING, answer_by__isnull=False)
    return rows.select_related("target_place", "priority").order_by("answer_by", "heard_on")


def concerns_of(location: Location, reader: Any) -> Any:
    """Return what was heard at a location, as far as a reader finds it, with what a list shows."""
    drafts = Answer.objects.filter(
        concern=OuterRef("pk"), published_on__isnull=True, withdrawn_on__isnull=True
    )
    return (
        Concern.objects.filter(location=location)
        .visible_to(reader)
        .select_related("location", "target_place", "priority")
        .annotate(has_draft=Exists(drafts))
        .order_by("answer_by", "heard_on", "created_at")
    )


def priorities_of(location: Location, reader: Any) -> Any:
    """Return a location's priorities, those that stand first, with how many asked for each."""
    return (
        Priority.objects.filter(location=location)
        .visible_to(reader)
        .select_related("location", "target_place", "decision")
        .annotate(
            asked=Count("concerns", distinct=True), doing_count=Count("actions", distinct=True)
        )
        .order_by("-ended_on", "-agreed_on")
    )


def answers_of(location: Location, reader: Any) -> Any:
    """Return a location's answers that a reader may see, newest first."""
    rows = Answer.objects.filter(location=location).visible_to(reader)
    rows = rows.select_related("location", "concern", "priority", "drafted_by", "approved_by")
    return rows.order_by("-answered_on", "-created_at")


def drafts(rows: Any) -> Any:
    """Return the answers that wait for approval."""
    return rows.filter(published_on__isnull=True, withdrawn_on__isnull=True)


def voice_work(user: Any, on: dt.date | None = None) -> list[VoicePlace]:
    """Return where what waits for a person: to read, overdue, to approve, to pass on (one query).

    Answers that the person drafted are left out: somebody else approves them.
    """
    on = on or clock.today()
    is_late = Q(state__in=WAITING, answer_by__lt=on)
    is_new = Q(state=ConcernState.NEW)
    concerns = Concern.objects.all().visible_to(user, Permission.VOICE_MODERATE)
    concerns = concerns.filter(is_new | is_late)
    answers = drafts(Answer.objects.all().visible_to(user, Permission.LOCATION_MANAGE))
    answers = answers.exclude(drafted_by=user)
    messages = SafeguardingMessage.objects.all().visible_to(user, Permission.SAFEGUARDING_READ)
    messages = messages.filter(handled_on__isnull=True)
    none, some = Value(0), Count("pk")
    rows = _waiting(
        concerns, Count("pk", filter=is_new), Count("pk", filter=is_late), none, none
    ).union(
        _waiting(answers, none, none, some, none),
        _waiting(messages, none, none, none, some),
        all=True,
    )
    found: dict[tuple[str, str], VoicePlace] = {}
    for name, slug, new, overdue, to_approve, safeguarding in rows:
        known = found.get((name, slug), VoicePlace(name, slug))
        found[name, slug] = VoicePlace(
            name,
            slug,
            known.new + new,
            known.overdue + overdue,
            known.to_approve + to_approve,
            known.safeguarding + safeguarding,
        )
    return [found[key] for key in sorted(found)]


def _waiting(rows: Any, new: Any, overdue: Any, to_approve: Any, safeguarding: Any) -> Any:
    """Return (name, slug, four numbers) for each location of some rows, for a union."""
    return (
        rows.order_by()
        .values("location__name", "location__slug")
        .annotate(n_new=new, n_late=overdue, n_approve=to_approve, n_safe=safeguarding)
        .values_list("location__name", "location__slug", "n_new", "n_late", "n_approve", "n_safe")
    )
