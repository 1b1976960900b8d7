"""What a progress report asks of those who see it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.permissions import Permission
from programmes.reach import Reach, at_location, register_reach
from reports.models import ProgressReport, QuarterNarrative

MATTERS = frozenset({Permission.REPORT_BUILD, Permission.EXPORT})


def report_reach(report: ProgressReport) -> Reach:
    """Return it: one on a location as the location; one on a programme by its own roles alone."""
    if report.location is not None:
        return at_location(report.location, matters=MATTERS)
    return Reach(
        programme=report.programme,  # type: ignore[arg-type]  # one of the two is set
        matters=MATTERS,
        why=(
            _(
                "A report on a whole programme is seen by those with a role on the programme "
                "itself, not by people of single locations."
            ),
        ),
    )


def narrative_reach(narrative: QuarterNarrative) -> Reach:
    """Return it: whoever builds or approves the report that the words become part of."""
    rights = frozenset({Permission.REPORT_BUILD, Permission.REPORT_APPROVE})
    why = (_("What nobody has approved is read by those who write or approve the report."),)
    if narrative.location is not None:
        return at_location(narrative.location, sight=rights, reads=rights, matters=MATTERS, why=why)
    return Reach(
        programme=narrative.programme,  # type: ignore[arg-type]  # one of the two is set
        sight=rights,
        reads=rights,
        matters=MATTERS,
        why=why,
    )


def register() -> None:
    """Make them known to the account of who can see what."""
    register_reach(ProgressReport, report_reach)
    register_reach(QuarterNarrative, narrative_reach)
