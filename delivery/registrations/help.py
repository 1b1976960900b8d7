"""What asking for help and handover make known to the floors below."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.sharing import Category
from core import exports
from core.help import register_help
from core.selectors import register_veil
from delivery import evidence
from delivery.exports.help import HELP
from delivery.help_veils import of_help
from delivery.models import Action, HelpRequest
from delivery.selectors import handover
from delivery.views import help as views
from programmes import registry
from programmes.models import Location
from programmes.reach import Reach, at_location, register_reach
from programmes.sharing import is_sensitive


def register() -> None:
    """Make pages, panels, chapters, evidence, lists, help and rules known."""
    registry.register_location_page(
        "help",
        label=_("Asking for help"),
        url_name="delivery:help-list",
        group=registry.PageGroup.WORK,
        order=50,
    )
    registry.register_location_page(
        "handover",
        label=_("Handover pack"),
        url_name="delivery:handover",
        permission=Permission.LOCATION_MANAGE,
        group=registry.PageGroup.REPORTS,
        order=20,
    )
    registry.register_programme_page(
        "help",
        label=_("Help asked for"),
        url_name="delivery:programme-help",
        permission=Permission.VIEW,
        order=15,
    )
    registry.register_week_panel(
        "help", template_name="delivery/help/_week.html", context=views.week_panel, order=15
    )
    registry.register_location_panel(
        "help",
        template_name="delivery/help/_overview.html",
        context=views.location_panel,
        order=25,
    )
    registry.register_step_panel(
        "help",
        template_name="delivery/help/_step.html",
        context=views.step_panel,
        permission=Permission.DELIVERY_RECORD,
        order=95,
    )
    _chapters()
    evidence.register()
    registry.register_step_holds("actions", overdue_actions)
    exports.register(HELP)
    register_veil(HelpRequest, of_help)
    register_reach(HelpRequest, _reach)
    register_help(
        "asking-for-help",
        title=_("Asking for help and handing over"),
        summary=_("Who is asked, who decides, how it comes back; and what a successor finds."),
        template_name="help/asking_for_help.html",
        order=28,
    )


def _chapters() -> None:
    for key, title, order, build in (
        ("steps", _("Where we are"), 10, handover.steps_chapter),
        ("help", _("Help asked for"), 40, handover.help_chapter),
        ("people", _("People with a role here"), 60, handover.people_chapter),
        ("to-know", _("What others must know"), 90, handover.to_know_chapter),
    ):
        registry.register_handover_chapter(
            key, title=title, order=order, build=build, promises=key == "help"
        )


def overdue_actions(locations: Sequence[Location], on: dt.date) -> Mapping[UUID, registry.StepHold]:
    """Return how many open actions tied to each step are overdue, and the longest; one query."""
    found: dict[UUID, registry.StepHold] = {}
    rows = (
        Action.objects.filter(location__in=[place.pk for place in locations])
        .late(on)
        .exclude(step=None)
        .order_by()
        .values_list("step", "due_on")
    )
    for step, due_on in rows:
        known = found.get(step, registry.StepHold(0, 0))
        found[step] = registry.StepHold(known.count + 1, max(known.days, (on - due_on).days))
    return found


def _reach(request: Any) -> Reach:
    sensitive = is_sensitive(request)
    return at_location(
        request.location,
        matters=frozenset({Permission.DELIVERY_RECORD, Permission.HELP_DECIDE}),
        categories=(Category.SENSITIVE_NOTES,) if sensitive else (),
        read_as=(Category.SENSITIVE_NOTES,) if sensitive else (),
        owner=request.agency,
        recorded_by_id=request.sent_by_id,
    )
