"""What surveys tell the floors below: pages, panels, evidence, lists, help."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.help import register_help
from programmes import registry
from surveys import exports, panels
from surveys.evidence import BeforeAfterEvidence, WaveEvidence


def register() -> None:
    """Make all of it known."""
    registry.register_location_page(
        "surveys",
        label=_("Surveys"),
        url_name="surveys:survey-list",
        group=registry.PageGroup.RESIDENTS,
        order=20,
    )
    registry.register_location_panel(
        "surveys",
        template_name="surveys/_overview_panel.html",
        context=panels.overview,
        permission=Permission.VIEW,
        order=60,
    )
    registry.register_week_panel(
        "surveys", template_name="surveys/_week_panel.html", context=panels.week, order=60
    )
    registry.register_public_passage(
        "surveys",
        template_name="surveys/_public_passage.html",
        context=panels.public,
        order=30,
    )
    registry.register_handover_chapter(
        "surveys", title=_("Survey waves"), order=60, build=panels.handover
    )
    registry.register_evidence_provider(WaveEvidence())
    registry.register_evidence_provider(BeforeAfterEvidence())
    exports.register()
    register_help(
        "surveys",
        title=_("Surveys of residents"),
        summary=_("How to ask, what is kept of people, and what a result can say."),
        template_name="help/surveys.html",
        order=45,
    )
