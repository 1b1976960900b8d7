"""May this person do this to that? Services ask again, whatever the page has checked."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from accounts.permissions import DESCRIPTIONS, Permission
from core.errors import NotAllowed


def holds(user: Any, permission: Permission, obj: models.Model) -> bool:
    """Say whether a person holds a permission on an object, by grants and scope (one query)."""
    rows: Any = type(obj)._default_manager.all()
    return bool(rows.visible_to(user, permission).filter(pk=obj.pk).exists())


def require(user: Any, permission: Permission, obj: models.Model) -> None:
    """Raise core.errors.NotAllowed unless the person holds the permission on the object.

    ``user`` None stands for the system itself: commands and the demonstration's set-up.
    """
    if user is None or holds(user, permission, obj):
        return
    raise NotAllowed(
        _("Your role does not let you do this: %(permission)s.")
        % {"permission": DESCRIPTIONS[permission]}
    )
