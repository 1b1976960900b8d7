"""Turns memberships into guardian's rows, in the same transaction; nothing else writes either.

A membership counts on the days from ``starts_on`` to ``ends_on`` by the business date. Rows are
rebuilt for one person on one anchor from all of that person's memberships there, so the result
does not depend on the order of events. ``derive_all`` does it for everyone when the date moves;
``drift`` (command ``check_grants``) says where the two disagree.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Permission as PermissionRow
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import door
from accounts.anchors import AnchorKind, anchor_kinds, kind_of
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.policy import holds
from accounts.roles import CATALOGUE, Role
from core import clock
from core.choices import LedgerAction
from core.errors import NotAllowed, Refused
from core.history import because
from core.ledger import note


@dataclass(frozen=True, slots=True)
class Drift:
    """One right that is held but not given ("surplus"), or given but not held ("missing").

    ``table`` names the grant table; ``anchor`` and ``user`` are ids, empty for a "stray" row in
    guardian's generic tables, which this product does not use.
    """

    table: str
    problem: str
    permission: str
    user: str
    anchor: str


def standing(memberships: models.QuerySet[Any], on: dt.date) -> models.QuerySet[Any]:
    """Return the memberships that count on a day."""
    return memberships.filter(starts_on__lte=on).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    )


def wanted_permissions(memberships: models.QuerySet[Any], on: dt.date) -> set[Permission]:
    """Return what these memberships allow on a day."""
    wanted: set[Permission] = set()
    for role in standing(memberships, on).values_list("role", flat=True):
        wanted |= CATALOGUE[Role(role)].permissions
    return wanted


@transaction.atomic
def give_role(
    *,
    membership_model: type[Any],
    user: Any,
    anchor: Any,
    role: Role,
    starts_on: dt.date,
    by: Any,
    ends_on: dt.date | None = None,
    is_demonstration: bool = False,
    id: uuid.UUID | None = None,  # noqa: A002  # the field's name
    reason: str = "",
    as_founder: bool = False,
) -> Membership:
    """Give a person a role on an anchor and derive the grants.

    ``by`` None stands for the system (set-up). ``id`` may come from a form: the same id again is
    no second role. ``as_founder`` lets the one who has just made an anchor take its first role;
    nobody else gives a role to themselves. Raises core.errors.Refused if the end lies before the
    start, the role is not offered on this kind of anchor, or the person holds it for these days
    already, core.errors.NotAllowed if ``by`` may not give roles here.
    """
    if ends_on is not None and ends_on < starts_on:
        raise Refused(_("A role cannot end before it starts."))
    _lock(anchor)
    held = membership_model._default_manager.filter(user=user, anchor=anchor, role=role)
    if id is not None and (same := held.filter(pk=id).first()):
        return same
    founds = as_founder and not membership_model._default_manager.filter(anchor=anchor).exists()
    if not (founds and by == user):
        _require_may_give(by, user, anchor)
    if by is not None and anchor._meta.model_name not in CATALOGUE[Role(role)].anchors:
        raise Refused(_("This role is not given here."))
    _require_free(held, starts_on, ends_on)
    with because(by=by, reason=reason), door.opened():
        membership = membership_model._default_manager.create(
            **({"id": id} if id else {}),
            user=user,
            anchor=anchor,
            role=role,
            starts_on=starts_on,
            ends_on=ends_on,
            is_demonstration=is_demonstration,
        )
        derive(membership_model=membership_model, user=user, anchor=anchor)
    _note("given", membership, by, reason)
    return membership


@transaction.atomic
def end_role(
    *,
    membership: Membership,
    ends_on: dt.date | None,
    by: Any,
    reason: str = "",
    version: int | None = None,
    closing: bool = False,
) -> None:
    """Set the last day on which a role counts (None: open) and derive the grants anew.

    One's own role anyone may lay down, that is end earlier, but not prolong. ``closing``: the
    account is being closed by somebody who may do that (accounts.leaving asks), which ends its
    roles everywhere. ``version`` is what the person read. Raises core.errors.Refused if that day
    lies before the start or the person holds the same role for those days once more, Conflict if
    someone changed the role in between, NotAllowed if ``by`` may not manage roles here.
    """
    if ends_on is not None and ends_on < membership.starts_on:
        raise Refused(_("A role cannot end before it starts."))
    anchor: Any = membership.anchor  # type: ignore[attr-defined]  # each kind adds its own
    kind = type(membership)
    _lock(anchor)
    membership.refresh_from_db(fields=["ends_on", "version"])
    if not closing:
        _require_may_end(by, membership, ends_on)
    others: Any = kind._default_manager
    others = others.filter(user=membership.user, anchor=anchor, role=membership.role).exclude(
        pk=membership.pk
    )
    _require_free(others, membership.starts_on, ends_on)
    with because(by=by, reason=reason), door.opened():
        membership.ends_on = ends_on
        membership.save_version(
            membership.version if version is None else version,
            update_fields=["ends_on", "version", "updated_at"],
        )
        derive(membership_model=kind, user=membership.user, anchor=anchor)
    _note("dated", membership, by, reason)


@transaction.atomic
def take_back_role(
    *,
    membership: Membership,
    by: Any,
    reason: str = "",
    version: int | None = None,
    closing: bool = False,
) -> None:
    """End a role at once: it counts no more from this moment.

    One that has not counted on any day before today is taken away (its history stays); any other
    has yesterday as its last day. Raises core.errors.NotAllowed as ``end_role`` does.
    """
    anchor: Any = membership.anchor  # type: ignore[attr-defined]  # every kind of membership has one
    kind = type(membership)
    yesterday = clock.today() - dt.timedelta(days=1)
    if membership.starts_on <= yesterday:
        if membership.ends_on is None or membership.ends_on > yesterday:
            end_role(
                membership=membership,
                ends_on=yesterday,
                by=by,
                reason=reason,
                version=version,
                closing=closing,
            )
        return
    _lock(anchor)
    if not closing:
        _require_may_end(by, membership, yesterday)
    _note("taken back", membership, by, reason)
    with because(by=by, reason=reason), door.opened():
        user = membership.user
        membership.delete()
        derive(membership_model=kind, user=user, anchor=anchor)


def may_give(by: Any, anchor: Any) -> bool:
    """Say whether somebody may give and end roles on an anchor (never their own)."""
    return bool(by.is_staff or holds(by, Permission.MEMBERS_MANAGE, anchor))


def _require_may_give(by: Any, user: Any, anchor: Any) -> None:
    """Let managers of members and system administrators give roles, never to themselves."""
    if by is None:
        return
    if by == user:
        raise NotAllowed(_("Nobody gives a role to themselves. Ask someone who manages roles."))
    if not may_give(by, anchor):
        raise NotAllowed(_("Your role does not let you give or end roles here."))


def _require_may_end(by: Any, membership: Membership, ends_on: dt.date | None) -> None:
    if by is None or by != membership.user:
        _require_may_give(by, membership.user, membership.anchor)  # type: ignore[attr-defined]  # every kind of membership has one
        return
    until = membership.ends_on or dt.date.max
    if ends_on is None or ends_on > until:
        raise NotAllowed(_("Nobody prolongs their own role. Ask someone who manages roles."))


def _require_free(held: Any, starts_on: dt.date, ends_on: dt.date | None) -> None:
    """Raise Refused if one of the memberships in ``held`` counts on one of these days."""
    overlapping = held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    if ends_on is not None:
        overlapping = overlapping.filter(starts_on__lte=ends_on)
    if overlapping.exists():
        raise Refused(_("This person holds this role for these days already."))


def _note(what: str, membership: Any, by: Any, reason: str) -> None:
    """Write the change of a role into the ledger."""
    note(
        LedgerAction.PERMISSION,
        by=by,
        subject=membership,
        owner=membership.user.agency_id,
        touches=["personal"],
        reason=reason,
        what=what,
        person=str(membership.user_id),
        anchor=membership.anchor._meta.label,
        anchor_id=str(membership.anchor_id),
        role=membership.role,
        starts_on=str(membership.starts_on),
        ends_on=str(membership.ends_on or ""),
    )


def _lock(anchor: Any) -> None:
    """Let changes of roles on one anchor follow one another."""
    type(anchor)._base_manager.select_for_update(no_key=True).get(pk=anchor.pk)


@transaction.atomic
def derive(*, membership_model: type[Any], user: Any, anchor: Any) -> int:
    """Make the grant rows of one person on one anchor equal to their memberships.

    Returns how many rows were added or removed.
    """
    table: Any = kind_of(membership_model).grants
    memberships = membership_model._default_manager.filter(user=user, anchor=anchor)
    wanted = wanted_permissions(memberships, clock.today())
    rows = table.objects.filter(user=user, content_object=anchor)
    held = dict(rows.values_list("permission__codename", "pk"))
    surplus = [pk for codename, pk in held.items() if codename not in wanted]
    missing = [permission for permission in wanted if permission.value not in held]
    keys = _permission_keys(type(anchor)) if missing else {}
    with door.opened():
        rows.filter(pk__in=surplus).delete()
        table.objects.bulk_create(
            [
                table(user=user, content_object=anchor, permission_id=keys[permission])
                for permission in missing
            ]
        )
    return len(surplus) + len(missing)


def derive_all(on: dt.date) -> int:
    """Make every grant equal to the memberships that count on ``on``; when the date moves.

    Returns how many rows were added or removed. Harmless when nothing is due.
    """
    return len(mend(on=on))


def drift(on: dt.date) -> list[Drift]:
    """Return where grants and memberships disagree on a day, over all kinds of anchor.

    Two queries for each kind of anchor, and one for each generic table of guardian.
    """
    found: list[Drift] = []
    for kind in anchor_kinds():
        missing, surplus = _difference(kind, on)
        for problem, rights in (("missing", missing), ("surplus", surplus)):
            found += [
                Drift(kind.grants._meta.label, problem, permission, str(user), str(anchor))
                for user, anchor, permission in rights
            ]
    for table in _generic_tables():
        found += [
            Drift(table._meta.label, "stray", codename, "", str(key))
            for codename, key in table.objects.values_list("permission__codename", "object_pk")
        ]
    return sorted(found, key=repr)


@transaction.atomic
def mend(*, on: dt.date) -> list[Drift]:
    """Derive all grants anew and empty guardian's generic tables; return what was wrong."""
    for kind in anchor_kinds():
        anchors = kind.model._base_manager.select_for_update(no_key=True).order_by("pk")
        list(anchors.values_list("pk"))  # evaluated: changes of roles wait until we are done
    found = drift(on)
    with door.opened():
        for kind in anchor_kinds():
            _mend_kind(kind, on)
    for table in _generic_tables():
        table.objects.all().delete()
    return found


@transaction.atomic
def load_memberships(
    *, memberships: Iterable[Membership], membership_model: type[Any], on: dt.date
) -> int:
    """Store many memberships of one kind at once and derive all grants; for load-test data only.

    Nobody is asked and nothing is checked but what the database checks. Returns how many.
    """
    with door.opened():
        stored = membership_model._default_manager.bulk_create(memberships, batch_size=2_000)
    mend(on=on)
    return len(stored)


Right = tuple[Any, Any, str]  # (user id, anchor id, permission's codename)


def _difference(kind: AnchorKind, on: dt.date) -> tuple[set[Right], set[Right]]:
    """Return the rights that are given but not held, and those held but not given."""
    memberships = standing(kind.memberships._default_manager.all(), on)
    wanted = {
        (user, anchor, permission.value)
        for user, anchor, role in memberships.values_list("user_id", "anchor_id", "role")
        for permission in CATALOGUE[Role(role)].permissions
    }
    table: Any = kind.grants
    held: set[Right] = set(
        table.objects.values_list("user_id", "content_object_id", "permission__codename")
    )
    return wanted - held, held - wanted


def _mend_kind(kind: AnchorKind, on: dt.date) -> None:
    missing, surplus = _difference(kind, on)
    table: Any = kind.grants
    people: dict[tuple[Any, str], list[Any]] = {}
    for user, anchor, permission in surplus:
        people.setdefault((anchor, permission), []).append(user)
    for (anchor, permission), users in people.items():
        table.objects.filter(
            content_object_id=anchor, permission__codename=permission, user_id__in=users
        ).delete()
    keys = _permission_keys(kind.model) if missing else {}
    table.objects.bulk_create(
        (
            table(user_id=user, content_object_id=anchor, permission_id=keys[permission])
            for user, anchor, permission in missing
        ),
        batch_size=5_000,
    )


def _permission_keys(anchor_model: type[models.Model]) -> dict[str, int]:
    """Return the ids of an anchor's permissions by codename.

    Raises LookupError if the catalogue holds one that the database does not (run migrate).
    """
    content_type = ContentType.objects.get_for_model(anchor_model)
    rows = PermissionRow.objects.filter(content_type=content_type)
    keys: dict[str, int] = dict(rows.values_list("codename", "pk"))
    lacking = {permission.value for permission in Permission} - keys.keys()
    if lacking:
        raise LookupError(f"{anchor_model.__name__} lacks {sorted(lacking)}; run migrate.")
    return keys


def _generic_tables() -> Iterable[Any]:
    """Return guardian's own tables, which stay empty here."""
    from guardian.models import GroupObjectPermission, UserObjectPermission

    return UserObjectPermission, GroupObjectPermission
