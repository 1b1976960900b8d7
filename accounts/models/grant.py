"""The base of the grant tables: guardian's rows with a real foreign key to their anchor."""

from __future__ import annotations

from typing import ClassVar

from guardian.managers import UserObjectPermissionManager
from guardian.models import UserObjectPermissionBase

from accounts.door import GuardedModel, GuardedQuerySet
from core.personal import Personal


class Grant(GuardedModel, UserObjectPermissionBase):
    """Derived from memberships: which permission a person holds on an anchor.

    The concrete table lies beside its anchor and adds ``content_object``.
    """

    personal: ClassVar[dict[str, Personal]] = {"user": Personal.IDENTITY}

    objects = UserObjectPermissionManager.from_queryset(GuardedQuerySet)()  # type: ignore[misc]  # made while running

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True
