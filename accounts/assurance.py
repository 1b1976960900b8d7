"""How surely a session knows its person, who needs a second factor, and how sessions end."""

from __future__ import annotations

import datetime as dt
import time
from functools import cache
from typing import Any
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from accounts.anchors import anchor_kinds
from accounts.models import User
from accounts.roles import CATALOGUE
from core import clock
from core.assurance import Level

__all__ = [
    "Level",
    "RecentSignInMixin",
    "came_by_link",
    "end_sessions",
    "has_second_factor",
    "level_of",
    "second_factor_needed",
    "second_factor_owed",
    "signed_in_recently",
]

PERSONAL_ROLES = [role.value for role, entry in CATALOGUE.items() if entry.sees_personal]


def second_factor_needed(user: Any) -> bool:
    """Say whether this person must have a second factor (never in a demonstration).

    So it is for everyone who holds, on the business date, a role that sees personal data, and for
    system administrators.
    """
    return not settings.SECOND_FACTOR_WAIVED and _second_factor(user)[0]


def has_second_factor(user: Any) -> bool:
    """Say whether this person has set up time-based codes."""
    return _second_factor(user)[1]


def second_factor_owed(user: Any) -> bool:
    """Say whether this person needs a second factor and has not set one up."""
    if settings.SECOND_FACTOR_WAIVED:
        return False
    needed, there = _second_factor(user)
    return needed and not there


def _second_factor(user: Any) -> tuple[bool, bool]:
    """Return whether one is needed and whether it is there, in one query.

    Asked at every request; putting the query together took longer than running it, so that is done
    once in a process.
    """
    sql, params = _second_factor_sql()
    given = {_PERSON: user.pk, _TODAY: clock.today()}
    with connection.cursor() as cursor:
        cursor.execute(sql, [given.get(param, param) for param in params])
        found = cursor.fetchone()
    return (found[0], found[1]) if found else (True, False)  # who is gone gets nothing


_PERSON, _TODAY = UUID(int=1), dt.date(1, 1, 1)  # places of what each request fills in


@cache
def _second_factor_sql() -> tuple[str, tuple[Any, ...]]:
    held: Any = Q(pk__in=[])
    for kind in anchor_kinds():
        rows: Any = kind.memberships._default_manager.filter(
            user_id=OuterRef("pk"), role__in=PERSONAL_ROLES, starts_on__lte=_TODAY
        )
        held |= Q(Exists(rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=_TODAY))))
    codes = Authenticator.objects.filter(user_id=OuterRef("pk"), type=Authenticator.Type.TOTP)
    person = User.objects.filter(pk=_PERSON)
    needed = person.filter(held | Q(is_staff=True) | Q(is_superuser=True))
    found: Any = person.annotate(
        needed=Exists(needed.values("pk")), there=Exists(codes.values("pk"))
    ).values_list("needed", "there")
    sql, params = found[:1].query.sql_with_params()
    return sql, tuple(params)


def level_of(request: HttpRequest) -> Level:
    """Return how surely the request's session knows its person (at most one query)."""
    user: Any = request.user
    if not user.is_authenticated:
        return Level.NONE
    known = getattr(request, "_assurance", None)
    if known is None or known[0] != user.pk:
        known = (user.pk, _level(request, user))
        request._assurance = known  # type: ignore[attr-defined]  # kept with the request
    level: Level = known[1]
    return level


def came_by_link(request: HttpRequest) -> bool:
    """Say whether the session was opened by a link in a mail and a code (no query)."""
    methods = _methods(request, request.user)
    return "link" in methods and "password" not in methods


def _methods(request: HttpRequest, user: Any) -> set[Any]:
    return {record.get("method") for record in get_authentication_records(request, user)}


def _level(request: HttpRequest, user: Any) -> Level:
    methods = _methods(request, user)
    if "password" not in methods:
        return Level.LINK if "link" in methods else Level.NONE
    if settings.SECOND_FACTOR_WAIVED:
        return Level.FULL
    needed, there = _second_factor(user)
    if there:
        return Level.FULL if "mfa" in methods else Level.PASSWORD
    return Level.PASSWORD if needed else Level.FULL


def signed_in_recently(request: HttpRequest) -> bool:
    """Say whether a password or code was given within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds."""
    records = get_authentication_records(request, request.user)
    latest = max(
        (record["at"] for record in records if record.get("method") in ("password", "mfa")),
        default=0,
    )
    return bool(time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def with_next(target: str, path: str) -> str:
    """Return the address ``target`` that leads back to ``path`` afterwards."""
    query = QueryDict(mutable=True)
    query["next"] = path
    return f"{target}?{query.urlencode(safe='/')}"


class RecentSignInMixin:
    """For views that change how one signs in: asks for the password or a code again first.

    A form sent too late is not kept until then (it may hold a password): the person comes back to
    the empty page.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go on, or ask again."""
        if request.user.is_authenticated and not signed_in_recently(request):
            there = has_second_factor(request.user)
            target = reverse("mfa_reauthenticate" if there else "account_reauthenticate")
            return HttpResponseRedirect(with_next(target, request.path))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # mixed into a view


def end_sessions(user: Any, *, but: str | None = None) -> int:
    """End every session of a person at once, except the one with the key ``but``; say how many.

    The next request on any of them is nobody's.
    """
    rows = UserSession.objects.filter(user_id=user.pk)
    if but is not None:
        rows = rows.exclude(session_key=but)
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.filter(session_key__in=keys).delete()
    return len(keys)
