"""Leaving, and being suspended: everything ends at once, and what was in somebody's hands goes on.

Higher floors register what a person may hold (``register_holding``): it is shown before somebody
leaves and handed over as they do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts import letters
from accounts.anchors import anchor_kinds
from accounts.grants import end_role, take_back_role
from accounts.models import AccessLink, ApiToken, Invitation, User
from accounts.people import NEVER_OPENED, AccountState, looks_after, state_of
from core import clock
from core.choices import LedgerAction
from core.errors import NotAllowed, Refused
from core.history import because
from core.jobs.requests import deny_jobs_of
from core.ledger import note


@dataclass(frozen=True, slots=True)
class Holding:
    """A kind of thing that a person may hold and somebody else must take over.

    ``lines(user)`` names each in words. ``hand_over(user, successor, by)`` gives them to the
    successor inside the transaction of leaving, and returns in words what was handed over.
    """

    key: str
    label: str | Promise
    lines: Callable[[User], list[str]]
    hand_over: Callable[[User, User, Any], list[str]]


@dataclass(frozen=True, slots=True)
class Ended:
    """What closing an account ended: how many of each, and what was handed over in words."""

    sessions: int
    tokens: int
    links: int
    invitations: int
    jobs: int
    roles: int = 0
    handed_over: tuple[str, ...] = ()

    def counts(self) -> dict[str, int]:
        """Return how many of each, for the ledger."""
        return {
            "sessions": self.sessions,
            "tokens": self.tokens,
            "links": self.links,
            "invitations": self.invitations,
            "jobs": self.jobs,
            "roles": self.roles,
        }


_holdings: dict[str, Holding] = {}


def register_holding(
    key: str,
    label: str | Promise,
    lines: Callable[[User], list[str]],
    hand_over: Callable[[User, User, Any], list[str]],
) -> None:
    """Make a kind of holding known; the same key twice is an error."""
    if key in _holdings:
        raise ImproperlyConfigured(f"The holding {key!r} is registered twice.")
    _holdings[key] = Holding(key, label, lines, hand_over)


_closings: dict[str, Callable[[User], object]] = {}


def register_closing(key: str, close: Callable[[User], object]) -> None:
    """Let a higher floor end what acts in a person's name when their account is closed.

    ``close(user)`` runs inside the transaction of leaving or suspension; the same key twice errs.
    """
    if key in _closings:
        raise ImproperlyConfigured(f"The closing {key!r} is registered twice.")
    _closings[key] = close


def held_by(user: User) -> list[tuple[Holding, list[str]]]:
    """Return what somebody holds that another must take over; kinds without any are left out."""
    found = [(holding, holding.lines(user)) for holding in _holdings.values()]
    return [(holding, lines) for holding, lines in found if lines]


@transaction.atomic
def leave(*, user: User, by: Any, successor: User | None = None, reason: str) -> Ended:
    """Close the account of somebody who leaves: one action, one transaction.

    Hands over to ``successor`` what the person holds, ends roles (today is their last day),
    sessions, tokens, links, invitations and open jobs. From the next request on nothing of theirs
    answers. ``by`` None stands for the system. Raises core.errors.Refused without a reason, for a
    second time or an unfit successor, NotAllowed.
    """
    user = _checked(user, by, reason)
    if user.left_on is not None:
        raise Refused(_("This person has left already."))
    if successor is not None and (successor == user or not successor.is_active):
        raise Refused(_("Choose somebody else, with an open account, to take over."))
    with because(by=by, reason=reason):
        handed_over: list[str] = []
        if successor is not None:
            for holding in _holdings.values():
                handed_over += holding.hand_over(user, successor, by)
        roles = _end_roles(user, by, reason)
        user.left_on = clock.today()
        ended = replace(_close(user), roles=roles, handed_over=tuple(handed_over))
    to = str(successor.pk) if successor else ""
    _note("left", user, by, reason, successor=to, **ended.counts())
    return ended


@transaction.atomic
def suspend(*, user: User, by: Any, reason: str) -> Ended:
    """Close an account for a while: roles stay where they are, and count for nothing meanwhile.

    Sessions, tokens, links and open jobs end for good. Raises core.errors.Refused without a
    reason or for an account that is not open, NotAllowed.
    """
    user = _checked(user, by, reason)
    state = state_of(user)
    if state in NEVER_OPENED:
        raise Refused(_("This account has never been open. Withdraw the invitation instead."))
    if state is not AccountState.OPEN:
        raise Refused(_("This account is closed already."))
    with because(by=by, reason=reason):
        ended = _close(user)
    _note("suspended", user, by, reason, **ended.counts())
    return ended


@transaction.atomic
def restore(*, user: User, by: Any, reason: str) -> Invitation | None:
    """Open a closed account again; return the invitation, where the person needs one.

    After a suspension the person signs in as before, with the roles that have not ended since.
    Who had left is invited anew and chooses a new password; ended roles stay ended, and what was
    handed over stays with the successor. Tokens and links stay dead in both cases. Raises
    core.errors.Refused without a reason or for an account that is not closed, NotAllowed.
    """
    from accounts.invitations import send_again

    user = _checked(user, by, reason)
    state = state_of(user)
    if state not in (AccountState.SUSPENDED, AccountState.LEFT):
        raise Refused(_("This account is not closed."))
    with because(by=by, reason=reason):
        user.left_on = None
        user.is_active = state is AccountState.SUSPENDED
        user.save(update_fields=["left_on", "is_active", "updated_at"])
        invitation = None if user.is_active else send_again(person=user, by=by)
    if invitation is None:
        letters.tell_of_opening(user)
    _note("restored", user, by, reason, after=str(state))
    return invitation


def end_sessions(user: User) -> int:
    """End every session of a person; return how many there were."""
    from accounts.assurance import end_sessions as end

    return int(end(user))


# --- Inside ---------------------------------------------------------------------------------------


def _checked(user: User, by: Any, reason: str) -> User:
    """Return the person, locked, if ``by`` may do this; ask for a reason."""
    if not looks_after(by, user):
        raise NotAllowed(
            _(
                "Only a system administrator, or whoever manages this person’s agency or all of "
                "their roles, can do this."
            )
        )
    if not reason.strip():
        raise Refused(_("Say why."))
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)


def _close(user: User) -> Ended:
    """Close the account and end what acts in its name; return how many of each."""
    now = clock.now()
    user.is_active = False
    user.save(update_fields=["is_active", "left_on", "updated_at"])
    for close in _closings.values():
        close(user)
    alive = {"user": user, "revoked_at__isnull": True}
    waiting = Invitation.objects.filter(**alive, accepted_at__isnull=True)
    return Ended(
        tokens=ApiToken.objects.filter(**alive).update(revoked_at=now, updated_at=now),
        links=AccessLink.objects.filter(**alive).update(revoked_at=now, updated_at=now),
        invitations=waiting.update(revoked_at=now, updated_at=now),
        jobs=deny_jobs_of(user),
        sessions=end_sessions(user),
    )


def _end_roles(user: User, by: Any, reason: str) -> int:
    """End every role that counts today or later, on whatever anchor; return how many."""
    today = clock.today()
    ended = 0
    for kind in anchor_kinds():
        rows = kind.roles().filter(user=user)
        current: Any = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today))
        for membership in current.select_related("anchor", "user"):
            _end_role(membership, today, by, reason)
            ended += 1
    return ended


def _end_role(membership: Any, today: dt.date, by: Any, reason: str) -> None:
    if membership.starts_on > today:
        take_back_role(membership=membership, by=by, reason=reason, closing=True)
    else:
        end_role(membership=membership, ends_on=today, by=by, reason=reason, closing=True)


def _note(what: str, user: User, by: Any, reason: str, **detail: Any) -> None:
    note(
        LedgerAction.ACCOUNT,
        by=by,
        subject=user,
        owner=user.agency_id,
        touches=["personal"],
        reason=reason,
        what=what,
        **detail,
    )
