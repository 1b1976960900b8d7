"""What meetings tell the floors below: pages, panels, evidence, the handover, lists, help."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from core import clock
from core.help import register_help
from core.screen import day
from delivery.choices import MeetingKind, MeetingState
from delivery.models import Meeting
from programmes.counting import CountedRows
from programmes.models import Location
from programmes.registry import (
    HandoverChapter,
    HandoverLine,
    PageGroup,
    register_evidence_provider,
    register_handover_chapter,
    register_location_page,
    register_location_panel,
    register_week_panel,
)

LAST_DECISIONS = 10
RECENT = dt.timedelta(days=120)


def _held() -> QuerySet[Any]:
    """Return the delivery-group meetings that were held, anywhere."""
    return Meeting.objects.filter(kind=MeetingKind.DELIVERY_GROUP, state=MeetingState.HELD)


def _held_words(count: int) -> str:
    return ngettext(
        "%(count)d delivery group meeting held", "%(count)d delivery group meetings held", count
    ) % {"count": count}


MEETING_EVIDENCE = CountedRows(
    key="delivery-group-meetings",
    rows=_held,
    words=_held_words,
    url_name="delivery:meetings",
    date="held_on",
    make_url_name="delivery:meeting-new",
    make_label=_("Call a meeting"),
    make_permission=Permission.DELIVERY_RECORD,
)


def overview_panel(request: HttpRequest, location: Location) -> dict[str, Any] | None:
    """Return the next meetings of a location; None where none is planned. One query."""
    from delivery.selectors.meetings import meetings_ahead

    ahead = meetings_ahead(location, request.user)[:3]
    return {"location": location, "ahead": ahead} if ahead else None


def week_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Return a person's meetings of this week and the next, and those to be closed."""
    from delivery.selectors.meetings import my_meetings

    found = my_meetings(request.user)
    return {"meetings": found} if found else None


def handover(location: Location, reader: Any) -> HandoverChapter | None:
    """Write the chapter of meetings ahead, those not closed, and the last decisions."""
    from delivery.selectors.meetings import decisions_of, meetings_of
    from delivery.services.meeting_mail import when_words

    found = meetings_of(location, reader)
    rows = [
        HandoverLine(
            title=meeting.title,
            text=f"{when_words(meeting)}{', ' + meeting.where if meeting.where else ''}",
            due=meeting.held_on,
            url=meeting.get_absolute_url(),
        )
        for meeting in found.ahead
    ]
    rows += [
        HandoverLine(
            title=_t("To be closed: %(title)s") % {"title": meeting.title},
            text=_t("Its day has passed, and its minutes are not made."),
            due=meeting.held_on,
            url=meeting.get_absolute_url(),
        )
        for meeting in found.open
    ]
    decisions = decisions_of(location, reader, first=clock.today() - RECENT)[:LAST_DECISIONS]
    rows += [
        HandoverLine(
            title=_t("Decided on %(day)s") % {"day": day(decision.decided_on)},
            text=decision.text,
            url=decision.get_absolute_url(),
        )
        for decision in decisions
    ]
    intro = (
        _t("The appointments that are made, and what was decided in the last four months.")
        if rows
        else _t("No meeting is planned, and nothing was decided in the last four months.")
    )
    return HandoverChapter(title=_t("Meetings and decisions"), intro=intro, rows=rows)


def register() -> None:
    """Make it all known."""
    from delivery.exports import meetings as exports

    register_location_page(
        "meetings",
        label=_("Meetings"),
        url_name="delivery:meetings",
        group=PageGroup.WORK,
        order=20,
    )
    register_location_page(
        "decisions",
        label=_("Decisions"),
        url_name="delivery:decisions",
        group=PageGroup.WORK,
        order=30,
    )
    register_evidence_provider(MEETING_EVIDENCE)
    register_location_panel(
        "meetings",
        template_name="delivery/meetings/_overview.html",
        context=overview_panel,
        permission=Permission.VIEW,
        order=30,
    )
    register_week_panel(
        "meetings", template_name="delivery/meetings/_week.html", context=week_panel, order=20
    )
    register_handover_chapter(
        "meetings", title=_("Meetings and decisions"), order=20, build=handover
    )
    register_help(
        "meetings",
        title=_("Meetings, decisions and minutes"),
        summary=_("Planning a meeting, writing it down while it runs, and its minutes."),
        template_name="help/meetings.html",
        order=23,
    )
    exports.register_all()
