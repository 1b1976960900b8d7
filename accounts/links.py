"""Links in a person's mail that, with a code sent there too, open a limited session.

Opening the link changes nothing, because mail scanners open links. A person presses a button, gets
a code by e-mail, and types it: only then is there a session, of ``Level.LINK``.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts import mail
from accounts.backends import may_sign_in
from accounts.models import AccessLink, User
from accounts.models.invitation import digest_of
from accounts.second_factor import plain
from accounts.sessions import drop_session
from accounts.tries import count_try
from core import clock
from core.choices import LedgerAction
from core.errors import Refused
from core.history import because
from core.ledger import note
from core.ledger.middleware import BY_WAY_OF

LIFE = dt.timedelta(days=14)
CODE_LIFE = dt.timedelta(minutes=10)
CODE_TRIES = 5


@transaction.atomic
def send_link(
    *, user: User, target: str, subject: str, lead_text: str, by: Any = None
) -> AccessLink:
    """Mail a person a link to ``target`` (a path of ours), good for 14 days; only its hash is kept.

    ``lead_text`` says why they get it. ``by`` None stands for the house itself. Raises
    core.errors.Refused for a closed account, and for a target that is no path of ours.
    """
    if not may_sign_in(user):
        raise Refused(_("This account is closed: no link can be sent to it."))
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(
        target, allowed_hosts=None
    ):
        raise Refused(_("A link leads to a page of ours."))
    token = secrets.token_urlsafe(32)
    with because(by=by):
        link = AccessLink.objects.create(
            user=user, digest=digest_of(token), target=target, expires_at=clock.now() + LIFE
        )
    note(LedgerAction.ACCOUNT, by=by, subject=user, what="link sent", link=str(link.pk))
    mail.send(
        to=user.email,
        subject=subject,
        text=_(
            "Dear %(name)s,\n\n%(lead)s\n\n%(link)s\n\nThe link is for you alone and works for 14 "
            "days. It asks for a code that we send to this address."
        )
        % {
            "name": user.name,
            "lead": lead_text,
            "link": mail.address_of(reverse("accounts:link", args=[token])),
        },
    )
    return link


def find_link(token: str) -> AccessLink | None:
    """Return the link with this token if it still works: open account, in time, not revoked."""
    link = (
        AccessLink.objects.select_related("user")
        .filter(digest=digest_of(token), revoked_at__isnull=True, expires_at__gt=clock.now())
        .first()
    )
    return link if link is not None and may_sign_in(link.user) else None


def send_code(*, link: AccessLink) -> None:
    """Mail a new six-digit code; the one before is worth nothing from then on.

    Raises core.errors.Refused after too many codes within a quarter of an hour.
    """
    if not count_try("link-mail", str(link.pk)):
        raise Refused(_("We have sent several codes already. Wait 15 minutes, then try again."))
    code = f"{secrets.randbelow(10**6):06}"
    text = _(
        "Dear %(name)s,\n\nyour code for Intensive Engagement is %(code)s\n\nIt works for 10 "
        "minutes and once. Give it to nobody; we never ask for it on the telephone."
    ) % {"name": link.user.name, "code": code}
    with transaction.atomic():
        AccessLink.objects.filter(pk=link.pk).update(
            code_digest=_digest(link, code), code_expires_at=clock.now() + CODE_LIFE, code_tries=0
        )
        mail.send(to=link.user.email, subject=_("Your code"), text=text)


@transaction.atomic
def use_code(*, link: AccessLink, code: str) -> bool:
    """Use up the code of a link; False if it is wrong, used, too old or tried too often."""
    row = AccessLink.objects.select_for_update().get(pk=link.pk)
    if not row.code_digest or row.code_expires_at is None or row.code_expires_at <= clock.now():
        return False
    if row.code_tries >= CODE_TRIES:
        return False
    right = hmac.compare_digest(row.code_digest, _digest(row, plain(code)))
    changes: dict[str, Any] = {"code_tries": row.code_tries + 1}
    if right:
        changes |= {"code_digest": "", "code_expires_at": None}
    AccessLink.objects.filter(pk=row.pk).update(**changes)
    return right


def open_limited_session(request: HttpRequest, link: AccessLink) -> None:
    """Open a session that reaches this person's own actions only, in place of any other."""
    drop_session(request)
    user = link.user
    login(request, user, backend="accounts.backends.HouseBackend")
    record_authentication(request, user, method="link", link=str(link.pk))
    request.session[BY_WAY_OF] = "link"
    note(LedgerAction.SIGN_IN, by=user, subject=user, way="link", link=str(link.pk))


def _digest(link: AccessLink, code: str) -> str:
    """Return a keyed hash: six digits alone could be tried out by whoever reads the database."""
    text = f"{link.pk}|{code}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), "sha256").hexdigest()
