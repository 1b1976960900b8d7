"""Counts tries, to slow guessing down: of passwords, of codes, and of mails asked for.

In the database, because every web process must see the same count; a cache of each process, or one
that is emptied by a restart, would give an attacker several times the tries.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.models import SignInCount
from core import clock

WINDOW = dt.timedelta(minutes=15)
MINUTES = int(WINDOW.total_seconds() // 60)

# How many tries of each kind in a window, for one key.
LIMITS = {
    "sign-in": 10,  # a password typed at the sign-in, for one name at one address
    "password": 10,  # a password typed again by somebody signed in
    "second-factor": 10,  # a time-based or recovery code, wherever it is typed
    "reset": 3,  # mails to set a new password, to one e-mail address
    "link-mail": 5,  # codes sent for one link
    "invitation": 20,  # e-mail addresses typed at one invitation
    "public-post": 10,  # things told on public pages from one address (accounts/visitors.py)
    "public-post-all": 120,  # the same for one page, from all addresses together
    "public-look": 30,  # references looked up from one address
}


def count_try(kind: str, *key: str) -> bool:
    """Count a try before it is looked at; say whether it may go on.

    ``key`` is whom it concerns; only a keyed hash of it is stored. Counting first, under a row
    lock, leaves no gap for tries sent at the same moment. Raises KeyError for an unknown kind.
    """
    limit = LIMITS[kind]
    now = clock.now()
    digest = _digest(kind, *key)
    SignInCount.objects.filter(started_at__lt=now - WINDOW).delete()
    with transaction.atomic():
        SignInCount.objects.bulk_create(
            [SignInCount(key=digest, started_at=now)], ignore_conflicts=True
        )
        row = SignInCount.objects.select_for_update().get(key=digest)
        SignInCount.objects.filter(key=digest).update(tries=F("tries") + 1)
    return row.tries < limit


def forget_tries(kind: str, *key: str) -> None:
    """Forget the tries of someone who got it right."""
    SignInCount.objects.filter(key=_digest(kind, *key)).delete()


def _digest(kind: str, *key: str) -> str:
    text = "|".join([kind, *(part.strip().lower() for part in key)])
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
