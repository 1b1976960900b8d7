"""The page that explores the reports of a location or target place, and its map's points."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.api.problems import plain_problem
from core.charts import live
from core.errors import Refused
from core.together import together
from core.views import DetailView
from incidents.explore.forms import LSOAS, ExploreForm
from incidents.explore.ground import Ground, ground_of
from incidents.explore.layers import Layer, Wanted, layers_for
from incidents.explore.pack import PREFIX, columns
from incidents.explore.ranking import ranked
from incidents.explore.series import chart_of, headline, series_of
from incidents.packages.recipe import month_text
from incidents.selectors.base import months_between
from incidents.selectors.coverage import redraw_within
from incidents.views import LOCATIONS, DataScope
from places.choices import DefinitionKind
from places.models import AreaDefinition
from programmes.models import Location, TargetPlace
from programmes.pages import location_page
from programmes.selectors.areas import feature, map_layers
from programmes.sharing import opens_area, shared_for
from programmes.views.locations import NAMED_PLACES

PLACES = TargetPlace.objects.select_related("location__programme", "location__area", "area")


class Exploring(DetailView):
    """What page and points have in common: the area, the layer and the filter in the address."""

    abstract = True
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer; what several parts of the answer read (LSOAs, months held) is read once."""
        with together():
            return super().dispatch(request, *args, **kwargs)

    @property
    def place(self) -> TargetPlace | None:
        """Return the target place that is explored, None for the location itself."""
        return self.object if isinstance(self.object, TargetPlace) else None

    @property
    def location(self) -> Location:
        """Return the location."""
        found: Location = self.place.location if self.place else self.object
        return found

    @cached_property
    def shared(self) -> Any:
        """Return what is shared with the reader."""
        return shared_for(self.request, self.location.programme)

    @cached_property
    def withheld(self) -> bool:
        """Say whether the boundary is withheld; points inside it would give it away."""
        area = self.object.area
        drawn = area is not None and area.kind == DefinitionKind.DRAWN
        return drawn and not opens_area(self.shared, area)

    @cached_property
    def layers(self) -> list[Layer]:
        """Return the layers open to the reader; published reports always are."""
        return layers_for(
            location=self.location, reader=self.request.user, shared=lambda: self.shared
        )

    @cached_property
    def layer(self) -> Layer:
        """Return the layer asked for; the first where it is none of them (the form says so)."""
        asked = self.request.GET.get("source")
        found = next((one for one in self.layers if one.slug == asked), self.layers[0])
        self.ledger_touches = found.touches  # type: ignore[misc]  # of this request alone
        return found

    @cached_property
    def attribution(self) -> str:
        """Return whom the figures are owed to."""
        return self.layer.attribution()

    @cached_property
    def ground(self) -> Ground:
        """Return the ground that is counted."""
        by_lsoas = self.request.GET.get("ground") == LSOAS and not self.withheld
        return ground_of(self.object.area, by_lsoas=by_lsoas)

    @cached_property
    def held(self) -> list[dt.date]:
        """Return the months that are held."""
        return self.layer.held(self.ground)

    @cached_property
    def form(self) -> ExploreForm | None:
        """Return the filter; None where nothing is held that it could choose from."""
        today = clock.today().replace(day=1)
        until = [month for month in self.held if month <= today]
        if not until and not (self.held and self.request.GET.get("later")):
            return None
        last = max(today, self.held[-1]) if self.request.GET.get("later") else today
        return ExploreForm(
            self.request.GET,
            months=months_between(self.held[0], last),
            held=self.held,
            last=until[-1] if until else self.held[-1],
            layers=self.layers,
            kinds=self.layer.kinds(),
            usual=self.layer.usual(),
        )

    @property
    def name(self) -> str:
        """Return what the figures are of, as part of a sentence."""
        own = str(self.object.name)
        if self.ground.is_drawn and self.ground.codes is not None:
            return _("the LSOAs around %(place)s") % {"place": own}
        return own

    def address(self, name: str) -> str:
        """Return the address of a sibling: "explore" or "explore-points"."""
        place = self.place
        if place:
            return reverse(f"incidents:place-{name}", args=[self.location.slug, place.slug])
        return reverse(f"incidents:{name}", args=[self.location.slug])


class ExplorePage(Exploring):
    """The page: filter, map, its table, the series."""

    abstract = True
    template_name = "incidents/explore.html"
    also_shows = (AreaDefinition,)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show what is asked for; a filter that cannot be read is shown again as it was written."""
        self.object = self.fetch()
        form = self.form if self.object.area else None
        wrong = form is not None and not form.is_valid()
        return self.page(object=self.object, status=422 if wrong else 200)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the frame, the filter and, where it is right, what it finds."""
        context = {
            **kwargs,
            **location_page(
                self.request,
                self.location,
                current="places" if self.place else "data",
                crumbs=self.crumbs(),
            ),
            "place": self.place,
            "page_url": self.address("explore"),
            "form": None,
        }
        if self.object.area is None or self.form is None:
            return context
        context |= {
            "form": self.form,
            "ground": self.ground,
            "layer": self.layer,
            "later_held": self.held[-1] > clock.today(),
            "attributions": [self.attribution],
        }
        return context | (self.found(self.form) if self.form.is_valid() else {})

    def crumbs(self) -> list[tuple[Any, str]]:
        """Return the way here below the location."""
        if self.place:
            return [
                (_("Target places"), reverse("programmes:place-list", args=[self.location.slug])),
                (self.place.name, self.place.get_absolute_url()),
            ]
        return [(_("ASB data"), reverse("incidents:data", args=[self.location.slug]))]

    def found(self, form: ExploreForm) -> dict[str, Any]:
        """Return series, points and map; or why there are none, and what can be had instead."""
        wanted, name = form.wanted, self.name
        try:
            series = series_of(self.layer.months(self.ground, wanted))
            points = None if self.withheld else self.layer.points(self.ground, wanted)
        except Refused as error:
            return {"refused": str(error), "offers": self.offers(form, wanted)}
        page, totals = None, None
        if points:
            page, totals = ranked(points, self.request.GET.get("page", ""))
        data_url = reverse("incidents:data", args=[self.location.slug])
        months = f"first_month={wanted.first_month:%Y-%m}&last_month={wanted.last_month:%Y-%m}"
        return {
            "wanted": wanted,
            "name": name,
            "series": series,
            "headline": headline(series, wanted, name),
            "chart": live(chart_of(series, wanted, name, self.attribution)),
            "points": points,
            "ranked": page,
            "totals": totals,
            "map_layers": self.map_layers(),
            "points_url": f"{self.address('explore-points')}?{form.address}",
            "package_url": f"{data_url}?{months}#build",
            "words": self.map_words(),
        }

    def offers(self, form: ExploreForm, wanted: Wanted) -> list[dict[str, str]]:
        """Return addresses of what can be shown instead of a drawn area that is refused."""
        offers = []
        redraw = redraw_within(self.ground.forces, wanted.first_month, wanted.last_month)
        if redraw:
            try:
                self.ground.check(redraw[1], wanted.last_month)
            except Refused:
                pass  # too few residents whatever the months: only the LSOAs help
            else:
                query = form.query
                query["first_month"] = f"{redraw[1]:%Y-%m}"
                offers.append(
                    {
                        "text": _("Show the months since the points were redrawn"),
                        "href": f"?{query.urlencode()}",
                    }
                )
        if not self.withheld:
            query = form.query
            query["ground"] = LSOAS
            offers.append(
                {
                    "text": _("Show the LSOAs that the drawn area touches"),
                    "href": f"?{query.urlencode()}",
                }
            )
        return offers

    def map_layers(self) -> list[dict[str, Any]]:
        """Return the layers of the map: the boundary, and what explore.js draws over it."""
        boundary = None if self.withheld else feature(self.object.area, self.object.name)
        reports = _("Map points with reports: the larger, the more")
        return [
            *map_layers(boundary=boundary, places=[]),
            {"slug": "reports", "label": reports, "symbol": "point"},
        ]

    def map_words(self) -> dict[str, str]:
        """Return the words that explore.js says."""
        return {
            "point": str(self.layer.point_words),
            "one": _("1 report"),
            "many": _("{n} reports"),
            "points": _("{n} map points close together"),
            "more": _("and {n} more"),
            "zoom": _("Zoom in to tell them apart."),
            "drawn": _("{points} map points with {reports} reports are on the map."),
            "drawn_one": _("1 map point with {reports} reports is on the map."),
            "largest": _("The largest circle stands for {n}."),
            "none": _("No report of this choice has a map point."),
            "failed": _("The map points could not be loaded. The table below has the same facts."),
        }


class PointsAnswer(Exploring):
    """The map's points as columns of numbers, with what is held and whom they are owed to."""

    abstract = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send them; 400 for a filter that cannot be read, 409 where they cannot be had."""
        self.object = self.fetch()
        if self.object.area is None:
            return plain_problem(409, _("No area is chosen yet, so nothing can be counted."))
        if self.withheld:
            return plain_problem(409, _("The area is withheld, and so are the points inside it."))
        form = self.form
        if form is None:
            return plain_problem(409, _("No month is held, so nothing can be counted."))
        if not form.is_valid():
            errors = [str(text) for texts in form.errors.values() for text in texts]
            return plain_problem(400, " ".join(errors))
        try:
            content = answer(self.layer, self.ground, form.wanted)
        except Refused as error:
            return plain_problem(409, str(error))
        response = JsonResponse(
            content, json_dumps_params={"separators": (",", ":"), "ensure_ascii": False}
        )
        response["Cache-Control"] = "private, no-store"
        return response


def answer(layer: Layer, ground: Ground, wanted: Wanted) -> dict[str, Any]:
    """Return what the map is sent: the points, the months that count in them, what is missing."""
    points = layer.points(ground, wanted)
    held = set(layer.held(ground))
    rows = list(points.rows.values_list("x", "y", "at", "n"))  # once: counting is what it costs
    located = [row for row in rows if row[0] is not None]
    reports = sum(row[3] for row in located)
    months = months_between(points.first_month, points.last_month)
    return {
        "source": layer.slug,
        "attribution": layer.attribution(),
        "first_month": month_text(points.first_month),
        "last_month": month_text(points.last_month),
        "held": [month_text(month) for month in months if month in held],
        "missing": [month_text(month) for month in months if month not in held],
        "narrowed": points.narrowed,
        "reports": reports,
        "without_location": sum(row[3] for row in rows) - reports,
        "street_prefix": PREFIX,
        **columns(located),
    }


class ExploreView(DataScope, ExplorePage):
    """A location's reports: who reads its data, seen or unseen."""

    queryset = LOCATIONS.annotate(named_places=NAMED_PLACES)
    permission = Permission.DATA_READ


class ExplorePointsView(DataScope, PointsAnswer):
    """The points of a location's map."""

    queryset = LOCATIONS
    permission = Permission.DATA_READ


class _PlaceLookup:
    """Finds a target place by its location's slug and its own."""

    kwargs: dict[str, Any]

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "slug": self.kwargs["place"]}


class PlaceExploreView(_PlaceLookup, ExplorePage):
    """A target place's reports: a page of the place, so only for who sees it."""

    queryset = PLACES
    permission = Permission.DATA_READ


class PlaceExplorePointsView(_PlaceLookup, PointsAnswer):
    """The points of a target place's map."""

    queryset = PLACES
    permission = Permission.DATA_READ
