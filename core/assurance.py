"""How surely a session knows who sits there; views say how much they ask."""

from __future__ import annotations

from enum import IntEnum


class Level(IntEnum):
    """From nobody to fully signed in.

    A view's class attribute ``least_level`` names the least it answers to (FULL where it says
    nothing); ``accounts.middleware`` asks, ``accounts.assurance`` knows the level of a session.
    LINK and PASSWORD are two ways, not one above the other: a view that says LINK answers to LINK
    and FULL, one that says PASSWORD to PASSWORD and FULL.
    """

    NONE = 0  # nobody, or a session that was opened by none of the ways below
    LINK = 1  # a link in one's mail and a code sent there
    PASSWORD = 2  # a password, while a second factor is owed
    FULL = 3  # all that this person's roles ask for
