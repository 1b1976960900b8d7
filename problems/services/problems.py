"""Opening a problem, changing it, moving it through its stages, closing it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.policy import require
from core import clock
from core.choices import Marking
from core.errors import Refused
from core.history import because
from core.marking import refuse_unhandled
from problems.choices import InterventionState, Outcome, ProblemState, Stage
from problems.models import Hypothesis, Plan, Problem, StageChange
from problems.models.problem import CHEERS
from problems.services.common import (
    P,
    locked,
    refuse_future,
    refuse_other_place,
    refuse_stranger,
    require_open,
)
from programmes.models import Location, TargetPlace
from programmes.services.repeats import create_once, earlier, is_demonstration

TESTS = tuple(name for test in CHEERS for name in (f"cheers_{test}", f"cheers_{test}_words"))
EDITABLE = frozenset(
    {"title", "what", "where", "who_harmed", "target_place", "owner", "marking", "handling", *TESTS}
)
ANALYSIS = frozenset(
    {
        *("what", "where", "when", "who", "why", "how"),
        *("offender", "handler", "target", "guardian", "place", "manager"),
    }
)
PLAN_FIELDS = frozenset({"objective", "review_on", "assessment"}) | ANALYSIS


@transaction.atomic
def open_problem(
    *,
    location: Location,
    title: str,
    what: str,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    owner: Any = None,
    target_place: TargetPlace | None = None,
    where: str = "",
    who_harmed: str = "",
    objective: str = "",
    opened_on: dt.date | None = None,
    marking: str = Marking.OFFICIAL,
    handling: str = "",
    demonstration: bool | None = None,
    **tests: Any,
) -> Problem:
    """Open a problem at a location, with its plan in the first stage.

    ``tests`` holds answers to CHEERS by field name. ``owner`` is who leads the work, by default
    whoever opens it. Sending the same ``id`` again with the same content is harmless. Raises
    core.errors.NotAllowed, Refused (nothing said, future day, a stranger, a place elsewhere,
    OFFICIAL-SENSITIVE without handling, conflicting repeat).
    """
    require(by, P.PROBLEM_RECORD, location)
    day = opened_on or clock.today()
    same = {
        "location": location,
        "title": title.strip(),
        "what": what.strip(),
        "where": where.strip(),
        "who_harmed": who_harmed.strip(),
        "target_place": target_place,
        "owner": owner or by,
        "recorded_by": by,
        "marking": marking,
        "handling": handling,
        **_tests(tests),
    }
    repeat = earlier(Problem, id, same)
    if repeat is not None:
        return repeat
    if not same["title"] or not same["what"]:
        raise Refused(_("Say what the problem is."))
    refuse_future(day)
    refuse_other_place(target_place, location)
    refuse_stranger(owner or by, location)
    refuse_unhandled(marking, handling)
    with because(by=by):
        problem, new = create_once(
            Problem,
            id,
            same,
            opened_on=day,
            agency_id=getattr(by, "agency_id", None) or location.programme.lead_agency_id,
            is_demonstration=is_demonstration(demonstration),
        )
        if new:
            Plan.objects.create(
                pk=uuid5(problem.pk, "plan"),
                problem=problem,
                objective=objective.strip(),
                is_demonstration=problem.is_demonstration,
            )
    return problem


def _tests(given: dict[str, Any]) -> dict[str, Any]:
    """Return answers to CHEERS; a name that is none is a mistake of the caller."""
    if set(given) - set(TESTS):
        raise TypeError(f"No such tests: {sorted(set(given) - set(TESTS))}")
    return {
        name: (value or "") if name.endswith("_words") else value for name, value in given.items()
    }


@transaction.atomic
def edit_problem(*, problem: Problem, version: int, by: Any, **changes: Any) -> Problem:
    """Change what is said of an open problem; ``changes`` holds fields of ``EDITABLE``.

    Raises core.errors.Conflict if someone saved in between, NotAllowed, Refused as
    ``open_problem``.
    """
    require_open(problem, by)
    if set(changes) - EDITABLE:
        raise TypeError(f"Not to be changed: {sorted(set(changes) - EDITABLE)}")
    stored = locked(problem)
    for name, value in changes.items():
        setattr(stored, name, value.strip() if isinstance(value, str) else value)
    if not stored.title or not stored.what:
        raise Refused(_("Say what the problem is."))
    refuse_other_place(stored.target_place, stored.location)
    if "owner" in changes:
        refuse_stranger(stored.owner, stored.location)
    refuse_unhandled(stored.marking, stored.handling)
    with because(by=by):
        stored.save_version(version)
    return stored


@transaction.atomic
def edit_plan(*, plan: Plan, version: int, by: Any, **changes: Any) -> Plan:
    """Change objective, review, analysis (5WH, triangle) or what the results mean.

    Raises core.errors.Conflict, NotAllowed, Refused (closed).
    """
    require_open(plan.problem, by)
    if set(changes) - PLAN_FIELDS:
        raise TypeError(f"Not to be changed: {sorted(set(changes) - PLAN_FIELDS)}")
    stored = locked(plan)
    for name, value in changes.items():
        setattr(stored, name, value.strip() if isinstance(value, str) else value)
    with because(by=by):
        stored.save_version(version)
    return stored


def is_out_of_order(present: str, wanted: str) -> bool:
    """Say whether moving goes back or passes a stage over; assessment leads on to anything."""
    order = list(Stage.values)
    return order.index(wanted) != order.index(present) + 1


@transaction.atomic
def move_stage(
    *,
    plan: Plan,
    to: str,
    version: int,
    by: Any,
    reason: str = "",
    id: UUID | None = None,  # noqa: A002  # the field's own name
    demonstration: bool | None = None,
) -> StageChange:
    """Move a plan to another stage. Going back, or past one, needs a reason, kept and shown.

    Sending the same ``id`` again is harmless. Raises core.errors.Conflict, NotAllowed, Refused (no
    reason, the same stage, closed).
    """
    require_open(plan.problem, by)
    if to not in Stage.values:
        raise Refused(_("There is no such stage."))
    repeat: StageChange | None = (
        StageChange.objects.filter(pk=id, plan=plan).first() if id else None
    )
    if repeat is not None and repeat.to_stage == to:
        return repeat
    stored = locked(plan)
    if stored.stage == to:
        raise Refused(_("The plan is at this stage already."))
    aside = is_out_of_order(stored.stage, to)
    if aside and not reason.strip():
        raise Refused(
            _("Say why the plan goes back or passes a stage over. The reason is kept and shown.")
        )
    change = {
        "plan": stored,
        "from_stage": stored.stage,
        "to_stage": to,
        "changed_by": by,
    }
    with because(by=by, reason=reason.strip()):
        made, new = create_once(
            StageChange,
            id,
            change,
            changed_on=clock.today(),
            out_of_order=aside,
            reason=reason.strip(),
            is_demonstration=is_demonstration(demonstration),
        )
        if new:
            stored.stage = to
            stored.save_version(version)
    return made


@transaction.atomic
def close_problem(
    *,
    problem: Problem,
    outcome: str,
    closing_words: str,
    version: int,
    by: Any,
    closed_on: dt.date | None = None,
) -> Problem:
    """Close a problem with how it ended and what was learned.

    Raises core.errors.Conflict, NotAllowed, Refused (closed already, nothing said, an intervention
    still running).
    """
    require_open(problem, by)
    stored = locked(problem)
    if outcome not in Outcome.values or not closing_words.strip():
        raise Refused(_("Say how it ended and what you learned."))
    if stored.interventions.filter(state=InterventionState.RUNNING).exists():
        raise Refused(_("An intervention is still running. Say first that it has ended."))
    stored.closed_on = closed_on or clock.today()
    refuse_future(stored.closed_on)
    stored.state, stored.outcome = ProblemState.CLOSED, outcome
    stored.closing_words = closing_words.strip()
    with because(by=by):
        stored.save_version(version)
    return stored


@transaction.atomic
def reopen_problem(*, problem: Problem, reason: str, version: int, by: Any) -> Problem:
    """Open a closed problem again, with the reason in the history.

    Raises core.errors.Conflict, NotAllowed, Refused (open, no reason).
    """
    require(by, P.PROBLEM_RECORD, problem)
    stored = locked(problem)
    if stored.state == ProblemState.OPEN:
        raise Refused(_("This problem is open."))
    if not reason.strip():
        raise Refused(_("Say why the problem is opened again."))
    stored.state, stored.outcome, stored.closed_on = ProblemState.OPEN, "", None
    with because(by=by, reason=reason.strip()):
        stored.save_version(version)
    return stored


@transaction.atomic
def add_hypothesis(
    *,
    problem: Problem,
    statement: str,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    demonstration: bool | None = None,
) -> Hypothesis:
    """Write down what may be behind the problem. The same ``id`` again is harmless.

    Raises core.errors.NotAllowed, Refused (nothing said, closed, conflicting repeat).
    """
    require_open(problem, by)
    same = {"problem": problem, "statement": statement.strip(), "recorded_by": by}
    repeat = earlier(Hypothesis, id, same)
    if repeat is not None:
        return repeat
    if not same["statement"]:
        raise Refused(_("Say what you think is behind the problem."))
    with because(by=by):
        made, _new = create_once(
            Hypothesis, id, same, is_demonstration=is_demonstration(demonstration)
        )
    return made


@transaction.atomic
def edit_hypothesis(
    *,
    hypothesis: Hypothesis,
    statement: str,
    verdict: str,
    verdict_words: str,
    version: int,
    by: Any,
) -> Hypothesis:
    """Change a hypothesis or say what the evidence makes of it.

    A verdict needs a word of why. Raises core.errors.Conflict, NotAllowed, Refused.
    """
    require_open(hypothesis.problem, by)
    stored = locked(hypothesis)
    stored.statement, stored.verdict = statement.strip(), verdict
    stored.verdict_words = verdict_words.strip()
    if not stored.statement:
        raise Refused(_("Say what you think is behind the problem."))
    if verdict != "open" and not stored.verdict_words:
        raise Refused(_("Say what in the evidence makes you think so."))
    with because(by=by):
        stored.save_version(version)
    return stored
