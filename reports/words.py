"""The words of a quarter, as its report prints them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.errors import Refused
from programmes.models import Location, Programme
from reports.choices import ReportState
from reports.figures import Narrative, NarrativeSection
from reports.models import QuarterNarrative
from reports.models.narrative import TITLES
from reports.quarters import Quarter


def narrative_row(subject: Location | Programme, quarter: Quarter) -> QuarterNarrative | None:
    """Return the words of a quarter as they are stored; None before anybody wrote any."""
    field = "programme" if isinstance(subject, Programme) else "location"
    rows = QuarterNarrative.objects.filter(**{field: subject}, quarter=str(quarter))
    return rows.select_related("approved_by", "location__programme", "programme").first()


def narrative_of(
    subject: Location | Programme, quarter: Quarter, *, edition: int | None = None
) -> Narrative | None:
    """Return the words that a report prints; None where nobody wrote any.

    Raises Refused where ``edition`` is asked for and that edition does not stand approved.
    """
    row = narrative_row(subject, quarter)
    approved = row is not None and row.state == ReportState.APPROVED
    if edition is not None and (row is None or not approved or row.edition != edition):
        raise Refused(_("This edition of the quarter is not approved (any more)."))
    if row is None:
        return None
    return Narrative(
        edition=row.edition,
        approved=edition is not None,
        sections=tuple(
            NarrativeSection(key, str(title), getattr(row, key).strip())
            for key, title in TITLES.items()
            if getattr(row, key).strip()
        ),
    )
