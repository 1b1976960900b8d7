"""Actions as those who run them see them: asked, changed, handed over, dropped, made evidence.

What the owner answers is in ``delivery.services.answers``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock, files
from core.choices import Marking
from core.errors import Refused
from core.history import because
from core.marking import refuse_unhandled
from core.screen import day
from delivery.choices import ActionState
from delivery.models import Action, ActionComment, Decision, Meeting
from delivery.services import action_mail
from delivery.services.action_rules import (
    RECORD,
    locked,
    refuse_closed,
    refuse_elsewhere,
    refuse_strangers,
    refuse_unfit_day,
    require_hand,
    require_words,
)
from programmes import policy
from programmes.models import Evidence, EvidenceWanted, Location, StepRecord, TargetPlace
from programmes.services import record_evidence
from programmes.services.repeats import create_once, earlier, is_demonstration

EDITABLE = ("title", "details", "due_on", "target_place", "step", "marking", "handling")


@transaction.atomic
def ask_action(
    *,
    id: UUID | None,  # noqa: A002  # the field's own name
    location: Location,
    title: str,
    owner: Any,
    due_on: dt.date,
    by: Any,
    meeting: Meeting | None = None,
    decision: Decision | None = None,
    step: StepRecord | None = None,
    target_place: TargetPlace | None = None,
    details: str = "",
    helpers: Iterable[Any] = (),
    marking: str = Marking.OFFICIAL,
    handling: str = "",
    demonstration: bool | None = None,
    tell: bool = True,
) -> Action:
    """Ask a person with a role at a location to do something by a day; they get a mail with a link.

    ``tell`` False sends no mail (records taken over from elsewhere). Sending the same ``id`` again
    with the same content is harmless, and sends no second mail. Raises core.errors.NotAllowed,
    Refused (nothing said, somebody without a role there, a target place, step, meeting or decision
    of another location, a day before today, OFFICIAL-SENSITIVE without handling, conflicting
    repeat).
    """
    policy.require(by, RECORD, location)
    same = {
        "location": location,
        "title": title.strip(),
        "details": details.strip(),
        "owner": owner,
        "due_on": due_on,
        "target_place": target_place,
        "step": step,
        "meeting": meeting,
        "decision": decision,
        "asked_by": by,
        "marking": marking,
        "handling": handling,
    }
    repeat = earlier(Action, id, {**same, **_handed(id, owner)})
    if repeat is not None:
        return repeat
    if not same["title"]:
        raise Refused(_("Say what is to be done."))
    refuse_elsewhere(location, target_place, step, meeting, decision)
    refuse_unfit_day(due_on)
    refuse_unhandled(marking, handling)
    others = [one for one in helpers if one.pk != owner.pk]
    refuse_strangers(location, [owner, *others])
    with because(by=by):
        action, new = create_once(
            Action,
            id,
            same,
            asked_on=clock.today(),
            agency_id=getattr(by, "agency_id", None) or location.programme.lead_agency_id,
            is_demonstration=is_demonstration(demonstration),
            **_accepted_by(owner, by),
        )
        if new and others:
            action.helpers.set(others)
    if new and tell:
        action_mail.ask(action, by=by)
    return action


@transaction.atomic
def edit_action(
    *,
    action: Action,
    version: int,
    by: Any,
    helpers: Iterable[Any] | None = None,
    **changes: Any,
) -> Action:
    """Change an open action; ``changes`` holds fields of ``EDITABLE``, ``helpers`` None stay.

    A new due date settles a date that was proposed, and the owner is told of it. Raises
    core.errors.Conflict if someone saved in between, NotAllowed, Refused (as ``ask_action``,
    closed already).
    """
    policy.require(by, RECORD, action)
    unknown = changes.keys() - set(EDITABLE)
    if unknown:
        raise ValueError(f"{sorted(unknown)} are no fields that edit_action changes")
    stored = locked(action, version)
    require_words(by, stored)
    refuse_closed(stored)
    before = stored.due_on
    for name, value in changes.items():
        setattr(stored, name, value.strip() if isinstance(value, str) else value)
    if not stored.title:
        raise Refused(_("Say what is to be done."))
    refuse_elsewhere(stored.location, stored.target_place, stored.step, None, None)
    refuse_unhandled(stored.marking, stored.handling)
    moved = stored.due_on != before
    if moved:
        refuse_unfit_day(stored.due_on)
        stored.proposed_due_on, stored.proposed_why = None, ""
    with because(by=by):
        stored.save_version(version)
        if helpers is not None:
            others = [one for one in helpers if one.pk != stored.owner_id]
            refuse_strangers(stored.location, others)
            stored.helpers.set(others)
    if moved:
        action_mail.tell_owner(
            stored, by=by, what=_("The date of this action is now %(day)s.") % _due(stored)
        )
    return stored


@transaction.atomic
def hand_over_action(*, action: Action, owner: Any, by: Any, why: str = "") -> Action:
    """Give an open action to another person with a role there; they are asked anew.

    Handing it to whoever has it is harmless. Raises core.errors.NotAllowed, Refused (closed, no
    role there).
    """
    policy.require(by, RECORD, action)
    stored = locked(action)
    return give_to(stored, owner=owner, by=by, why=why)


def give_to(stored: Action, *, owner: Any, by: Any, why: str, tell: bool = True) -> Action:
    """Make somebody the owner of a locked action, and ask them; both services end here."""
    refuse_closed(stored)
    if stored.owner_id == owner.pk:
        return stored
    refuse_strangers(stored.location, [owner])
    stored.owner = owner
    stored.proposed_due_on, stored.proposed_why = None, ""
    if stored.state != ActionState.BLOCKED:
        stored.state, stored.accepted_on = ActionState.ASKED, None
    with because(by=by, reason=why.strip()):
        stored.save_version(stored.version)
        stored.helpers.remove(owner)
    if tell:
        action_mail.ask(stored, by=by, words="" if stored.marking != Marking.OFFICIAL else why)
    return stored


@transaction.atomic
def drop_action(*, action: Action, reason: str, by: Any) -> Action:
    """Say that an action is not going ahead, and why; the owner is told. Twice is harmless.

    Raises core.errors.NotAllowed, Refused (no reason, done already).
    """
    policy.require(by, RECORD, action)
    stored = locked(action)
    if stored.state == ActionState.DROPPED:
        return stored
    refuse_closed(stored)
    if not reason.strip():
        raise Refused(_("Say why it is not going ahead."))
    stored.state, stored.closed_on = ActionState.DROPPED, clock.today()
    stored.dropped_reason = reason.strip()
    stored.proposed_due_on, stored.proposed_why = None, ""
    with because(by=by, reason=stored.dropped_reason):
        stored.save_version(stored.version)
    action_mail.tell_owner(
        stored,
        by=by,
        what=_("This action is not going ahead. You need do nothing."),
        words=stored.dropped_reason,
    )
    return stored


@transaction.atomic
def reopen_action(*, action: Action, reason: str, by: Any) -> Action:
    """Open a closed action again, with a reason; what was said of it stays in the history.

    Raises core.errors.NotAllowed, Refused (open, no reason, stands as evidence on a step).
    """
    policy.require(by, RECORD, action)
    stored = locked(action)
    if stored.is_open:
        raise Refused(_("This action is open already."))
    if not reason.strip():
        raise Refused(_("Say why it is opened again."))
    if stored.evidence is not None and stored.evidence.withdrawn_on is None:
        raise Refused(_("It stands as evidence on a step. Withdraw the evidence there first."))
    stored.state, stored.closed_on = ActionState.ACCEPTED, None
    stored.closing_note, stored.dropped_reason = "", ""
    stored.photo, stored.photo_sha256 = None, ""
    stored.blocked_on, stored.blocked_reason = None, ""
    with because(by=by, reason=reason.strip()):
        stored.save_version(stored.version)
    action_mail.tell_owner(
        stored, by=by, what=_("This action is open again."), words=reason.strip()
    )
    return stored


@transaction.atomic
def answer_proposal(*, action: Action, accept: bool, by: Any) -> Action:
    """Take the date that the owner proposed, or leave the date as it is; the owner is told.

    Raises core.errors.NotAllowed, Refused (closed, no date proposed).
    """
    policy.require(by, RECORD, action)
    stored = locked(action)
    refuse_closed(stored)
    if stored.proposed_due_on is None:
        raise Refused(_("No other date is proposed for this action."))
    if accept:
        stored.due_on = stored.proposed_due_on
        if stored.state == ActionState.ASKED:
            stored.state, stored.accepted_on = ActionState.ACCEPTED, clock.today()
        what = _("Your date is agreed: this action is now due on %(day)s.") % _due(stored)
    else:
        what = _("Your date cannot be agreed: this action stays due on %(day)s.") % _due(stored)
    stored.proposed_due_on, stored.proposed_why = None, ""
    with because(by=by):
        stored.save_version(stored.version)
    action_mail.tell_owner(stored, by=by, what=what)
    return stored


@transaction.atomic
def make_evidence(
    *,
    action: Action,
    by: Any,
    step: StepRecord | None = None,
    wanted: EvidenceWanted | None = None,
    out_of_order_reason: str = "",
) -> Evidence:
    """Record a finished action as evidence on a step: its title, what was done, its photo.

    ``step`` None takes the step that the action names. The action is linked to the evidence; doing
    it twice is harmless while that evidence stands. Raises core.errors.NotAllowed, Refused (not
    done, no step, whatever ``record_evidence`` refuses).
    """
    policy.require(by, Permission.STEP_RECORD, action)
    stored = locked(action)
    if stored.evidence is not None and stored.evidence.withdrawn_on is None:
        return stored.evidence
    if stored.state != ActionState.DONE or stored.closed_on is None:
        raise Refused(_("Only what is done can be evidence."))
    require_words(by, stored)
    step = step or stored.step
    if step is None:
        raise Refused(_("Choose the step that it is evidence for."))
    refuse_elsewhere(stored.location, None, step, None, None)
    upload = None
    if stored.photo is not None:
        with files.open_file(stored.photo) as stream:
            upload = SimpleUploadedFile(
                stored.photo.name, stream.read(), content_type=stored.photo.content_type
            )
    evidence = record_evidence(
        id=uuid4(),
        record=step,
        wanted=wanted,
        title=stored.title,
        note=stored.closing_note or _("Done; see the photo."),
        done_on=stored.closed_on,
        upload=upload,
        marking=stored.marking,
        handling=stored.handling,
        out_of_order_reason=out_of_order_reason,
        demonstration=stored.is_demonstration,
        by=by,
    )
    stored.evidence = evidence
    if stored.step_id is None:
        stored.step = step
    with because(by=by):
        stored.save_version(stored.version)
    return evidence


@transaction.atomic
def add_comment(
    *,
    id: UUID | None,  # noqa: A002  # the field's own name
    action: Action,
    text: str,
    by: Any,
    tell: bool = True,
) -> ActionComment:
    """Say something about an action: those who do it, and those who run actions there.

    Whoever asked is told of a comment by the owner, the owner of any other. Sending the same
    ``id`` again is harmless. Raises core.errors.NotAllowed, Refused (nothing said, conflicting
    repeat).
    """
    require_hand(by, action)
    same = {"action": action, "text": text.strip(), "said_by": by}
    repeat = earlier(ActionComment, id, same)
    if repeat is not None:
        return repeat
    if not same["text"]:
        raise Refused(_("Write what you want to say."))
    with because(by=by):
        comment, new = create_once(
            ActionComment,
            id,
            same,
            said_on=clock.today(),
            agency_id=getattr(by, "agency_id", None),
            is_demonstration=action.is_demonstration,
        )
    if new and tell:
        what = _("%(name)s wrote about this action.") % {"name": by}
        if by.pk != action.owner_id:
            action_mail.tell_owner(action, by=by, what=what, words=comment.text)
        else:
            action_mail.tell_asker(action, by=by, what=what, words=comment.text)
    return comment


def _handed(action_id: UUID | None, owner: Any) -> dict[str, Any]:
    """Leave out of a repeat's comparison what others may have changed meanwhile."""
    stored = Action.objects.filter(pk=action_id).first() if action_id else None
    if stored is None:
        return {}
    changed = stored.version > 1
    return {"owner": stored.owner, "due_on": stored.due_on} if changed else {}


def _accepted_by(owner: Any, by: Any) -> dict[str, Any]:
    """Whoever takes an action upon themselves has accepted it."""
    if by is not None and by.pk == owner.pk:
        return {"state": ActionState.ACCEPTED, "accepted_on": clock.today()}
    return {}


def _due(action: Action) -> dict[str, str]:
    return {"day": day(action.due_on)}
