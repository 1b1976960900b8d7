"""What the lists of this app have in common: what is withheld, who has sensitive rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from assets.sight import Sight, sight_of
from core import clock
from programmes.choices import ConsentPurpose
from programmes.exports.common import locations_in, sees_personal
from programmes.models import Consent, Location


def sight_in(user: Any, scope: Any) -> Sight:
    """Return what a reader is covered for in a scope."""
    return sight_of(user, locations_in(user, scope).select_related("programme__lead_agency"))


def outdated(scope: Any, made_at: dt.datetime) -> str:
    """Say why a list of assets made at a moment must not be handed out: somebody has withdrawn."""
    inside = {"location": scope} if isinstance(scope, Location) else {"location__programme": scope}
    left = Consent.objects.filter(**inside, purpose=ConsentPurpose.CONTRIBUTOR)
    today, made_on = clock.today(), timezone.localtime(made_at).date()
    withdrawn = left.filter(withdrawn_on__isnull=False, updated_at__gt=made_at)
    ended = left.filter(ends_on__gte=made_on, ends_on__lt=today)
    if withdrawn.exists() or ended.exists():
        return _("Somebody in this list has withdrawn their consent since. Ask for it anew.")
    return ""


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
