"""Opens sessions in tests as sure as a test needs them."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import encrypt

AUTHENTICATED = "account_authentication_methods_user"  # the key that allauth names privately


def record(client: Any, user: Any, *methods: str, ago: float = 0) -> None:
    """Write into the client's session by which methods its user proved who it is."""
    session = client.session
    at = time.time() - ago
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": name, "at": at} for name in methods]
    session[AUTHENTICATED] = str(user.pk)
    session.save()


def sign_in_by_password(client: Any, user: Any) -> None:
    """Open a session for which a password was given, and nothing else."""
    client.force_login(user)
    record(client, user, "password")


def sign_in_by_link(client: Any, user: Any) -> None:
    """Open a session like that of a link in a mail and a code."""
    client.force_login(user)
    record(client, user, "link")
    session = client.session
    session["by_way_of"] = "link"
    session.save()


def sign_in_fully(client: Any, user: Any) -> None:
    """Open a session for which password and code were given; the person has a second factor."""
    give_second_factor(user)
    client.force_login(user)
    record(client, user, "password", "mfa")


def give_second_factor(user: Any) -> str:
    """Set up time-based codes for a person, unless they have them; return the secret."""
    secret = generate_totp_secret()
    found, made = Authenticator.objects.get_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": encrypt(secret)}}
    )
    if not made:
        found.data = {"secret": encrypt(secret)}
        found.save()
    return secret


def code_now(secret: str, *, later: int = 0) -> str:
    """Return the code of this half minute, or of one that many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))
