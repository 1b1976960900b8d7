"""Passages that higher floors add to the page of an agency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.models import Agency


@dataclass(frozen=True, slots=True)
class AgencyPanel:
    """A passage; ``context(request, agency)`` returns None to show nothing."""

    template_name: str
    context: Callable[[HttpRequest, Agency], dict[str, Any] | None]
    order: int


_panels: dict[str, AgencyPanel] = {}


def register_agency_panel(
    key: str,
    *,
    template_name: str,
    context: Callable[[HttpRequest, Agency], dict[str, Any] | None],
    order: int = 50,
) -> None:
    """Add a passage; what it shows must lie in the reader's scope. The same key twice errs."""
    if key in _panels:
        raise ImproperlyConfigured(f"The agency panel {key!r} is registered twice.")
    _panels[key] = AgencyPanel(template_name, context, order)


def agency_panels(request: HttpRequest, agency: Agency) -> list[SafeString]:
    """Return the passages that have something to show, in their order."""
    shown: list[SafeString] = []
    for _key, panel in sorted(_panels.items(), key=lambda item: (item[1].order, item[0])):
        context = panel.context(request, agency)
        if context is not None:
            shown.append(render_to_string(panel.template_name, context, request))
    return shown
