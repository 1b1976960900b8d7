"""Writes of progress reports: the words of a quarter, building a report and keeping it."""

from reports.services.building import (
    KIND,
    existing_report,
    keep_report,
    marking_of,
    release_key,
    request_report,
)
from reports.services.narratives import approve_quarter, reopen_quarter, write_narrative

__all__ = [
    "KIND",
    "approve_quarter",
    "existing_report",
    "keep_report",
    "marking_of",
    "release_key",
    "reopen_quarter",
    "request_report",
    "write_narrative",
]
