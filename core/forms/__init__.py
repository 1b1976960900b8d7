"""Forms of the house: one look, one hidden id, one version, plain errors.

``HouseForm`` and ``HouseModelForm`` are the bases of every form; the fields and widgets here are
those that GOV.UK patterns need beyond Django's own.
"""

from core.forms.bases import HouseForm, HouseModelForm
from core.forms.fields import GovDateField, HouseFileField, MonthField
from core.forms.marking import HandlingField, MarkedForm, MarkingField
from core.forms.renderer import EngagementRenderer
from core.forms.widgets import (
    CountTextarea,
    DateInputParts,
    HintedCheckboxes,
    HintedRadios,
)

__all__ = [
    "CountTextarea",
    "DateInputParts",
    "EngagementRenderer",
    "GovDateField",
    "HandlingField",
    "HintedCheckboxes",
    "HintedRadios",
    "HouseFileField",
    "HouseForm",
    "HouseModelForm",
    "MarkedForm",
    "MarkingField",
    "MonthField",
]
