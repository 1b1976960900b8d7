"""Ends sessions in time, and lets each view see sessions that are sure enough only."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from rest_framework.permissions import IsAuthenticated
from rest_framework.views import APIView

from accounts.assurance import came_by_link, has_second_factor, level_of, with_next
from accounts.sessions import OPENED, SEEN
from core import clock
from core.assurance import Level
from core.choices import LedgerAction
from core.ledger import note
from core.views.errors import API

Handler = Callable[[HttpRequest], HttpResponse]
BETWEEN_WRITES = 60  # seconds


class AssuranceMiddleware:
    """Ends sessions that are idle or too old; sends those that are not sure enough to get surer.

    It fails closed: a session without its times is over, a view that says nothing wants everything.
    A password without the second factor that is owed opens nothing but the pages to set it up: not
    even what a mail's link opens, which proves something else. Stands behind Django's middleware
    that knows the person and asks for a sign-in.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End a session whose time is over, note that a living one was seen, answer."""
        if request.user.is_authenticated:
            self._look_at_clock(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, callback: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer in the view's place where the session is not sure enough."""
        if not request.user.is_authenticated:
            return None  # Django's middleware asks for a sign-in, the API for a token
        level = level_of(request)
        if level < Level.FULL:  # for the layout
            request.limited = partial(way_up, request, level)  # type: ignore[attr-defined]  # kept with the request
        least = least_level_of(callback)
        if level >= least and not (level == Level.PASSWORD and least == Level.LINK):
            return None
        if request.path.startswith(API):
            from core.api.problems import plain_problem

            return plain_problem(403, "Sign in with a second factor first.")
        target = way_up(request, level)
        if request.method == "GET":  # and comes back to the page that was asked for
            target = with_next(target, request.get_full_path())
        if level == Level.NONE:
            logout(request)
        if "HX-Request" in request.headers:  # the whole page moves, not the part that asked
            return HttpResponse(status=403, headers={"HX-Redirect": target})
        return HttpResponseRedirect(target)

    def _look_at_clock(self, request: HttpRequest) -> None:
        now = int(clock.now().timestamp())
        opened: Any = request.session.get(OPENED)
        seen: Any = request.session.get(SEEN)
        reason = _over(request, now, opened, seen)
        if reason:
            note(LedgerAction.SIGN_OUT, by=request.user, subject=request.user, cause=reason)  # type: ignore[arg-type]  # signed in
            UserSession.objects.filter(session_key=request.session.session_key).delete()
            logout(request)
        elif now - seen >= BETWEEN_WRITES:
            request.session[SEEN] = now
            UserSession.objects.filter(session_key=request.session.session_key).update(
                last_seen_at=clock.now()
            )


def way_up(request: HttpRequest, level: Level) -> str:
    """Return where a session of this level becomes surer."""
    if level == Level.PASSWORD:
        there = has_second_factor(request.user)
        return reverse("mfa_reauthenticate" if there else "mfa_activate_totp")
    return reverse("accounts:login")


def least_level_of(callback: Any) -> Level:
    """Return the least level that a view wants: what it says, else nothing if public, else all."""
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback
    said = getattr(view, "least_level", None)
    if said is not None:
        return Level(said)
    if isinstance(view, type) and issubclass(view, APIView):  # asks by itself who calls
        return Level.FULL if IsAuthenticated in view.permission_classes else Level.NONE
    public = getattr(callback, "login_required", True) is False
    return Level.NONE if public else Level.FULL


def _over(request: HttpRequest, now: int, opened: Any, seen: Any) -> str:
    """Say why the session is over; empty if it is not."""
    if not isinstance(opened, int) or not isinstance(seen, int):
        return "unknown age"
    if now - seen > settings.SESSION_IDLE_SECONDS:
        return "idle"
    longest = settings.SESSION_COOKIE_AGE
    if came_by_link(request):
        longest = settings.LIMITED_SESSION_SECONDS
    return "too old" if now - opened > longest else ""
