"""What the page of an account tells of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.anchors import anchor_kinds
from accounts.assurance import has_second_factor
from accounts.grants import may_give
from accounts.invitations import may_handle
from accounts.models import ApiToken, Invitation, User
from accounts.people import COLOURS, AccountState, looks_after, may_see_contact, state_of
from accounts.roles import CATALOGUE, Role
from accounts.rosters import state_of_role
from core import clock


@dataclass(frozen=True, slots=True)
class AccountRole:
    """A role as the account's page shows it; ``url`` leads to its anchor, where one sees it."""

    role: Any
    anchor_kind: str
    anchor: str
    url: str
    since: dt.date
    until: dt.date | None
    state: str
    colour: str


@dataclass(frozen=True, slots=True)
class AccountInvitation:
    """An invitation with what can be done to it."""

    invitation: Invitation
    state: str
    may_handle: bool


@dataclass(frozen=True, slots=True)
class Account:
    """One account as one reader sees it.

    ``roles`` are those on anchors that the reader sees or manages (``hidden`` counts the others);
    ``email`` is empty where it is withheld; sessions, tokens, invitations and the second factor are
    told to those who look after the account (``is_managed``).
    """

    person: User
    viewer: Any
    state: AccountState
    email: str
    roles: tuple[AccountRole, ...]
    hidden: int
    is_managed: bool
    sessions: int
    has_second_factor: bool
    tokens: tuple[ApiToken, ...]
    invitations: tuple[AccountInvitation, ...]

    @property
    def colour(self) -> str:
        """The colour of the state's tag."""
        return COLOURS[self.state]

    @property
    def is_open(self) -> bool:
        """Whether the account is open."""
        return self.state is AccountState.OPEN

    @property
    def is_closed(self) -> bool:
        """Whether the account was closed, and can be opened again."""
        return self.state in (AccountState.SUSPENDED, AccountState.LEFT)

    @property
    def may_reset(self) -> bool:
        """Whether the reader may take the second factor off."""
        return self.is_managed and self.viewer.is_staff and self.is_open

    def successors(self) -> Any:
        """Return the people with open accounts who could take over: colleagues, not the reader."""
        return successors_of(self.person, self.viewer)


def account_of(person: User, *, viewer: Any) -> Account:
    """Return what one reader may know of an account; a fixed number of queries for each anchor."""
    managed = looks_after(viewer, person)
    state = state_of(person)
    roles, hidden = _roles(person, viewer, state)
    tokens: tuple[ApiToken, ...] = ()
    rows = person.invitations.select_related("invited_by", "user")
    mine = [(row, may_handle(viewer, row)) for row in rows]
    invitations = tuple(
        AccountInvitation(row, _state_of(row), handled and _is_standing(row))
        for row, handled in mine
        if handled or managed
    )
    if managed:
        tokens = tuple(
            token
            for token in person.api_tokens.filter(revoked_at__isnull=True).order_by("-created_at")
            if token.expires_at is None or token.expires_at > clock.now()
        )
    return Account(
        person=person,
        viewer=viewer,
        state=state,
        email=person.email if may_see_contact(viewer, person) else "",
        roles=roles,
        hidden=hidden,
        is_managed=managed,
        sessions=UserSession.objects.filter(user_id=person.pk).count() if managed else 0,
        has_second_factor=managed and has_second_factor(person),
        tokens=tokens,
        invitations=invitations,
    )


def successors_of(person: User, viewer: Any) -> Any:
    """Return who could take over from somebody: of the same agency, or in post beside them."""
    today = clock.today()
    beside = Q(agency=person.agency_id) if person.agency_id else Q(pk__in=[])
    for kind in anchor_kinds():
        anchors = kind.roles().filter(user=person).values("anchor")
        rows = (
            kind.roles()
            .filter(anchor__in=anchors)
            .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        )
        beside |= Q(pk__in=rows.values("user"))
    people = User.objects.all().visible_to(viewer, "manage_members")
    return people.filter(beside, is_active=True).exclude(pk=person.pk).order_by("name")


def _roles(person: User, viewer: Any, state: AccountState) -> tuple[tuple[AccountRole, ...], int]:
    """Return the roles on anchors that the reader may know of, and how many others there are."""
    today = clock.today()
    found: list[AccountRole] = []
    hidden = 0
    for kind in anchor_kinds():
        rows: Any = kind.roles().filter(user=person).select_related("anchor")
        visible = kind.model._default_manager.all().visible_to(viewer)
        here = visible.filter(pk__in=rows.order_by().values("anchor"))
        seen = set(here.values_list("pk", flat=True))
        for row in rows.order_by("starts_on"):
            known = viewer.is_staff or (
                row.anchor_id in seen
                and (kind.model._meta.label != "accounts.Agency" or _knows(viewer, person, row))
            )
            if not known:
                hidden += 1
                continue
            words, colour, _over = state_of_role(row, state, today)
            has_page = row.anchor_id in seen and hasattr(row.anchor, "get_absolute_url")
            found.append(
                AccountRole(
                    role=CATALOGUE[Role(row.role)].name,
                    anchor_kind=str(kind.model._meta.verbose_name),
                    anchor=str(row.anchor),
                    url=row.anchor.get_absolute_url() if has_page else "",
                    since=row.starts_on,
                    until=row.ends_on,
                    state=words,
                    colour=colour,
                )
            )
    return tuple(found), hidden


def _knows(viewer: Any, person: User, row: Any) -> bool:
    """Say whether a role on an agency is the reader's to know: theirs, or the agency's manager."""
    return bool(viewer == person or may_give(viewer, row.anchor))


def _is_standing(invitation: Invitation) -> bool:
    return invitation.accepted_at is None and invitation.revoked_at is None


def _state_of(invitation: Invitation) -> str:
    if invitation.accepted_at is not None:
        return _("Accepted")
    if invitation.revoked_at is not None:
        return _("Withdrawn")
    return _("Open") if invitation.expires_at > clock.now() else _("Has run out")
