"""Every write to programmes, locations, target places, steps and their evidence."""

from programmes.services.areas import set_drawn_area, set_lsoa_area
from programmes.services.editions import move_to_edition
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
from programmes.services.verification import send_to_verifier, verify_step

__all__ = [
    "create_location",
    "create_programme",
    "create_target_place",
    "edit_location",
    "edit_plan",
    "edit_programme",
    "edit_target_place",
    "ensure_templates",
    "move_to_edition",
    "record_evidence",
    "reopen",
    "send_to_verifier",
    "set_drawn_area",
    "set_lsoa_area",
    "sign_off",
    "start_step",
    "verify_step",
    "withdraw_evidence",
]
