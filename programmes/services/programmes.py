"""Setting up programmes."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.grants import give_role
from accounts.models import Agency
from accounts.permissions import Permission
from accounts.roles import Role
from core import clock
from core.errors import NotAllowed, Refused
from core.history import because
from programmes import policy
from programmes.models import Programme, ProgrammeMembership, StepRecord, StepTemplate
from programmes.services.repeats import create_once, free_slug, is_demonstration

EDITABLE = (
    "name",
    "lead_agency",
    "summary",
    "purpose",
    "starts_on",
    "weeks",
    "grant_pounds",
    "grant_note",
    "source_note",
)


@transaction.atomic
def create_programme(
    *,
    name: str,
    template: StepTemplate,
    starts_on: dt.date,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    slug: str = "",
    summary: str = "",
    purpose: str = "",
    weeks: int = 40,
    grant_pounds: int | None = None,
    grant_note: str = "",
    source_note: str = "",
    lead_agency: Agency | None = None,
    demonstration: bool | None = None,
) -> Programme:
    """Set up a programme; the person who does becomes its programme manager.

    What it holds is the information of ``lead_agency`` (by default their own), unless a record
    says otherwise. May be called by those of
    ``policy.may_create_programme``. Raises core.errors.NotAllowed for others and for an agency that
    is not theirs to lead with, Refused for a length of no weeks or a conflicting repeat of ``id``.
    """
    policy.require_create_programme(by)
    _check_weeks(weeks)
    if lead_agency is None:
        lead_agency = policy.usual_lead_agency(by)
    elif not policy.lead_agencies(by).filter(pk=lead_agency.pk).exists():
        raise NotAllowed(_("Choose an agency whose programmes you manage, or your own."))
    same = {
        "name": name,
        "lead_agency": lead_agency,
        "template": template,
        "starts_on": starts_on,
        "summary": summary,
        "purpose": purpose,
        "weeks": weeks,
        "grant_pounds": grant_pounds,
        "grant_note": grant_note,
        "source_note": source_note,
    }
    with because(by=by):
        programme, new = create_once(
            Programme,
            id,
            same,
            slug=slug or free_slug(Programme.objects.all(), name),
            is_demonstration=is_demonstration(demonstration),
        )
        if new:
            give_role(
                membership_model=ProgrammeMembership,
                user=by,
                anchor=programme,
                role=Role.PROGRAMME_MANAGER,
                starts_on=min(clock.today(), starts_on),
                by=by,
                is_demonstration=programme.is_demonstration,
                as_founder=True,
            )
    return programme


@transaction.atomic
def edit_programme(*, programme: Programme, version: int, by: Any, **changes: Any) -> Programme:
    """Change what a programme says of itself; ``changes`` holds fields of ``EDITABLE``.

    When its start moves, the planned dates of steps that have not begun move by as many days.
    Raises core.errors.Conflict if someone saved in between, NotAllowed, Refused.
    """
    policy.require(by, Permission.PROGRAMME_MANAGE, programme)
    _check_weeks(changes.get("weeks", programme.weeks))
    stored = Programme.objects.select_related("lead_agency").get(pk=programme.pk)
    if "lead_agency" in changes:
        policy.require_new_lead(by, stored, changes["lead_agency"])
    moved = changes.get("starts_on", stored.starts_on) - stored.starts_on
    for name, value in changes.items():
        if name not in EDITABLE:
            raise ValueError(f"{name} is no field that edit_programme changes")
        setattr(programme, name, value)
    with because(by=by):
        programme.save_version(version, update_fields=[*EDITABLE, "version", "updated_at"])
        if moved:
            StepRecord.objects.filter(
                location__programme=programme,
                started_on__isnull=True,
                evidence__isnull=True,
                sign_offs__isnull=True,
            ).update(
                planned_start=F("planned_start") + moved,
                planned_end=F("planned_end") + moved,
                version=F("version") + 1,
                updated_at=clock.now(),
            )
    return programme


def _check_weeks(weeks: int) -> None:
    if not 1 <= weeks <= 520:
        raise Refused(_("A programme lasts between 1 and 520 weeks."))
