"""Signing in, with a second factor where there is one, and out."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import CodeForm, SignInForm
from accounts.selectors import demonstration_people
from accounts.sessions import drop_session
from accounts.views.house import HousePage
from core.assurance import Level
from core.choices import LedgerAction
from core.ledger import note
from core.views import public


@public("Signing in comes before everything else.")
class SignInView(HousePage, LoginView):
    """The one form to sign in; allauth keeps ``next`` safe and asks for the second factor."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    heading = gettext_lazy("Sign in")
    submit_label = gettext_lazy("Sign in")

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on to the second factor, or in; whatever session there was before is over."""
        target = self.get_success_url()
        if self.request.user.is_authenticated:
            drop_session(self.request)
            self.request.user = AnonymousUser()
        login = Login(user=form.user, redirect_url=target)
        return perform_password_login(self.request, {}, login)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whom to sign in as, in a demonstration."""
        people = demonstration_people() if settings.DEMONSTRATION else []
        return super().get_context_data(
            demonstration_head=[_("E-mail address"), _("Name"), _("What they do")],
            demonstration_rows=[(person.email, person.name, person.job_title) for person in people],
            **kwargs,
        )


@public("Answers only to who has given a password just now; shows nothing of anybody.")
class SecondFactorView(HousePage, AuthenticateView):
    """The code, between the password and the session."""

    form_class = CodeForm
    heading = gettext_lazy("Enter your code")
    submit_label = gettext_lazy("Sign in")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check the code; a form without one is asked for it."""
        form = self.auth_form = CodeForm(user=self.stage.login.user, data=request.POST)
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def _build_forms(self) -> Any:
        self.webauthn_form = None
        self.auth_form = CodeForm(user=self.stage.login.user)
        return self.auth_form


class SignOutView(LogoutView):
    """Ends the session; by POST only, so that no link signs anybody out."""

    least_level = Level.NONE  # whatever a session may do, it may end
    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Note it, forget the session, go back to the start."""
        note(LedgerAction.SIGN_OUT, by=request.user, subject=request.user)  # type: ignore[arg-type]  # signed in
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        return super().post(request, *args, **kwargs)
