"""Writing the words of a quarter, approving it, opening it again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.policy import require
from core import clock
from core.errors import Refused
from core.history import because
from core.screen import day
from programmes.models import Location, Programme
from reports.choices import ReportState
from reports.models import QuarterNarrative
from reports.models.narrative import SECTIONS, TITLES
from reports.quarters import Quarter
from reports.services.building import request_report

# Without these an approved report would say what was done and not what came of it.
NEEDED = ("impact", "learning", "next_quarter")


@transaction.atomic
def write_narrative(
    *,
    subject: Location | Programme,
    quarter: Quarter,
    texts: dict[str, str],
    by: Any,
    version: int | None,
    id: UUID | None = None,  # noqa: A002  # the name of the field
) -> QuarterNarrative:
    """Keep the words of a quarter; ``version`` is that of the words they were written over.

    ``texts`` holds sections by their key; what is left out stays as it is. ``version`` is None for
    the first words; where somebody wrote first, that is a stale save like any other.
    Raises NotAllowed without the right to build reports, Refused for an approved quarter and one
    that has not begun, Conflict where somebody else saved in between.
    """
    require(by, Permission.REPORT_BUILD, subject)
    if quarter.first_day > clock.today():
        raise Refused(_("%(quarter)s has not begun yet.") % {"quarter": quarter.words})
    field = "programme" if isinstance(subject, Programme) else "location"
    type(subject)._default_manager.select_for_update().get(pk=subject.pk)
    row = QuarterNarrative.objects.filter(**{field: subject}, quarter=str(quarter)).first()
    with because(by=by):
        if row is None:
            fresh = QuarterNarrative(**{field: subject}, quarter=str(quarter))
            fresh.is_demonstration = subject.is_demonstration
            if id is not None:
                fresh.id = id
            _take(fresh, texts)
            fresh.save(force_insert=True)
            return fresh
        if id is not None and row.pk == id and version is None:
            return row  # the same form sent twice
        if row.state == ReportState.APPROVED:
            raise Refused(_("This quarter is approved. Open it again before changing its words."))
        _take(row, texts)
        row.save_version(version or 0)
        return row


def _take(row: QuarterNarrative, texts: dict[str, str]) -> None:
    for key, text in texts.items():
        if key not in SECTIONS:
            raise ValueError(f"{key} is no section of a quarter")
        setattr(row, key, text.strip())


@transaction.atomic
def approve_quarter(
    *, narrative: QuarterNarrative, by: Any, version: int, deliver: bool = True
) -> QuarterNarrative:
    """Approve the words of a quarter and ask for the report that freezes them with the figures.

    Approving twice is harmless. Raises NotAllowed without the right to approve, Refused for a
    quarter that is not over and for words that lack a section, Conflict for a stale version.
    """
    subject, quarter = narrative.subject, Quarter.parse(narrative.quarter)
    require(by, Permission.REPORT_APPROVE, subject)
    row = QuarterNarrative.objects.select_for_update(of=("self",)).get(pk=narrative.pk)
    if row.state == ReportState.APPROVED:
        return row
    if quarter.last_day >= clock.today():
        raise Refused(
            _("%(quarter)s ends on %(date)s. It can be approved from the day after.")
            % {"quarter": quarter.words, "date": day(quarter.last_day)}
        )
    lacking = [key for key in NEEDED if not getattr(row, key).strip()]
    if lacking:
        names = [str(TITLES[key]).lower() for key in lacking]
        raise Refused(
            _("Before it can be approved, something has to be written under: %(sections)s.")
            % {"sections": ", ".join(names)}
        )
    with because(by=by):
        row.state = ReportState.APPROVED
        row.approved_on = clock.today()
        row.approved_by = by
        row.save_version(version)
    request_report(subject=subject, quarter=quarter, by=by, edition=row.edition, deliver=deliver)
    return row


@transaction.atomic
def reopen_quarter(
    *, narrative: QuarterNarrative, reason: str, by: Any, version: int
) -> QuarterNarrative:
    """Open an approved quarter again for a next edition; what is frozen stays.

    Raises NotAllowed without the right to approve, Refused where it is not approved or no reason
    is given, Conflict for a stale version.
    """
    require(by, Permission.REPORT_APPROVE, narrative.subject)
    row = QuarterNarrative.objects.select_for_update(of=("self",)).get(pk=narrative.pk)
    if row.state != ReportState.APPROVED:
        raise Refused(_("This quarter is open already."))
    if not reason.strip():
        raise Refused(_("Say why the quarter is opened again."))
    with because(by=by, reason=reason):
        row.state = ReportState.DRAFT
        row.edition += 1
        row.approved_on = None
        row.approved_by = None
        row.reopened_reason = reason.strip()
        row.save_version(version)
    return row
