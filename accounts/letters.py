"""The mails that go to people about their accounts and roles."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import mail
from accounts.links import send_link
from accounts.models import Invitation, User
from accounts.roles import CATALOGUE, Role
from core.screen import day


def ask_in(invitation: Invitation, token: str, given: list[Any]) -> None:
    """Send the link that opens an account."""
    person, by = invitation.user, invitation.invited_by
    lines = [
        _("Dear %(name)s,") % {"name": person.name},
        "",
        _("%(who)s invites you to Intensive Engagement.") % {"who": _named(by)},
        *_role_lines(given),
        *_message_lines(invitation.message),
        "",
        _("To open your account, follow this link and choose a password:"),
        mail.address_of(reverse("accounts:invitation", args=[token])),
        "",
        _(
            "The link works once, until %(day)s. It asks for the e-mail address that this "
            "mail went to."
        )
        % {"day": day(invitation.expires_at)},
        _("If you do not know what this is about, do nothing: the account stays closed."),
    ]
    mail.send(
        to=person.email, subject=_("Invitation to Intensive Engagement"), text="\n".join(lines)
    )


def tell_of_roles(person: User, given: list[Any], by: Any, message: str) -> None:
    """Tell somebody with an open account of their new roles, with a link to the first place."""
    target = "/"
    for membership in given:
        if hasattr(membership.anchor, "get_absolute_url"):
            target = membership.anchor.get_absolute_url()
            break
    lines = [
        _("%(who)s has given you a role in Intensive Engagement.") % {"who": _named(by)},
        *_role_lines(given),
        *_message_lines(message),
    ]
    send_link(
        user=person,
        target=target,
        subject=_("A new role for you in Intensive Engagement"),
        lead_text="\n".join(lines),
        by=by,
    )


def _named(by: Any) -> str:
    if by is None:
        return _("Intensive Engagement")
    return f"{by.name} ({by.agency})" if by.agency_id else str(by.name)


def _role_lines(given: list[Any]) -> list[str]:
    lines = [""] if given else []
    for membership in given:
        words = {
            "role": CATALOGUE[Role(membership.role)].name,
            "anchor": membership.anchor,
            "since": day(membership.starts_on),
            "until": day(membership.ends_on),
        }
        if membership.ends_on is None:
            lines.append(_("- %(role)s, %(anchor)s, from %(since)s") % words)
        else:
            lines.append(_("- %(role)s, %(anchor)s, from %(since)s until %(until)s") % words)
    return lines


def _message_lines(message: str) -> list[str]:
    return ["", _("They write:"), message.strip()] if message.strip() else []


def tell_of_opening(person: User) -> None:
    """Say that a closed account is open again."""
    lines = [
        _("Dear %(name)s,") % {"name": person.name},
        "",
        _("Your account in Intensive Engagement is open again. Sign in as before:"),
        mail.address_of(reverse("accounts:login")),
        "",
        _("Tokens of programs that you had made no longer work. Make new ones if you need them."),
    ]
    mail.send(
        to=person.email,
        subject=_("Your account in Intensive Engagement is open again"),
        text="\n".join(lines),
    )
