"""Writes of accounts: tokens for programs, and the count that slows the guessing of passwords."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import ApiToken, SignInCount, User
from core import clock
from core.errors import NotAllowed, Refused
from core.history import because

SIGN_IN_TRIES = 10
SIGN_IN_WINDOW = dt.timedelta(minutes=15)


@transaction.atomic
def create_token(
    *, user: User, name: str, by: Any, expires_at: dt.datetime | None = None
) -> tuple[ApiToken, str]:
    """Make a token for a person's programs; return it with its text, which is not kept.

    ``by`` None stands for the system (set-up). Raises core.errors.NotAllowed if ``by`` is neither
    the person nor a system administrator, core.errors.Refused for an expiry in the past.
    """
    _require_self_or_admin(by, user)
    if expires_at is not None and expires_at <= clock.now():
        raise Refused(_("A token cannot have expired before it is made."))
    text = secrets.token_urlsafe(32)
    with because(by=by):
        token = ApiToken.objects.create(
            user=user, name=name, digest=ApiToken.digest_of(text), expires_at=expires_at
        )
    return token, text


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Any) -> None:
    """Make a token useless from the next request on; a second time changes nothing.

    Raises core.errors.NotAllowed as ``create_token`` does.
    """
    _require_self_or_admin(by, token.user)
    if token.revoked_at is None:
        with because(by=by):
            token.revoked_at = clock.now()
            token.save(update_fields=["revoked_at", "updated_at"])


def _require_self_or_admin(by: Any, user: User) -> None:
    if by is not None and by != user and not by.is_staff:
        raise NotAllowed(_("A token belongs to one person, who alone can make or revoke it."))


def count_sign_in(*, login: str, address: str) -> bool:
    """Count a try to sign in before the password is looked at; say whether it may go on.

    At most ``SIGN_IN_TRIES`` tries in ``SIGN_IN_WINDOW`` for one name at one address. Counting
    first, under a row lock, leaves no gap for tries sent at the same moment. Behind a proxy all
    addresses are the proxy's, and the limit is one for each name.
    """
    now = clock.now()
    SignInCount.objects.filter(started_at__lt=now - SIGN_IN_WINDOW).delete()
    with transaction.atomic():
        SignInCount.objects.bulk_create(
            [SignInCount(key=_sign_in_key(login, address), started_at=now)], ignore_conflicts=True
        )
        count = SignInCount.objects.select_for_update().get(key=_sign_in_key(login, address))
        count.tries += 1
        count.save(update_fields=["tries"])
    return count.tries <= SIGN_IN_TRIES


def forget_sign_in(*, login: str, address: str) -> None:
    """Forget the tries of someone who has signed in."""
    SignInCount.objects.filter(key=_sign_in_key(login, address)).delete()


def _sign_in_key(login: str, address: str) -> str:
    text = f"{login.strip().lower()}|{address}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
