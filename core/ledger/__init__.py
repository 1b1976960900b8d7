"""The ledger: ``note`` writes one entry; what a request notes goes out in one insert at its end.

Pages and the API note what they show, change and deny by themselves (``core.ledger.construction``);
``note`` is for what only a service knows: roles, agreements, accounts, sign-ins, exports.
"""

from core.ledger.notes import by_way_of, note
from core.ledger.readers import register_reader
from core.ledger.whereabouts import register_anchor

__all__ = ["by_way_of", "note", "register_anchor", "register_reader"]
