"""The work at a synthetic location: groups, meetings, actions, what residents say."""

from __future__ import annotations

import datetime as dt

from delivery.choices import (
    ActionState,
    AnswerKind,
    Channel,
    ConcernKind,
    ConcernState,
    GroupKind,
    GroupRole,
    HelpState,
    LogKind,
    MeetingKind,
    MeetingState,
    Tier,
)
from delivery.models import (
    Action,
    ActionComment,
    Answer,
    Concern,
    Decision,
    DeliveryGroup,
    GroupMember,
    GroupSeat,
    HelpRequest,
    Issue,
    LogEntry,
    Meeting,
    MeetingAttendance,
    Priority,
    PublicPage,
    TrainingCourse,
    TrainingSession,
)
from demo.scale.filler import Filler


def groups(filler: Filler) -> None:
    """Make a delivery group with seats, members, a training session and log entries."""
    filler.group_of = {
        row.location_id: row
        for row in filler.store(
            "groups",
            (
                DeliveryGroup(
                    location=location,
                    kind=GroupKind.DELIVERY,
                    name="Synthetic delivery group",
                    formed_on=filler.since,
                    **filler.common,
                )
                for location in filler.locations
            ),
        )
    }
    filler.store(
        "seats",
        (
            GroupSeat(
                group=filler.group_of[location.pk],
                label=f"Synthetic seat {number}",
                asked_on=filler.since,
                **filler.common,
            )
            for _turn, location, number in filler.each(2)
        ),
    )
    filler.store(
        "members",
        (
            GroupMember(
                group=filler.group_of[location.pk],
                user=filler.person(turn),
                agency=filler.person(turn).agency,
                role=GroupRole.CHAIR if number == 1 else GroupRole.MEMBER,
                joined_on=filler.since,
                **filler.common,
            )
            for turn, location, number in filler.each(3)
        ),
    )
    course = TrainingCourse.objects.order_by("order", "pk").first()
    if course is not None:
        filler.store(
            "trainings",
            (
                TrainingSession(
                    location=location,
                    course=course,
                    held_on=filler.since + dt.timedelta(days=10),
                    recorded_by=filler.person(turn),
                    **filler.common,
                )
                for turn, location, _number in filler.each(1)
            ),
        )
    filler.store(
        "log",
        (
            LogEntry(
                location=location,
                kind=LogKind.VISIT,
                done_on=filler.on - dt.timedelta(days=number),
                text="Made for load tests.",
                people=number,
                **filler.author(turn),
                **filler.common,
            )
            for turn, location, number in filler.each(3)
        ),
    )


def meetings(filler: Filler) -> None:
    """Make a meeting held, with what came of it, and one ahead."""
    filler.meeting_of = {
        row.location_id: row
        for row in filler.store(
            "meetings",
            (
                Meeting(
                    location=location,
                    group=filler.group_of[location.pk],
                    kind=MeetingKind.DELIVERY_GROUP,
                    title=f"Synthetic meeting {number}",
                    held_on=filler.on + dt.timedelta(days=-7 if number == 1 else 2),
                    state=MeetingState.HELD if number == 1 else MeetingState.PLANNED,
                    closed_on=filler.on - dt.timedelta(days=7) if number == 1 else None,
                    called_by=filler.person(turn),
                    **filler.common,
                )
                for turn, location, number in filler.each(2)
            ),
        )
        if row.state == MeetingState.HELD
    }
    filler.store(
        "attendances",
        (
            MeetingAttendance(
                meeting=filler.meeting_of[location.pk],
                user=filler.person(turn),
                agency=filler.person(turn).agency,
                **filler.common,
            )
            for turn, location, _number in filler.each(3)
        ),
    )
    filler.store(
        "issues",
        (
            Issue(
                meeting=filler.meeting_of[location.pk],
                text="Made for load tests.",
                recorded_by=filler.person(turn),
                **filler.common,
            )
            for turn, location, _number in filler.each(1)
        ),
    )
    filler.store(
        "decisions",
        (
            Decision(
                location=location,
                meeting=filler.meeting_of[location.pk],
                text=f"Synthetic decision {number}",
                decided_on=filler.on - dt.timedelta(days=7),
                recorded_by=filler.person(turn),
                **filler.common,
            )
            for turn, location, number in filler.each(2)
        ),
    )


def actions(filler: Filler) -> None:
    """Make an action in each state but one, with comments, and a request for help."""
    states = (ActionState.ASKED, ActionState.ACCEPTED, ActionState.BLOCKED, ActionState.DONE)
    filler.action_of = {}
    for row in filler.store(
        "actions",
        (
            Action(
                location=location,
                meeting=filler.meeting_of[location.pk],
                title=f"Synthetic action {number}",
                owner=filler.person(turn),
                asked_by=filler.person(turn + 1),
                agency=filler.person(turn + 1).agency,
                asked_on=filler.on - dt.timedelta(days=7),
                due_on=filler.on + dt.timedelta(days=number * 3 - 6),
                state=states[number - 1],
                accepted_on=filler.on - dt.timedelta(days=6) if number > 1 else None,
                blocked_reason="Made for load tests." if number == 3 else "",
                blocked_on=filler.on if number == 3 else None,
                closed_on=filler.on if number == 4 else None,
                closing_note="Made for load tests." if number == 4 else "",
                **filler.common,
            )
            for turn, location, number in filler.each(4)
        ),
    ):
        filler.action_of[row.location_id] = row
    filler.store(
        "comments",
        (
            ActionComment(
                action=filler.action_of[location.pk],
                text="Made for load tests.",
                said_on=filler.on,
                said_by=filler.person(turn),
                agency=filler.person(turn).agency,
                **filler.common,
            )
            for turn, location, _number in filler.each(2)
        ),
    )
    filler.store(
        "help requests",
        (
            HelpRequest(
                location=location,
                tier=Tier.TASKING,
                state=HelpState.SENT,
                title="Synthetic request",
                reason="Made for load tests.",
                agency=filler.person(turn).agency,
                sent_on=filler.on,
                sent_by=filler.person(turn),
                decide_by=filler.on + dt.timedelta(days=14),
                **filler.common,
            )
            for turn, location, _number in filler.each(1)
        ),
    )


def voice(filler: Filler) -> None:
    """Open a public page with what residents told, a priority and draft answers."""
    filler.store(
        "public pages",
        (
            PublicPage(location=location, opened_on=filler.since, **filler.common)
            for location in filler.locations
        ),
    )
    filler.store(
        "priorities",
        (
            Priority(
                location=location,
                title="Synthetic priority",
                agreed_on=filler.on,
                published_on=filler.on,
                **filler.common,
            )
            for location in filler.locations
        ),
    )
    heard = filler.store(
        "concerns",
        (
            Concern(
                location=location,
                kind=ConcernKind.CONCERN,
                text="Made for load tests.",
                public_text="Made for load tests." if number < 4 else "",
                channel=Channel.PUBLIC_PAGE,
                heard_on=filler.on - dt.timedelta(days=number),
                answer_by=filler.on + dt.timedelta(days=20 - number),
                state=ConcernState.OPEN if number < 4 else ConcernState.NEW,
                published_on=filler.on if number < 4 else None,
                read_on=filler.on if number < 4 else None,
                read_by=filler.person(turn) if number < 4 else None,
                **filler.common,
            )
            for turn, location, number in filler.each(4)
        ),
    )
    filler.store(
        "answers",
        (
            Answer(
                location_id=concern.location_id,
                concern=concern,
                kind=AnswerKind.DID,
                text="Made for load tests.",
                answered_on=filler.on,
                drafted_by=filler.person(turn),
                **filler.common,
            )
            for turn, concern in enumerate(heard)
            if concern.state == ConcernState.OPEN
        ),
    )
