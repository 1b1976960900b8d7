"""What problems and rich pictures ask of those who see them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.sharing import Category
from problems.models import (
    Baseline,
    Evaluation,
    EvaluationArea,
    EvidenceLink,
    Hypothesis,
    Intervention,
    PictureRegion,
    Plan,
    Problem,
    RichPicture,
    StageChange,
    Theme,
)
from programmes.reach import Reach, at_location, register_reach
from programmes.sharing import is_sensitive


def _marked(record: Any) -> Reach:
    """Return the reach of a problem or picture: marked ones are withheld from other agencies."""
    sensitive = is_sensitive(record)
    why = (
        (
            _(
                "It is OFFICIAL-SENSITIVE: agencies other than the one whose information it is see "
                "it only while a sharing agreement opens sensitive notes to them."
            ),
        )
        if sensitive
        else ()
    )
    return at_location(
        record.location,
        matters=frozenset({Permission.PROBLEM_RECORD, Permission.HISTORY_READ}),
        categories=(Category.SENSITIVE_NOTES,) if sensitive else (),
        withheld_as=(Category.SENSITIVE_NOTES,) if sensitive else (),
        owner=record.agency,
        recorded_by_id=record.recorded_by_id,
        why=why,
    )


def register() -> None:
    """Make them known; what hangs below asks what its problem or picture asks."""
    register_reach(Problem, _marked)
    register_reach(RichPicture, _marked)
    below: tuple[type[Any], ...] = (Plan, Hypothesis, EvidenceLink, Intervention)
    for model in below:
        register_reach(model, lambda row: _marked(row.problem))
    register_reach(StageChange, lambda row: _marked(row.plan.problem))
    measured: tuple[type[Any], ...] = (Baseline, Evaluation)
    for model in measured:
        register_reach(model, lambda row: _marked(row.intervention.problem))
    register_reach(EvaluationArea, lambda row: _marked(row.baseline.intervention.problem))
    pictured: tuple[type[Any], ...] = (PictureRegion, Theme)
    for model in pictured:
        register_reach(model, lambda row: _marked(row.picture))
