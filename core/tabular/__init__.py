"""Tables in: read, checked and shown before anything is stored, and undone after.

An app registers a ``Table`` in ``AppConfig.ready()`` and links to
``{% url "core:table-new" key target.pk %}``; everything else is here. See docs/tables.md.
"""

from core.tabular.registry import AMBIGUOUS, Table, find_table, folded, match, register

__all__ = ["AMBIGUOUS", "Table", "find_table", "folded", "match", "register"]
