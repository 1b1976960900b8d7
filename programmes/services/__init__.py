"""Every write to programmes, locations, target places, steps and their evidence."""

from programmes.services.areas import set_drawn_area, set_lsoa_area
from programmes.services.evidence import record_evidence, withdraw_evidence
from programmes.services.locations import (
    create_location,
    create_target_place,
    edit_location,
    edit_target_place,
)
from programmes.services.programmes import create_programme, edit_programme
from programmes.services.steps import edit_plan, reopen, sign_off, start_step
from programmes.services.templates import ensure_templates

__all__ = [
    "create_location",
    "create_programme",
    "create_target_place",
    "edit_location",
    "edit_plan",
    "edit_programme",
    "edit_target_place",
    "ensure_templates",
    "record_evidence",
    "reopen",
    "set_drawn_area",
    "set_lsoa_area",
    "sign_off",
    "start_step",
    "withdraw_evidence",
]
