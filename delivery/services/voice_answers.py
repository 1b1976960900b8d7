"""From what was heard to a priority, to an action, to an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.errors import NotAllowed, Refused
from core.history import because
from delivery.choices import ConcernState
from delivery.models import Action, Answer, Concern, Decision, Priority
from delivery.selectors.voice import WAITING
from delivery.selectors.voice_people import somebody_else_approves
from delivery.services.actions import ask_action
from delivery.voice_words import clean_words
from programmes import policy
from programmes.models import Location, TargetPlace
from programmes.services.repeats import create_once, earlier, is_demonstration
from programmes.services.steps import refuse_future

MODERATE = Permission.VOICE_MODERATE


@transaction.atomic
def agree_priority(
    *,
    id: UUID | None,  # noqa: A002  # the field's own name
    location: Location,
    title: str,
    agreed_on: dt.date,
    by: Any,
    why: str = "",
    doing: str = "",
    target_place: TargetPlace | None = None,
    decision: Decision | None = None,
    concerns: Iterable[Concern] = (),
    publish: bool = False,
    demonstration: bool | None = None,
) -> Priority:
    """Make a priority of what people asked for; ``decision`` is the meeting's that made it one.

    What was asked of people because of that decision is part of the priority from the beginning.
    Sending the same ``id`` again with the same content is harmless. Raises core.errors.NotAllowed,
    Refused (a day in the future, no title, a place, decision or concern of another location,
    conflicting repeat).
    """
    policy.require(by, MODERATE, location)
    same = {
        "location": location,
        "title": title.strip(),
        "agreed_on": agreed_on,
        "why": why.strip(),
        "doing": clean_words(doing),
        "target_place": target_place,
        "decision": decision,
    }
    repeat = earlier(Priority, id, same)
    if repeat is not None:
        return repeat
    if not same["title"]:
        raise Refused(_("Say what the priority is."))
    refuse_future(agreed_on)
    _refuse_elsewhere(location, target_place, decision)
    with because(by=by):
        priority, _new = create_once(
            Priority,
            id,
            same,
            published_on=clock.today() if publish else None,
            is_demonstration=is_demonstration(demonstration),
        )
        join_concerns(priority=priority, concerns=concerns, by=by)
        if decision is not None:
            priority.actions.add(*decision.actions.all())
    return priority


@transaction.atomic
def change_priority(
    *,
    priority: Priority,
    version: int,
    by: Any,
    title: str,
    agreed_on: dt.date,
    why: str,
    doing: str,
    target_place: TargetPlace | None,
    decision: Decision | None,
    publish: bool,
    ended_on: dt.date | None,
) -> Priority:
    """Change a priority, publish it or take it from the public page, or end it.

    Raises core.errors.NotAllowed, Refused (no title, a day in the future, an end before the
    beginning, a place or decision of another location), Conflict.
    """
    policy.require(by, MODERATE, priority)
    rows = Priority.objects.select_for_update(of=("self",)).select_related("location")
    current: Priority = rows.get(pk=priority.pk)
    if not title.strip():
        raise Refused(_("Say what the priority is."))
    refuse_future(agreed_on)
    if ended_on is not None and ended_on < agreed_on:
        raise Refused(_("A priority cannot end before it was agreed."))
    _refuse_elsewhere(current.location, target_place, decision)
    current.title, current.why, current.doing = title.strip(), why.strip(), clean_words(doing)
    current.agreed_on, current.ended_on = agreed_on, ended_on
    current.target_place, current.decision = target_place, decision
    current.published_on = (current.published_on or clock.today()) if publish else None
    with because(by=by):
        current.save_version(version)
    return current


@transaction.atomic
def join_concerns(*, priority: Priority, concerns: Iterable[Concern], by: Any) -> int:
    """Say that these concerns are part of a priority; return how many were new to it.

    Raises core.errors.NotAllowed, Refused (a concern of another location, one that nobody has read
    yet, one that is not taken further).
    """
    policy.require(by, MODERATE, priority)
    joined = 0
    for one in concerns:
        concern: Concern = Concern.objects.select_for_update(of=("self",)).get(pk=one.pk)
        if concern.location_id != priority.location_id:
            raise Refused(_("That was said at another location."))
        if concern.state in (ConcernState.NEW, ConcernState.NOT_PUBLISHED):
            raise Refused(_("Read it first: only what is taken further can join a priority."))
        if concern.priority_id == priority.pk:
            continue
        concern.priority = priority
        with because(by=by):
            concern.save_version(concern.version)
        joined += 1
    return joined


@transaction.atomic
def ask_for_priority(
    *,
    id: UUID | None,  # noqa: A002  # the field's own name
    priority: Priority,
    title: str,
    owner: Any,
    due_on: dt.date,
    by: Any,
    details: str = "",
    demonstration: bool | None = None,
) -> Action:
    """Ask somebody to do something about a priority, and keep that it is part of it.

    Raises what ``delivery.services.actions.ask_action`` raises.
    """
    policy.require(by, MODERATE, priority)
    action = ask_action(
        id=id,
        location=priority.location,
        title=title,
        owner=owner,
        due_on=due_on,
        by=by,
        decision=priority.decision,
        target_place=priority.target_place,
        details=details,
        demonstration=demonstration,
    )
    link_actions(priority=priority, actions=[action], by=by)
    return action


@transaction.atomic
def link_actions(*, priority: Priority, actions: Iterable[Action], by: Any) -> None:
    """Say that actions asked for elsewhere (at a meeting) are part of a priority.

    Raises core.errors.NotAllowed, Refused (an action of another location).
    """
    policy.require(by, MODERATE, priority)
    chosen = list(actions)
    if any(action.location_id != priority.location_id for action in chosen):
        raise Refused(_("That action belongs to another location."))
    with because(by=by):
        priority.actions.add(*chosen)


@transaction.atomic
def draft_answer(
    *,
    id: UUID | None,  # noqa: A002  # the field's own name
    kind: str,
    text: str,
    by: Any,
    concern: Concern | None = None,
    priority: Priority | None = None,
    answered_on: dt.date | None = None,
    demonstration: bool | None = None,
) -> Answer:
    """Draft an answer to one concern, or to a priority and so to every concern joined to it.

    Nobody outside reads it before it is approved. Sending the same ``id`` again with the same
    content is harmless. Raises core.errors.NotAllowed, Refused (no words, a concern that nobody
    has read yet or that is not taken further, conflicting repeat).
    """
    about = concern or priority
    if about is None or (concern is not None and priority is not None):
        raise Refused(_("Answer one concern, or one priority."))
    policy.require(by, MODERATE, about)
    same = {
        "location": about.location,
        "concern": concern,
        "priority": priority,
        "kind": kind,
        "text": clean_words(text),
        "drafted_by": by,
    }
    repeat = earlier(Answer, id, same)
    if repeat is not None:
        return repeat
    if not same["text"]:
        raise Refused(_("Write the answer."))
    if concern is not None and concern.state in (ConcernState.NEW, ConcernState.NOT_PUBLISHED):
        raise Refused(_("Read it first: only what is taken further is answered."))
    day = answered_on or clock.today()
    refuse_future(day)
    with because(by=by):
        answer, _new = create_once(
            Answer, id, same, answered_on=day, is_demonstration=is_demonstration(demonstration)
        )
    return answer


@transaction.atomic
def change_answer(*, answer: Answer, version: int, kind: str, text: str, by: Any) -> Answer:
    """Change a draft; whoever changes it has drafted it.

    Raises core.errors.NotAllowed, Refused (published or withdrawn already, no words), Conflict.
    """
    policy.require(by, MODERATE, answer)
    current: Answer = Answer.objects.select_for_update(of=("self",)).get(pk=answer.pk)
    if current.published_on or current.withdrawn_on:
        raise Refused(_("It is published, or withdrawn. Draft another answer."))
    if not text.strip():
        raise Refused(_("Write the answer."))
    current.kind, current.text, current.drafted_by = kind, clean_words(text), by
    with because(by=by):
        current.save_version(version)
    return current


@transaction.atomic
def approve_answer(*, answer: Answer, version: int, by: Any) -> Answer:
    """Approve a draft: it is published with today's date and answers what it is about.

    Somebody other than the one who drafted it approves, unless nobody else at the location may.
    Raises core.errors.NotAllowed, Refused (published or withdrawn already), Conflict.
    """
    policy.require(by, Permission.LOCATION_MANAGE, answer)
    rows = Answer.objects.select_for_update(of=("self",)).select_related("location")
    current: Answer = rows.get(pk=answer.pk)
    if current.published_on:
        raise Refused(_("It is published already."))
    if current.withdrawn_on:
        raise Refused(_("It was withdrawn. Draft another answer."))
    own = by is not None and current.drafted_by_id == by.pk
    if own and somebody_else_approves(current.location, by):
        raise NotAllowed(_("You drafted this answer. Somebody else has to approve it."))
    current.approved_by = by
    current.answered_on = current.published_on = clock.today()
    with because(by=by):
        current.save_version(version)
        for concern in _answered_by(current):
            concern.state = ConcernState.ANSWERED
            concern.save_version(concern.version)
    return current


@transaction.atomic
def withdraw_answer(*, answer: Answer, version: int, reason: str, by: Any) -> Answer:
    """Take an answer from the public page at once; what it answered is open again.

    Raises core.errors.NotAllowed, Refused (withdrawn already, no reason), Conflict.
    """
    policy.require(by, Permission.LOCATION_MANAGE, answer)
    current: Answer = Answer.objects.select_for_update(of=("self",)).get(pk=answer.pk)
    if current.withdrawn_on:
        raise Refused(_("It is withdrawn already."))
    if not reason.strip():
        raise Refused(_("Say why the answer is withdrawn."))
    current.withdrawn_on = clock.today()
    current.withdrawn_reason = reason.strip()
    current.published_on = None
    with because(by=by, reason=reason.strip()):
        current.save_version(version)
        for concern in _left_open(current):
            concern.state = ConcernState.OPEN
            concern.save_version(concern.version)
    return current


def _answered_by(answer: Answer) -> list[Concern]:
    """Return the concerns that wait for this answer, locked."""
    rows = Concern.objects.select_for_update(of=("self",)).filter(state__in=WAITING)
    if answer.concern_id:
        return list(rows.filter(pk=answer.concern_id))
    return list(rows.filter(priority=answer.priority_id))


def _left_open(answer: Answer) -> list[Concern]:
    """Return the answered concerns that no published answer stands for any more, locked."""
    rows = Concern.objects.select_for_update(of=("self",)).filter(state=ConcernState.ANSWERED)
    if answer.concern_id:
        rows = rows.filter(pk=answer.concern_id)
    else:
        rows = rows.filter(priority=answer.priority_id)
    standing = Answer.objects.filter(published_on__isnull=False, withdrawn_on__isnull=True)
    return [
        concern
        for concern in rows
        if not standing.filter(concern=concern).exists()
        and not (concern.priority_id and standing.filter(priority=concern.priority_id).exists())
    ]


def _refuse_elsewhere(
    location: Location, place: TargetPlace | None, decision: Decision | None
) -> None:
    if place is not None and place.location_id != location.pk:
        raise Refused(_("That target place belongs to another location."))
    if decision is not None and decision.location_id != location.pk:
        raise Refused(_("That decision was made at another location."))
