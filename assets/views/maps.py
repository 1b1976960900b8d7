"""The one map of a location, and the same facts as GeoJSON."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import content_disposition_header

from accounts.permissions import Permission
from accounts.sharing import Category
from assets.forms.walks import MapFilter
from assets.models import Asset, Observation
from assets.selectors.location_map import geojson, location_map
from assets.views.common import LOCATIONS
from core.choices import LedgerAction
from core.views import DetailView
from programmes import policy
from programmes.pages import location_page


class MapView(DetailView):
    """Every layer that the reader sees, filtered, with the table that says the same."""

    queryset = LOCATIONS
    permission = Permission.VIEW
    template_name = "assets/map.html"
    also_shows = (Asset, Observation)
    ledger_touches = (Category.EXACT_COORDINATES,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the map."""
        page = location_page(self.request, self.object, current="map")
        shown = location_map(
            location=self.object,
            user=self.request.user,
            rights=page["rights"],
            layers=self.request.GET.getlist("layer"),
            kind=self.request.GET.get("kind", ""),
        )
        form = MapFilter(self.request.GET or None, layers=shown.choices, kinds=shown.kinds)
        layers = [layer.as_layer() for layer in shown.layers]
        return {**kwargs, **page, "map": shown, "map_layers": layers, "filter": form}


class MapGeoJSONView(DetailView):
    """What the reader sees on the map, as a GeoJSON file (WGS 84)."""

    queryset = LOCATIONS
    permission = Permission.EXPORT
    ledger_action = LedgerAction.EXPORT
    also_shows = (Asset, Observation)
    ledger_touches = (Category.EXACT_COORDINATES,)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send it, narrowed like the page."""
        self.object = self.fetch()
        shown = location_map(
            location=self.object,
            user=request.user,
            rights=policy.held(request.user, self.object),
            layers=request.GET.getlist("layer"),
            kind=request.GET.get("kind", ""),
        )
        features = [geojson(one, layer.label) for layer in shown.layers for one in layer.drawn]
        response = JsonResponse(
            {"type": "FeatureCollection", "features": features},
            content_type="application/geo+json",
        )
        response["Content-Disposition"] = content_disposition_header(
            as_attachment=True, filename=f"{self.object.slug}-map.geojson"
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response
