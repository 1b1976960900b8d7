"""One's own tokens for programs: made, shown once, revoked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from accounts.assurance import RecentSignInMixin
from accounts.models import ApiToken
from accounts.services import TOKEN_LASTS, TOKEN_LASTS_AT_MOST, create_token, revoke_token
from core import clock
from core.choices import LedgerAction
from core.errors import Refused
from core.forms import GovDateField, HintedRadios, HouseForm
from core.ledger import note

READ, WRITE = "read", "write"


def _first_day() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=1)


def _last_day() -> dt.date:
    return timezone.localdate() + TOKEN_LASTS_AT_MOST - dt.timedelta(days=1)


class TokenForm(HouseForm):
    """A new token: what for, until when, and whether it may change anything."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=100,
        help_text=_("For example: monthly figures, my laptop."),
    )
    scope = forms.ChoiceField(
        label=_("What may it do?"),
        choices=[(READ, _("Read")), (WRITE, _("Read and change"))],
        initial=READ,
        widget=HintedRadios(
            hints={
                READ: _("It sees what you see, and changes nothing."),
                WRITE: _("It may do in your name whatever the API offers you."),
            }
        ),
    )
    until = GovDateField(
        label=_("Last day"),
        min_value=_first_day,
        max_value=_last_day,
        help_text=_("One year at most. After that day the token is dead."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = timezone.localdate() + TOKEN_LASTS


class TokenListView(View):
    """One's own tokens; their texts are not kept and cannot be shown."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them, those that work first."""
        rows = ApiToken.objects.filter(user=request.user).order_by("-created_at")  # type: ignore[misc]  # signed in
        now = clock.now()
        alive = [row for row in rows if works(row, now)]
        dead = [row for row in rows if not works(row, now)][:20]
        return render(request, "accounts/tokens.html", {"alive": alive, "dead": dead})


class TokenCreateView(RecentSignInMixin, View):
    """Makes a token and shows it, once, on the answer's page."""

    template_name = "accounts/token_new.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        return self._page(request, TokenForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the token and show it."""
        form = TokenForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        data = form.cleaned_data
        end = dt.datetime.combine(data["until"], dt.time(23, 59, 59))
        try:
            token, text = create_token(
                id=data["id"],
                user=request.user,  # type: ignore[arg-type]  # signed in
                name=data["name"],
                may_write=data["scope"] == WRITE,
                expires_at=timezone.make_aware(end),
                by=request.user,
            )
        except Refused as error:
            form.add_error(None, str(error))
            return self._page(request, form, status=422)
        context = {"token": token, "text": text, "header_line": "Authorization: Token …"}
        return render(request, "accounts/token_made.html", context)

    def _page(self, request: HttpRequest, form: TokenForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "heading": _("Make a token"),
            "submit_label": _("Make the token"),
            "cancel_url": reverse("accounts:tokens"),
            "crumbs": [
                (_("Your account"), reverse("accounts:profile")),
                (_("Tokens for programs"), reverse("accounts:tokens")),
            ],
        }
        return render(request, self.template_name, context, status=status)


class TokenRevokeView(View):
    """Makes one of one's own tokens useless."""

    def post(self, request: HttpRequest, token: Any) -> HttpResponse:
        """Revoke it."""
        found = ApiToken.objects.filter(user=request.user, pk=token).first()  # type: ignore[misc]  # signed in
        if found is None:
            note(LedgerAction.DENIED, subject=ApiToken, token=str(token))
            raise Http404
        revoke_token(token=found, by=request.user)
        messages.success(
            request, _t("The token “%(name)s” works no longer.") % {"name": found.name}
        )
        return HttpResponseRedirect(reverse("accounts:tokens"))


def works(token: ApiToken, now: dt.datetime) -> bool:
    """Say whether a token still opens anything."""
    return token.revoked_at is None and (token.expires_at is None or token.expires_at > now)
