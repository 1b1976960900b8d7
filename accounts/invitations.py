"""Asking people in: by mail, with a link that only the one who reads it and signs can use up.

An invitation makes the account, closed, and gives its roles. Opening the link changes nothing
(programs that read mail open every link); the form behind it, sent once with the right e-mail
address, opens the account. The roles of an invitation bear ids made from the invitation's own, so
that withdrawing it takes back what came with it and nothing else.
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts import letters
from accounts.anchors import anchor_kinds
from accounts.grants import give_role, may_give, take_back_role
from accounts.models import Agency, Invitation, User, digest_of
from accounts.people import AccountState, manages_members_somewhere, state_of
from accounts.roles import Role
from core import clock
from core.choices import LedgerAction
from core.errors import NotAllowed, Refused
from core.history import because
from core.ledger import note

LASTS = dt.timedelta(days=14)

# A role to give: the model of the membership, its anchor, the role, its first and last day.
RoleWanted = tuple[Any, Any, Role, dt.date, dt.date | None]


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    agency: Agency | None,
    by: Any,
    roles: Iterable[RoleWanted] = (),
    message: str = "",
    job_title: str = "",
    id: uuid.UUID | None = None,  # noqa: A002  # the field's name
    demonstration: bool | None = None,
) -> Invitation | None:
    """Ask a person in and give them their roles; return the invitation.

    None: the person has an open account already; the roles are given and a mail says so (name,
    agency and job title stay as they are). ``by`` None stands for the system. The same ``id``
    again gives nothing twice. Raises core.errors.NotAllowed where ``by`` may not give one of the
    roles, Refused for an invitation of oneself or of somebody whose account was closed, and where
    ``accounts.grants.give_role`` refuses.
    """
    wanted = list(roles)
    if demonstration is None:  # whoever is asked in during a demonstration is invented
        demonstration = settings.DEMONSTRATION
    address = email.strip().lower()
    key = id or uuid.uuid4()
    if by is not None:
        _require_may_invite(by, address, wanted)
    person, new = _account_of(
        address, name=name, agency=agency, job_title=job_title, by=by, demonstration=demonstration
    )
    if not new and (sent := Invitation.objects.filter(pk=key, user=person).first()):
        return sent
    state = AccountState.INVITED if new else state_of(person)
    if state in (AccountState.SUSPENDED, AccountState.LEFT):
        raise Refused(
            _(
                "The account with this e-mail address was closed. Ask a system administrator to "
                "open it again, then give the role."
            )
        )
    given = [
        give_role(
            membership_model=kind,
            user=person,
            anchor=anchor,
            role=role,
            starts_on=starts_on,
            ends_on=ends_on,
            by=by,
            id=role_id(key, kind, anchor, role),
            is_demonstration=demonstration,
        )
        for kind, anchor, role, starts_on, ends_on in wanted
    ]
    if state is AccountState.OPEN:
        letters.tell_of_roles(person, given, by, message)
        return None
    invitation, token = _make(person, by=by, message=message, key=key)
    _note("invited", invitation, by)
    letters.ask_in(invitation, token, given)
    return invitation


@transaction.atomic
def send_again(*, person: User, by: Any) -> Invitation:
    """Ask somebody in whose account is to be opened anew (accounts.leaving has asked whether)."""
    invitation, token = _make(person, by=by, message="", key=uuid.uuid4())
    _note("invited", invitation, by)
    letters.ask_in(invitation, token, [])
    return invitation


@transaction.atomic
def resend(*, invitation: Invitation, by: Any) -> Invitation:
    """Send an invitation anew, with a new link for another fourteen days; the old link is dead.

    Raises core.errors.Refused if it was accepted or withdrawn, NotAllowed.
    """
    invitation = _locked(invitation)
    _require_may_handle(by, invitation)
    if invitation.accepted_at or invitation.revoked_at:
        raise Refused(_("This invitation was accepted or withdrawn, so it cannot be sent again."))
    token = secrets.token_urlsafe(32)
    with because(by=by):
        invitation.digest = digest_of(token)
        invitation.expires_at = clock.now() + LASTS
        invitation.save(update_fields=["digest", "expires_at", "updated_at"])
    _note("invitation sent again", invitation, by)
    letters.ask_in(invitation, token, roles_with(invitation))
    return invitation


@transaction.atomic
def withdraw(*, invitation: Invitation, by: Any, reason: str = "") -> Invitation:
    """Withdraw an invitation that nobody has accepted, and take back the roles that came with it.

    A second time changes nothing. Raises core.errors.Refused if it was accepted, NotAllowed.
    """
    invitation = _locked(invitation)
    if invitation.accepted_at:
        raise Refused(_("This invitation was accepted. End the person’s roles instead."))
    _require_may_handle(by, invitation)
    if invitation.revoked_at is not None:
        return invitation
    with because(by=by, reason=reason):
        for membership in roles_with(invitation):
            take_back_role(membership=membership, by=by, reason=reason)
        invitation.revoked_at = clock.now()
        invitation.save(update_fields=["revoked_at", "updated_at"])
    _note("invitation withdrawn", invitation, by, reason)
    return invitation


def found_by(token: str) -> Invitation | None:
    """Return the invitation that a link's token belongs to, whatever its state."""
    rows = Invitation.objects.select_related("user__agency", "invited_by__agency")
    return rows.filter(digest=digest_of(token)).first()


def is_open(invitation: Invitation) -> bool:
    """Say whether an invitation can be accepted now."""
    return (
        invitation.accepted_at is None
        and invitation.revoked_at is None
        and invitation.expires_at > clock.now()
        and not invitation.user.is_active
        and invitation.user.left_on is None
    )


@transaction.atomic
def accept(*, invitation: Invitation, email: str, name: str, password: str) -> User:
    """Open the account of an invitation, once; return it. Nobody is signed in by it.

    Raises core.errors.Refused if the invitation is no longer open or was sent to another address,
    django.core.exceptions.ValidationError for a password that is not good enough.
    """
    invitation = _locked(invitation)
    person = invitation.user
    if not is_open(invitation):
        raise Refused(_("This invitation can no longer be used."))
    if email.strip().lower() != person.email.lower():
        raise Refused(_("This invitation was sent to another e-mail address."))
    person.name = name.strip()
    validate_password(password, user=person)
    now = clock.now()
    with because(by=person):
        person.set_password(password)
        person.is_active = True
        person.save(update_fields=["name", "password", "is_active", "updated_at"])
        invitation.accepted_at = now
        invitation.save(update_fields=["accepted_at", "updated_at"])
        # One account, one opening: other invitations to the same person have nothing left to open.
        person.invitations.filter(accepted_at__isnull=True, revoked_at__isnull=True).update(
            accepted_at=now, updated_at=now
        )
    _note("invitation accepted", invitation, person)
    return person


def password_errors(password: str, person: User) -> list[str]:
    """Return what is wrong with a password for a person, in words; nothing if it is good."""
    try:
        validate_password(password, user=person)
    except ValidationError as error:
        return list(error.messages)
    return []


def roles_with(invitation: Invitation) -> list[Any]:
    """Return the memberships that came with an invitation and still stand."""
    found: list[Any] = []
    for kind in anchor_kinds():
        rows = kind.roles().filter(user=invitation.user_id)
        found += [
            row
            for row in rows.select_related("anchor", "user")
            if row.pk == role_id(invitation.pk, kind.memberships, row.anchor, Role(row.role))
        ]
    return found


def may_handle(by: Any, invitation: Invitation) -> bool:
    """Say whether somebody may send an invitation again or withdraw it.

    Administrators, the one who sent it, and whoever may give every role that came with it.
    """
    if by is None or by.is_staff or by.is_superuser:
        return True
    given = roles_with(invitation)
    if not given:
        return bool(invitation.invited_by_id == by.pk)
    return all(may_give(by, membership.anchor) for membership in given)


# --- Inside ---------------------------------------------------------------------------------------


def _require_may_invite(by: Any, address: str, wanted: list[RoleWanted]) -> None:
    if by.email.lower() == address:
        raise Refused(_("This is your own e-mail address. Nobody gives a role to themselves."))
    if not wanted and not by.is_staff:
        raise Refused(_("Choose at least one role."))
    if not manages_members_somewhere(by):
        raise NotAllowed(_("Your role does not let you invite people."))


def _account_of(
    address: str,
    *,
    name: str,
    agency: Agency | None,
    job_title: str,
    by: Any,
    demonstration: bool,
) -> tuple[User, bool]:
    """Return the account of an address, and whether it was made now (closed)."""
    person = _person_with(address)
    if person is not None:
        return person, False
    if not name.strip():
        raise Refused(_("Enter the name of the person: they have no account yet."))
    try:
        with transaction.atomic(), because(by=by):
            person = User.objects.create_user(
                address,
                None,
                name=name.strip(),
                agency=agency,
                job_title=job_title.strip(),
                is_active=False,
                is_demonstration=demonstration,
            )
    except IntegrityError:  # invited twice at the same moment
        person = _person_with(address)
        if person is None:
            raise
        return person, False
    return person, True


def _person_with(address: str) -> User | None:
    people = User.objects.alias(lowered=Lower("email")).filter(lowered=address)
    return people.select_for_update(of=("self",)).first()


def role_id(invitation: uuid.UUID, kind: Any, anchor: Any, role: Role) -> uuid.UUID:
    """Return the id of the membership that comes with an invitation."""
    return uuid.uuid5(invitation, f"{kind._meta.label}/{anchor.pk}/{role}")


def _make(person: User, *, by: Any, message: str, key: uuid.UUID) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(32)
    with because(by=by):
        invitation = Invitation.objects.create(
            pk=key,
            user=person,
            invited_by=by,
            digest=digest_of(token),
            message=message.strip(),
            expires_at=clock.now() + LASTS,
        )
    return invitation, token


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self", "user")).select_related("user")
    return rows.get(pk=invitation.pk)


def _require_may_handle(by: Any, invitation: Invitation) -> None:
    if not may_handle(by, invitation):
        raise NotAllowed(_("Only those who may give its roles can change this invitation."))


def _note(what: str, invitation: Invitation, by: Any, reason: str = "") -> None:
    note(
        LedgerAction.ACCOUNT,
        by=by,
        subject=invitation,
        owner=invitation.user.agency_id,
        touches=["personal"],
        reason=reason,
        what=what,
        person=str(invitation.user_id),
    )
