"""A location's pages, and those of its target places."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.views import CreateView, DetailView, HistoryView, UpdateView
from places.models import AreaDefinition
from programmes import registry, services
from programmes.forms import LocationForm, TargetPlaceForm
from programmes.models import Evidence, Location, SignOff, StepRecord, TargetPlace
from programmes.pages import location_crumbs, location_page, note_programme, panels
from programmes.selectors.locations import (
    location_ground,
    location_overview,
    place_lines,
    target_place_detail,
)
from programmes.sharing import shared_for, veil_area

LOCATIONS = Location.objects.select_related("programme", "area")
NAMED_PLACES = ArraySubquery(  # with the location itself: the overview has no query to spare
    TargetPlace.objects.filter(location=OuterRef("pk"))
    .order_by("name")
    .values(found=JSONObject(name="name", slug="slug"))
)
PLACES = TargetPlace.objects.select_related("location__programme", "location__area", "area")


class LocationDetailView(DetailView):
    """A location: where its steps stand, what is owed, who is in it and what is on record."""

    queryset = LOCATIONS.annotate(named_places=NAMED_PLACES)
    permission = Permission.VIEW
    template_name = "programmes/location_detail.html"
    also_shows = (AreaDefinition,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the overview and the panels of other apps."""
        overview = location_overview(location=self.object)
        page = location_page(self.request, self.object, current="overview", steps=overview.steps)
        return {
            **kwargs,
            **page,
            "overview": overview,
            "panels": panels(self.request, registry.location_panels(), self.object, page["rights"]),
        }


class LocationAboutView(DetailView):
    """The area of a location: what it covers, how reports are counted there, on a map."""

    queryset = LOCATIONS
    permission = Permission.VIEW
    template_name = "programmes/location_about.html"
    also_shows = (AreaDefinition,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the area and the target places."""
        shared = shared_for(self.request, self.object.programme)
        return {
            **kwargs,
            **location_page(self.request, self.object, current="about"),
            "ground": location_ground(location=self.object, shared=shared),
        }


class LocationUpdateView(UpdateView):
    """Changes a location's name and why it was chosen."""

    queryset = LOCATIONS
    permission = Permission.LOCATION_MANAGE
    template_name = "programmes/form.html"
    form_class = LocationForm
    success_message = _("The location is changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Edit a copy."""
        return {"instance": copy(self.object)}

    def perform(self, form: Any) -> str:
        """Save it."""
        return services.edit_location(
            location=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        note_programme(self.request, self.object.programme)
        return {
            **kwargs,
            "heading": _("Change the location"),
            "caption": self.object.name,
            "cancel_url": self.object.get_absolute_url(),
            "crumbs": location_crumbs(self.object),
        }


class StepListView(DetailView):
    """A location's steps, one under the other, with the reason behind each colour."""

    queryset = LOCATIONS
    permission = Permission.VIEW
    template_name = "programmes/step_list.html"
    also_shows = (StepRecord,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the steps."""
        overview = location_overview(location=self.object)
        page = location_page(self.request, self.object, current="steps")
        return {**kwargs, **page, "overview": overview}


class LocationHistoryView(HistoryView):
    """Every change at a location: itself, its target places, steps, evidence and sign-offs."""

    queryset = LOCATIONS
    permission = Permission.HISTORY_READ
    template_name = "programmes/location_history.html"
    also_shows = (Evidence, SignOff, StepRecord)  # their texts, as they were and are

    def parts(self) -> Sequence[models.Model | models.QuerySet[Any]]:
        """Return the location and what hangs below it."""
        return [
            self.object,
            TargetPlace.objects.filter(location=self.object),
            StepRecord.objects.filter(location=self.object),
            Evidence.objects.filter(step_record__location=self.object),
            SignOff.objects.filter(step_record__location=self.object),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the location's frame."""
        return {
            **super().get_context_data(**kwargs),
            **location_page(self.request, self.object, current="history"),
        }


class PlaceListView(DetailView):
    """The target places of a location."""

    queryset = LOCATIONS
    permission = Permission.VIEW
    template_name = "programmes/place_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the places."""
        shared = shared_for(self.request, self.object.programme)
        places = [
            veil_area(shared, place)
            for place in self.object.target_places.select_related("area", "location")
        ]
        return {
            **kwargs,
            **location_page(self.request, self.object, current="places"),
            "places": place_lines(places),
        }


class PlaceCreateView(CreateView):
    """Sets up a target place."""

    queryset = LOCATIONS
    permission = Permission.LOCATION_MANAGE
    template_name = "programmes/form.html"
    form_class = TargetPlaceForm
    success_message = _("The target place is added. Say next which area it covers.")

    def perform(self, form: Any) -> str:
        """Set it up and go on to its area."""
        place = services.create_target_place(
            location=self.object, by=self.request.user, **form.cleaned_data
        )
        return reverse("programmes:place-area", args=[self.object.slug, place.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        note_programme(self.request, self.object.programme)
        back = reverse("programmes:place-list", args=[self.object.slug])
        return {
            **kwargs,
            "heading": _("Add a target place"),
            "caption": self.object.name,
            "intro": _("A target place is a spot within the location on which work concentrates."),
            "submit_label": _("Add the target place"),
            "cancel_url": back,
            "crumbs": location_crumbs(self.object, (_t("Target places"), back)),
        }


class _PlaceLookup:
    """Finds a target place by its location's slug and its own."""

    kwargs: dict[str, Any]

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "slug": self.kwargs["place"]}


class PlaceDetailView(_PlaceLookup, DetailView):
    """A target place: why it was chosen, its area, a map."""

    queryset = PLACES
    permission = Permission.VIEW
    template_name = "programmes/place_detail.html"
    also_shows = (AreaDefinition,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the place."""
        location = self.object.location
        back = reverse("programmes:place-list", args=[location.slug])
        page = location_page(
            self.request, location, current="places", crumbs=[(_t("Target places"), back)]
        )
        return {
            **kwargs,
            **page,
            "place": self.object,
            "links": [
                {
                    "text": link.label,
                    "href": reverse(link.url_name, args=[location.slug, self.object.slug]),
                }
                for link in registry.place_pages()
                if link.permission in page["rights"]
            ],
            "detail": target_place_detail(
                self.object, shared=shared_for(self.request, location.programme)
            ),
        }


class PlaceUpdateView(_PlaceLookup, UpdateView):
    """Changes a target place's name and why it was chosen."""

    queryset = PLACES
    permission = Permission.LOCATION_MANAGE
    template_name = "programmes/form.html"
    form_class = TargetPlaceForm
    success_message = _("The target place is changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Edit a copy."""
        return {"instance": copy(self.object)}

    def perform(self, form: Any) -> str:
        """Save it."""
        return services.edit_target_place(
            place=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        location = self.object.location
        note_programme(self.request, location.programme)
        back = reverse("programmes:place-list", args=[location.slug])
        return {
            **kwargs,
            "heading": _("Change the target place"),
            "caption": f"{location.name} · {self.object.name}",
            "cancel_url": self.object.get_absolute_url(),
            "crumbs": location_crumbs(location, (_t("Target places"), back)),
        }
