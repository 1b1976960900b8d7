"""The mail with which somebody sets a new password."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import mail
from accounts.backends import may_sign_in
from accounts.models import User


def mail_reset_link(user: User) -> bool:
    """Mail the link, good for one hour and once; nothing (False) to a closed account."""
    if not may_sign_in(user):
        return False
    key = default_token_generator.make_token(user)
    path = reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key}
    )
    text = _(
        "Dear %(name)s,\n\nsomebody, probably you, asked for a new password for Intensive "
        "Engagement. Follow this link to set one:\n%(link)s\n\nThe link works for one hour and "
        "once. Your second step stays as it is.\n\nIf you did not ask for it, do nothing."
    )
    words = {"name": user.name, "link": mail.address_of(path)}
    mail.send(to=user.email, subject=_("Set a new password"), text=text % words)
    return True
