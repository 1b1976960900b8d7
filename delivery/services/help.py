"""Asking for help from above: somebody sends it, somebody else decides, it comes back.

A proposal (by rule, ``help_rules``) or a new request is sent by a named person to a tier. Whoever
holds HELP_DECIDE there gives help, refuses it or passes it up; the decision goes back to the group,
where it becomes a decision on record and, if wanted, an action.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.choices import Marking
from core.errors import Refused
from core.history import because
from core.marking import refuse_unhandled
from delivery.choices import HelpOutcome, HelpState, Tier
from delivery.models import Action, HelpRequest
from delivery.services import actions, help_mail, meetings
from programmes import policy
from programmes.models import Location, StepRecord
from programmes.services.repeats import create_once, earlier, is_demonstration
from programmes.sharing import shared_with

ABOVE = {Tier.DELIVERY: Tier.TASKING, Tier.TASKING: Tier.BOARD}
"""Which tier is asked next."""


@transaction.atomic
def ask_for_help(
    *,
    location: Location,
    tier: str,
    title: str,
    reason: str,
    decide_by: dt.date,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    action: Action | None = None,
    step: StepRecord | None = None,
    marking: str = Marking.OFFICIAL,
    handling: str = "",
    demonstration: bool | None = None,
    tell: bool = True,
) -> HelpRequest:
    """Ask a tier for help with something the group cannot do itself, and send it.

    ``action`` and ``step`` say what it is about, where it is about one. ``tell`` False sends no
    mail. Raises core.errors.NotAllowed, Refused (nothing asked, no reason, a day before today,
    action or step of another location, conflicting repeat).
    """
    policy.require(by, Permission.DELIVERY_RECORD, location)
    same = {
        "location": location,
        "action": action,
        "step": step,
        "tier": tier,
        "title": title.strip(),
        "reason": reason.strip(),
        "decide_by": decide_by,
        "sent_by": by,
        "marking": marking,
        "handling": handling,
    }
    repeat = earlier(HelpRequest, id, same)
    if repeat is not None:
        return repeat
    for about in (action, step):
        if about is not None and about.location_id != location.pk:
            raise Refused(_("That belongs to another location."))
    _refuse_unfit(title=title, reason=reason, tier=tier, decide_by=decide_by)
    refuse_unhandled(marking, handling)
    with because(by=by, reason=reason):
        made, new = create_once(
            HelpRequest,
            id,
            same,
            state=HelpState.SENT,
            sent_on=clock.today(),
            agency_id=_agency_of(by, location),
            is_demonstration=is_demonstration(demonstration),
        )
    if new and tell:
        help_mail.ask(made)
    return made


@transaction.atomic
def send(
    *,
    request: HelpRequest,
    tier: str,
    title: str,
    reason: str,
    decide_by: dt.date,
    by: Any,
    marking: str = Marking.OFFICIAL,
    handling: str = "",
) -> HelpRequest:
    """Send what was proposed by rule, in a named person's own words.

    Raises core.errors.NotAllowed, Refused (as ``ask_for_help``; taken back, sent by somebody else
    already).
    """
    policy.require(by, Permission.DELIVERY_RECORD, request)
    stored = locked(request)
    if stored.state == HelpState.SENT and stored.sent_by_id == getattr(by, "pk", None):
        return stored
    if stored.state != HelpState.PROPOSED:
        raise Refused(_("This is no longer a proposal: %(state)s.") % _state(stored))
    _refuse_unfit(title=title, reason=reason, tier=tier, decide_by=decide_by)
    refuse_unhandled(marking, handling)
    stored.state, stored.tier = HelpState.SENT, tier
    stored.title, stored.reason = title.strip(), reason.strip()
    stored.decide_by, stored.sent_on, stored.sent_by = decide_by, clock.today(), by
    stored.marking, stored.handling = marking, handling
    stored.agency_id = _agency_of(by, stored.location)
    with because(by=by, reason=reason):
        _save(stored)
    help_mail.ask(stored)
    return stored


@transaction.atomic
def decide(
    *,
    request: HelpRequest,
    outcome: str,
    decision: str,
    by: Any,
    help_from: str = "",
    help_by: dt.date | None = None,
    next_decide_by: dt.date | None = None,
    tell: bool = True,
) -> HelpRequest:
    """Decide on what a group asks: help is given, refused with a reason, or passed up.

    ``decision`` is what is done, or why not; help given says from whom (``help_from``) and by when
    (``help_by``). Passed up, the next tier is asked in the decider's name until
    ``next_decide_by``. Raises core.errors.NotAllowed, Refused (one's own request, not sent or
    decided already, words or dates missing, nobody above, withheld).
    """
    policy.require(by, Permission.HELP_DECIDE, request)
    stored = locked(request)
    decision, help_from = decision.strip(), help_from.strip()
    if (stored.state, stored.outcome, stored.decision, stored.decided_by_id) == (
        HelpState.DECIDED,
        outcome,
        decision,
        getattr(by, "pk", None),
    ):
        return stored
    if stored.state != HelpState.SENT:
        raise Refused(_("There is nothing to decide here: %(state)s.") % _state(stored))
    require_open(by, stored)
    if by is not None and first_of(stored).sent_by_id == by.pk:
        raise Refused(_("You asked for this help yourself. Somebody else has to decide."))
    _refuse_half_decided(
        stored,
        outcome=outcome,
        decision=decision,
        help_from=help_from,
        help_by=help_by,
        next_decide_by=next_decide_by,
    )
    stored.state, stored.outcome = HelpState.DECIDED, outcome
    stored.decision, stored.decided_on, stored.decided_by = decision, clock.today(), by
    if outcome == HelpOutcome.GIVEN:
        stored.help_from, stored.help_by = help_from, help_by
    with because(by=by, reason=decision):
        _save(stored)
        above = _pass_up(stored, next_decide_by, by) if outcome == HelpOutcome.PASSED_UP else None
    if tell:
        help_mail.tell_decision(stored)
        if above is not None:
            help_mail.ask(above)
    return stored


@transaction.atomic
def return_to_group(
    *,
    request: HelpRequest,
    text: str,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the id of the decision that it becomes
    action_title: str = "",
    action_owner: Any = None,
    action_due_on: dt.date | None = None,
    demonstration: bool | None = None,
    tell: bool = True,
) -> HelpRequest:
    """Take a decision back to the group: it becomes a decision on record, and an action if wanted.

    ``text`` is what the group is told, in words that everybody at the location may read. What was
    passed up on the way is returned with it. Raises core.errors.NotAllowed, Refused (not decided,
    passed up, nothing said, an action without owner or day).
    """
    policy.require(by, Permission.DELIVERY_RECORD, request)
    stored = locked(request)
    if stored.state == HelpState.RETURNED and id is not None and stored.decision_record_id == id:
        return stored
    if stored.state != HelpState.DECIDED:
        raise Refused(_("There is no decision to take back: %(state)s.") % _state(stored))
    if stored.outcome == HelpOutcome.PASSED_UP:
        raise Refused(_("This was passed up; it comes back once the next tier has decided."))
    assert stored.decided_on is not None  # decided
    wants_action = bool(action_title.strip() or action_owner or action_due_on)
    if wants_action and not (action_title.strip() and action_owner and action_due_on):
        raise Refused(_("An action needs words, an owner and a day."))
    with because(by=by, reason=text):
        kept = meetings.record_decision(
            id=id,
            location=stored.location,
            text=text,
            decided_on=stored.decided_on,
            by=by,
            demonstration=demonstration,
        )
        if wants_action:
            assert action_due_on is not None
            stored.follow_up = actions.ask_action(
                id=uuid5(kept.pk, "action"),
                location=stored.location,
                title=action_title,
                owner=action_owner,
                due_on=action_due_on,
                by=by,
                decision=kept,
                step=stored.step,
                demonstration=demonstration,
                tell=tell,
            )
        stored.decision_record = kept
        _mark_returned(stored, by)
        _save(stored)
        below = stored.passed_from
        while below is not None:
            _mark_returned(below, by)
            _save(below)
            below = below.passed_from
    return stored


@transaction.atomic
def withdraw(*, request: HelpRequest, reason: str, by: Any) -> HelpRequest:
    """Take back a proposal, or what was sent and is not decided, with a reason.

    A proposal that a person took back is not proposed again for the same cause. Raises
    core.errors.NotAllowed, Refused (no reason, decided already).
    """
    policy.require(by, Permission.DELIVERY_RECORD, request)
    if not reason.strip():
        raise Refused(_("Say why it is taken back."))
    stored = locked(request)
    if stored.state == HelpState.WITHDRAWN:
        return stored
    if stored.state not in (HelpState.PROPOSED, HelpState.SENT):
        raise Refused(_("This is decided and cannot be taken back."))
    stored.state, stored.withdrawn_on = HelpState.WITHDRAWN, clock.today()
    stored.withdrawn_by, stored.withdrawn_reason = by, reason.strip()
    with because(by=by, reason=reason):
        _save(stored)
    return stored


def locked(request: HelpRequest) -> HelpRequest:
    """Return the stored request, locked until the transaction ends."""
    return (
        HelpRequest.objects.select_for_update(of=("self",))
        .select_related("location__programme", "passed_from", "step", "action")
        .get(pk=request.pk)
    )


def first_of(request: HelpRequest) -> HelpRequest:
    """Return the request of the group itself, from which this one was passed up."""
    while request.passed_from is not None:
        request = request.passed_from
    return request


def require_open(by: Any, request: HelpRequest) -> None:
    """Raise core.errors.NotAllowed where what is asked is withheld from a person."""
    from delivery.selectors.help import require_open as require

    require(shared_with(by, request.location.programme), request)


# --- Inside ---------------------------------------------------------------------------------------


def _agency_of(by: Any, location: Location) -> Any:
    return getattr(by, "agency_id", None) or location.programme.lead_agency_id


def _state(request: HelpRequest) -> dict[str, Any]:
    return {"state": request.get_state_display()}


def _save(request: HelpRequest) -> None:
    request.version += 1
    request.save()


def _mark_returned(request: HelpRequest, by: Any) -> None:
    request.state = HelpState.RETURNED
    request.returned_on, request.returned_by = clock.today(), by


def _refuse_unfit(*, title: str, reason: str, tier: str, decide_by: dt.date) -> None:
    if not title.strip():
        raise Refused(_("Say what help is asked for."))
    if not reason.strip():
        raise Refused(_("Say why help is needed."))
    if tier not in Tier.values or tier == Tier.DELIVERY:
        raise Refused(_("Ask the tasking group or the partnership board."))
    if decide_by < clock.today():
        raise Refused(_("Ask for the decision by a day that is not past."))


def _refuse_half_decided(
    request: HelpRequest,
    *,
    outcome: str,
    decision: str,
    help_from: str,
    help_by: dt.date | None,
    next_decide_by: dt.date | None,
) -> None:
    if outcome not in HelpOutcome.values:
        raise Refused(_("Say what you decide."))
    if not decision:
        raise Refused(_("Say what is done, or why not."))
    if outcome == HelpOutcome.GIVEN and not (help_from and help_by):
        raise Refused(_("Say who helps and by when."))
    if outcome == HelpOutcome.GIVEN and help_by is not None and help_by < clock.today():
        raise Refused(_("Help cannot come by a day that is past."))
    if outcome == HelpOutcome.PASSED_UP:
        if Tier(request.tier) not in ABOVE:
            raise Refused(_("There is nobody above the partnership board."))
        if next_decide_by is None or next_decide_by < clock.today():
            raise Refused(_("Say by when the next tier should decide."))


def _pass_up(request: HelpRequest, decide_by: dt.date | None, by: Any) -> HelpRequest:
    made: HelpRequest = HelpRequest.objects.create(
        id=uuid5(request.pk, "above"),
        location=request.location,
        action=request.action,
        step=request.step,
        concern=request.concern,
        tier=ABOVE[Tier(request.tier)],
        state=HelpState.SENT,
        title=request.title,
        reason=request.reason,
        agency=request.agency,
        passed_from=request,
        sent_on=clock.today(),
        sent_by=by,
        decide_by=decide_by,
        marking=request.marking,
        handling=request.handling,
        is_demonstration=request.is_demonstration,
    )
    return made
