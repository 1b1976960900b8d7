"""The mails about help asked for: to those asked, and back. What is sensitive stays out of them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts import mail
from accounts.backends import may_sign_in
from accounts.permissions import Permission
from core.screen import day
from delivery.models import HelpRequest
from delivery.selectors.help import holders_of


def ask(request: HelpRequest) -> None:
    """Tell those who may decide what is asked of them, and by when; not the sender."""
    lines = [
        _("%(who)s asks for help from you at %(place)s:")
        % {"who": request.sent_by or _("A coordinator"), "place": request.location.name},
        "",
        request.title,
        "",
        _("A decision is asked for by %(day)s.") % {"day": day(request.decide_by)},
        "",
        _("Read why, and decide:"),
        mail.address_of(request.get_absolute_url()),
    ]
    for person in holders_of(request.location, Permission.HELP_DECIDE):
        if person.pk != request.sent_by_id:
            _send(person, _("Help asked for: %(title)s") % {"title": request.title}, lines)


def tell_decision(request: HelpRequest) -> None:
    """Tell whoever asked what was decided; where their account is closed, all who could have."""
    lines = [
        _("%(who)s has decided on the help asked for at %(place)s:")
        % {"who": request.decided_by or "", "place": request.location.name},
        "",
        request.title,
        str(request.get_outcome_display()),
        "",
        _("Read the decision, and take it back to the group:"),
        mail.address_of(request.get_absolute_url()),
    ]
    sender = request.sent_by
    people = (
        [sender]
        if sender is not None and may_sign_in(sender)
        else holders_of(request.location, Permission.DELIVERY_RECORD)
    )
    for person in people:
        _send(person, _("Decided: %(title)s") % {"title": request.title}, lines)


def _send(person: Any, subject: str, lines: list[str]) -> None:
    if may_sign_in(person):
        mail.send(to=person.email, subject=subject, text="\n".join(lines))
