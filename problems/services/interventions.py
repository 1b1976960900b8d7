"""Planning an intervention, beginning it, ending it, and asking for what it takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.history import because
from delivery.models import Action
from delivery.services.actions import ask_action
from problems.choices import InterventionState, Technique
from problems.models import Hypothesis, Intervention, Problem
from problems.services.common import locked, refuse_future, refuse_stranger, require_open
from programmes.services.repeats import create_once, earlier, is_demonstration

TEXTS = ("what", "moderators", "implementation", "economics")
EDITABLE = frozenset({"title", "technique", "mechanism", "owner", "starts_on", *TEXTS})


@transaction.atomic
def plan_intervention(
    *,
    problem: Problem,
    title: str,
    technique: str,
    mechanism: str,
    starts_on: dt.date,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    owner: Any = None,
    hypotheses: Iterable[Hypothesis] = (),
    what: str = "",
    moderators: str = "",
    implementation: str = "",
    economics: str = "",
    candidate: bool = False,
    demonstration: bool | None = None,
) -> Intervention:
    """Plan what is done about a problem, and why it should work.

    A ``candidate`` may leave technique and mechanism open; it cannot begin without. Sending the
    same ``id`` again with the same content is harmless. Raises core.errors.NotAllowed, Refused
    (nothing said, a stranger, a hypothesis of another problem, closed, conflicting repeat).
    """
    require_open(problem, by)
    same = {
        "problem": problem,
        "title": title.strip(),
        "technique": technique,
        "mechanism": mechanism.strip(),
        "starts_on": starts_on,
        "owner": owner or by,
        "what": what.strip(),
        "moderators": moderators.strip(),
        "implementation": implementation.strip(),
        "economics": economics.strip(),
    }
    repeat = earlier(Intervention, id, same)
    if repeat is not None:
        return repeat
    if not (candidate and same["title"]):
        _refuse_unsaid(same["title"], same["technique"], same["mechanism"])
    refuse_stranger(owner or by, problem.location)
    answers = _own(hypotheses, problem)
    with because(by=by):
        made, new = create_once(
            Intervention, id, same, is_demonstration=is_demonstration(demonstration)
        )
        if new:
            made.hypotheses.set(answers)
    return made


def _refuse_unsaid(title: Any, technique: Any, mechanism: Any) -> None:
    if not title or not mechanism:
        raise Refused(_("Say what is done, and how it should work."))
    if technique not in Technique.values:
        raise Refused(_("Choose a technique from the list."))


def _own(hypotheses: Iterable[Hypothesis], problem: Problem) -> list[Hypothesis]:
    found = list(hypotheses)
    if any(one.problem_id != problem.pk for one in found):
        raise Refused(_("Choose a hypothesis of this problem."))
    return found


@transaction.atomic
def edit_intervention(
    *,
    intervention: Intervention,
    version: int,
    by: Any,
    hypotheses: Iterable[Hypothesis] | None = None,
    **changes: Any,
) -> Intervention:
    """Change what is said of an intervention; ``hypotheses`` None stay as they are.

    Raises core.errors.Conflict, NotAllowed, Refused (as ``plan_intervention``; another planned
    start once it has begun).
    """
    require_open(intervention.problem, by)
    if set(changes) - EDITABLE:
        raise TypeError(f"Not to be changed: {sorted(set(changes) - EDITABLE)}")
    stored = locked(intervention)
    if stored.started_on and changes.get("starts_on", stored.starts_on) != stored.starts_on:
        raise Refused(_("It has begun already: the planned start stays as it was."))
    for name, value in changes.items():
        setattr(stored, name, value.strip() if isinstance(value, str) else value)
    _refuse_unsaid(stored.title, stored.technique, stored.mechanism)
    if "owner" in changes:
        refuse_stranger(stored.owner, stored.problem.location)
    with because(by=by):
        stored.save_version(version)
        if hypotheses is not None:
            stored.hypotheses.set(_own(hypotheses, stored.problem))
    return stored


@transaction.atomic
def start_intervention(
    *,
    intervention: Intervention,
    started_on: dt.date,
    version: int,
    by: Any,
) -> Intervention:
    """Say on which day the work began. What is compared must be locked by then.

    Raises core.errors.Conflict, NotAllowed, Refused (begun already, future day, nothing locked, a
    baseline locked after that day).
    """
    require_open(intervention.problem, by)
    stored = locked(intervention)
    if stored.state != InterventionState.PLANNED:
        raise Refused(_("Only a planned intervention can begin."))
    refuse_future(started_on)
    _refuse_unsaid(stored.title, stored.technique, stored.mechanism)
    ready = stored.baselines.filter(locked_on__isnull=False).order_by("-number").first()
    if ready is None:
        raise Refused(
            _(
                "Lock first what is to be compared: the months before, where you act and a similar "
                "place. Afterwards it could be chosen by its result."
            )
        )
    if ready.before_last >= started_on.replace(day=1) or ready.after_last < started_on:
        raise Refused(
            _(
                "The months to compare do not fit that day: the months before must be over by then "
                "and the months after must follow. Make another version with months that fit."
            )
        )
    stored.state, stored.started_on = InterventionState.RUNNING, started_on
    with because(by=by):
        stored.save_version(version)
    return stored


@transaction.atomic
def end_intervention(
    *,
    intervention: Intervention,
    ended_on: dt.date,
    ending_words: str,
    version: int,
    by: Any,
) -> Intervention:
    """Say that an intervention has ended, or that a planned one does not go ahead; with why.

    Raises core.errors.Conflict, NotAllowed, Refused (ended already, no words, a day before its
    start or in the future).
    """
    require_open(intervention.problem, by)
    stored = locked(intervention)
    if stored.state not in (InterventionState.PLANNED, InterventionState.RUNNING):
        raise Refused(_("It has ended already."))
    if not ending_words.strip():
        raise Refused(_("Say why it ended."))
    refuse_future(ended_on)
    if stored.started_on is not None and ended_on < stored.started_on:
        raise Refused(_("It cannot end before it began."))
    running = stored.state == InterventionState.RUNNING
    stored.state = InterventionState.ENDED if running else InterventionState.DROPPED
    stored.ended_on, stored.ending_words = ended_on, ending_words.strip()
    with because(by=by):
        stored.save_version(version)
    return stored


@transaction.atomic
def ask_for(
    *,
    intervention: Intervention,
    title: str,
    owner: Any,
    due_on: dt.date,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    details: str = "",
    demonstration: bool | None = None,
    tell: bool = True,
) -> Action:
    """Ask somebody for an action of this intervention; it joins the location's actions.

    Raises core.errors.NotAllowed (also without the right to ask for actions), Refused.
    """
    require_open(intervention.problem, by)
    problem = intervention.problem
    action = ask_action(
        id=id,
        location=problem.location,
        target_place=problem.target_place,
        title=title,
        owner=owner,
        due_on=due_on,
        details=details,
        by=by,
        demonstration=demonstration,
        tell=tell,
    )
    with because(by=by):
        intervention.actions.add(action)
    return action


@transaction.atomic
def join_action(*, intervention: Intervention, action: Action, by: Any) -> None:
    """Count an action that was asked for elsewhere as part of this intervention.

    Raises core.errors.NotAllowed, Refused (an action of another location, or not seen).
    """
    require_open(intervention.problem, by)
    seen: Any = Action.objects.filter(location=intervention.problem.location)
    if by is not None:
        seen = seen.visible_to(by)
    if not seen.filter(pk=action.pk).exists():
        raise Refused(_("Choose an action of this location."))
    with because(by=by):
        intervention.actions.add(action)
