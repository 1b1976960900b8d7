"""The forms to sign in, to confirm who one is, and to set a password."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.totp.internal.auth import get_totp_secret
from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.adapter import AccountAdapter
from accounts.models import User
from accounts.second_factor import counter_of, use_code
from accounts.tries import MINUTES, count_try, forget_tries
from core.choices import LedgerAction
from core.forms import HouseForm
from core.ledger import note

# One text for a wrong name, a wrong password and a closed account: nobody learns who is known.
NOT_SIGNED_IN = _("The e-mail address or the password is not right. Check both and try again.")
TOO_MANY = _(
    "There were too many tries to sign in with this e-mail address. Wait %(minutes)s minutes, "
    "then try again."
)
TOO_MANY_CODES = _("There were too many tries. Wait %(minutes)s minutes, then try again.")
WRONG_CODE = _("This code is not right, or was used already. Enter the next one that is shown.")
WRONG_PASSWORD = _("The password is not right.")


def email_field() -> forms.EmailField:
    """Return the field for the name one signs in with."""
    return forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )


def password_field(label: Any, *, new: bool = False) -> forms.CharField:
    """Return a field for a password, the one in use or a ``new`` one."""
    return forms.CharField(
        label=label,
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "new-password" if new else "current-password"}
        ),
        help_text=_(
            "At least 12 characters. Three words that do not belong together are easy to keep in "
            "mind. It must not be common, nor known from a breach of another service."
        )
        if new
        else "",
    )


def code_field(label: Any, help_text: Any, *, width: int = 10) -> forms.CharField:
    """Return a field for a code."""
    return forms.CharField(
        label=label,
        max_length=30,
        help_text=help_text,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
                "data-width": width,
            }
        ),
    )


class SignInForm(HouseForm):
    """E-mail address and password."""

    creates = False
    show_optional = False

    login = email_field()
    password = password_field(_("Password"))

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
        who = ("sign-in", data["login"], address)
        if not count_try(*who):
            self._note_failure(data["login"], "too many tries")
            raise forms.ValidationError(TOO_MANY % {"minutes": MINUTES}, code="too_many")
        # The backend hashes a password for unknown names too, so time tells nothing either.
        self.user = authenticate(self.request, username=data["login"], password=data["password"])
        if self.user is None:
            self._note_failure(data["login"], "not right")
            raise forms.ValidationError(NOT_SIGNED_IN, code="not_signed_in")
        forget_tries(*who)
        return data

    def _note_failure(self, name: str, cause: str) -> None:
        """Note the failure: against the account meant, if there is one; never what was typed."""
        meant = User.objects.filter(email__iexact=name).first()
        note(LedgerAction.SIGN_IN_FAILED, subject=meant or User, cause=cause)


class CodeForm(HouseForm):
    """A time-based code, or a recovery code, of ``user``."""

    creates = False
    show_optional = False
    again = False  # whether the person is signed in and confirms

    code = code_field(
        _("Code"),
        _(
            "The six digits that your app shows now. If you do not have your phone, one of your "
            "recovery codes."
        ),
    )

    def __init__(self, *, user: Any, **kwargs: Any) -> None:
        self.user = user
        self.authenticator: Any = None
        super().__init__(**kwargs)

    def clean_code(self) -> str:
        """Use the code up, unless too many were tried."""
        code: str = self.cleaned_data["code"]
        if not count_try("second-factor", str(self.user.pk)):
            self._note_failure("too many tries")
            raise forms.ValidationError(TOO_MANY_CODES % {"minutes": MINUTES}, code="too_many")
        self.authenticator = use_code(user=self.user, code=code)
        if self.authenticator is None:
            self._note_failure("code not right")
            raise forms.ValidationError(WRONG_CODE, code="wrong")
        forget_tries("second-factor", str(self.user.pk))
        return code

    def save(self) -> None:
        """Record in the session that the second factor was given."""
        self.authenticator.user = self.user
        post_authentication(context.request, self.authenticator, reauthenticated=self.again)

    def _note_failure(self, cause: str) -> None:
        note(LedgerAction.SIGN_IN_FAILED, subject=self.user, cause=cause)


class CodeAgainForm(CodeForm):
    """The same for somebody who is signed in."""

    again = True


class PasswordAgainForm(HouseForm):
    """The password of somebody who is signed in."""

    creates = False
    show_optional = False

    password = password_field(_("Password"))

    def __init__(self, *, user: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(**kwargs)

    def clean_password(self) -> str:
        """Compare, unless too many were tried."""
        password: str = self.cleaned_data["password"]
        if not count_try("password", str(self.user.pk)):
            raise forms.ValidationError(TOO_MANY_CODES % {"minutes": MINUTES}, code="too_many")
        if not AccountAdapter().reauthenticate(self.user, password):
            note(LedgerAction.SIGN_IN_FAILED, subject=self.user, cause="password not right")
            raise forms.ValidationError(WRONG_PASSWORD, code="wrong")
        forget_tries("password", str(self.user.pk))
        return password


class NewPasswordForm(HouseForm):
    """A new password for ``user``; the person sees it while typing, so once is enough."""

    creates = False
    show_optional = False

    password = password_field(_("New password"), new=True)

    def __init__(self, *, user: Any, temp_key: str | None = None, **kwargs: Any) -> None:
        self.user = user
        super().__init__(**kwargs)

    def clean_password(self) -> str:
        """Refuse short, common, breached and obvious passwords."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def save(self) -> None:
        """Set it."""
        self.user.set_password(self.cleaned_data["password"])
        self.user.save(update_fields=["password", "updated_at"])


class SetUpForm(HouseForm):
    """The first code of a new app; ``secret`` is what the app is told."""

    creates = False
    show_optional = False

    code = code_field(_("Code that the app shows"), _("Six digits."))

    def __init__(self, *, user: Any, **kwargs: Any) -> None:
        self.user = user
        self.counter = 0
        super().__init__(**kwargs)
        self.secret: str = get_totp_secret(regenerate=not self.is_bound)

    def clean_code(self) -> str:
        """Compare with the secret."""
        code: str = self.cleaned_data["code"]
        if not count_try("second-factor", str(self.user.pk)):
            raise forms.ValidationError(TOO_MANY_CODES % {"minutes": MINUTES}, code="too_many")
        counter = counter_of(self.secret, code)
        if counter is None:
            raise forms.ValidationError(
                _("This code is not right. Check your phone's clock, then enter the next code."),
                code="wrong",
            )
        self.counter = counter
        forget_tries("second-factor", str(self.user.pk))
        return code


class ResetForm(HouseForm):
    """Asks for the address to which a link to set a new password goes."""

    creates = False
    show_optional = False

    email = email_field()


class LinkCodeForm(HouseForm):
    """The code that was sent to the person of a link."""

    creates = False
    show_optional = False

    WRONG = _(
        "This code is not right, was used already, or is too old. After five tries it is worth "
        "nothing: ask for another one."
    )
    code = code_field(_("Code from the e-mail"), _("Six digits. They work for 10 minutes."))
