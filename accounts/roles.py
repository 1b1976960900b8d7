"""The role catalogue: what each role is for and what it may do, in plain English."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission

P = Permission


class Role(StrEnum):
    """A role that a membership gives on one anchor."""

    PROGRAMME_MANAGER = "programme_manager"
    COORDINATOR = "coordinator"
    COMMUNITY_COORDINATOR = "community_coordinator"
    PARTNER = "partner"
    LEADER = "leader"
    ANALYST = "analyst"
    VERIFIER = "verifier"
    RESEARCHER = "researcher"


@dataclass(frozen=True, slots=True)
class RoleDescription:
    """A role's name on screen, what it is for, and its permissions.

    ``anchors`` are the kinds of anchor on which it is offered. ``sees_personal`` says whether it
    sees personal data, which makes a second factor compulsory; ``depersonalised`` that it never
    does, in exports neither. ``on_agency`` says what it is for on an agency, where that differs.
    """

    name: Any
    description: Any
    permissions: frozenset[P]
    anchors: frozenset[str] = frozenset({"programme", "location"})
    sees_personal: bool = True
    on_agency: Any = ""

    def described_on(self, anchor: str) -> Any:
        """Return what the role is for on a kind of anchor ("programme", "location", "agency")."""
        return self.on_agency if anchor == "agency" and self.on_agency else self.description

    @property
    def depersonalised(self) -> bool:
        """Whether what it reads never names a person."""
        return not self.sees_personal


_SEE = {P.VIEW}
_WORK = _SEE | {P.STEP_RECORD, P.DATA_READ, P.PACKAGE_BUILD, P.REPORT_BUILD, P.HISTORY_READ}

CATALOGUE: dict[Role, RoleDescription] = {
    Role.PROGRAMME_MANAGER: RoleDescription(
        _("Programme manager"),
        _("Sets up the programme, its locations and roles, and sees all of it."),
        frozenset(
            _WORK
            | {
                P.PROGRAMME_MANAGE,
                P.LOCATION_MANAGE,
                P.MEMBERS_MANAGE,
                P.STEP_SIGN_OFF,
                P.DATA_IMPORT,
                P.PEOPLE_READ,
                P.PEOPLE_RECORD,
                P.DELIVERY_RECORD,
                P.HELP_DECIDE,
                P.VOICE_MODERATE,
                P.SAFEGUARDING_READ,
                P.ASSET_RECORD,
                P.SURVEY_MANAGE,
                P.SURVEY_ENTER,
                P.PROBLEM_RECORD,
                P.REPORT_APPROVE,
                P.AGREEMENT_MANAGE,
                P.AGREEMENT_SIGN,
                P.LEDGER_READ,
                P.EXPORT,
            }
        ),
        anchors=frozenset({"programme", "agency"}),
        on_agency=_(
            "Sets up programmes that the agency leads, looks after its people, and signs for it."
        ),
    ),
    Role.COORDINATOR: RoleDescription(
        _("Coordinator"),
        _("Runs the eight steps at a location: records evidence, builds packages and reports."),
        frozenset(
            _WORK
            | {
                P.LOCATION_MANAGE,
                P.PEOPLE_READ,
                P.PEOPLE_RECORD,
                P.EXPORT,
                P.DELIVERY_RECORD,
                P.VOICE_MODERATE,
                P.SAFEGUARDING_READ,
                P.ASSET_RECORD,
                P.SURVEY_MANAGE,
                P.SURVEY_ENTER,
                P.PROBLEM_RECORD,
            }
        ),
    ),
    Role.COMMUNITY_COORDINATOR: RoleDescription(
        _("Community coordinator"),
        _("Works with residents at one place and records what is done there."),
        frozenset(
            _SEE
            | {
                P.STEP_RECORD,
                P.PEOPLE_READ,
                P.PEOPLE_RECORD,
                P.DELIVERY_RECORD,
                P.VOICE_MODERATE,
                P.ASSET_RECORD,
                P.SURVEY_ENTER,
            }
        ),
        anchors=frozenset({"location"}),
    ),
    Role.PARTNER: RoleDescription(
        _("Partner"),
        _("Takes part for an agency or the community, and sees how the steps stand."),
        frozenset(_SEE),
    ),
    Role.LEADER: RoleDescription(
        _("Leader"),
        _("Sees every location and step, agrees and signs off."),
        frozenset(
            _SEE
            | {
                P.STEP_SIGN_OFF,
                P.DATA_READ,
                P.REPORT_BUILD,
                P.HISTORY_READ,
                P.AGREEMENT_SIGN,
                P.LEDGER_READ,
                P.EXPORT,
                P.HELP_DECIDE,
                P.REPORT_APPROVE,
            }
        ),
        anchors=frozenset({"programme", "location", "agency"}),
        on_agency=_("Signs sharing agreements for the agency and reads its ledger."),
    ),
    Role.ANALYST: RoleDescription(
        _("Analyst"),
        _("Brings in data, builds data packages and exports."),
        frozenset(
            _SEE
            | {
                P.DATA_IMPORT,
                P.DATA_READ,
                P.PACKAGE_BUILD,
                P.REPORT_BUILD,
                P.EXPORT,
                P.SURVEY_MANAGE,
                P.SURVEY_ENTER,
                P.PROBLEM_RECORD,
            }
        ),
    ),
    Role.VERIFIER: RoleDescription(
        _("Trainer or verifier"),
        _("Coaches, and checks the depth of a step as a third party."),
        frozenset(_SEE | {P.STEP_VERIFY}),
    ),
    Role.RESEARCHER: RoleDescription(
        _("Research partner"),
        _("Studies depersonalised data only."),
        frozenset({P.DATA_READ, P.EXPORT}),
        sees_personal=False,
    ),
}


def role_choices() -> list[tuple[str, Any]]:
    """Return the roles for a form or a model field."""
    return [(role.value, CATALOGUE[role].name) for role in Role]
