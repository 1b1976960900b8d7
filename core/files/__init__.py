"""The files room: what comes in is looked at, what lies in it is whole and private.

A stored file has no address of its own: the page of whoever owns it calls ``response`` after it
has checked who asks.
"""

from core.files.kinds import Kinds
from core.files.room import (
    member_response,
    open_file,
    path_of,
    remove_orphans,
    response,
    store,
)

__all__ = [
    "Kinds",
    "member_response",
    "open_file",
    "path_of",
    "remove_orphans",
    "response",
    "store",
]
