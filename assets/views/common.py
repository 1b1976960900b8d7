"""What the pages of this app have in common: the way back, the words around a form."""

from __future__ import annotations

from typing import Any, ClassVar

from django.forms.models import model_to_dict
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _t

from assets.map_layers import area, places
from assets.selectors.location_map import ShownLayer, bounds_of
from assets.sight import location_of, require_open, sight_of
from core.selectors import history_of
from core.views.history import timeline_item
from programmes.models import Location
from programmes.pages import location_crumbs, note_programme

LOCATIONS = Location.objects.select_related("programme__lead_agency", "area")


def list_crumb(name: str, location: Location) -> tuple[str, str]:
    """Return the way back to one of the lists."""
    words = {
        "asset-list": _t("Community assets"),
        "stakeholder-list": _t("Stakeholders"),
        "walk-list": _t("Walks"),
    }
    return words[name], reverse(f"assets:{name}", args=[location.slug])


def ground(location: Location, reader: Any) -> list[ShownLayer]:
    """Return the ground of a small map: the area and the target places, as they are open."""
    layers = (
        ("area", _t("Boundary of the area"), "boundary", area),
        ("places", _t("Target places"), "place", places),
    )
    return [
        ShownLayer(key, label, symbol, features(location, reader))
        for key, label, symbol, features in layers
    ]


class FormFrame:
    """The words around a form: ``heading``, ``submit_label``, ``crumb`` (the list it belongs to).

    ``picks`` offers a map to pick the place on.
    """

    request: HttpRequest
    object: Any
    kwargs: dict[str, Any]
    heading: ClassVar[Any] = ""
    submit_label: ClassVar[Any] = ""
    intro: ClassVar[Any] = ""
    crumb: ClassVar[str] = "asset-list"
    picks: ClassVar[bool] = False

    @property
    def location(self) -> Location:
        """The location that the page is about."""
        found: Any = self.object
        return found if isinstance(found, Location) else location_of(found)

    def shown(self) -> Any:
        """Return the record as the reader may see it."""
        return sight_of(self.request.user, [self.location]).veil(self.object)

    def back(self) -> str:
        """Return where Cancel leads."""
        if isinstance(self.object, Location):
            return list_crumb(self.crumb, self.location)[1]
        return str(self.object.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words."""
        note_programme(self.request, self.location.programme)
        more = [] if isinstance(self.object, Location) else [(str(self.shown()), self.back())]
        return {
            "heading": self.heading,
            "submit_label": self.submit_label,
            "intro": self.intro,
            "caption": self.location.name,
            "cancel_url": self.back(),
            "crumbs": location_crumbs(self.location, list_crumb(self.crumb, self.location), *more),
            **self.pick_map(),
            **kwargs,
        }

    def pick_map(self) -> dict[str, Any]:
        """Return the map to pick a place on: the area and the target places."""
        if not self.picks:
            return {"pick_layers": None}
        layers = ground(self.location, self.request.user)
        return {
            "pick_layers": [layer.as_layer() for layer in layers],
            "pick_bounds": bounds_of(layers),
        }

    def target_places(self) -> Any:
        """Return the target places that may be chosen."""
        return self.location.target_places.visible_to(self.request.user).order_by("name")


class OpenOnly:
    """Refuses those from whom something of the record is withheld (403)."""

    request: HttpRequest

    def fetch(self) -> Any:
        """Return the record, if all of it is open."""
        record = super().fetch()  # type: ignore[misc]  # mixed into a scoped view
        require_open(self.request.user, record)
        return record


def initial_of(record: Any, names: Any) -> dict[str, Any]:
    """Return a record's values for a form that changes it."""
    values = model_to_dict(record, fields=list(names))
    return {name: values.get(name, getattr(record, name)) for name in names}


def changes_of(record: Any, reader: Any) -> list[dict[str, Any]]:
    """Return the latest changes of a record as items of a timeline."""
    return [timeline_item(change) for change in history_of(record, limit=20, reader=reader)]
