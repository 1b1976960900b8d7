"""Lists out: CSV or Excel, with data dictionary, disclosure rules and an entry in the ledger.

An app registers an ``Export`` in ``AppConfig.ready()``; pages, API and job are here. See
docs/tables.md.
"""

from core.exports.registry import Column, ColumnType, Export, by_date, find_export, register

__all__ = ["Column", "ColumnType", "Export", "by_date", "find_export", "register"]
