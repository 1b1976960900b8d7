"""What allauth says has happened, noted in the ledger."""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import user_logged_in

from core.choices import LedgerAction
from core.ledger import note


def connect() -> None:
    """Listen."""
    user_logged_in.connect(note_sign_in, dispatch_uid="accounts.note_sign_in")


def note_sign_in(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    """Note a sign-in and by what it was proved: identifiers only."""
    methods = {record["method"] for record in get_authentication_records(request, user)}
    note(LedgerAction.SIGN_IN, by=user, subject=user, way="+".join(sorted(methods)))
