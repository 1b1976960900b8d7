"""Reads of asking for help: what a reader sees of it, what waits for whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.scoping import permission_key
from accounts.sharing import Category
from core import clock
from core.errors import NotAllowed
from core.screen import day
from delivery.choices import HelpOutcome, HelpState
from delivery.models import HelpRequest
from programmes.models import (
    Location,
    LocationUserPermission,
    Programme,
    ProgrammeUserPermission,
)
from programmes.sharing import Shared, is_sensitive, shared_over, withheld_words

WAITING = (HelpState.PROPOSED, HelpState.SENT, HelpState.DECIDED)
"""Somebody has to do something about it."""

NOBODY = Shared(user_id=None, agency_id=None, lead_agency_id=None)

LOOKS = {
    HelpState.PROPOSED: "draft",
    HelpState.SENT: "open",
    HelpState.DECIDED: "ready",
    HelpState.RETURNED: "done",
    HelpState.WITHDRAWN: "closed",
}


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One request as a reader sees it; ``withheld`` says why its words are not shown (empty: are).

    ``look`` and ``state_label`` are the screen's status. ``about`` is what it is about, in words,
    with ``about_url``; ``is_overdue`` that the decision was asked for by an earlier day.
    """

    id: UUID
    url: str
    location: str
    location_slug: str
    title: str
    reason: str
    tier: str
    state: str
    state_label: str
    look: str
    rule: str
    proposed_on: dt.date | None
    sent_on: dt.date | None
    sent_by: str
    decide_by: dt.date | None
    is_overdue: bool
    outcome: str
    outcome_label: str
    decided_on: dt.date | None
    decided_by: str
    decision: str
    help_from: str
    help_by: dt.date | None
    returned_on: dt.date | None
    returned_by: str
    withdrawn_on: dt.date | None
    withdrawn_by: str
    withdrawn_reason: str
    is_demonstration: bool
    marking: str
    handling: str
    is_sensitive: bool
    withheld: str

    @property
    def waits(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.state in WAITING

    @property
    def is_passed_up(self) -> bool:
        """Whether the next tier is asked in its place."""
        return self.outcome == HelpOutcome.PASSED_UP


def with_names(rows: Any) -> Any:
    """Read what a line shows in the same query."""
    return rows.select_related(
        "location__programme__lead_agency",
        "agency",
        "sent_by",
        "decided_by",
        "returned_by",
        "withdrawn_by",
        "step__definition",
        "action",
        "concern",
    )


def help_at(location: Location, shared: Shared, on: dt.date | None = None) -> tuple[HelpLine, ...]:
    """Return every request of a location: what waits first, by the day of the decision."""
    return _sorted(
        HelpRequest.objects.filter(location=location), {location.programme_id: shared}, on
    )


def help_in(
    programme: Programme, user: Any, shared: Shared, on: dt.date | None = None
) -> tuple[HelpLine, ...]:
    """Return every request of a programme that a person may see."""
    rows = HelpRequest.objects.filter(location__programme=programme).visible_to(user)
    return _sorted(rows, {programme.pk: shared}, on)


@dataclass(frozen=True, slots=True)
class MyHelp:
    """What waits for one person: decisions asked of them, decisions to take back, proposals."""

    asked: tuple[HelpLine, ...]
    decided: tuple[HelpLine, ...]
    proposed: tuple[HelpLine, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not (self.asked or self.decided or self.proposed)


def my_help(user: Any, on: dt.date | None = None) -> MyHelp:
    """Return what waits for a person, the earliest date first.

    One query, and one more where something among it is marked.
    """
    rows: Any = HelpRequest.objects.all()
    if not user.is_superuser:
        decides = rows.granted(user, Permission.HELP_DECIDE) & Q(state=HelpState.SENT)
        runs = rows.granted(user, Permission.DELIVERY_RECORD) & (
            Q(state=HelpState.PROPOSED)
            | Q(state=HelpState.DECIDED) & ~Q(outcome=HelpOutcome.PASSED_UP)
        )
        rows = rows.filter(decides | runs)
    found = list(with_names(rows.filter(state__in=WAITING).exclude(sent_by=user, state="sent")))
    marked = {row.location.programme for row in found if is_sensitive(row)}
    shared = shared_over(user, marked) if marked else {}
    lines = sorted(
        (help_line(row, shared.get(row.location.programme_id, NOBODY), on) for row in found),
        key=_pressing,
    )
    return MyHelp(
        *(
            tuple(line for line in lines if line.state == state)
            for state in (HelpState.SENT, HelpState.DECIDED, HelpState.PROPOSED)
        )
    )


def help_line(request: HelpRequest, shared: Shared, on: dt.date | None = None) -> HelpLine:
    """Return one request as a reader sees it; rows come from ``with_names``."""
    on = on or clock.today()
    location, state = request.location, HelpState(request.state)
    is_open = opens(shared, request)
    overdue = state == HelpState.SENT and request.decide_by is not None and request.decide_by < on
    return HelpLine(
        id=request.pk,
        url=request.get_absolute_url(),
        location=location.name,
        location_slug=location.slug,
        title=request.title,
        reason=request.reason if is_open else "",
        tier=str(request.get_tier_display()),
        state=state,
        state_label=_("Decision overdue") if overdue else _state_words(state),
        look="late" if overdue else LOOKS[state],
        rule=request.rule,
        proposed_on=request.proposed_on,
        sent_on=request.sent_on,
        sent_by=str(request.sent_by or ""),
        decide_by=request.decide_by,
        is_overdue=overdue,
        outcome=request.outcome,
        outcome_label=str(request.get_outcome_display()) if request.outcome else "",
        decided_on=request.decided_on,
        decided_by=str(request.decided_by or ""),
        decision=request.decision if is_open else "",
        help_from=request.help_from if is_open else "",
        help_by=request.help_by,
        returned_on=request.returned_on,
        returned_by=str(request.returned_by or ""),
        withdrawn_on=request.withdrawn_on,
        withdrawn_by=str(request.withdrawn_by or ""),
        withdrawn_reason=request.withdrawn_reason if is_open else "",
        is_demonstration=request.is_demonstration,
        marking=str(request.get_marking_display()),
        handling=request.handling if is_open else "",
        is_sensitive=is_sensitive(request),
        withheld=""
        if is_open
        else withheld_words(
            Category.SENSITIVE_NOTES, request.agency or location.programme.lead_agency
        ),
    )


def opens(shared: Shared, request: HelpRequest) -> bool:
    """Say whether the words of a request are open: by its marking and whose information it is."""
    return not is_sensitive(request) or shared.covers(
        Category.SENSITIVE_NOTES, request.agency_id, request.sent_by_id
    )


def require_open(shared: Shared, request: HelpRequest) -> None:
    """Raise core.errors.NotAllowed for a request whose words are withheld."""
    if not opens(shared, request):
        owner = request.agency or request.location.programme.lead_agency
        raise NotAllowed(withheld_words(Category.SENSITIVE_NOTES, owner))


@dataclass(frozen=True, slots=True)
class About:
    """What a request is about: a step, an action, a promised answer; a link where it opens."""

    label: str
    text: str
    url: str


def about(request: HelpRequest, rights: frozenset[Permission]) -> tuple[About, ...]:
    """Return what a request is about, for somebody with these permissions at the location."""
    slug = request.location.slug
    found = []
    if request.step is not None:
        number, name = request.step.definition.number, request.step.definition.name
        found.append(
            About(
                _("Step"),
                f"{number}. {name}",
                reverse("programmes:step-detail", args=[slug, number]),
            )
        )
    if request.action is not None:
        found.append(About(_("Action"), request.action.title, request.action.get_absolute_url()))
    if request.concern is not None:
        moderates = Permission.VOICE_MODERATE in rights
        found.append(
            About(
                _("Promised answer"),
                _("What a resident said on %(date)s") % {"date": day(request.concern.heard_on)},
                request.concern.get_absolute_url() if moderates else "",
            )
        )
    return tuple(found)


def holders_of(location: Location, permission: Permission) -> Any:
    """Return the people with an open account who hold a permission at a location."""
    here = LocationUserPermission.objects.filter(
        content_object=location, permission_id=permission_key(Location, permission)
    )
    above = ProgrammeUserPermission.objects.filter(
        content_object_id=location.programme_id,
        permission_id=permission_key(Programme, permission),
    )
    return (
        User.objects.filter(is_active=True, left_on__isnull=True)
        .filter(Q(pk__in=here.values("user")) | Q(pk__in=above.values("user")))
        .order_by("name")
    )


def _sorted(rows: Any, shared: dict[UUID, Shared], on: dt.date | None) -> tuple[HelpLine, ...]:
    lines = [help_line(row, shared[row.location.programme_id], on) for row in with_names(rows)]
    return tuple(sorted(lines, key=_pressing))


def _state_words(state: HelpState) -> str:
    return _("Waiting for a decision") if state == HelpState.SENT else str(state.label)


def _pressing(line: HelpLine) -> tuple[Any, ...]:
    """Sort what waits before what is done; then by its date, done ones the newest first."""
    if line.waits:
        return (0, line.decide_by or line.proposed_on or dt.date.max, line.location, line.title)
    done = line.returned_on or line.withdrawn_on or dt.date.min
    return (1, dt.date.max - done, line.location, line.title)
