"""Rich pictures: adding one, marking regions, reading themes, and what becomes of them."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.policy import require
from core import clock, files
from core.choices import Marking
from core.errors import Refused
from core.history import because
from core.marking import refuse_unhandled
from problems.choices import PictureKind
from problems.models import (
    Hypothesis,
    Intervention,
    PictureRegion,
    Problem,
    RichPicture,
    Theme,
)
from problems.services.common import P, locked, refuse_future
from problems.services.interventions import plan_intervention
from problems.services.problems import add_hypothesis
from programmes.models import Location
from programmes.services.repeats import create_once, earlier, is_demonstration

EDITABLE = frozenset({"title", "viewpoint", "text_alternative", "kind", "marking", "handling"})
Rectangle = tuple[Decimal, Decimal, Decimal, Decimal]


@transaction.atomic
def add_picture(
    *,
    location: Location,
    kind: str,
    title: str,
    viewpoint: str,
    drawn_on: dt.date,
    text_alternative: str,
    upload: UploadedFile | None,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    problem: Problem | None = None,
    follows: RichPicture | None = None,
    marking: str = Marking.OFFICIAL,
    handling: str = "",
    demonstration: bool | None = None,
) -> RichPicture:
    """Add a rich picture: photo or scan, whose view it is, and what it shows in words.

    A later drawing ``follows`` an earlier one of the same location. Sending the same ``id`` again
    with the same content is harmless. Raises core.errors.NotAllowed, Refused (no file, no words,
    future day, a problem or picture elsewhere, one that is followed already, conflicting repeat).
    """
    require(by, P.PROBLEM_RECORD, location)
    if upload is None:
        raise Refused(_("Choose a photo or scan of the picture."))
    same = {
        "location": location,
        "problem": problem,
        "kind": kind,
        "title": title.strip(),
        "viewpoint": viewpoint.strip(),
        "drawn_on": drawn_on,
        "text_alternative": text_alternative.strip(),
        "follows": follows,
        "recorded_by": by,
        "upload_sha256": hashlib.sha256(upload.read()).hexdigest(),
        "marking": marking,
        "handling": handling,
    }
    upload.seek(0)
    repeat = earlier(RichPicture, id, same)
    if repeat is not None:
        return repeat
    if kind not in PictureKind.values:
        raise Refused(_("Say whether it shows the problem or a solution."))
    if not (same["title"] and same["viewpoint"] and same["text_alternative"]):
        raise Refused(_("Say whose picture it is, and in words what it shows."))
    refuse_future(drawn_on)
    refuse_unhandled(marking, handling)
    for other in (problem, follows):
        if other is not None and other.location_id != location.pk:
            raise Refused(_("That belongs to another location."))
    if follows is not None and RichPicture.objects.filter(follows=follows).exists():
        raise Refused(_("A later picture follows that one already. Choose the latest."))
    with because(by=by):
        made, _new = create_once(
            RichPicture,
            id,
            same,
            file=files.store(upload, name=upload.name or "picture", accept=files.Kinds.IMAGES),
            agency_id=getattr(by, "agency_id", None) or location.programme.lead_agency_id,
            is_demonstration=is_demonstration(demonstration),
        )
    return made


@transaction.atomic
def edit_picture(*, picture: RichPicture, version: int, by: Any, **changes: Any) -> RichPicture:
    """Change the words about a picture; the picture itself stays (a later one follows it).

    Raises core.errors.Conflict, NotAllowed, Refused (no words, OFFICIAL-SENSITIVE unhandled).
    """
    require(by, P.PROBLEM_RECORD, picture)
    if set(changes) - EDITABLE:
        raise TypeError(f"Not to be changed: {sorted(set(changes) - EDITABLE)}")
    stored = locked(picture)
    for name, value in changes.items():
        setattr(stored, name, value.strip() if isinstance(value, str) else value)
    if not (stored.title and stored.viewpoint and stored.text_alternative):
        raise Refused(_("Say whose picture it is, and in words what it shows."))
    refuse_unhandled(stored.marking, stored.handling)
    with because(by=by):
        stored.save_version(version)
    return stored


@transaction.atomic
def mark_region(
    *,
    picture: RichPicture,
    label: str,
    rectangle: Rectangle,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    words: str = "",
    demonstration: bool | None = None,
) -> PictureRegion:
    """Mark a rectangle: left, top, width, height in per cent of the picture.

    Sending the same ``id`` again with the same content is harmless. Raises core.errors.NotAllowed,
    Refused (no label, outside the picture, conflicting repeat).
    """
    require(by, P.PROBLEM_RECORD, picture)
    same = {
        "picture": picture,
        "label": label.strip(),
        "words": words.strip(),
        **_rectangle(rectangle),
    }
    repeat = earlier(PictureRegion, id, same)
    if repeat is not None:
        return repeat
    if not same["label"]:
        raise Refused(_("Say what is there."))
    with because(by=by):
        made, _new = create_once(
            PictureRegion, id, same, is_demonstration=is_demonstration(demonstration)
        )
    return made


def _rectangle(found: Rectangle) -> dict[str, Decimal]:
    """Return the fields of a rectangle to one decimal. Raises Refused outside the picture."""
    left, top, width, height = (Decimal(one).quantize(Decimal("0.1")) for one in found)
    inside = left >= 0 and top >= 0 and width > 0 and height > 0
    if not inside or left + width > 100 or top + height > 100:
        raise Refused(_("The rectangle must lie within the picture: 0 to 100 per cent."))
    return {"left": left, "top": top, "width": width, "height": height}


@transaction.atomic
def edit_region(
    *,
    region: PictureRegion,
    label: str,
    words: str,
    rectangle: Rectangle,
    version: int,
    by: Any,
) -> PictureRegion:
    """Change a region. Raises core.errors.Conflict, NotAllowed, Refused."""
    require(by, P.PROBLEM_RECORD, region)
    stored = locked(region)
    stored.label, stored.words = label.strip(), words.strip()
    if not stored.label:
        raise Refused(_("Say what is there."))
    for name, value in _rectangle(rectangle).items():
        setattr(stored, name, value)
    with because(by=by):
        stored.save_version(version)
    return stored


@transaction.atomic
def remove_region(*, region: PictureRegion, by: Any) -> RichPicture:
    """Take a region off; its themes stay with the picture. Raises core.errors.NotAllowed."""
    require(by, P.PROBLEM_RECORD, region)
    picture: RichPicture = region.picture
    with because(by=by):
        region.delete()
    return picture


@transaction.atomic
def add_theme(
    *,
    picture: RichPicture,
    words: str,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    region: PictureRegion | None = None,
    demonstration: bool | None = None,
) -> Theme:
    """Write down what the picture says. The same ``id`` again is harmless.

    Raises core.errors.NotAllowed, Refused (nothing said, a region of another picture).
    """
    require(by, P.PROBLEM_RECORD, picture)
    same = {"picture": picture, "words": words.strip(), "region": region}
    repeat = earlier(Theme, id, same)
    if repeat is not None:
        return repeat
    if not same["words"]:
        raise Refused(_("Say what the picture tells you."))
    if region is not None and region.picture_id != picture.pk:
        raise Refused(_("Choose a region of this picture."))
    with because(by=by):
        made, _new = create_once(Theme, id, same, is_demonstration=is_demonstration(demonstration))
    return made


@transaction.atomic
def theme_to_hypothesis(*, theme: Theme, by: Any) -> Hypothesis:
    """Make a theme a hypothesis of the picture's problem; twice gives the same one.

    Raises core.errors.NotAllowed, Refused (the picture belongs to no problem, closed).
    """
    stored = locked(theme)
    if stored.hypothesis is not None:
        return stored.hypothesis
    made = add_hypothesis(
        problem=_problem_of(stored),
        statement=stored.words,
        id=uuid5(stored.pk, "hypothesis"),
        by=by,
    )
    stored.hypothesis = made
    with because(by=by):
        stored.save(update_fields=["hypothesis", "updated_at"])
    return made


@transaction.atomic
def theme_to_intervention(*, theme: Theme, by: Any) -> Intervention:
    """Make a theme a planned intervention, to be filled in; twice gives the same one.

    Raises core.errors.NotAllowed, Refused (the picture belongs to no problem, closed).
    """
    stored = locked(theme)
    if stored.intervention is not None:
        return stored.intervention
    made = plan_intervention(
        problem=_problem_of(stored),
        title=stored.words[:150],
        technique="",
        mechanism="",
        candidate=True,
        starts_on=clock.today() + dt.timedelta(days=28),
        id=uuid5(stored.pk, "intervention"),
        by=by,
    )
    stored.intervention = made
    with because(by=by):
        stored.save(update_fields=["intervention", "updated_at"])
    return made


def _problem_of(theme: Theme) -> Problem:
    problem: Problem | None = theme.picture.problem
    if problem is None:
        raise Refused(_("Say first which problem the picture belongs to."))
    return problem
