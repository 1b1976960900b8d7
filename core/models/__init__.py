"""Models of the ground floor, and the bases of every other model."""

from core.models.base import Identified, Marked, Record, Stamped, Versioned
from core.models.clock import BusinessDate, DueRun
from core.models.files import StoredFile
from core.models.imports import DataImport, RejectedRow
from core.models.jobs import JobRun

__all__ = [
    "BusinessDate",
    "DataImport",
    "DueRun",
    "Identified",
    "JobRun",
    "Marked",
    "Record",
    "RejectedRow",
    "Stamped",
    "StoredFile",
    "Versioned",
]
