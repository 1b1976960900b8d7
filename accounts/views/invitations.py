"""Accepting an invitation: the page behind the link in the mail, and the form that opens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from accounts.invitations import accept, found_by, is_open, password_errors, roles_with
from accounts.models import Invitation
from accounts.roles import CATALOGUE, Role
from accounts.tries import MINUTES, count_try, forget_tries
from accounts.views.house import SecretAddress
from core.assurance import Level
from core.choices import LedgerAction
from core.errors import Refused
from core.forms import HouseForm
from core.ledger import note
from core.views import public


class AcceptForm(HouseForm):
    """What the invited person enters: the address the mail went to, their name, a password."""

    creates = False

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("The one that the invitation was sent to."),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        help_text=_("As colleagues will see it beside what you do."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        max_length=4096,
        strip=False,
        help_text=_(
            "At least 12 characters. Three words that have nothing to do with you do well."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        self.invitation = invitation
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = invitation.user.name

    def clean(self) -> dict[str, Any]:
        """Check that both passwords agree and are good enough."""
        data: dict[str, Any] = super().clean() or {}
        password, again = data.get("password"), data.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords are not the same"))
        elif password:
            person = self.invitation.user
            person.name = data.get("name") or person.name
            for text in password_errors(password, person):
                self.add_error("password", text)
        return data


@public("The link in the mail must open before anyone is known.")
class InvitationView(SecretAddress, View):
    """Shows an invitation and, once, opens its account. Looking at it changes nothing."""

    least_level = Level.NONE
    template_name = "accounts/invitation.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the form, or say why it can no longer be used."""
        invitation = self._invitation(token)
        gone = self._gone(request, invitation)
        if gone is not None:
            return gone
        return self._page(request, invitation, AcceptForm(invitation=invitation))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Open the account and go on to signing in; nobody is signed in by this."""
        invitation = self._invitation(token)
        if request.POST.get("sign_out") and request.user.is_authenticated:
            logout(request)
            return HttpResponseRedirect(request.path)
        gone = self._gone(request, invitation)
        if gone is not None:
            return gone
        form = AcceptForm(request.POST, invitation=invitation)
        if not count_try("invitation", str(invitation.pk)):
            form.add_error(
                None,
                _t("There were too many tries. Wait %(minutes)s minutes, then try again.")
                % {"minutes": MINUTES},
            )
            return self._page(request, invitation, form, status=429)
        if not form.is_valid():
            return self._page(request, invitation, form, status=422)
        data = form.cleaned_data
        try:
            accept(
                invitation=invitation,
                email=data["email"],
                name=data["name"],
                password=data["password"],
            )
        except Refused as error:
            return self._refused(request, invitation, form, error)
        forget_tries("invitation", str(invitation.pk))
        messages.success(request, _t("Your account is open. Sign in with your new password."))
        return HttpResponseRedirect(reverse("accounts:login"))

    def _refused(
        self, request: HttpRequest, invitation: Invitation, form: AcceptForm, error: Refused
    ) -> HttpResponse:
        gone = self._gone(request, self._invitation_again(invitation))
        if gone is not None:  # used up by somebody quicker
            return gone
        self._note_denial(invitation, "another address")
        form.add_error("email", str(error))
        return self._page(request, invitation, form, status=422)

    @staticmethod
    def _note_denial(invitation: Invitation, why: str) -> None:
        """Note who was not let in; nobody is known to have tried."""
        note(
            LedgerAction.DENIED,
            subject=invitation,
            owner=invitation.user.agency_id,
            touches=["personal"],
            why=why,
        )

    @staticmethod
    def _invitation_again(invitation: Invitation) -> Invitation:
        return Invitation.objects.select_related("user__agency", "invited_by").get(pk=invitation.pk)

    @staticmethod
    def _invitation(token: str) -> Invitation:
        invitation = found_by(token)
        if invitation is None:
            raise Http404
        return invitation

    def _gone(self, request: HttpRequest, invitation: Invitation) -> HttpResponse | None:
        """Return the page that says why the form is not shown; None if it is."""
        if not is_open(invitation):
            if request.method == "POST":
                self._note_denial(invitation, "no longer open")
            why = "used" if invitation.accepted_at else "run_out"
            if invitation.revoked_at:
                why = "withdrawn"
            return self._answer(request, "accounts/invitation_gone.html", {"why": why}, status=410)
        if request.user.is_authenticated:
            return self._answer(
                request, "accounts/invitation_signed_in.html", {"person": request.user}, status=409
            )
        return None

    def _page(
        self, request: HttpRequest, invitation: Invitation, form: AcceptForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "form": form,
            "invitation": invitation,
            "roles": [
                {
                    "name": CATALOGUE[Role(membership.role)].name,
                    "description": CATALOGUE[Role(membership.role)].described_on(
                        membership.anchor._meta.model_name
                    ),
                    "anchor": str(membership.anchor),
                }
                for membership in roles_with(invitation)
            ],
        }
        return self._answer(request, self.template_name, context, status=status)

    @staticmethod
    def _answer(
        request: HttpRequest, template: str, context: dict[str, Any], *, status: int
    ) -> HttpResponse:
        return render(request, template, context, status=status)
