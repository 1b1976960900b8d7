"""Where I am signed in, and ending it there."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from accounts.assurance import end_sessions
from accounts.sessions import end_session, sessions_of
from core.choices import LedgerAction
from core.ledger import note


class SessionsView(View):
    """My own sessions: device and times, no place."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        found = sessions_of(request.user, current=request.session.session_key)
        return render(request, "accounts/sessions.html", {"sessions": found})


class SessionEndView(View):
    """Ends one of my sessions."""

    def post(self, request: HttpRequest, session: int) -> HttpResponse:
        """End it; somebody else's does not exist for me."""
        if not end_session(user=request.user, pk=session):
            raise Http404
        note(LedgerAction.SIGN_OUT, by=request.user, subject=request.user, cause="ended elsewhere")  # type: ignore[arg-type]  # signed in
        messages.success(request, _("You are signed out there."))
        return HttpResponseRedirect(reverse("accounts:sessions"))


class OtherSessionsEndView(View):
    """Ends all my sessions but this one."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """End them."""
        ended = end_sessions(request.user, but=request.session.session_key)
        note(
            LedgerAction.SIGN_OUT,
            by=request.user,
            subject=request.user,  # type: ignore[arg-type]  # signed in
            rows=ended,
            cause="others ended",
        )
        words = ngettext("%(n)s other session ended.", "%(n)s other sessions ended.", ended)
        messages.success(request, words % {"n": ended})
        return HttpResponseRedirect(reverse("accounts:sessions"))
