"""A link in a mail: a button, a code by e-mail, then a session limited to one's own actions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import View

from accounts.assurance import Level, level_of
from accounts.forms import LinkCodeForm
from accounts.links import find_link, open_limited_session, send_code, use_code
from accounts.models import AccessLink
from accounts.views.house import SecretAddress, keep_secret
from core.choices import LedgerAction
from core.errors import Refused
from core.ledger import note
from core.views import public

BY_LINK = "Whoever has the link is not signed in yet; a code proves who it is."


class LinkPage(SecretAddress, View):
    """Finds the link that the address names; says plainly where it works no more."""

    link: AccessLink

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer, or say that the link works no more (the same for every reason)."""
        found = find_link(kwargs["token"])
        if found is None:
            return keep_secret(render(request, "accounts/link_dead.html", status=404))
        self.link = found
        return super().dispatch(request, *args, **kwargs)


@public(BY_LINK)
class LinkView(LinkPage):
    """The link itself: opening it changes nothing, its button sends the code."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the button."""
        return render(request, "accounts/link.html", {"link": self.link})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Send the code; who is fully signed in as this person goes on at once."""
        if request.user.pk == self.link.user_id and level_of(request) == Level.FULL:
            return HttpResponseRedirect(self.link.target)
        try:
            send_code(link=self.link)
        except Refused as error:
            context = {"link": self.link, "problems": [str(error)]}
            return render(request, "accounts/link.html", context, status=422)
        return HttpResponseRedirect(reverse("accounts:link-code", args=[token]))


@public(BY_LINK)
class LinkCodeView(LinkPage):
    """Asks for the code that was sent."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the form."""
        return self._page(request, LinkCodeForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Open the limited session, or say that the code does not work."""
        form = LinkCodeForm(data=request.POST)
        if form.is_valid():
            if use_code(link=self.link, code=form.cleaned_data["code"]):
                open_limited_session(request, self.link)
                return HttpResponseRedirect(self.link.target)
            note(
                LedgerAction.SIGN_IN_FAILED,
                subject=self.link.user,
                cause="link code not right",
                link=str(self.link.pk),
            )
            form.add_error("code", form.WRONG)
        return self._page(request, form, status=422)

    def _page(self, request: HttpRequest, form: LinkCodeForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "link": self.link, "token": self.kwargs["token"]}
        return render(request, "accounts/link_code.html", context, status=status)
