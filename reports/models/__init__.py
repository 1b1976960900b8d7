"""Progress reports."""

from reports.models.report import ProgressReport

__all__ = ["ProgressReport"]
