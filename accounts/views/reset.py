"""Setting a new password by a link in a mail; the second step stays as it is."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account.views import PasswordResetFromKeyView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.assurance import end_sessions
from accounts.forms import NewPasswordForm, ResetForm
from accounts.models import User
from accounts.tries import count_try
from accounts.views.house import HousePage, SecretAddress
from core.choices import LedgerAction
from core.jobs import request_job
from core.ledger import note
from core.views import public

AGAIN = "Whoever forgot the password cannot sign in."


@public(AGAIN)
class ResetView(View):
    """Asks for a link by mail; says the same whoever is asked for, and takes as long."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        return self._page(request, ResetForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Have a job look whether there is such a person, and mail the link."""
        form = ResetForm(data=request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        address = form.cleaned_data["email"]
        if count_try("reset", address):
            person = User.objects.filter(email__iexact=address).first()
            params = {"user": str(person.pk) if person else ""}
            request_job(kind="accounts.mail_reset", key=str(uuid.uuid4()), params=params, by=None)
        return HttpResponseRedirect(reverse("account_reset_password_done"))

    def _page(self, request: HttpRequest, form: ResetForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "cancel_url": reverse("accounts:login")}
        return render(request, "accounts/reset.html", context, status=status)


@public(AGAIN)
class ResetSentView(View):
    """Says to look into the mail, to known and unknown alike."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        return render(request, "accounts/reset_sent.html")


@public(AGAIN)
class ResetFromLinkView(SecretAddress, HousePage, PasswordResetFromKeyView):
    """The link of the mail: moves its key into the session, then asks for the new password."""

    form_class = NewPasswordForm
    template_name = "accounts/reset_from_link.html"
    heading = gettext_lazy("Set a new password")
    submit_label = gettext_lazy("Set the password")
    success_url = reverse_lazy("account_reset_password_from_key_done")

    def render_to_response(self, context: Any, **kwargs: Any) -> HttpResponse:
        """Show the form; a link that works no more is not found."""
        if context.get("token_fail"):
            kwargs["status"] = 404
        return super().render_to_response(context, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it, end every session of the person; signing in comes next, with both steps."""
        response: HttpResponse = super().form_valid(form)
        end_sessions(self.reset_user)
        note(LedgerAction.ACCOUNT, by=self.reset_user, subject=self.reset_user, what="password")
        return response


@public(AGAIN)
class ResetDoneView(View):
    """Says that it worked, and where to sign in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        return render(request, "accounts/reset_done.html")
