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
from core.errors import NotAllowed, Refused
from core.history import because


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
) -> Membership:
    """Give a person a role on an anchor and derive the grants.

    ``by`` None stands for the system (set-up). ``id`` may come from a form: the same id again is
    no second role. Raises core.errors.Refused if the end lies before the start or the person holds
    this role for these days already, core.errors.NotAllowed if ``by`` may not give roles here.
    """
    if ends_on is not None and ends_on < starts_on:
        raise Refused(_("A role cannot end before it starts."))
    _lock(anchor)
    held = membership_model._default_manager.filter(user=user, anchor=anchor, role=role)
    if id is not None and (same := held.filter(pk=id).first()):
        return same  # type: ignore[no-any-return]
    _require_may_give(by, user, anchor, membership_model)
    overlapping = held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    if ends_on is not None:
        overlapping = overlapping.filter(starts_on__lte=ends_on)
    if overlapping.exists():
        raise Refused(_("This person holds this role for these days already."))
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
    return membership


@transaction.atomic
def end_role(*, membership: Membership, ends_on: dt.date, by: Any, reason: str = "") -> None:
    """End a role on a day (the last day on which it counts) and derive the grants anew.

    Raises core.errors.Refused if that day lies before the start, core.errors.NotAllowed if ``by``
    may not manage roles here (one's own role anyone may lay down).
    """
    if ends_on < membership.starts_on:
        raise Refused(_("A role cannot end before it starts."))
    anchor: Any = membership.anchor  # type: ignore[attr-defined]  # each kind adds its own
    _lock(anchor)
    if by is not None and by != membership.user:
        _require_may_give(by, membership.user, anchor, type(membership))
    with because(by=by, reason=reason), door.opened():
        membership.ends_on = ends_on
        membership.version += 1
        membership.save(update_fields=["ends_on", "version", "updated_at"])
        derive(membership_model=type(membership), user=membership.user, anchor=anchor)


def _require_may_give(by: Any, user: Any, anchor: Any, membership_model: type[Any]) -> None:
    """Let managers of members and system administrators give roles, never to themselves.

    The one who sets up a new anchor takes its first role.
    """
    if by is None:
        return
    if by == user:
        if membership_model._default_manager.filter(anchor=anchor).exists():
            raise NotAllowed(_("Nobody gives a role to themselves. Ask someone who manages roles."))
        return
    if not (by.is_staff or holds(by, Permission.MEMBERS_MANAGE, anchor)):
        raise NotAllowed(_("Your role does not let you give or end roles here."))


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
