"""The form to sign in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.services import SIGN_IN_WINDOW, count_sign_in, forget_sign_in
from core.forms import HouseForm

# One text for a wrong name, a wrong password and a closed account: nobody learns who is known.
NOT_SIGNED_IN = _("The e-mail address or the password is not right. Check both and try again.")
TOO_MANY = _(
    "There were too many tries to sign in with this e-mail address. Wait %(minutes)s minutes, "
    "then try again."
)


class SignInForm(HouseForm):
    """E-mail address and password."""

    creates = False
    show_optional = False

    login = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest | None = None, **kwargs: Any) -> None:
        self.request = request
        self.user: Any = None
        super().__init__(**kwargs)

    def clean(self) -> dict[str, Any]:
        """Look at the password, unless it was guessed at too often."""
        data: dict[str, Any] = super().clean() or {}
        if "login" not in data or "password" not in data:
            return data
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        who = {"login": data["login"], "address": address}
        if not count_sign_in(**who):
            minutes = int(SIGN_IN_WINDOW.total_seconds() // 60)
            raise forms.ValidationError(TOO_MANY % {"minutes": minutes}, code="too_many")
        # The backend hashes a password for unknown names too, so time tells nothing either.
        self.user = authenticate(self.request, username=data["login"], password=data["password"])
        if self.user is None:
            raise forms.ValidationError(NOT_SIGNED_IN, code="not_signed_in")
        forget_sign_in(**who)
        return data

    def get_user(self) -> Any:
        """Return the person, for Django's view."""
        return self.user
