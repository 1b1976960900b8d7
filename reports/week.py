"""What waits on My week for whoever approves reports."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from programmes.registry import register_week_panel
from reports.choices import ReportState
from reports.models import QuarterNarrative
from reports.quarters import Quarter
from reports.services.narratives import NEEDED


def register() -> None:
    """Make the passage known."""
    register_week_panel(
        "reports-to-approve",
        template_name="reports/_week.html",
        context=to_approve,
        order=45,
    )


def to_approve(request: HttpRequest) -> dict[str, Any] | None:
    """Return the quarters that are over and written, and wait for this person's approval."""
    rows = QuarterNarrative.objects.all().visible_to(request.user, Permission.REPORT_APPROVE)
    written = ~Q(*((key, "") for key in NEEDED), _connector=Q.OR)
    waiting = rows.filter(written, state=ReportState.DRAFT).select_related("location", "programme")
    today = clock.today()
    lines = [
        {
            "title": f"{row.subject.name}: {quarter.words}",
            "href": row.get_absolute_url(),
            "hint": _("What has to be written is there."),
            "status": "ready",
            "status_label": _("To approve"),
        }
        for row in waiting.order_by("quarter")
        if (quarter := Quarter.parse(row.quarter)).last_day < today
    ]
    return {"lines": lines} if lines else None
