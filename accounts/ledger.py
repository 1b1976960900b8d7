"""The ledger as agencies and administrators read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from accounts.anchors import anchor_kinds
from accounts.models import Agency
from accounts.permissions import Permission
from core import ledger
from core.choices import LedgerAction

# What a system administrator looks after: accounts and rights, not what people read and wrote.
ADMINISTRATION = (
    LedgerAction.SIGN_IN,
    LedgerAction.SIGN_IN_FAILED,
    LedgerAction.SIGN_OUT,
    LedgerAction.ACCOUNT,
    LedgerAction.PERMISSION,
)


def under_anchors(anchors: Any) -> Q:
    """Return the condition that an entry lies under one of ``anchors`` (a queryset), read now.

    With the keys themselves, not a subquery, PostgreSQL knows whether they are rare: it then goes
    by the indexes instead of reading the ledger backwards until it has found enough.
    """
    return under_keys(list(anchors.order_by().values_list("pk", flat=True)))


def under_keys(keys: Sequence[Any]) -> Q:
    """Return the condition that an entry lies under one of the anchors with these keys."""
    return Q(anchor_id__in=keys) | Q(anchors__overlap=list(keys)) if keys else Q(pk__in=[])


def readable_entries(user: Any) -> Q:
    """Return the condition under which an entry is ``user``'s to read by an agency or by duty.

    With the right to read the ledger on an agency: what concerned the agency itself or information
    it owns, and what its own people did.
    """
    agencies = Agency.objects.visible_to(user, Permission.LEDGER_READ)
    keys = list(agencies.order_by().values_list("pk", flat=True))
    condition = under_keys(keys)
    if keys:
        condition |= Q(owner__in=keys) | Q(actor_agency__in=keys)
    if user.is_staff:
        condition |= Q(action__in=ADMINISTRATION)
    return condition


def tell() -> None:
    """Tell the ledger which records are anchors, and what one may read by agency or duty."""
    for kind in anchor_kinds():
        ledger.register_anchor(kind.model)
    ledger.register_reader("accounts", readable_entries)
