"""The second factor: checking a code once and for all, and taking it away from who lost it."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts import mail
from accounts.assurance import end_sessions
from accounts.models import User
from core.choices import LedgerAction
from core.errors import NotAllowed
from core.ledger import note

TYPES = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


def plain(code: str) -> str:
    """Return a code as typed without the blanks and hyphens that people put into it."""
    return "".join(letter for letter in code if not letter.isspace() and letter != "-")


def counter_of(secret: str, code: str) -> int | None:
    """Return the number of the half minute for which ``code`` holds now; None if for none."""
    for counter in yield_hotp_counters_from_time():
        expected = format_hotp_value(hotp_value(secret, counter))
        if constant_time_compare(plain(code), expected):
            return counter
    return None


@transaction.atomic
def use_code(*, user: Any, code: str) -> Authenticator | None:
    """Use up a time-based or recovery code; return what it belongs to, None if it is not right.

    Each code opens once, whichever process is asked: the row is locked, and codes of a half minute
    that was used already, or of an earlier one, are refused.
    """
    rows = Authenticator.objects.select_for_update().filter(user_id=user.pk, type__in=TYPES)
    for found in rows.order_by("-type"):
        if found.type == Authenticator.Type.TOTP:
            counter = counter_of(decrypt(found.data["secret"]), code)
            if counter is not None and counter > found.data.get("last_counter", 0):
                remember_counter(found, counter)
                return found
        elif found.wrap().validate_code(plain(code)):
            return found
    return None


def remember_counter(authenticator: Authenticator, counter: int) -> None:
    """Keep the half minute of the code used last, so that it is not taken twice."""
    authenticator.data["last_counter"] = counter
    authenticator.save(update_fields=["data"])


@transaction.atomic
def reset_second_factor(*, user: User, by: Any, reason: str = "") -> None:
    """Take the second factor off somebody who lost it: they set up a new one at the next sign-in.

    Ends their sessions and tells them by mail. Raises core.errors.NotAllowed unless ``by`` is a
    system administrator, and not the person.
    """
    if by is not None and (not by.is_staff or by.pk == user.pk):
        raise NotAllowed(_("A system administrator does this, for somebody else."))
    Authenticator.objects.filter(user_id=user.pk).delete()
    end_sessions(user)
    note(LedgerAction.ACCOUNT, by=by, subject=user, reason=reason, what="second factor reset")
    mail.send(
        to=user.email,
        subject=_("Your second step was reset"),
        text=_(
            "Dear %(name)s,\n\nan administrator has reset the second step of your sign-in to "
            "Intensive Engagement. You set up a new one when you next sign in.\n\nIf you did not "
            "ask for this, tell the administrator of your programme at once."
        )
        % {"name": user.name},
    )
