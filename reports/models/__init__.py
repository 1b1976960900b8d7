"""Progress reports, and what people write in them."""

from reports.models.narrative import QuarterNarrative
from reports.models.report import ProgressReport

__all__ = ["ProgressReport", "QuarterNarrative"]
