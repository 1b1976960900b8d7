"""What goes on at each synthetic location, so that pages and lists meet all kinds of records."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from accounts.models import User
from assets.models import Asset, Connection, NetworkLink, Observation, Stakeholder, VisualAudit
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
    TrainingSession,
)
from demo.scale import delivery, evidence, problems
from demo.scale.filler import Filler
from problems.models import (
    Baseline,
    Evaluation,
    EvidenceLink,
    Hypothesis,
    Intervention,
    Problem,
    RichPicture,
    Theme,
)
from programmes.models import Location
from reports.models import ProgressReport
from surveys.models import Submission, Survey, Wave


def seed_work(
    locations: list[Location], people: list[User], on: dt.date, common: dict[str, Any]
) -> dict[str, int]:
    """Make a month's work at each location; return how many rows of each kind were made."""
    filler = Filler(locations, people, on, common)
    for fill in (
        delivery.groups,
        delivery.meetings,
        delivery.actions,
        delivery.voice,
        evidence.assets,
        evidence.surveys,
        problems.problems,
        problems.reports,
    ):
        fill(filler)
    return filler.rows


def remove_work(locations: models.QuerySet[Location]) -> int:
    """Remove what ``seed_work`` made; return how many rows went.

    From the outermost rows inward, because most rows protect what they point to.
    """
    removed = 0
    for rows in (
        ProgressReport.objects.filter(location__in=locations),
        Theme.objects.filter(picture__location__in=locations),
        RichPicture.objects.filter(location__in=locations),
        Evaluation.objects.filter(intervention__problem__location__in=locations),
        Baseline.objects.filter(intervention__problem__location__in=locations),
        EvidenceLink.objects.filter(problem__location__in=locations),
        Intervention.objects.filter(problem__location__in=locations),
        Hypothesis.objects.filter(problem__location__in=locations),
        Problem.objects.filter(location__in=locations),
        Submission.objects.filter(wave__survey__location__in=locations),
        Wave.objects.filter(survey__location__in=locations),
        Survey.objects.filter(location__in=locations),
        NetworkLink.objects.filter(location__in=locations),
        Stakeholder.objects.filter(location__in=locations),
        Observation.objects.filter(audit__location__in=locations),
        VisualAudit.objects.filter(location__in=locations),
        Connection.objects.filter(location__in=locations),
        Asset.objects.filter(location__in=locations),
        HelpRequest.objects.filter(location__in=locations),
        Answer.objects.filter(location__in=locations),
        Concern.objects.filter(location__in=locations),
        Priority.objects.filter(location__in=locations),
        PublicPage.objects.filter(location__in=locations),
        ActionComment.objects.filter(action__location__in=locations),
        Action.objects.filter(location__in=locations),
        Decision.objects.filter(location__in=locations),
        Issue.objects.filter(meeting__location__in=locations),
        MeetingAttendance.objects.filter(meeting__location__in=locations),
        Meeting.objects.filter(location__in=locations),
        LogEntry.objects.filter(location__in=locations),
        TrainingSession.objects.filter(location__in=locations),
        GroupMember.objects.filter(group__location__in=locations),
        GroupSeat.objects.filter(group__location__in=locations),
        DeliveryGroup.objects.filter(location__in=locations),
    ):
        removed += rows.delete()[0]
    return removed
