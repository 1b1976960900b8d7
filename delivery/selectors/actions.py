"""Reads of actions: whose they are, how they stand, and who could be asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.scoping import permission_key
from accounts.sharing import Category
from core import clock
from delivery.choices import ActionState
from delivery.models import Action, ActionComment
from delivery.models.action import CLOSED
from delivery.selectors.totals import total
from programmes.models import (
    Location,
    LocationUserPermission,
    Programme,
    ProgrammeUserPermission,
)
from programmes.sharing import Shared, is_sensitive, withheld_words

WEEK = dt.timedelta(days=7)
LATELY = 2 * WEEK


@dataclass(frozen=True, slots=True)
class ActionCounts:
    """How many actions of a location stand how on a day; overdue ones are open ones, too."""

    open: int
    overdue: int
    blocked: int
    done: int
    proposed: int


@dataclass(frozen=True, slots=True)
class MyActions:
    """What one person is to do on a day, as owner or helper: each list the earliest date first.

    ``blocked`` waits for others; ``asked`` are those that the person has not accepted yet (they
    stand in one of the other lists, too). Weeks run from Monday to Sunday.
    """

    on: dt.date
    late: tuple[Action, ...]
    this_week: tuple[Action, ...]
    later: tuple[Action, ...]
    blocked: tuple[Action, ...]

    @property
    def all(self) -> tuple[Action, ...]:
        """Every open one."""
        return (*self.late, *self.this_week, *self.blocked, *self.later)


@dataclass(frozen=True, slots=True)
class Answered:
    """What waits for whoever runs actions at some locations, the most pressing first.

    ``done`` were finished in the last two weeks and are no evidence on a step yet.
    """

    blocked: tuple[Action, ...]
    proposed: tuple[Action, ...]
    overdue: tuple[Action, ...]
    done: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class ActionWords:
    """What an action says, as far as it is open to a reader; ``withheld`` tells why if not."""

    details: str
    proposed_why: str
    blocked_reason: str
    closing_note: str
    dropped_reason: str
    photo: bool
    withheld: str = ""


@dataclass(frozen=True, slots=True)
class CommentLine:
    """One comment as a reader sees it."""

    by: str
    agency: str
    on: dt.date
    text: str
    withheld: bool


def people_to_ask(location: Location) -> Any:
    """Return the people who may be asked: an open account, and a role that sees the location."""
    here = LocationUserPermission.objects.filter(
        content_object=location,
        permission_id=permission_key(Location, Permission.VIEW),
    )
    above = ProgrammeUserPermission.objects.filter(
        content_object_id=location.programme_id,
        permission_id=permission_key(Programme, Permission.VIEW),
    )
    return (
        User.objects.filter(is_active=True, left_on__isnull=True)
        .filter(Q(pk__in=here.values("user")) | Q(pk__in=above.values("user")))
        .select_related("agency")
        .order_by("name")
    )


def people_seen_by(reader: Any) -> Any:
    """Return the people with a role at any location that a reader sees: who is who there is open.

    Whether somebody may be asked at one location is ``people_to_ask``.
    """
    places = Location.objects.all().visible_to(reader).order_by()
    here = LocationUserPermission.objects.filter(
        content_object__in=places.values("pk"),
        permission_id=permission_key(Location, Permission.VIEW),
    )
    above = ProgrammeUserPermission.objects.filter(
        content_object__in=places.values("programme"),
        permission_id=permission_key(Programme, Permission.VIEW),
    )
    return User.objects.filter(is_active=True, left_on__isnull=True).filter(
        Q(pk__in=here.values("user")) | Q(pk__in=above.values("user"))
    )


def actions_of(location: Location, reader: Any) -> Any:
    """Return the actions of a location that a reader may see, with what a list shows of them."""
    return with_names(Action.objects.filter(location=location).visible_to(reader))


def open_actions(location: Location, reader: Any) -> Any:
    """Return the open ones among them, the earliest date first."""
    return actions_of(location, reader).open().order_by("due_on", "title")


def with_names(rows: Any) -> Any:
    """Read what a list shows in the same query."""
    return rows.select_related(
        "location__programme__lead_agency",
        "owner__agency",
        "agency",
        "target_place",
        "step__definition",
    ).order_by("due_on", "title")


def actions_done(location: Location, first: dt.date, last: dt.date) -> int:
    """Return how many actions of a location were finished on these days, both included.

    The one figure that every page, report and export shows.
    """
    return total("actions_done", location, first, last)


def action_counts(location: Location, on: dt.date | None = None) -> ActionCounts:
    """Return how the actions of a location stand on a day (one query)."""
    return action_counts_over([location], on)[location.pk]


def action_counts_over(
    locations: Iterable[Location], on: dt.date | None = None
) -> dict[UUID, ActionCounts]:
    """Return how the actions of each location stand on a day (one query, however many)."""
    on = on or clock.today()
    places = [location.pk for location in locations]
    is_open = ~Q(state__in=(ActionState.DONE, ActionState.DROPPED))
    rows = (
        Action.objects.filter(location__in=places)
        .order_by()
        .values("location")
        .annotate(
            open=Count("pk", filter=is_open),
            overdue=Count("pk", filter=is_open & Q(due_on__lt=on)),
            blocked=Count("pk", filter=Q(state=ActionState.BLOCKED)),
            done=Count("pk", filter=Q(state=ActionState.DONE)),
            proposed=Count("pk", filter=is_open & Q(proposed_due_on__isnull=False)),
        )
    )
    nothing = ActionCounts(open=0, overdue=0, blocked=0, done=0, proposed=0)
    counted = {row.pop("location"): ActionCounts(**row) for row in rows}
    return {place: counted.get(place, nothing) for place in places}


def own_actions(user: Any) -> Any:
    """Return what a person is to do or did, at locations they still see."""
    return with_names(Action.objects.all().visible_to(user).of(user))


def my_actions(user: Any, on: dt.date | None = None) -> MyActions:
    """Return what a person is to do (one query)."""
    on = on or clock.today()
    week_ends = on + dt.timedelta(days=6 - on.weekday())
    rows = list(own_actions(user).open())
    blocked = [row for row in rows if row.state == ActionState.BLOCKED]
    free = [row for row in rows if row.state != ActionState.BLOCKED]
    return MyActions(
        on=on,
        late=tuple(row for row in free if row.due_on < on),
        this_week=tuple(row for row in free if on <= row.due_on <= week_ends),
        later=tuple(row for row in free if row.due_on > week_ends),
        blocked=tuple(blocked),
    )


def waiting_for(user: Any, on: dt.date | None = None) -> Answered:
    """Return what waits for somebody who runs actions: blocked, other dates, overdue, just done."""
    on = on or clock.today()
    pressing = Q(state=ActionState.BLOCKED) | Q(proposed_due_on__isnull=False) | Q(due_on__lt=on)
    finished = Q(state=ActionState.DONE, closed_on__gt=on - LATELY) & (
        Q(evidence__isnull=True) | Q(evidence__withdrawn_on__isnull=False)
    )
    every = with_names(Action.objects.all().visible_to(user, Permission.DELIVERY_RECORD))
    found = list(every.filter((~Q(state__in=CLOSED) & pressing) | finished))
    rows = [row for row in found if row.is_open]
    blocked = [row for row in rows if row.state == ActionState.BLOCKED]
    proposed = [row for row in rows if row.proposed_due_on and row not in blocked]
    overdue = [
        row
        for row in rows
        if row.due_on < on
        and row.owner_id != user.pk
        and row not in blocked
        and row not in proposed
    ]
    done = [row for row in found if not row.is_open]
    return Answered(tuple(blocked), tuple(proposed), tuple(overdue), tuple(done))


def colleagues(action: Action) -> Any:
    """Return to whom the owner may pass an action: people of their own agency with a role there."""
    people = people_to_ask(action.location).exclude(pk=action.owner_id)
    return people.filter(agency_id=action.owner.agency_id, agency__isnull=False)


def opens_action(shared: Shared, action: Action, reader: Any) -> bool:
    """Say whether what an action says is open: to those who do it or asked for it always."""
    if not is_sensitive(action):
        return True
    if reader is not None and (action.asked_by_id == reader.pk or action.is_of(reader)):
        return True
    return shared.covers(Category.SENSITIVE_NOTES, action.agency_id, action.asked_by_id)


def action_words(action: Action, shared: Shared, reader: Any) -> ActionWords:
    """Return what an action says to a reader."""
    if opens_action(shared, action, reader):
        return ActionWords(
            details=action.details,
            proposed_why=action.proposed_why,
            blocked_reason=action.blocked_reason,
            closing_note=action.closing_note,
            dropped_reason=action.dropped_reason,
            photo=action.photo_id is not None,
        )
    owner = action.agency or action.location.programme.lead_agency
    return ActionWords(
        "", "", "", "", "", photo=False, withheld=withheld_words(Category.SENSITIVE_NOTES, owner)
    )


def opens_comment(shared: Shared, comment: ActionComment, action: Action, reader: Any) -> bool:
    """Say whether a comment is open: as its action, a marked one as what its own agency says."""
    if not opens_action(shared, action, reader):
        return False
    if not is_sensitive(comment) or (reader is not None and comment.said_by_id == reader.pk):
        return True
    return shared.covers(Category.SENSITIVE_NOTES, comment.agency_id, comment.said_by_id)


def comment_lines(action: Action, shared: Shared, reader: Any) -> list[CommentLine]:
    """Return the comments on an action in their order; sensitive ones as far as they are open."""
    rows = ActionComment.objects.filter(action=action).select_related("said_by", "agency")
    lines: list[CommentLine] = []
    for row in rows.order_by("created_at"):
        is_open = opens_comment(shared, row, action, reader)
        lines.append(
            CommentLine(
                by=str(row.said_by),
                agency=str(row.agency or ""),
                on=row.said_on,
                text=row.text if is_open else _("withheld"),
                withheld=not is_open,
            )
        )
    return lines
