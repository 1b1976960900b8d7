"""What we have allauth do differently."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import mail
from accounts.assurance import second_factor_owed, signed_in_recently, with_next
from accounts.backends import may_sign_in
from accounts.models import User

# What happened, as the mail about it says; by the name of allauth's template.
NOTICES = {
    "account/email/password_changed": gettext_lazy("your password was changed"),
    "account/email/password_reset": gettext_lazy("your password was set anew"),
    "mfa/email/totp_activated": gettext_lazy("a second step was set up for your sign-in"),
    "mfa/email/totp_deactivated": gettext_lazy("the second step of your sign-in was removed"),
    "mfa/email/recovery_codes_generated": gettext_lazy("new recovery codes were made"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up; mails name our own address only; no addresses of devices are kept."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people are invited."""
        return False

    def get_login_stages(self) -> list[str]:
        """After the password comes the second factor, and nothing else."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def is_ajax(self, request: HttpRequest) -> bool:
        """Our pages answer with pages."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Go on to our own pages only, by a path."""
        return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Behind a proxy all addresses are the proxy's: none is kept."""
        return "0.0.0.0"  # noqa: S104  # an address that means none

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again, unless the sign-in itself was a moment ago."""
        return not signed_in_recently(context.request)

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Compare the password; no backend is asked, the person is known."""
        return may_sign_in(user) and user.check_password(password)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Open the session, unless the account was closed since the password was given."""
        fresh = User.objects.filter(pk=user.pk).first()
        if fresh is None or not may_sign_in(fresh):
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Go on; who owes a second factor sets it up first."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if second_factor_owed(user):
            target = with_next(reverse("mfa_activate_totp"), response["Location"])
            return HttpResponseRedirect(target)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Back to the start, which says no more."""
        request.session.flush()
        return HttpResponseRedirect(reverse("account_login"))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to where the change was asked for."""
        return reverse("accounts:security")

    def add_message(  # noqa: PLR0917  # as allauth calls it
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say nothing in allauth's words; our views say what they did in their own."""
        if message:
            messages.add_message(request, level, message, extra_tags=extra_tags)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: Any = None, email: str | None = None
    ) -> None:
        """Tell the person what changed about their sign-in; raises KeyError for news unknown."""
        mail.send(
            to=user.email,
            subject=_("About your account"),
            text=_(
                "Dear %(name)s,\n\n%(news)s in Intensive Engagement.\n\nIf that was you, there is "
                "nothing to do. If not, set a new password at once and tell the administrator of "
                "your programme:\n%(link)s"
            )
            % {
                "name": user.name,
                "news": NOTICES[template_prefix],
                "link": mail.address_of(reverse("account_reset_password")),
            },
        )


class MFAAdapter(DefaultMFAAdapter):
    """Secrets are stored encrypted: who reads the database alone cannot make codes."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": gettext_lazy("Set up the second step first."),
    }

    def get_totp_issuer(self) -> str:
        """Return the name that the app on the phone shows."""
        return "Intensive Engagement"

    def encrypt(self, text: str) -> str:
        """Encrypt under a key derived from SECRET_KEY."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt, also what an earlier key (SECRET_KEY_FALLBACKS) encrypted."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    keys: list[Any] = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [
            Fernet(
                base64.urlsafe_b64encode(hashlib.sha256(b"second factor|" + key.encode()).digest())
            )
            for key in keys
        ]
    )
