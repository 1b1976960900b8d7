"""What higher floors tell the programmes: evidence that counts itself, pages and panels.

Each app registers in its ``AppConfig.ready()``; the same key twice is an error, so that a provider
is never silently replaced. The programmes know nobody above them by name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from accounts.permissions import Permission
from programmes.registered import (
    EvidenceCount,
    EvidenceProvider,
    HandoverChapter,
    HandoverLine,
    MapFeature,
    MapLayer,
    NextRecord,
    PageGroup,
    Panel,
    PublicPassage,
    RegisteredChapter,
    RegisteredPage,
    StepHold,
    StepHolds,
    WeekPanel,
)

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User
    from programmes.models import Location, StepRecord

__all__ = [
    "EvidenceCount",
    "EvidenceProvider",
    "HandoverChapter",
    "HandoverLine",
    "MapFeature",
    "MapLayer",
    "NextRecord",
    "PageGroup",
    "Panel",
    "PublicPassage",
    "RegisteredChapter",
    "RegisteredPage",
    "StepHold",
    "StepHolds",
    "WeekPanel",
]

_providers: dict[str, EvidenceProvider] = {}
_map_layers: dict[str, MapLayer] = {}
_week_panels: dict[str, WeekPanel] = {}
_holds: dict[str, StepHolds] = {}
_handover_chapters: dict[str, RegisteredChapter] = {}
_location_pages: dict[str, RegisteredPage] = {}
_place_pages: dict[str, RegisteredPage] = {}
_programme_pages: dict[str, RegisteredPage] = {}
_location_panels: dict[str, Panel] = {}
_board_panels: dict[str, Panel] = {}
_step_panels: dict[str, Panel] = {}
_public_passages: dict[str, PublicPassage] = {}


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


def next_record(key: str, slug: str) -> NextRecord | None:
    """Return where the next record of a provider's kind is made, for a location's slug.

    None where the provider does not say.
    """
    provider = _providers.get(key)
    url_name = getattr(provider, "make_url_name", "")
    if not url_name:
        return None
    return NextRecord(
        url=reverse(url_name, args=[slug]),
        label=getattr(provider, "make_label", ""),
        permission=getattr(provider, "make_permission", Permission.STEP_RECORD),
    )


def register_step_holds(key: str, holds: StepHolds) -> None:
    """Make known what holds steps up: the forecast of a step moves by the longest delay.

    ``holds`` answers for all locations in a fixed number of queries.
    """
    _add(_holds, key, holds)


def step_holds(locations: Sequence[Location], on: dt.date) -> dict[UUID, StepHold]:
    """Return what holds each step up on a day: how many things, and the longest delay."""
    found: dict[UUID, StepHold] = {}
    for holds in _holds.values():
        for step, hold in holds(locations, on).items():
            known = found.get(step, StepHold(0, 0))
            found[step] = StepHold(known.count + hold.count, max(known.days, hold.days))
    return found


def register_location_page(
    key: str,
    *,
    label: Any,
    url_name: str,
    group: PageGroup,
    permission: Permission = Permission.VIEW,
    order: int = 50,
) -> None:
    """Add an entry to every location's navigation, shown to those with the permission.

    ``order`` counts within the group, whose heading it stands under.
    """
    _add(_location_pages, key, RegisteredPage(key, label, url_name, permission, order, group))


def location_pages() -> list[RegisteredPage]:
    """Return the entries in their order, group by group."""
    groups = list(PageGroup)
    return sorted(
        _location_pages.values(),
        key=lambda page: (groups.index(page.group), page.order, page.key),
    )


def register_place_page(
    key: str, *, label: Any, url_name: str, permission: Permission, order: int = 50
) -> None:
    """Add a link to the page of every target place that has an area, for those with the permission.

    ``url_name`` takes the location's slug and the place's.
    """
    _add(_place_pages, key, RegisteredPage(key, label, url_name, permission, order))


def place_pages() -> list[RegisteredPage]:
    """Return the links of target places in their order."""
    return sorted(_place_pages.values(), key=lambda page: (page.order, page.key))


def register_programme_page(
    key: str, *, label: Any, url_name: str, permission: Permission, order: int = 50
) -> None:
    """Add a page to every programme, shown to those with the permission on the programme itself."""
    _add(_programme_pages, key, RegisteredPage(key, label, url_name, permission, order))


def programme_pages() -> list[RegisteredPage]:
    """Return the programme's pages in their order."""
    return sorted(_programme_pages.values(), key=lambda page: (page.order, page.key))


def register_board_panel(
    key: str,
    *,
    template_name: str,
    context: Callable[[HttpRequest, Any], dict[str, Any] | None],
    order: int = 50,
) -> None:
    """Add a passage beneath the board of a programme's page.

    ``context`` takes the board (programmes.selectors.board.Board): its rows are the locations that
    this person sees, and it asks the database equally often however many they are.
    """
    _add(_board_panels, key, Panel(key, template_name, context, Permission.VIEW, order))


def board_panels() -> list[Panel]:
    """Return the passages of the board in their order."""
    return sorted(_board_panels.values(), key=lambda panel: (panel.order, panel.key))


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


def register_handover_chapter(
    key: str,
    *,
    title: Any,
    order: int,
    build: Callable[[Location, User], HandoverChapter | None],
    promises: bool = False,
) -> None:
    """Add a chapter to the handover pack of every location.

    ``promises`` puts it on the pack's first page: what was promised to somebody. Every other
    chapter is a page of its own; in print they follow each other.

    ``build(location, reader)`` narrows to what the reader may see (scope, permissions, sharing,
    consents) and needs a fixed number of queries. Those who may open the pack at all are the
    people who hold MEMBERS_MANAGE or LOCATION_MANAGE there, and the successor once started.
    """
    _add(_handover_chapters, key, RegisteredChapter(key, title, order, build, promises))


def handover_chapters() -> list[RegisteredChapter]:
    """Return the chapters in their order."""
    return sorted(_handover_chapters.values(), key=lambda chapter: (chapter.order, chapter.key))


def register_public_passage(
    key: str,
    *,
    template_name: str,
    context: Callable[[Location], dict[str, Any] | None],
    order: int = 50,
) -> None:
    """Add a passage to the public page of every location whose page is open."""
    _add(_public_passages, key, PublicPassage(key, template_name, context, order))


def public_passages() -> list[PublicPassage]:
    """Return the passages of a public page in their order."""
    return sorted(_public_passages.values(), key=lambda passage: (passage.order, passage.key))


def register_week_panel(
    key: str,
    *,
    template_name: str,
    context: Callable[[HttpRequest], dict[str, Any] | None],
    order: int = 50,
    limited: bool = False,
) -> None:
    """Add a passage to My week, above the steps; a person's own actions stand first (order 10).

    ``context`` needs a fixed number of queries. Leave ``limited`` out unless the passage shows
    nothing but what the person owes, on pages that a limited session reaches.
    """
    _add(_week_panels, key, WeekPanel(key, template_name, context, order, limited))


def week_panels() -> list[WeekPanel]:
    """Return the passages of My week in their order."""
    return sorted(_week_panels.values(), key=lambda panel: (panel.order, panel.key))


def register_map_layer(
    key: str,
    *,
    label: Any,
    order: int,
    features: Callable[[Location, User], list[MapFeature]],
    permission: Permission = Permission.VIEW,
    symbol: str = "point",
) -> None:
    """Add a layer to every location's map, for those with the permission there.

    ``features(location, reader)`` returns what the reader may see (scope, sharing, consents), in a
    fixed number of queries.
    """
    _add(_map_layers, key, MapLayer(key, label, order, features, permission, symbol))


def map_layers() -> list[MapLayer]:
    """Return the layers in their order."""
    return sorted(_map_layers.values(), key=lambda layer: (layer.order, layer.key))
