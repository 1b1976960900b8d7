"""Every permission of the product, in one place.

The same names exist on each of the three anchors (programme, location, agency). A permission on a
programme holds for all of its locations, one on a location for what hangs below it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """What a role may do within its anchor; the value is guardian's codename."""

    VIEW = "view"
    PROGRAMME_MANAGE = "manage_programme"
    LOCATION_MANAGE = "manage_location"
    MEMBERS_MANAGE = "manage_members"
    STEP_RECORD = "record_step"
    STEP_SIGN_OFF = "sign_off_step"
    STEP_VERIFY = "verify_step"
    DATA_IMPORT = "import_data"
    DATA_READ = "read_data"
    PACKAGE_BUILD = "build_package"
    REPORT_BUILD = "build_report"
    HISTORY_READ = "read_history"
    PEOPLE_READ = "read_people"
    PEOPLE_RECORD = "record_people"
    AGREEMENT_MANAGE = "manage_agreements"
    AGREEMENT_SIGN = "sign_agreement"
    LEDGER_READ = "read_ledger"
    EXPORT = "export_lists"
    DELIVERY_RECORD = "record_delivery"
    HELP_DECIDE = "decide_help"
    VOICE_MODERATE = "moderate_voice"
    SAFEGUARDING_READ = "read_safeguarding"
    ASSET_RECORD = "record_assets"
    SURVEY_MANAGE = "manage_surveys"
    SURVEY_ENTER = "enter_answers"
    PROBLEM_RECORD = "record_problems"
    REPORT_APPROVE = "approve_report"


DESCRIPTIONS = {
    Permission.VIEW: _("See the programme, its locations and steps"),
    Permission.PROGRAMME_MANAGE: _("Set up the programme and its locations"),
    Permission.LOCATION_MANAGE: _("Set up a location's target places and areas"),
    Permission.MEMBERS_MANAGE: _("Give and end roles"),
    Permission.STEP_RECORD: _("Record evidence and dates on steps"),
    Permission.STEP_SIGN_OFF: _("Sign off a step"),
    Permission.STEP_VERIFY: _("Verify a step as a third party"),
    Permission.DATA_IMPORT: _("Import data"),
    Permission.DATA_READ: _("Read ASB data and data packages"),
    Permission.PACKAGE_BUILD: _("Build data packages"),
    Permission.REPORT_BUILD: _("Build progress reports"),
    Permission.HISTORY_READ: _("Read the history of changes"),
    Permission.PEOPLE_READ: _("See contact details and consents of people"),
    Permission.PEOPLE_RECORD: _("Record people and their consents"),
    Permission.AGREEMENT_MANAGE: _("Draft, change and end sharing agreements"),
    Permission.AGREEMENT_SIGN: _("Sign sharing agreements for one's agency"),
    Permission.LEDGER_READ: _("Read the ledger: who saw, exported and changed what"),
    Permission.EXPORT: _("Export lists"),
    Permission.DELIVERY_RECORD: _("Run groups, training, meetings, actions and the log"),
    Permission.HELP_DECIDE: _("Decide on what a group asks help for"),
    Permission.VOICE_MODERATE: _("Read, moderate and answer what residents say"),
    Permission.SAFEGUARDING_READ: _("Read safeguarding messages"),
    Permission.ASSET_RECORD: _("Record community assets, stakeholders and walks"),
    Permission.SURVEY_MANAGE: _("Set up surveys and their waves"),
    Permission.SURVEY_ENTER: _("Enter paper answers to surveys"),
    Permission.PROBLEM_RECORD: _("Record problems, plans and evaluations"),
    Permission.REPORT_APPROVE: _("Approve progress reports"),
}


def anchor_permissions() -> list[tuple[str, Any]]:
    """Return ``Meta.permissions`` for an anchor model (all but Django's own ``view``)."""
    return [(permission.value, permission.value.replace("_", " ")) for permission in Permission]
