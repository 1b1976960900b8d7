"""What actions make known to the floors below."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.leaving import register_closing, register_holding
from accounts.sharing import Category
from core import clock
from core.help import register_help
from core.selectors import register_veil
from delivery import action_veils
from delivery.exports import actions as export
from delivery.models import Action, ActionComment
from delivery.selectors.actions import action_counts, my_actions, open_actions, waiting_for
from delivery.services import notices
from delivery.services.handing_over import action_lines, hand_over_actions
from delivery.views.actions import state_shown
from delivery.views.my_actions import groups
from programmes.models import Location
from programmes.reach import Reach, at_location, register_reach
from programmes.registry import (
    HandoverChapter,
    HandoverLine,
    PageGroup,
    register_handover_chapter,
    register_location_page,
    register_location_panel,
    register_week_panel,
)
from programmes.sharing import is_sensitive


def register() -> None:
    """Make pages, panels, chapters, holdings, help and rules of actions known."""
    register_location_page(
        "actions",
        label=gettext_lazy("Actions"),
        url_name="delivery:action-list",
        group=PageGroup.WORK,
        order=10,
    )
    register_location_panel(
        "actions",
        template_name="delivery/actions/_overview.html",
        context=overview,
        order=15,
    )
    register_week_panel(
        "my-actions",
        template_name="delivery/actions/_week_mine.html",
        context=week_mine,
        order=10,
        limited=True,
    )
    register_week_panel(
        "actions-waiting",
        template_name="delivery/actions/_week_waiting.html",
        context=week_waiting,
        order=20,
    )
    register_handover_chapter(
        "actions", title=gettext_lazy("Open actions"), order=20, build=chapter, promises=True
    )
    register_holding("actions", gettext_lazy("Open actions"), action_lines, hand_over_actions)
    register_closing("calendar", notices.close)
    register_veil(Action, action_veils.of_actions)
    register_veil(ActionComment, action_veils.of_comments)
    register_reach(Action, _action_reach)
    register_reach(ActionComment, _comment_reach)
    export.register()
    register_help(
        "actions",
        title=gettext_lazy("Actions"),
        summary=gettext_lazy("Asking, answering from a mail, finishing with a photo, evidence."),
        template_name="help/actions.html",
        order=24,
    )


def overview(request: HttpRequest, location: Location) -> dict[str, Any] | None:
    """Return how the actions of a location stand."""
    return {"counts": action_counts(location), "location": location}


def week_mine(request: HttpRequest) -> dict[str, Any] | None:
    """Return what the person is to do; a limited session is told where there is nothing."""
    mine = my_actions(request.user)
    if not mine.all:
        return None
    return {"mine": mine, "groups": groups(mine), "total": len(mine.all)}


def week_waiting(request: HttpRequest) -> dict[str, Any] | None:
    """Return what waits for whoever runs actions: blocked, other dates, overdue, just done."""
    today = clock.today()
    waiting = waiting_for(request.user, today)
    named = (
        ("blocked", _("Blocked"), waiting.blocked),
        ("proposed", _("Another date is proposed"), waiting.proposed),
        ("overdue", _("Overdue, with others"), waiting.overdue),
        ("done", _("Done lately, and not yet evidence on a step"), waiting.done),
    )
    shown = [
        {
            "key": key,
            "title": title,
            "lines": [
                {
                    "action": row,
                    "late": row.days_late(today),
                    **dict(zip(("state", "label"), state_shown(row, today), strict=True)),
                }
                for row in rows[:10]
            ],
            "more": max(len(rows) - 10, 0),
        }
        for key, title, rows in named
        if rows
    ]
    return {"groups": shown} if shown else None


def chapter(location: Location, reader: Any) -> HandoverChapter | None:
    """Return the open actions of a location for whoever takes over: every promise with its link."""
    today = clock.today()
    rows = [
        HandoverLine(
            title=action.title,
            text=_line_words(action, today),
            who=f"{action.owner} ({action.owner.agency})"
            if action.owner.agency_id
            else str(action.owner),
            due=action.due_on,
            url=action.get_absolute_url(),
        )
        for action in open_actions(location, reader)
    ]
    intro = (
        _("Each was promised to somebody. Open it to see what was said and to go on from there.")
        if rows
        else _("No action is open.")
    )
    return HandoverChapter(title=_("Open actions"), intro=intro, rows=rows, promises=True)


def _line_words(action: Action, today: Any) -> str:
    words = [str(state_shown(action, today)[1])]
    if action.target_place is not None:
        words.append(action.target_place.name)
    if action.blocked_reason and not is_sensitive(action):
        words.append(action.blocked_reason)
    return " · ".join(words)


def _action_reach(action: Action) -> Reach:
    sensitive = is_sensitive(action)
    return at_location(
        action.location,
        categories=(Category.SENSITIVE_NOTES,) if sensitive else (),
        read_as=(Category.SENSITIVE_NOTES,) if sensitive else (),
        owner=action.agency,
        recorded_by_id=action.asked_by_id,
    )


def _comment_reach(comment: ActionComment) -> Reach:
    sensitive = is_sensitive(comment) or is_sensitive(comment.action)
    return at_location(
        comment.action.location,
        categories=(Category.SENSITIVE_NOTES,) if sensitive else (),
        read_as=(Category.SENSITIVE_NOTES,) if sensitive else (),
        owner=comment.agency,
        recorded_by_id=comment.said_by_id,
    )
