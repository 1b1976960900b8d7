"""What each model holds of people: declared beside the fields, so that nothing is overlooked.

Every model has ``personal``, a mapping from a field's name to what kind of personal data it holds,
and ``impersonal``, the names of fields that could hold such data by their type (free text, links
to people, files, points, JSON) but do not. A house test fails for a field that stands in neither.
Subject access, erasure and retention read these declarations, and so do exports and the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.gis.db.models.fields import BaseSpatialField
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Personal(models.TextChoices):
    """A kind of personal data, which decides what erasure will do with it."""

    IDENTITY = "identity", _("names a person")
    CONTACT = "contact", _("reaches a person")
    AUTHOR = "author", _("says who did something in their work")
    FREE_TEXT = "free_text", _("free text that may name people")
    FILE = "file", _("a file that may show or name people")
    LOCATION = "location", _("a place that may be somebody's home")
    TRACE = "trace", _("a trace of using the service")


def personal_fields(model: Any) -> Mapping[str, Personal]:
    """Return a model's declaration, with its bases': field name to kind; empty if it holds none.

    A row of history holds what its model holds.
    """
    merged: dict[str, Personal] = {}
    for base in reversed(_declaring(model).__mro__):
        merged.update(vars(base).get("personal", {}))
    return merged


def impersonal_fields(model: Any) -> frozenset[str]:
    """Return the names declared to hold nothing of people, with those of the model's bases."""
    return frozenset(
        name for base in _declaring(model).__mro__ for name in vars(base).get("impersonal", ())
    )


def touches_people(model: Any) -> bool:
    """Say whether a model holds data about people beyond who did something in their work."""
    return any(kind is not Personal.AUTHOR for kind in personal_fields(model).values())


def could_be_personal(field: models.Field[Any, Any]) -> bool:
    """Say whether a field's type could hold personal data, so that it has to be declared.

    Free text, links to people and files, JSON, geometry, addresses, identifiers that point at
    nothing the database knows. Choices, numbers and dates say nothing of a person by themselves.
    """
    if field.is_relation:
        target: Any = field.related_model
        return target._meta.label in (settings.AUTH_USER_MODEL, "core.StoredFile")
    if isinstance(field, ArrayField):
        return could_be_personal(field.base_field)
    if isinstance(field, models.CharField):
        return not field.choices
    if isinstance(field, models.UUIDField):
        return not field.primary_key
    return isinstance(field, _HOLDING)


_HOLDING = (
    models.TextField,
    models.JSONField,
    models.GenericIPAddressField,
    models.BinaryField,
    models.FileField,
    BaseSpatialField,
)


def _declaring(model: Any) -> type[Any]:
    """Return the class whose declaration holds for a model: a row of history has its model's."""
    model = model if isinstance(model, type) else type(model)
    return getattr(model, "pgh_tracked_model", model)
