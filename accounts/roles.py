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
    """A role's name on screen, what it is for, and its permissions."""

    name: Any
    description: Any
    permissions: frozenset[P]


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
            }
        ),
    ),
    Role.COORDINATOR: RoleDescription(
        _("Coordinator"),
        _("Runs the eight steps at a location: records evidence, builds packages and reports."),
        frozenset(_WORK | {P.LOCATION_MANAGE}),
    ),
    Role.COMMUNITY_COORDINATOR: RoleDescription(
        _("Community coordinator"),
        _("Works with residents at one place and records what is done there."),
        frozenset(_SEE | {P.STEP_RECORD}),
    ),
    Role.PARTNER: RoleDescription(
        _("Partner"),
        _("Takes part for an agency or the community, and sees how the steps stand."),
        frozenset(_SEE),
    ),
    Role.LEADER: RoleDescription(
        _("Leader"),
        _("Sees every location and step, agrees and signs off."),
        frozenset(_SEE | {P.STEP_SIGN_OFF, P.DATA_READ, P.REPORT_BUILD, P.HISTORY_READ}),
    ),
    Role.ANALYST: RoleDescription(
        _("Analyst"),
        _("Brings in data, builds data packages and exports."),
        frozenset(_SEE | {P.DATA_IMPORT, P.DATA_READ, P.PACKAGE_BUILD, P.REPORT_BUILD}),
    ),
    Role.VERIFIER: RoleDescription(
        _("Trainer or verifier"),
        _("Coaches, and checks the depth of a step as a third party."),
        frozenset(_SEE | {P.STEP_VERIFY}),
    ),
    Role.RESEARCHER: RoleDescription(
        _("Research partner"),
        _("Studies depersonalised data only."),
        frozenset({P.DATA_READ}),
    ),
}


def role_choices() -> list[tuple[str, Any]]:
    """Return the roles for a form or a model field."""
    return [(role.value, CATALOGUE[role].name) for role in Role]
