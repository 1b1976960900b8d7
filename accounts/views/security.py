"""Password, second step and recovery codes: seen and changed by their owner."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.password_change import finalize_password_change
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainBase
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, View

from accounts.assurance import (
    RecentSignInMixin,
    end_sessions,
    has_second_factor,
    second_factor_needed,
)
from accounts.forms import CodeAgainForm, NewPasswordForm, PasswordAgainForm, SetUpForm
from accounts.second_factor import remember_counter
from accounts.sessions import sessions_of
from accounts.views.house import HousePage
from core.assurance import Level
from core.choices import LedgerAction
from core.ledger import note

# Until when this session may show the recovery codes that it has just made.
SHOWN_UNTIL = "recovery_codes_until"
SHOWN_FOR = 10 * 60  # seconds
# Where somebody was going who had to set up the second step first.
GO_ON = "after_set_up"

SECURITY = reverse_lazy("accounts:security")


class SecurityView(View):
    """What protects my account, and how to change it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        codes = _recovery_codes(request)
        context = {
            "has_second_factor": has_second_factor(request.user),
            "needed": second_factor_needed(request.user),
            "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
            "sessions": len(sessions_of(request.user, current=request.session.session_key)),
        }
        return render(request, "accounts/security.html", context)


class ChangePasswordView(RecentSignInMixin, HousePage, FormView):  # type: ignore[misc]  # two bases type one attribute differently
    """A new password; every other session of mine ends."""

    form_class = NewPasswordForm
    heading = gettext_lazy("Change your password")
    intro = gettext_lazy("You stay signed in here. Everywhere else you are signed out.")
    submit_label = gettext_lazy("Change the password")
    cancel_url = SECURITY

    def get_form_kwargs(self) -> dict[str, Any]:
        """Add whose it is."""
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it, note it, tell by mail."""
        user: Any = self.request.user
        form.save()
        finalize_password_change(self.request, user)
        end_sessions(user, but=self.request.session.session_key)
        note(LedgerAction.ACCOUNT, by=user, subject=user, what="password")
        messages.success(self.request, _("Your password is changed."))
        return HttpResponseRedirect(reverse("accounts:security"))


class PasswordAgainView(HousePage, ReauthenticateView):
    """Asks for the password before something that matters."""

    least_level = Level.PASSWORD
    form_class = PasswordAgainForm
    template_name = "accounts/confirm.html"
    heading = gettext_lazy("Confirm that it is you")
    intro = gettext_lazy("You are about to change how you sign in. Enter your password first.")
    submit_label = gettext_lazy("Confirm")


class CodeAgainView(HousePage, CodeAgainBase):
    """Asks for a code before something that matters, or where the session has none yet."""

    least_level = Level.PASSWORD
    form_class = CodeAgainForm
    template_name = "accounts/confirm.html"
    heading = gettext_lazy("Confirm that it is you")
    intro = gettext_lazy("Enter a code first.")
    submit_label = gettext_lazy("Confirm")


class SetUpView(RecentSignInMixin, HousePage, ActivateTOTPView):
    """Sets up an app on the phone that shows time-based codes."""

    least_level = Level.PASSWORD
    form_class = SetUpForm
    template_name = "accounts/second_factor.html"
    heading = gettext_lazy("Set up your second step")
    submit_label = gettext_lazy("Turn on the second step")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether it must be, and the secret in groups of four."""
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
        return {**context, "secret": groups, "needed": second_factor_needed(self.request.user)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Turn it on, end the other sessions (they never gave a code), show recovery codes."""
        user: Any = self.request.user
        super().form_valid(form)
        found = Authenticator.objects.get(user_id=user.pk, type=Authenticator.Type.TOTP)
        remember_counter(found, form.counter)
        record_authentication(
            self.request, user, "mfa", id=found.pk, type=found.type, reauthenticated=True
        )
        end_sessions(user, but=self.request.session.session_key)
        self.request.session[SHOWN_UNTIL] = time.time() + SHOWN_FOR
        self.request.session[GO_ON] = get_next_redirect_url(self.request) or "/"
        note(LedgerAction.ACCOUNT, by=user, subject=user, what="second factor set up")
        return HttpResponseRedirect(reverse("mfa_view_recovery_codes"))


class RemoveView(RecentSignInMixin, HousePage, DeactivateTOTPView):
    """Takes the second step off, to set it up on another phone or to do without."""

    template_name = "accounts/second_factor_remove.html"
    success_url = SECURITY

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether another one must be set up at once."""
        needed = second_factor_needed(self.request.user)
        return {**super().get_context_data(**kwargs), "needed": needed}

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it; who needs one is led to set up the next."""
        response: HttpResponse = super().form_valid(form)
        user: Any = self.request.user
        note(LedgerAction.ACCOUNT, by=user, subject=user, what="second factor removed")
        messages.success(self.request, _("Your second step is removed."))
        return response


class RecoveryCodesView(RecentSignInMixin, View):
    """Recovery codes: to be seen once, for ten minutes after they were made."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them, or how many are left."""
        found = _recovery_codes(request)
        if found is None:
            raise Http404
        codes = found.wrap().get_unused_codes()
        context = {
            "left": len(codes),
            "codes": codes if _may_show(request) else [],
            "go_on": request.session.get(GO_ON) or reverse("accounts:security"),
        }
        return render(request, "accounts/recovery_codes.html", context)


class NewRecoveryCodesView(RecentSignInMixin, View):
    """Makes new recovery codes; the old ones are worth nothing from then on."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask first."""
        if not has_second_factor(request.user):
            raise Http404
        return render(request, "accounts/recovery_codes_new.html")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make them and show them."""
        if not has_second_factor(request.user):
            raise Http404
        generate_recovery_codes(request)
        request.session[SHOWN_UNTIL] = time.time() + SHOWN_FOR
        user: Any = request.user
        note(LedgerAction.ACCOUNT, by=user, subject=user, what="recovery codes made")
        return HttpResponseRedirect(reverse("mfa_view_recovery_codes"))


class RecoveryCodesFileView(View):
    """The recovery codes as a text file, as long as they are shown."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Give the file."""
        found = _recovery_codes(request)
        if found is None or not _may_show(request):
            raise Http404
        lines = [_("Recovery codes of %(name)s for Intensive Engagement") % {"name": request.user}]
        lines += [_("Each works once. Keep them where nobody else finds them."), ""]
        text = "\n".join([*lines, *found.wrap().get_unused_codes(), ""])
        response = HttpResponse(text, content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
        return response


def _recovery_codes(request: HttpRequest) -> Any:
    rows = Authenticator.objects.filter(user_id=request.user.pk)
    return rows.filter(type=Authenticator.Type.RECOVERY_CODES).first()


def _may_show(request: HttpRequest) -> bool:
    until: float = request.session.get(SHOWN_UNTIL, 0)
    return time.time() < until
