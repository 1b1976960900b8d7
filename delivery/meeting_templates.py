"""What a meeting of each kind usually is: its agenda, how long it lasts, who is asked to come.

Templates are proposals: everything is changed on the form before the meeting is planned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from delivery.choices import GroupKind, MeetingKind


@dataclass(frozen=True, slots=True)
class MeetingTemplate:
    """A kind of meeting as it is usually held.

    ``minutes`` is how long it lasts. ``group`` is the kind of group whose members are asked,
    ``roles`` the roles at the location and on its programme that are asked besides.
    """

    kind: MeetingKind
    title: Any
    purpose: Any
    agenda: tuple[Any, ...]
    minutes: int
    group: GroupKind | None = None
    roles: tuple[Role, ...] = ()

    @property
    def agenda_text(self) -> str:
        """The agenda as the form shows it: one point a line."""
        return "\n".join(str(point) for point in self.agenda)


TEMPLATES: dict[MeetingKind, MeetingTemplate] = {
    one.kind: one
    for one in (
        MeetingTemplate(
            MeetingKind.DELIVERY_GROUP,
            title=_("Delivery group meeting"),
            purpose=_("Police, partners and community check what was promised and agree the rest."),
            agenda=(
                _("Welcome, apologies"),
                _("Actions from last time: done, late, blocked"),
                _("What residents have told us since"),
                _("Where the steps stand, and what is missing"),
                _("Decisions and new actions, each with one owner and a date"),
                _("Do we need to ask for help from above?"),
                _("Next meeting"),
            ),
            minutes=90,
            group=GroupKind.DELIVERY,
            roles=(Role.COORDINATOR, Role.COMMUNITY_COORDINATOR, Role.PARTNER),
        ),
        MeetingTemplate(
            MeetingKind.LEADER_WORKSHOP,
            title=_("Local leader workshop"),
            purpose=_("Leaders look at the evidence together and agree shared priorities."),
            agenda=(
                _("Welcome: why we are here, and how long it takes"),
                _("What the data say, and what they cannot say"),
                _("What residents and visual audits tell us"),
                _("Issues as each of us sees them"),
                _("Priorities that we share"),
                _("Who takes part in the delivery group"),
                _("What happens next, and by when"),
            ),
            minutes=180,
            roles=(
                Role.PROGRAMME_MANAGER,
                Role.LEADER,
                Role.COORDINATOR,
                Role.COMMUNITY_COORDINATOR,
                Role.PARTNER,
            ),
        ),
        MeetingTemplate(
            MeetingKind.CSP_BRIEFING,
            title=_("Community safety partnership briefing"),
            purpose=_("The partnership hears how the location stands and what it is asked for."),
            agenda=(
                _("The programme in two minutes"),
                _("Where the location stands, with the reason behind each colour"),
                _("What is asked of the partnership"),
                _("Questions"),
                _("Decisions"),
            ),
            minutes=60,
            roles=(Role.PROGRAMME_MANAGER, Role.LEADER, Role.COORDINATOR),
        ),
        MeetingTemplate(
            MeetingKind.WORKING_GROUP,
            title=_("Working group meeting"),
            purpose=_("Those who can change one target place plan and check the work there."),
            agenda=(
                _("Actions from last time"),
                _("What we saw at the place since"),
                _("What we try next"),
                _("New actions, each with one owner and a date"),
                _("Next meeting"),
            ),
            minutes=60,
            group=GroupKind.WORKING,
            roles=(Role.COORDINATOR,),
        ),
        MeetingTemplate(
            MeetingKind.OTHER,
            title=_("Meeting"),
            purpose=_("Any other meeting whose decisions and actions are to be kept."),
            agenda=(_("Welcome"), _("What we are here for"), _("Actions"), _("Next meeting")),
            minutes=60,
            roles=(Role.COORDINATOR,),
        ),
    )
}
