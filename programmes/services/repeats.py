"""Making something once: a repeat with the same content is harmless, any other is refused.

A form that creates carries a UUID made when it was shown. Sending it twice (an impatient click, a
phone that lost the answer) finds the row that the first sending made.
"""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.errors import Refused

Row = TypeVar("Row", bound=models.Model)


def is_demonstration(given: bool | None) -> bool:
    """Return the mark of a new record: as given, else whatever is typed in a demonstration."""
    return settings.DEMONSTRATION if given is None else given


def earlier(kind: type[Row], client_id: UUID | None, same: dict[str, Any]) -> Row | None:
    """Return the row that the same sending made before, or None if there is none.

    ``same`` holds the fields that an identical repeat has in common. Raises core.errors.Refused if
    the id stands for something else; nothing of that other row is told.
    """
    if client_id is None:
        return None
    found: Any = kind._default_manager.filter(pk=client_id).first()
    if found is None:
        return None
    for name, value in same.items():
        if getattr(found, name) != value:
            raise Refused(
                _("This form was sent before with other content. Open a new form and try again.")
            )
    return found


def create_once(
    kind: type[Row], client_id: UUID | None, same: dict[str, Any], **more: Any
) -> tuple[Row, bool]:
    """Return (row, whether it is new); two sendings at the same moment make one row.

    Raises core.errors.Refused as ``earlier`` does; other broken constraints raise IntegrityError.
    """
    found = earlier(kind, client_id, same)
    if found is not None:
        return found, False
    try:
        with transaction.atomic():
            row = kind._default_manager.create(pk=client_id or uuid4(), **same, **more)
    except IntegrityError:
        found = earlier(kind, client_id, same)
        if found is None:
            raise
        return found, False
    return row, True


def free_slug(rows: models.QuerySet[Any], name: str) -> str:
    """Return an address name made from ``name`` that no row of ``rows`` has yet."""
    stem = slugify(name)[:40].strip("-") or "unnamed"
    taken = set(rows.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 2
    while slug in taken or slug in RESERVED:
        slug, number = f"{stem}-{number}", number + 1
    return slug


# Words that stand in the place of an address name in our own addresses.
RESERVED = frozenset({"new", "edit", "area", "places", "steps", "locations", "history"})
