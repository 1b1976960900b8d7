"""Saying which area a location or a target place covers."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.views import UpdateView
from places.choices import DefinitionKind
from places.models import AreaDefinition
from programmes import services
from programmes.forms import DrawnAreaForm, LsoaAreaForm
from programmes.models import Location, TargetPlace
from programmes.pages import location_crumbs, note_programme
from programmes.selectors.areas import counting_words, feature
from programmes.selectors.lsoas import search_lsoas
from programmes.sharing import require_open_area, shared_for, veil_area
from programmes.views.locations import LOCATIONS, PLACES, _PlaceLookup


class _AreaView(UpdateView):
    """One address, two ways: ``?kind=lsoa_set`` and ``?kind=drawn``; without a kind, the choice."""

    abstract = True
    permission = Permission.LOCATION_MANAGE
    also_shows = (AreaDefinition,)
    success_message = _("The area is saved.")

    @property
    def kind(self) -> str:
        """The way chosen, or that of the area there is, or empty."""
        asked = self.request.GET.get("kind", "")
        if asked in DefinitionKind.values:
            return asked
        return ""

    @property
    def template_name(self) -> str:  # type: ignore[override]  # a class attribute elsewhere, computed here
        """The template of the way chosen."""
        return {
            DefinitionKind.LSOA_SET.value: "programmes/area_lsoas.html",
            DefinitionKind.DRAWN.value: "programmes/area_drawn.html",
        }.get(self.kind, "programmes/area_choice.html")

    def fetch(self) -> Any:
        """Return the owner; a drawn area that is withheld cannot be changed by the reader."""
        owner = super().fetch()
        self.object = owner
        require_open_area(self.request.user, owner, self.location().programme)
        return owner

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        """Return the form of the way chosen, filled from the area there is."""
        area = self.object.area
        initial: dict[str, Any] = {
            "note": area.note if area else "",
            "seen": area.version if area else None,
        }
        if self.kind == DefinitionKind.DRAWN:
            shape = feature(area, "")
            if shape and area.kind == DefinitionKind.DRAWN:
                initial["boundary"] = json.dumps(shape["geometry"])
            return DrawnAreaForm(data=data, files=files, initial=initial)
        if area is not None:
            initial["picked"] = list(area.members.values_list("area__code", flat=True))
        return LsoaAreaForm(data=data, initial=initial)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Search for LSOAs, keeping what is ticked; or save."""
        if request.POST.get("action") == "search":
            self.object = self.fetch()
            form = self.get_form(request.POST)
            return self.page(object=self.object, form=form, searched=True)
        return super().post(request, *args, **kwargs)

    def perform(self, form: Any) -> str:
        """Save the area."""
        common = {
            "owner": self.object,
            "by": self.request.user,
            "note": form.cleaned_data["note"],
            "version": form.cleaned_data["seen"],
        }
        if self.kind == DefinitionKind.DRAWN:
            services.set_drawn_area(boundary=form.shape, **common)
        else:
            services.set_lsoa_area(areas=form.areas, **common)
        url: str = self.object.get_absolute_url()
        return url

    def location(self) -> Location:
        """Return the location this is about."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form, and the LSOAs to tick."""
        location = self.location()
        veil_area(shared_for(self.request, location.programme), location)
        note_programme(self.request, location.programme)
        form = kwargs["form"]
        context = {
            **kwargs,
            "location": location,
            "caption": location.name
            if self.object == location
            else f"{location.name} · {self.object.name}",
            "cancel_url": self.object.get_absolute_url(),
            "crumbs": location_crumbs(location),
            "kinds": [
                {"value": kind.value, "label": kind.label, "counting": counting_words(kind.value)}
                for kind in DefinitionKind
            ],
            "current_kind": self.object.area.kind if self.object.area else "",
            "counting": counting_words(self.kind) if self.kind else "",
            "town": feature(location.area, location.name),
        }
        if isinstance(form, LsoaAreaForm):
            query = form.data.get("query", "") if form.is_bound else ""
            if not query and not form.is_bound and self.object.area is None:
                query = location.name
                form.fields["query"].initial = query
            context["search"] = search_lsoas(query=query, picked=form.picked_codes())
        return context


class LocationAreaView(_AreaView):
    """The area of a location."""

    queryset = LOCATIONS

    def location(self) -> Location:
        """Return the location itself."""
        location: Location = self.object
        return location


class PlaceAreaView(_PlaceLookup, _AreaView):
    """The area of a target place."""

    queryset = PLACES

    def location(self) -> Location:
        """Return the place's location."""
        place: TargetPlace = self.object
        return place.location
