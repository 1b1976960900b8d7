"""What is written down while a meeting runs: issues and decisions; several people at a time.

Each entry is one insert under the id that the writer's page made. Nothing waits for anybody and a
repeat finds its own row. Actions are ``delivery.services.actions.ask_action``.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core.errors import Refused
from core.history import because
from delivery.choices import MeetingState
from delivery.models import Concern, Decision, Issue, Meeting
from programmes.models import Location
from programmes.policy import holds, require
from programmes.services.repeats import create_once, earlier, is_demonstration
from programmes.services.steps import refuse_future


@transaction.atomic
def raise_issue(
    *,
    id: UUID | None,  # noqa: A002  # the field's own name
    meeting: Meeting,
    text: str,
    by: Any,
    concern: Concern | None = None,
    demonstration: bool | None = None,
) -> Issue:
    """Write down something that was raised; ``concern`` is the resident's that it comes from.

    Without a text the published words of the concern stand for it. Sending the same ``id`` again
    with the same content is harmless. Raises core.errors.NotAllowed, Refused (no text, meeting
    cancelled, a concern of another location or one that the person may not read, conflicting
    repeat).
    """
    require(by, Permission.DELIVERY_RECORD, meeting)
    words = text.strip() or (concern.public_text.strip() if concern is not None else "")
    same = {"meeting": meeting, "text": words, "concern": concern}
    repeat = earlier(Issue, id, same)
    if repeat is not None:
        return repeat
    _refuse_cancelled(meeting)
    if not words:
        raise Refused(_("Say what was raised."))
    _check_concern(meeting, concern, by)
    with because(by=by):
        issue, _new = create_once(
            Issue, id, same, recorded_by=by, is_demonstration=is_demonstration(demonstration)
        )
    return issue


@transaction.atomic
def change_issue(*, issue: Issue, text: str, version: int, by: Any) -> Issue:
    """Correct what was raised. Raises core.errors.Conflict (stale), NotAllowed, Refused."""
    require(by, Permission.DELIVERY_RECORD, issue)
    if not text.strip():
        raise Refused(_("Say what was raised."))
    issue = Issue.objects.select_related("meeting__location").get(pk=issue.pk)
    issue.text = text.strip()
    with because(by=by):
        issue.save_version(version, update_fields=["text", "version", "updated_at"])
    return issue


@transaction.atomic
def record_decision(
    *,
    id: UUID | None,  # noqa: A002  # the field's own name
    location: Location,
    text: str,
    decided_on: dt.date,
    by: Any,
    meeting: Meeting | None = None,
    issue: Issue | None = None,
    demonstration: bool | None = None,
) -> Decision:
    """Write down what was decided, at a meeting or outside one.

    Sending the same ``id`` again with the same content is harmless. Raises core.errors.NotAllowed,
    Refused (no text, a day after today, meeting cancelled, a meeting of another location or an
    issue of another meeting, conflicting repeat).
    """
    require(by, Permission.DELIVERY_RECORD, location)
    same = {
        "location": location,
        "meeting": meeting,
        "issue": issue,
        "text": text.strip(),
        "decided_on": decided_on,
    }
    repeat = earlier(Decision, id, same)
    if repeat is not None:
        return repeat
    if not text.strip():
        raise Refused(_("Say what was decided."))
    refuse_future(decided_on)
    if meeting is not None:
        _refuse_cancelled(meeting)
        if meeting.location_id != location.pk:
            raise Refused(_("That meeting belongs to another location."))
    if issue is not None and (meeting is None or issue.meeting_id != meeting.pk):
        raise Refused(_("That issue was raised at another meeting."))
    with because(by=by):
        decision, _new = create_once(
            Decision, id, same, recorded_by=by, is_demonstration=is_demonstration(demonstration)
        )
    return decision


@transaction.atomic
def change_decision(
    *, decision: Decision, text: str, decided_on: dt.date, version: int, by: Any
) -> Decision:
    """Correct a decision. Raises core.errors.Conflict (stale), NotAllowed, Refused."""
    require(by, Permission.DELIVERY_RECORD, decision)
    if not text.strip():
        raise Refused(_("Say what was decided."))
    refuse_future(decided_on)
    decision = Decision.objects.select_related("location").get(pk=decision.pk)
    decision.text, decision.decided_on = text.strip(), decided_on
    with because(by=by):
        decision.save_version(
            version, update_fields=["text", "decided_on", "version", "updated_at"]
        )
    return decision


def _refuse_cancelled(meeting: Meeting) -> None:
    if meeting.state == MeetingState.CANCELLED:
        raise Refused(_("This meeting was cancelled."))


def _check_concern(meeting: Meeting, concern: Concern | None, by: Any) -> None:
    if concern is None:
        return
    if concern.location_id != meeting.location_id:
        raise Refused(_("That concern belongs to another location."))
    reads = by is None or holds(by, Permission.VOICE_MODERATE, meeting.location)
    if concern.published_on is None and not reads:
        raise Refused(_("That concern is not published."))
