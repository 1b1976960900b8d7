"""What every page of a location has in common: heading, steps, navigation, where it lies.

Higher floors use ``location_page`` for their own pages under a location.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from programmes import policy, registry
from programmes.models import Location, Programme
from programmes.selectors.facts import StepFacts

Crumb = tuple[Any, str]


def programme_crumbs(programme: Programme, *more: Crumb) -> list[Crumb]:
    """Return the way to a page of a programme."""
    return [
        (_("Programmes"), reverse("programmes:programme-list")),
        (programme.name, programme.get_absolute_url()),
        *more,
    ]


def location_crumbs(location: Location, *more: Crumb) -> list[Crumb]:
    """Return the way to a page of a location."""
    return programme_crumbs(location.programme, (location.name, location.get_absolute_url()), *more)


def location_page(
    request: HttpRequest,
    location: Location,
    *,
    current: str = "",
    steps: Sequence[StepFacts] = (),
    step: int | None = None,
    crumbs: Sequence[Crumb] = (),
) -> dict[str, Any]:
    """Return the context of a page in ``programmes/location_base.html``.

    ``current`` is the key of the registered page we are in, ``steps`` (if given) the strip of
    steps, ``step`` the number of the one this page is about. ``rights`` holds every permission of
    the person at this location, read in one query.
    """
    note_programme(request, location.programme)
    rights = policy.held(request.user, location)
    sees = Permission.VIEW in rights  # a researcher reads the data of a location unseen
    return {
        "location": location,
        "rights": rights,
        "can": {permission.name.lower(): permission in rights for permission in Permission},
        "header": {
            "title": location.name,
            "caption": location.programme.name,
            "caption_href": location.programme.get_absolute_url() if sees else "",
            "summary": "",
            "is_demonstration": location.is_demonstration,
            "steps": [track_item(one, current=one.number == step) for one in steps],
        },
        "side_navigation": location_navigation(location, rights, current),
        "side_navigation_label": _("Pages of this location"),
        "crumbs": location_crumbs(location, *crumbs) if sees else [(_("My week"), "/"), *crumbs],
    }


def location_navigation(
    location: Location, rights: Collection[Permission], current: str = ""
) -> list[dict[str, Any]]:
    """Return the pages of a location open to somebody with these rights, under their headings."""
    items: list[dict[str, Any]] = []
    group: Any = registry.PageGroup.TOP
    for page in registry.location_pages():
        if page.permission not in rights:
            continue
        items.append(
            {
                "text": page.label,
                "href": reverse(page.url_name, args=[location.slug]),
                "current": page.key == current,
                "heading": page.group.label if page.group != group else "",
            }
        )
        group = page.group
    return items


def track_item(step: StepFacts, *, current: bool = False) -> dict[str, Any]:
    """Return a step as an item of the strip."""
    return {
        "number": step.number,
        "title": step.name,
        "status": step.look,
        "status_label": step.look_label,
        "href": step.url,
        "current": current,
    }


def note_programme(request: HttpRequest, programme: Programme) -> None:
    """Say which programme this page is about; the banner shows its week."""
    request.programme = programme  # type: ignore[attr-defined]  # kept with the request for its frame


def panels(
    request: HttpRequest,
    shelf: Sequence[registry.Panel],
    subject: Any,
    rights: frozenset[Permission],
) -> list[SafeString]:
    """Return the registered panels that this person may see and that have something to show."""
    shown: list[SafeString] = []
    for panel in shelf:
        if panel.permission not in rights:
            continue
        context = panel.context(request, subject)
        if context is not None:
            shown.append(render_to_string(panel.template_name, context, request))
    return shown


def week_panels(request: HttpRequest) -> list[SafeString]:
    """Return the passages of My week that have something to show to this person.

    A session opened by a mail's link sees those alone that are made for it.
    """
    limited = hasattr(request, "limited")
    shown: list[SafeString] = []
    for panel in registry.week_panels():
        if limited and not panel.limited:
            continue
        context = panel.context(request)
        if context is not None:
            shown.append(render_to_string(panel.template_name, context, request))
    return shown
