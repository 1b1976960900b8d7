"""Problems, their plans, analysis, interventions, evaluations and rich pictures."""

from problems.models.evaluation import Baseline, Evaluation, EvaluationArea
from problems.models.intervention import Intervention
from problems.models.links import EvidenceLink
from problems.models.picture import PictureRegion, RichPicture, Theme
from problems.models.plan import Hypothesis, Plan, StageChange
from problems.models.problem import Problem

__all__ = [
    "Baseline",
    "Evaluation",
    "EvaluationArea",
    "EvidenceLink",
    "Hypothesis",
    "Intervention",
    "PictureRegion",
    "Plan",
    "Problem",
    "RichPicture",
    "StageChange",
    "Theme",
]
