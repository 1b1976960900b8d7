"""The base of serializers: identity, version, no unknown fields, references inside the scope."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from rest_framework import serializers

from core.api.fields import ScopedPrimaryKeyRelatedField


class StrictSerializer(serializers.Serializer):
    """Refuses what it does not know, instead of dropping it in silence."""

    def to_internal_value(self, data: Any) -> Any:
        """Check the names, then the values.

        A read-only field may be sent back as it was read (a program that gets, edits and puts), but
        not with another value.
        """
        if isinstance(data, dict):
            errors = {
                name: [problem] for name in data if (problem := self._problem(name, data[name]))
            }
            if errors:
                raise serializers.ValidationError(errors)
        return super().to_internal_value(data)

    def _problem(self, name: str, value: Any) -> str:
        field = self.fields.get(name)
        if field is None:
            return _("There is no such field here.")
        if field.read_only and not self._as_read(name, value):
            return _("This field cannot be set.")
        return ""

    def _as_read(self, name: str, value: Any) -> bool:
        if self.instance is None:
            return False
        if not hasattr(self, "_read"):
            self._read = self.to_representation(self.instance)
        return bool(self._read.get(name) == value)


class RecordSerializer(StrictSerializer, serializers.ModelSerializer):
    """A record: ``id`` first (a caller may make it on creation), ``version`` last.

    ``Meta.fields`` names what lies between. References are scoped by default; services save.
    """

    serializer_related_field = ScopedPrimaryKeyRelatedField

    def get_field_names(self, declared_fields: Any, info: Any) -> Any:
        """Add what every record has."""
        names = [*super().get_field_names(declared_fields, info)]
        if "id" not in names:
            names.insert(0, "id")
        if "version" not in names and self._has("version"):
            names.append("version")
        return names

    def get_extra_kwargs(self) -> dict[str, Any]:
        """Let a new record bring its id; afterwards it stays."""
        extra: dict[str, Any] = super().get_extra_kwargs()
        if not self._has("created_at"):
            return extra
        writable = self.instance is None and not getattr(self.Meta, "read_only", False)
        extra["id"] = {"read_only": False, "required": False} if writable else {"read_only": True}
        return extra

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        """Show ``id`` as a UUID without asking the database whether it is new: a repeat is fine."""
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        if field_name == "id":
            kwargs.pop("validators", None)
        return field_class, kwargs

    def _has(self, name: str) -> bool:
        try:
            self.Meta.model._meta.get_field(name)  # type: ignore[attr-defined]  # every serializer of a model has one
        except FieldDoesNotExist:
            return False
        return True
