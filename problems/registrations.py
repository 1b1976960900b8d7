"""What problems make known to the floors below."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.leaving import register_holding
from core.help import register_help
from problems import exports, reach
from problems.selectors.lists import open_problems, providers, running_interventions, with_verdicts
from problems.services.handing_over import hand_over, held_lines
from programmes.models import Location
from programmes.registry import (
    HandoverChapter,
    HandoverLine,
    PageGroup,
    register_evidence_provider,
    register_handover_chapter,
    register_location_page,
    register_location_panel,
)


def register() -> None:
    """Make them known."""
    register_location_page(
        "problems",
        label=gettext_lazy("Problems"),
        url_name="problems:problem-list",
        group=PageGroup.WORK,
        order=40,
    )
    register_location_panel(
        "problems", template_name="problems/_overview.html", context=overview, order=35
    )
    register_handover_chapter(
        "problems", title=gettext_lazy("Open problems"), order=60, build=chapter
    )
    register_holding("problems", gettext_lazy("Problems and interventions"), held_lines, hand_over)
    for provider in providers():
        register_evidence_provider(provider)
    reach.register()
    exports.register()
    register_help(
        "problems",
        title=gettext_lazy("Problems and whether it worked"),
        summary=gettext_lazy("From what keeps happening to a result that can be claimed."),
        template_name="help/problems.html",
        order=28,
    )


def overview(request: HttpRequest, location: Location) -> dict[str, Any] | None:
    """Return the open problems of a location, each with its newest verdict; one query."""
    return {
        "location": location,
        "problems": list(with_verdicts(open_problems(location, request.user))),
    }


def chapter(location: Location, reader: Any) -> HandoverChapter | None:
    """Return open problems, with the next review, and the interventions that run."""
    rows = [
        HandoverLine(
            title=problem.title,
            text=_("Stage: %(stage)s") % {"stage": problem.plan.get_stage_display()},
            who=str(problem.owner),
            due=problem.plan.review_on,
            url=problem.get_absolute_url(),
        )
        for problem in open_problems(location, reader)
    ]
    rows += [
        HandoverLine(
            title=one.title,
            text=_("Intervention, running"),
            who=str(one.owner),
            url=one.get_absolute_url(),
        )
        for one in running_interventions(location, reader)
    ]
    intro = (
        _("What is worked on, where each plan stands, and what runs at the moment.")
        if rows
        else _("No problem is open.")
    )
    return HandoverChapter(title=_("Open problems"), intro=intro, rows=rows)
