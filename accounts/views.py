"""Signing in and out, and the page that says who one is here."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.forms import SignInForm
from accounts.selectors import demonstration_people, roles_of
from core.views import public


@public("Signing in comes before everything else.")
class SignInView(LoginView):
    """The one form to sign in; Django's view keeps ``next`` safe and renews the session's key."""

    form_class = SignInForm  # type: ignore[assignment]  # takes the same arguments
    template_name = "accounts/sign_in.html"
    http_method_names = ["get", "head", "post", "options"]

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the errors with the status that says so."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whom to sign in as, in a demonstration."""
        people = demonstration_people() if settings.DEMONSTRATION else []
        context: dict[str, Any] = super().get_context_data(
            demonstration_head=[_("E-mail address"), _("Name"), _("What they do")],
            demonstration_rows=[(person.email, person.name, person.job_title) for person in people],
            **kwargs,
        )
        del context["site"]  # Django's idea of a site would hide ours from the layout
        return context


class SignOutView(LogoutView):
    """Ends the session; by POST only, so that no link signs anybody out."""


class ProfileView(View):
    """Who am I here, and what may I do? Shows the signed-in person's own account only."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show name, agency, roles and what they allow."""
        return render(request, "accounts/profile.html", {"roles": roles_of(request.user)})  # type: ignore[arg-type]
