"""The kinds of anchor on which roles are held, found without importing the floors above.

A kind of anchor exists where a concrete ``Membership`` exists: its ``anchor`` names the model, and
the grant table is the ``Grant`` whose ``content_object`` is that model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from accounts.models import Grant, Membership


@dataclass(frozen=True, slots=True)
class AnchorKind:
    """One kind of anchor: its model, who holds roles on it, and the grants derived from them."""

    model: type[Any]
    memberships: type[Membership]
    grants: type[Grant]

    def roles(self) -> Any:
        """Return every membership of this kind, unscoped."""
        return self.memberships._base_manager.all()


def anchor_kinds() -> list[AnchorKind]:
    """Return every kind of anchor, in the order of the installed apps.

    Raises ImproperlyConfigured for a membership whose anchor has no grant table of its own.
    """
    models: list[Any] = list(apps.get_models())
    tables = {
        model._meta.get_field("content_object").related_model: model
        for model in models
        if issubclass(model, Grant)
    }
    kinds = []
    for model in models:
        if not issubclass(model, Membership):
            continue
        anchor: Any = model._meta.get_field("anchor").related_model
        if anchor not in tables:
            raise ImproperlyConfigured(f"{anchor.__name__} has memberships but no grant table.")
        kinds.append(AnchorKind(anchor, model, tables[anchor]))
    return kinds


def kind_of(model: type[Any]) -> AnchorKind:
    """Return the kind whose anchor, membership or grant table ``model`` is.

    Raises LookupError if it is none of these.
    """
    for kind in anchor_kinds():
        if model in (kind.model, kind.memberships, kind.grants):
            return kind
    raise LookupError(f"{model.__name__} is no anchor.")
