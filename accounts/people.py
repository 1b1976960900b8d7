"""Who somebody is here: how their account stands, and who may look after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.anchors import anchor_kinds
from accounts.models import Agency, Invitation, User
from accounts.permissions import Permission
from accounts.policy import holds
from core import clock
from core.choices import LedgerAction
from core.errors import NotAllowed
from core.history import because
from core.ledger import note


class AccountState(models.TextChoices):
    """How an account stands."""

    OPEN = "open", _("Open")
    INVITED = "invited", _("Invited")
    EXPIRED = "expired", _("Invitation has run out")
    WITHDRAWN = "withdrawn", _("Invitation withdrawn")
    SUSPENDED = "suspended", _("Suspended")
    LEFT = "left", _("Has left")


COLOURS = {
    AccountState.OPEN: "green",
    AccountState.INVITED: "blue",
    AccountState.EXPIRED: "orange",
    AccountState.WITHDRAWN: "grey",
    AccountState.SUSPENDED: "red",
    AccountState.LEFT: "grey",
}

# Accounts that were made with an invitation and have never been open.
NEVER_OPENED = frozenset({AccountState.INVITED, AccountState.EXPIRED, AccountState.WITHDRAWN})


def states_of(people: Iterable[User]) -> dict[UUID, AccountState]:
    """Return how each account stands; one query for those that are closed."""
    people = list(people)
    closed = [person for person in people if not person.is_active and person.left_on is None]
    invitations: dict[UUID, list[Invitation]] = {person.pk: [] for person in closed}
    for row in Invitation.objects.filter(user__in=closed):
        invitations[row.user_id].append(row)
    return {person.pk: _state(person, invitations.get(person.pk, [])) for person in people}


def state_of(person: User) -> AccountState:
    """Return how one account stands."""
    return states_of([person])[person.pk]


def _state(person: User, invitations: list[Invitation]) -> AccountState:
    if person.is_active:
        return AccountState.OPEN
    if person.left_on is not None:
        return AccountState.LEFT
    standing = [row for row in invitations if not (row.revoked_at or row.accepted_at)]
    if not standing:
        opened = not invitations or any(row.accepted_at for row in invitations)
        return AccountState.SUSPENDED if opened else AccountState.WITHDRAWN
    now = clock.now()
    still_good = any(row.expires_at > now for row in standing)
    return AccountState.INVITED if still_good else AccountState.EXPIRED


# --- Who looks after whom -------------------------------------------------------------------------


def manages_members_somewhere(user: Any) -> bool:
    """Say whether somebody manages people at all: administrators, and managers of any anchor."""
    if user.is_staff or user.is_superuser:
        return True
    return any(
        kind.model._default_manager.all().visible_to(user, Permission.MEMBERS_MANAGE).exists()
        for kind in anchor_kinds()
    )


def looks_after(by: Any, person: User) -> bool:
    """Say whether ``by`` may close, open and change this person's account as a whole.

    System administrators may (for a superuser only another superuser); so may whoever manages the
    people of the person's agency, and whoever manages every anchor on which the person holds a
    role: an account that is at work elsewhere too is not theirs to close. Nobody does it to
    themselves, and only an administrator to an administrator.
    """
    if by is None:
        return True
    if by == person or not by.is_active or (person.is_superuser and not by.is_superuser):
        return False
    if by.is_superuser or by.is_staff:
        return True
    return not person.is_staff and (_is_of_agency_under(by, person) or _all_roles_under(by, person))


def _is_of_agency_under(by: Any, person: User) -> bool:
    return person.agency is not None and holds(by, Permission.MEMBERS_MANAGE, person.agency)


def _all_roles_under(by: Any, person: User) -> bool:
    """Say whether a person holds roles, now or later, and each on an anchor that ``by`` manages."""
    some = False
    for kind in anchor_kinds():
        managed = kind.model._default_manager.all().visible_to(by, Permission.MEMBERS_MANAGE)
        rows = (
            kind.roles()
            .filter(user=person)
            .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today()))
        )
        if rows.exclude(anchor__in=managed.values("pk")).exists():
            return False
        some = some or rows.exists()
    return some


# --- Contact details ------------------------------------------------------------------------------

ContactRule = Callable[[Any, list[User]], set[UUID]]
_contact_rules: list[ContactRule] = []


def register_contact_rule(rule: ContactRule) -> None:
    """Let a higher floor say whom of several people one may reach (an agreement covers)."""
    _contact_rules.append(rule)


def contacts_open(viewer: Any, people: Iterable[User]) -> set[UUID]:
    """Return the ids of those whose e-mail address somebody may see.

    One's own, one's agency's, and for administrators everyone's; those of other agencies where a
    registered rule covers it. A fixed number of queries.
    """
    people = list(people)
    if viewer.is_staff or viewer.is_superuser:
        return {person.pk for person in people}
    found = {
        person.pk
        for person in people
        if person == viewer
        or (person.agency_id is not None and person.agency_id == viewer.agency_id)
    }
    for rule in _contact_rules:
        left = [person for person in people if person.pk not in found]
        found |= rule(viewer, left) if left else set()
    return found


def may_see_contact(viewer: Any, person: User) -> bool:
    """Say whether somebody may see one person's e-mail address."""
    return person.pk in contacts_open(viewer, [person])


# --- Reading and changing accounts ----------------------------------------------------------------


def in_state(rows: Any, state: AccountState) -> Any:
    """Return the people of a queryset whose account stands so; the same rule as ``states_of``."""
    if state is AccountState.OPEN:
        return rows.filter(is_active=True)
    if state is AccountState.LEFT:
        return rows.filter(is_active=False, left_on__isnull=False)
    every = Invitation.objects.filter(user=OuterRef("pk"))
    standing = every.filter(accepted_at__isnull=True, revoked_at__isnull=True)
    good, stands = Exists(standing.filter(expires_at__gt=clock.now())), Exists(standing)
    opened = Exists(every.filter(accepted_at__isnull=False)) | ~Exists(every)
    conditions = {
        AccountState.INVITED: good,
        AccountState.EXPIRED: stands & ~good,
        AccountState.SUSPENDED: ~stands & opened,
        AccountState.WITHDRAWN: ~stands & ~opened,
    }
    return rows.filter(conditions[state], is_active=False, left_on__isnull=True)


@transaction.atomic
def edit_person(
    *, person: User, name: str, job_title: str, agency: Agency | None, by: Any, reason: str = ""
) -> User:
    """Change how somebody is named and where they work.

    The agency decides what sharing opens to a person, so it is an administrator who changes it;
    others may move people only into an agency whose people they manage. Raises
    core.errors.NotAllowed.
    """
    if not looks_after(by, person):
        raise NotAllowed(_t("You do not look after this account."))
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if agency != person.agency and not may_move_to(by, agency):
        raise NotAllowed(
            _t("Only a system administrator moves somebody to an agency that you do not manage.")
        )
    with because(by=by, reason=reason):
        person.name, person.job_title, person.agency = name.strip(), job_title.strip(), agency
        person.save(update_fields=["name", "job_title", "agency", "updated_at"])
    note(
        LedgerAction.ACCOUNT,
        by=by,
        subject=person,
        owner=person.agency_id,
        touches=["personal"],
        reason=reason,
        what="changed",
    )
    return person


def may_move_to(by: Any, agency: Agency | None) -> bool:
    """Say whether somebody may put a person into an agency (None: out of any)."""
    if by is None or by.is_staff or by.is_superuser:
        return True
    return agency is not None and holds(by, Permission.MEMBERS_MANAGE, agency)
