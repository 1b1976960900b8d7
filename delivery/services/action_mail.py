"""The mails about actions: what is asked of somebody, and what came back.

Mail to those who are to do something holds a link that works with a code, without a password; mail
to those who asked leads to the page they sign in for. Nothing sensitive is written in a mail.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from accounts import mail
from accounts.backends import may_sign_in
from accounts.grants import standing
from accounts.links import send_link
from accounts.permissions import Permission
from accounts.policy import holds
from accounts.roles import Role
from core import clock
from core.screen import day
from delivery.models import Action
from delivery.services.quietly import is_quiet
from programmes.models import LocationMembership
from programmes.sharing import is_sensitive


def ask(action: Action, *, by: Any, words: str = "") -> None:
    """Ask the owner, by a link to their own page of the action; oneself gets no mail."""
    if by is not None and by.pk == action.owner_id:
        return
    _to_owner(
        action,
        subject=_("Can you do this by %(day)s? %(title)s"),
        lead=[
            _("%(who)s asks you for an action at %(place)s:") % _who(action, by),
            "",
            *_about(action, details=True),
            *(["", words] if words else []),
            "",
            _(
                "Open the link to accept it, propose another date, pass it on, say what blocks it, "
                "or finish it with a photo. You need no password."
            ),
        ],
        by=by,
    )


def remind(action: Action, *, on: dt.date) -> None:
    """Remind the owner."""
    late = action.days_late(on)
    if late:
        subject, first = _("Overdue since %(day)s: %(title)s"), _("This action is overdue:")
    elif action.due_on == on:
        subject, first = _("Due today: %(title)s"), _("This action is due today:")
    else:
        subject, first = _("Due on %(day)s: %(title)s"), _("This action is due soon:")
    if action.blocked_on is not None:
        first = _("You said on %(day)s that something blocks this action. Does it still?") % {
            "day": day(action.blocked_on)
        }
    _to_owner(
        action,
        subject=subject,
        lead=[
            first,
            "",
            *_about(action),
            "",
            _("Open the link to finish it, propose another date or say what blocks it."),
        ],
        by=None,
    )


def tell_owner(action: Action, *, by: Any, what: str, words: str = "") -> None:
    """Tell the owner what became of their action or of what they proposed."""
    if by is not None and by.pk == action.owner_id:
        return
    lead = [what, "", *_about(action)]
    if words and not is_sensitive(action):
        lead += ["", words]
    _to_owner(action, subject="%(title)s", lead=lead, by=by)


def tell_asker(action: Action, *, by: Any, what: str, words: str = "") -> None:
    """Tell whoever asked what the owner answered; nobody is told of their own doing.

    Where their account is closed or their role has ended, the coordinators in post are told.
    """
    people = [action.asked_by]
    if not (may_sign_in(action.asked_by) and holds(action.asked_by, Permission.VIEW, action)):
        posts = LocationMembership.objects.filter(
            anchor=action.location_id, role=Role.COORDINATOR
        ).select_related("user")
        people = [row.user for row in standing(posts, clock.today())]
    for person in {one.pk: one for one in people}.values():
        if by is None or by.pk != person.pk:
            tell(person, action, what=what, words=words)


def tell(person: Any, action: Action, *, what: str, words: str = "") -> None:
    """Tell somebody who signs in for it; a closed account gets no mail."""
    if is_quiet() or not may_sign_in(person):
        return
    lines = [
        _("Dear %(name)s,") % {"name": person.name},
        "",
        what,
        "",
        *_about(action),
        *(["", words] if words and not is_sensitive(action) else []),
        "",
        mail.address_of(action.get_absolute_url()),
    ]
    mail.send(to=person.email, subject=f"{what} {action.title}", text="\n".join(lines))


def _to_owner(action: Action, *, subject: str, lead: list[str], by: Any) -> None:
    if not is_quiet() and may_sign_in(action.owner):
        send_link(
            user=action.owner,
            target=action.own_url(),
            subject=subject % {"day": day(action.due_on), "title": action.title},
            lead_text="\n".join(lead),
            by=by,
        )


def _who(action: Action, by: Any) -> dict[str, str]:
    if by is None:
        who = _("Intensive Engagement")
    else:
        who = f"{by.name} ({by.agency})" if by.agency_id else str(by.name)
    return {"who": who, "place": action.location.name}


def _about(action: Action, *, details: bool = False) -> list[str]:
    place = f" ({action.target_place.name})" if action.target_place_id else ""  # type: ignore[union-attr]  # the id says that it is there
    lines = [
        f"{action.title}{place}, {action.location.name}",
        _("Due on %(day)s") % {"day": day(action.due_on)},
    ]
    if details and action.details and not is_sensitive(action):
        lines += ["", action.details]
    return lines
