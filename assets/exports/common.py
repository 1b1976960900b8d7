"""What the lists of this app have in common: what is withheld, who has sensitive rows."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from assets.sight import Sight, sight_of
from programmes.choices import ConsentPurpose
from programmes.exports.common import locations_in, outdated_by, sees_personal

outdated = outdated_by(ConsentPurpose.CONTRIBUTOR)


def sight_in(user: Any, scope: Any) -> Sight:
    """Return what a reader is covered for in a scope."""
    return sight_of(user, locations_in(user, scope).select_related("programme__lead_agency"))


def withheld_columns(columns: dict[str, tuple[str, ...]]) -> Callable[[Any, Any], Any]:
    """Return an export's ``withheld``: field to the columns that hold it."""

    def withheld(user: Any, scope: Any) -> Callable[[Any], Collection[str]]:
        sight = sight_in(user, scope)
        return lambda row: [
            column for field in sight.withheld(row) for column in columns.get(field, ())
        ]

    return withheld


def may_sensitive(user: Any, scope: Any) -> Callable[[Any], bool]:
    """Return whether a sensitive row is open: its own words are not withheld."""
    from accounts.sharing import Category

    sight, personal = sight_in(user, scope), sees_personal(user, scope)
    return lambda row: personal and Category.SENSITIVE_NOTES not in sight.reasons(row).values()
