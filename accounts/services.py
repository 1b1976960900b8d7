"""Writes of accounts: tokens for programs, and the count that slows the guessing of passwords."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import ApiToken, User
from accounts.people import looks_after
from core import clock
from core.choices import LedgerAction
from core.errors import NotAllowed, Refused
from core.history import because
from core.ledger import note

TOKEN_LASTS = dt.timedelta(days=90)
TOKEN_LASTS_AT_MOST = dt.timedelta(days=366)


@transaction.atomic
def create_token(
    *,
    user: User,
    name: str,
    by: Any,
    expires_at: dt.datetime | None = None,
    may_write: bool = True,
    id: uuid.UUID | None = None,  # noqa: A002  # the field's name
) -> tuple[ApiToken, str]:
    """Make a token for a person's programs; return it with its text, which is not kept.

    ``by`` None stands for the system (set-up), whose tokens may last for ever; anybody else's end
    after ``TOKEN_LASTS`` unless said otherwise, and after ``TOKEN_LASTS_AT_MOST`` in any case.
    Without ``may_write`` the token reads only. Raises core.errors.NotAllowed if ``by`` is not the
    person themselves (an administrator with somebody's token would read what that person reads),
    core.errors.Refused for an expiry in the past or too far off, or an ``id`` used before (the
    text of a token is shown once, so a repeated form cannot show it again).
    """
    if by is not None and by != user:
        raise NotAllowed(_("A token belongs to one person, who alone can make it."))
    now = clock.now()
    if expires_at is None and by is not None:
        expires_at = now + TOKEN_LASTS
    if expires_at is not None and expires_at <= now:
        raise Refused(_("A token cannot have expired before it is made."))
    if by is not None and expires_at is not None and expires_at > now + TOKEN_LASTS_AT_MOST:
        raise Refused(_("A token lasts one year at most. Choose an earlier day."))
    if id is not None and ApiToken.objects.filter(pk=id).exists():
        raise Refused(
            _("This token was made already, and is shown once only. If you lost it, revoke it.")
        )
    text = secrets.token_urlsafe(32)
    with because(by=by):
        token = ApiToken.objects.create(
            **({"id": id} if id else {}),
            user=user,
            name=name,
            digest=ApiToken.digest_of(text),
            expires_at=expires_at,
            may_write=may_write,
        )
    _note_token("token made", token, by)
    return token, text


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Any, reason: str = "") -> None:
    """Make a token useless from the next request on; a second time changes nothing.

    Raises core.errors.NotAllowed if ``by`` is neither the person nor looks after the account.
    """
    if by is not None and by != token.user and not looks_after(by, token.user):
        raise NotAllowed(_("Only the person or an administrator can revoke this token."))
    if token.revoked_at is None:
        with because(by=by, reason=reason):
            token.revoked_at = clock.now()
            token.save(update_fields=["revoked_at", "updated_at"])
        _note_token("token revoked", token, by, reason)


def _note_token(what: str, token: ApiToken, by: Any, reason: str = "") -> None:
    note(
        LedgerAction.ACCOUNT,
        by=by,
        subject=token,
        owner=token.user.agency_id,
        touches=["personal"],
        reason=reason,
        what=what,
        person=str(token.user_id),
        may_write=token.may_write,
    )
