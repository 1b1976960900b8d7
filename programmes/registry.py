"""What higher floors tell the programmes: evidence that counts itself, pages and panels.

Each app registers in its ``AppConfig.ready()``; the same key twice is an error, so that a provider
is never silently replaced. The programmes know nobody above them by name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured

from accounts.permissions import Permission

if TYPE_CHECKING:
    from django.http import HttpRequest

    from programmes.models import Location, StepRecord


@dataclass(frozen=True, slots=True)
class EvidenceCount:
    """How many records stand for one kind of evidence at one location.

    ``latest`` is the business date of the newest; ``url`` leads to the records; ``words`` says in
    plain words what was counted ("2 data packages").
    """

    count: int
    latest: dt.date | None = None
    url: str = ""
    words: str = ""


class EvidenceProvider(Protocol):
    """Counts one kind of evidence from an app's own records.

    ``key`` is what ``EvidenceWanted.provider`` names. ``counts`` answers for all locations in a
    fixed number of queries, keyed by the location's id; a location left out counts as none.
    """

    key: str

    def counts(self, locations: Sequence[Location]) -> Mapping[UUID, EvidenceCount]:
        """Return what stands for this evidence at each location."""
        ...


@dataclass(frozen=True, slots=True)
class RegisteredPage:
    """An entry of a location's or a programme's navigation; ``url_name`` takes its slug."""

    key: str
    label: Any
    url_name: str
    permission: Permission
    order: int


@dataclass(frozen=True, slots=True)
class Panel:
    """A passage that another app adds to a page.

    ``context(request, subject)`` returns the template's context, or None to show nothing.
    """

    key: str
    template_name: str
    context: Callable[[HttpRequest, Any], dict[str, Any] | None]
    permission: Permission
    order: int


_providers: dict[str, EvidenceProvider] = {}
_location_pages: dict[str, RegisteredPage] = {}
_programme_pages: dict[str, RegisteredPage] = {}
_location_panels: dict[str, Panel] = {}
_step_panels: dict[str, Panel] = {}


def _add(shelf: dict[str, Any], key: str, item: Any) -> None:
    if key in shelf:
        raise ImproperlyConfigured(f"{key!r} is registered twice.")
    shelf[key] = item


def register_evidence_provider(provider: EvidenceProvider) -> None:
    """Make a provider known."""
    _add(_providers, provider.key, provider)


def evidence_provider(key: str) -> EvidenceProvider | None:
    """Return the provider of that key, or None where no app offers it: people record by hand."""
    return _providers.get(key)


def register_location_page(
    key: str,
    *,
    label: Any,
    url_name: str,
    permission: Permission = Permission.VIEW,
    order: int = 50,
) -> None:
    """Add an entry to every location's navigation, shown to those with the permission."""
    _add(_location_pages, key, RegisteredPage(key, label, url_name, permission, order))


def location_pages() -> list[RegisteredPage]:
    """Return the entries in their order."""
    return sorted(_location_pages.values(), key=lambda page: (page.order, page.key))


def register_programme_page(
    key: str, *, label: Any, url_name: str, permission: Permission, order: int = 50
) -> None:
    """Add a page to every programme, shown to those with the permission on the programme itself."""
    _add(_programme_pages, key, RegisteredPage(key, label, url_name, permission, order))


def programme_pages() -> list[RegisteredPage]:
    """Return the programme's pages in their order."""
    return sorted(_programme_pages.values(), key=lambda page: (page.order, page.key))


def register_location_panel(
    key: str,
    *,
    template_name: str,
    context: Callable[[HttpRequest, Location], dict[str, Any] | None],
    permission: Permission = Permission.VIEW,
    order: int = 50,
) -> None:
    """Add a panel to the overview page of every location."""
    _add(_location_panels, key, Panel(key, template_name, context, permission, order))


def location_panels() -> list[Panel]:
    """Return the location's panels in their order."""
    return sorted(_location_panels.values(), key=lambda panel: (panel.order, panel.key))


def register_step_panel(
    key: str,
    *,
    template_name: str,
    context: Callable[[HttpRequest, StepRecord], dict[str, Any] | None],
    permission: Permission = Permission.VIEW,
    order: int = 50,
) -> None:
    """Add a panel to every step's page."""
    _add(_step_panels, key, Panel(key, template_name, context, permission, order))


def step_panels() -> list[Panel]:
    """Return the step's panels in their order."""
    return sorted(_step_panels.values(), key=lambda panel: (panel.order, panel.key))
