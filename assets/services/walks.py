"""Visual audits: starting a walk, noting what is seen, following it up."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from assets.choices import Light
from assets.models import Observation, VisualAudit
from assets.points import refuse_far
from assets.sight import require_open
from core import clock, files
from core.choices import Marking
from core.errors import Refused
from core.history import because
from core.marking import refuse_unhandled
from delivery.models import Action
from programmes import policy
from programmes.models import Location, TargetPlace
from programmes.services.repeats import create_once, earlier, is_demonstration
from programmes.services.steps import refuse_future

WALK = ("walked_on", "route", "target_place", "light", "residents", "police", "partners", "notes")
SEEN = (
    "kind",
    "theme",
    "text",
    "place",
    "point",
    "target_place",
    "photo_shows",
    "marking",
    "handling",
)


@transaction.atomic
def start_walk(
    *,
    location: Location,
    walked_on: dt.date,
    route: str,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    target_place: TargetPlace | None = None,
    light: str = Light.DAY,
    residents: int = 0,
    police: int = 0,
    partners: int = 0,
    notes: str = "",
    demonstration: bool | None = None,
) -> VisualAudit:
    """Keep that people walk a route together. Raises core.errors.NotAllowed, Refused."""
    policy.require(by, Permission.ASSET_RECORD, location)
    same = {
        "location": location,
        "walked_on": walked_on,
        "route": route.strip(),
        "target_place": target_place,
        "light": light,
        "residents": residents,
        "police": police,
        "partners": partners,
        "notes": notes.strip(),
        "recorded_by": by,
    }
    repeat = earlier(VisualAudit, id, same)
    if repeat is not None:
        return repeat
    _refuse_wrong_walk(same)
    with because(by=by):
        made, _new = create_once(
            VisualAudit,
            id,
            same,
            agency_id=getattr(by, "agency_id", None),
            is_demonstration=is_demonstration(demonstration),
        )
    return made


@transaction.atomic
def edit_walk(*, audit: VisualAudit, version: int, by: Any, **changes: Any) -> VisualAudit:
    """Change what is said of a walk. Raises core.errors.NotAllowed, Refused, Conflict."""
    policy.require(by, Permission.ASSET_RECORD, audit)
    for field, value in changes.items():
        if field not in WALK:
            raise TypeError(f"{field} is not changed here.")
        setattr(audit, field, value.strip() if isinstance(value, str) else value)
    _refuse_wrong_walk({field: getattr(audit, field) for field in (*WALK, "location")})
    with because(by=by):
        audit.save_version(version, update_fields=[*WALK, "version", "updated_at"])
    return audit


@transaction.atomic
def add_observation(
    *,
    audit: VisualAudit,
    kind: str,
    theme: str,
    text: str,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    place: str = "",
    point: Point | None = None,
    target_place: TargetPlace | None = None,
    upload: UploadedFile | None = None,
    photo_shows: str = "",
    marking: str = Marking.OFFICIAL,
    handling: str = "",
    demonstration: bool | None = None,
) -> Observation:
    """Note something seen on a walk.

    The photo is made anew, without the place and camera it came with. Sending the same ``id`` again
    with the same content is harmless. Raises core.errors.NotAllowed, Refused.
    """
    policy.require(by, Permission.ASSET_RECORD, audit)
    same = {
        "audit": audit,
        "kind": kind,
        "theme": theme,
        "text": text.strip(),
        "place": place.strip(),
        "point": point,
        "target_place": target_place,
        "photo_shows": photo_shows.strip(),
        "photo_sha256": _digest(upload),
        "recorded_by": by,
        "marking": marking,
        "handling": handling,
    }
    repeat = earlier(Observation, id, same)
    if repeat is not None:
        return repeat
    _refuse_wrong_observation(same, audit.location)
    with because(by=by):
        photo = (
            files.store(upload, name=upload.name or "photo.jpg", accept=files.Kinds.IMAGES)
            if upload
            else None
        )
        made, _new = create_once(
            Observation,
            id,
            same,
            photo=photo,
            agency_id=getattr(by, "agency_id", None),
            is_demonstration=is_demonstration(demonstration),
        )
    return made


@transaction.atomic
def edit_observation(
    *, observation: Observation, version: int, by: Any, **changes: Any
) -> Observation:
    """Change an observation; its photo stays. Raises NotAllowed, Refused, Conflict."""
    policy.require(by, Permission.ASSET_RECORD, observation)
    require_open(by, observation)
    for field, value in changes.items():
        if field not in SEEN:
            raise TypeError(f"{field} is not changed here.")
        setattr(observation, field, value.strip() if isinstance(value, str) else value)
    fields = {field: getattr(observation, field) for field in SEEN}
    _refuse_wrong_observation(fields, observation.audit.location)
    with because(by=by):
        observation.save_version(version, update_fields=[*SEEN, "version", "updated_at"])
    return observation


@transaction.atomic
def withdraw_observation(*, observation: Observation, reason: str, by: Any) -> Observation:
    """Take an observation off, with the reason. Raises core.errors.NotAllowed, Refused."""
    policy.require(by, Permission.ASSET_RECORD, observation)
    require_open(by, observation)
    if not reason.strip():
        raise Refused(_("Say why it is taken off."))
    current = Observation.objects.select_for_update(of=("self",)).get(pk=observation.pk)
    if current.withdrawn_on is None:
        current.withdrawn_on, current.withdrawn_by = clock.today(), by
        current.withdrawn_reason = reason.strip()
        fields = ["withdrawn_on", "withdrawn_by", "withdrawn_reason", "version", "updated_at"]
        with because(by=by, reason=reason):
            current.save_version(current.version, update_fields=fields)
    return current


@transaction.atomic
def follow_up(
    *,
    observation: Observation,
    title: str,
    owner: Any,
    due_on: dt.date,
    by: Any,
    id: UUID,  # noqa: A002  # the field's own name
    details: str = "",
) -> Action:
    """Ask somebody to do something about what was seen, and keep which action that is.

    Raises core.errors.NotAllowed, Refused (there is one already), and what asking for an action
    raises.
    """
    from delivery.services.actions import ask_action

    policy.require(by, Permission.ASSET_RECORD, observation)
    current = Observation.objects.select_for_update(of=("self",)).get(pk=observation.pk)
    if current.action_id is not None and current.action_id != id:
        raise Refused(_("An action was asked for already."))
    action: Action = ask_action(
        id=id,
        location=observation.audit.location,
        title=title,
        details=details,
        owner=owner,
        due_on=due_on,
        target_place=observation.target_place or observation.audit.target_place,
        by=by,
    )
    if current.action_id is None:
        current.action = action
        with because(by=by):
            current.save_version(current.version, update_fields=["action", "version", "updated_at"])
    return action


def _digest(upload: UploadedFile | None) -> str:
    if upload is None:
        return ""
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    upload.seek(0)
    return found.hexdigest()


def _refuse_wrong_walk(fields: dict[str, Any]) -> None:
    if not fields["route"]:
        raise Refused(_("Say where you walk."))
    refuse_future(fields["walked_on"])
    _refuse_other_place(fields["target_place"], fields["location"])


def _refuse_wrong_observation(fields: dict[str, Any], location: Location) -> None:
    if not fields["text"]:
        raise Refused(_("Say what you see."))
    refuse_unhandled(fields["marking"], fields["handling"])
    _refuse_other_place(fields["target_place"], location)
    try:
        refuse_far(fields["point"], location)
    except ValueError as error:
        raise Refused(str(error)) from error


def _refuse_other_place(place: TargetPlace | None, location: Location) -> None:
    if place is not None and place.location_id != location.pk:
        raise Refused(_("This target place belongs to another location."))
