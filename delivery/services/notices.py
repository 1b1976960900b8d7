"""A person's own choices: the weekly mail, and the secret address of their calendar."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.backends import may_sign_in
from accounts.models import User
from accounts.models.invitation import digest_of
from core import clock
from core.choices import LedgerAction
from core.errors import NotAllowed
from core.history import because
from core.ledger import note
from delivery.models import CalendarFeed, MailChoice


@transaction.atomic
def choose_mail(*, user: User, weekly_digest: bool, by: Any) -> MailChoice:
    """Keep whether a person wants the weekly mail. Raises core.errors.NotAllowed for others."""
    _require_self(user, by)
    with because(by=by):
        choice, _new = MailChoice.objects.get_or_create(user=user)
        if choice.weekly_digest != weekly_digest:
            choice.weekly_digest = weekly_digest
            choice.save(update_fields=["weekly_digest", "updated_at"])
    return choice


@transaction.atomic
def make_calendar(*, user: User, by: Any) -> str:
    """Make a new secret for a person's calendar address and return it; the old one is dead.

    It is shown once. Raises core.errors.NotAllowed for others: whoever has it reads the calendar.
    """
    _require_self(user, by)
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    secret = secrets.token_urlsafe(32)
    with because(by=by):
        _revoke(user)
        feed = CalendarFeed.objects.create(user=user, digest=digest_of(secret))
    _note("calendar address made", feed, by)
    return secret


@transaction.atomic
def revoke_calendar(*, user: User, by: Any) -> int:
    """Make a person's calendar address worthless at once; say how many there were.

    The person themselves; ``by`` None is the house (a closed account). Raises NotAllowed.
    """
    if by is not None:
        _require_self(user, by)
    with because(by=by):
        return _revoke(user)


def feed_of(secret: str) -> CalendarFeed | None:
    """Return the living calendar address with this secret, of an open account; None otherwise."""
    feed: CalendarFeed | None = (
        CalendarFeed.objects.select_related("user__agency")
        .filter(digest=digest_of(secret), revoked_at__isnull=True)
        .first()
    )
    return feed if feed is not None and may_sign_in(feed.user) else None


def note_use(feed: CalendarFeed) -> None:
    """Keep the day on which a calendar was last fetched; written once a day."""
    today = clock.now().date()
    if feed.last_used_on != today:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_used_on=today)


def close(user: User) -> None:
    """End what an account that is closed leaves behind here."""
    _revoke(user)


def _revoke(user: User) -> int:
    now = clock.now()
    return CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).update(
        revoked_at=now, updated_at=now
    )


def _require_self(user: User, by: Any) -> None:
    if by is None or by.pk != user.pk:
        raise NotAllowed(_("Everybody decides for themselves alone."))


def _note(what: str, feed: CalendarFeed, by: Any) -> None:
    note(
        LedgerAction.ACCOUNT,
        by=by,
        subject=feed.user,
        touches=["personal"],
        what=what,
        person=str(feed.user_id),
    )
