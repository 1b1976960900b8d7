"""Forms of programmes: shape and validation; the rules of the method live in the services."""

from programmes.forms.areas import DrawnAreaForm, LsoaAreaForm
from programmes.forms.programmes import LocationForm, ProgrammeForm, TargetPlaceForm
from programmes.forms.steps import (
    EvidenceForm,
    PlanForm,
    ReopenForm,
    SignOffForm,
    StartForm,
    WithdrawForm,
)

__all__ = [
    "DrawnAreaForm",
    "EvidenceForm",
    "LocationForm",
    "LsoaAreaForm",
    "PlanForm",
    "ProgrammeForm",
    "ReopenForm",
    "SignOffForm",
    "StartForm",
    "TargetPlaceForm",
    "WithdrawForm",
]
