"""Finds every writable relation: fields of serializers and forms that name another record."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from rest_framework import serializers

ROOT = Path(settings.BASE_DIR)


def writable_relations() -> set[str]:
    """Return "Class.field" for each relation that a body or a form can write."""
    _import_everything()
    found = {
        f"{cls.__name__}.{name}"
        for cls in _subclasses(serializers.Serializer)
        if _is_ours(cls) and _writes(cls)
        for name, field in cls().fields.items()
        if isinstance(field, (serializers.RelatedField, serializers.ManyRelatedField))
        and not field.read_only
    }
    return found | {
        f"{cls.__name__}.{name}"
        for cls in _subclasses(forms.BaseForm)
        if _is_ours(cls)
        for name, field in cls.base_fields.items()
        if isinstance(field, forms.ModelChoiceField)
    }


def _writes(cls: type[Any]) -> bool:
    if not issubclass(cls, serializers.ModelSerializer):
        return True
    return hasattr(cls, "Meta") and not getattr(cls.Meta, "read_only", False)


def _import_everything() -> None:
    for config in apps.get_app_configs():
        if Path(config.path).parent != ROOT:
            continue
        for module in pkgutil.walk_packages([config.path], f"{config.name}."):
            if not set(module.name.split(".")) & {"migrations", "management", "asgi", "wsgi"}:
                importlib.import_module(module.name)


def _is_ours(cls: type[Any]) -> bool:
    return any(
        cls.__module__.startswith(f"{config.name}.")
        for config in apps.get_app_configs()
        if Path(config.path).parent == ROOT
    )


def _subclasses(base: type[Any]) -> Iterator[type[Any]]:
    for cls in base.__subclasses__():
        yield cls
        yield from _subclasses(cls)
