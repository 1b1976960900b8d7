"""Models of the ground floor, and the bases of every other model."""

from core.models.base import Identified, Marked, Record, Stamped, Versioned
from core.models.clock import BusinessDate, DueRun
from core.models.files import StoredFile
from core.models.imports import DataImport, RejectedRow
from core.models.jobs import JobRun
from core.models.ledger import LedgerEntry, LedgerSeal
from core.models.tabular import TabularImport

__all__ = [
    "BusinessDate",
    "DataImport",
    "DueRun",
    "Identified",
    "JobRun",
    "LedgerEntry",
    "LedgerSeal",
    "Marked",
    "Record",
    "RejectedRow",
    "Stamped",
    "StoredFile",
    "TabularImport",
    "Versioned",
]
