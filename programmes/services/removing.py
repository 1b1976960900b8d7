"""Taking back what was set up by mistake, as long as nothing hangs on it."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core.errors import Refused
from core.history import because
from programmes import policy
from programmes.models import Location, StepRecord, TargetPlace


@transaction.atomic
def remove_target_place(*, place: TargetPlace, by: Any, reason: str = "") -> None:
    """Remove a target place on which nothing hangs. Raises core.errors.NotAllowed, Refused."""
    policy.require(by, Permission.LOCATION_MANAGE, place)
    _refuse_if_used(place)
    with because(by=by, reason=reason):
        place.delete()


@transaction.atomic
def remove_location(*, location: Location, by: Any, reason: str = "") -> None:
    """Remove a location at which nothing has been done and nobody has a role.

    Its planned steps go with it. Raises core.errors.NotAllowed, Refused.
    """
    policy.require(by, Permission.PROGRAMME_MANAGE, location.programme)
    _refuse_if_used(location, apart_from=StepRecord)
    steps = StepRecord.objects.select_for_update().filter(location=location)
    for step in steps:
        if step.started_on is not None or step.version > 1:
            raise Refused(_("Work on its steps has begun."))
        _refuse_if_used(step)
    with because(by=by, reason=reason):
        location.delete()


def _refuse_if_used(record: models.Model, *, apart_from: type[models.Model] | None = None) -> None:
    """Raise Refused if an area is chosen for a record or another record points at it."""
    if getattr(record, "area_id", None) is not None:
        raise Refused(_("An area has been chosen for it."))
    for relation in record._meta.related_objects:
        related: Any = relation.related_model
        if related is apart_from or hasattr(related, "pgh_tracked_model"):
            continue
        rows = related._base_manager.filter(**{relation.field.name: record.pk})
        if rows.exists():
            raise Refused(
                _("Something hangs on it: %(kind)s.") % {"kind": related._meta.verbose_name}
            )
