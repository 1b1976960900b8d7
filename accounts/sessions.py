"""A person's sessions: when each was opened and last used, and on what kind of device."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import clock

# Keys of the session: moments in seconds since 1970, by the real clock.
OPENED, SEEN = "opened_at", "seen_at"

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """A living session, as its owner sees it; ``current`` is the one that asks."""

    pk: int
    device: str
    opened: dt.datetime
    seen: dt.datetime
    current: bool


def remember(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Give a new session its times and its row; called by Django at every sign-in."""
    now = clock.now()
    request.session[OPENED] = request.session[SEEN] = int(now.timestamp())
    if request.session.session_key is None:
        request.session.save()
    UserSession.objects.bulk_create(
        [
            UserSession(
                user_id=user.pk,
                session_key=request.session.session_key,
                ip="0.0.0.0",  # noqa: S104  # no address is kept
                user_agent=request.META.get("HTTP_USER_AGENT", "")[:200],
            )
        ],
        ignore_conflicts=True,
    )


def drop_session(request: HttpRequest) -> None:
    """Throw the request's session away, whoever's it is; a new one has a new key."""
    if request.session.session_key is not None:
        UserSession.objects.filter(session_key=request.session.session_key).delete()
    request.session.flush()


def sessions_of(user: Any, *, current: str | None) -> list[SessionSeen]:
    """Return a person's living sessions, the one with the key ``current`` first."""
    living = Session.objects.filter(expire_date__gt=clock.now()).values("session_key")
    rows = UserSession.objects.filter(user_id=user.pk, session_key__in=living)
    found = [
        SessionSeen(
            pk=row.pk,
            device=device_of(row.user_agent),
            opened=row.created_at,
            seen=row.last_seen_at,
            current=row.session_key == current,
        )
        for row in rows.order_by("-last_seen_at")
    ]
    return sorted(found, key=lambda session: not session.current)


def end_session(*, user: Any, pk: int) -> bool:
    """End one session of a person; False if there is none of theirs with this number."""
    row = UserSession.objects.filter(user_id=user.pk, pk=pk).first()
    if row is None:
        return False
    Session.objects.filter(session_key=row.session_key).delete()
    row.delete()
    return True


def device_of(agent: str) -> str:
    """Return in words what a browser says of itself: "Firefox on Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("An unknown device")
