"""Walks: the list, starting one, noting what is seen from a phone, following it up."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from assets.choices import ObservationKind
from assets.forms.assets import TakeOffForm
from assets.forms.walks import FollowUpForm, ObservationForm, ObserveForm, WalkForm
from assets.models import Observation
from assets.selectors.location_map import ShownLayer, bounds_of
from assets.selectors.walks import OBSERVATIONS, WALKS, walk_page, walks_of
from assets.services.walks import (
    add_observation,
    edit_observation,
    edit_walk,
    follow_up,
    start_walk,
    withdraw_observation,
)
from assets.sight import sight_of
from assets.views.common import (
    LOCATIONS,
    FormFrame,
    OpenOnly,
    changes_of,
    ground,
    initial_of,
    list_crumb,
)
from core import files
from core.errors import NotAllowed
from core.models import StoredFile
from core.views import CreateView, DetailView, DownloadView, UpdateView
from programmes.models import Location
from programmes.pages import location_page
from programmes.registry import MapFeature
from programmes.sharing import owner_of, withheld_words


class WalkListView(DetailView):
    """The walks at a location."""

    queryset = LOCATIONS
    permission = Permission.VIEW
    template_name = "assets/walk_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the walks."""
        return {
            **kwargs,
            **location_page(self.request, self.object, current="walks"),
            "lines": walks_of(location=self.object, user=self.request.user),
        }


class WalkCreateView(FormFrame, CreateView):
    """Starts a walk and goes on to what is seen."""

    queryset = LOCATIONS
    permission = Permission.ASSET_RECORD
    template_name = "assets/form.html"
    form_class = WalkForm
    crumb = "walk-list"
    heading = _("Start a walk")
    submit_label = _("Start, and note what you see")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the target places."""
        return {"target_places": self.target_places()}

    def perform(self, form: Any) -> str:
        """Start it."""
        walk = start_walk(location=self.object, by=self.request.user, **form.cleaned_data)
        return reverse("assets:observe", args=[self.object.slug, walk.pk])


class _WalkLookup:
    """Finds a walk under its location."""

    kwargs: dict[str, Any]
    crumb = "walk-list"

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["walk"]}


class WalkDetailView(_WalkLookup, DetailView):
    """One walk: who took part in numbers, what was seen, on a map and in a list."""

    queryset = WALKS
    permission = Permission.VIEW
    template_name = "assets/walk_detail.html"
    also_shows = (Observation,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what was seen."""
        location: Location = self.object.location
        page = walk_page(walk=self.object, user=self.request.user)
        return {
            **kwargs,
            **location_page(
                self.request,
                location,
                current="walks",
                crumbs=[list_crumb("walk-list", location)],
            ),
            "walk": self.object,
            "page": page,
            **_map(page.observations, location, self.request.user),
        }


def _map(observations: list[Observation], location: Location, reader: Any) -> dict[str, Any]:
    """Return the small map of what has a place, on its ground; nothing where nothing has."""
    looks = ((ObservationKind.IMPROVE, "triangle"), (ObservationKind.STRENGTH, "cross"))
    layers = [
        ShownLayer(
            kind.value,
            str(kind.label),
            symbol,
            [
                MapFeature(row.point, row.get_theme_display(), row.text, row.get_absolute_url())
                for row in observations
                if row.kind == kind and row.point is not None
            ],
        )
        for kind, symbol in looks
    ]
    layers = [layer for layer in layers if layer.features]
    if not layers:
        return {"layers": None}
    every = [*ground(location, reader), *layers]
    return {"layers": [one.as_layer() for one in every], "bounds": bounds_of(layers)}


class WalkUpdateView(_WalkLookup, FormFrame, UpdateView):
    """Changes what is said of a walk."""

    queryset = WALKS
    permission = Permission.ASSET_RECORD
    template_name = "assets/form.html"
    form_class = WalkForm
    heading = _("Change the walk")
    success_message = _("The walk is changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill it in."""
        return {
            "target_places": self.target_places(),
            "version": self.object.version,
            "initial": initial_of(self.object, WalkForm.base_fields),
        }

    def perform(self, form: Any) -> str:
        """Save it."""
        return edit_walk(
            audit=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class ObserveView(_WalkLookup, FormFrame, CreateView):
    """Notes something seen; afterwards the same form again, or back to the walk."""

    queryset = WALKS
    permission = Permission.ASSET_RECORD
    template_name = "assets/observe.html"
    form_class = ObserveForm
    heading = _("What do you see?")
    submit_label = _("Keep it, and note the next")
    success_message = _("Kept. Note the next thing, or finish the walk.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the target places; the walk's own is chosen."""
        return {
            "target_places": self.target_places(),
            "initial": {"target_place": self.object.target_place_id},
        }

    def perform(self, form: Any) -> str:
        """Keep it."""
        data = dict(form.cleaned_data)
        add_observation(audit=self.object, upload=data.pop("photo"), by=self.request.user, **data)
        if "finish" in self.request.POST:
            return str(self.object.get_absolute_url())
        return reverse("assets:observe", args=[self.object.location.slug, self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Count what was noted."""
        count = self.object.observations.filter(withdrawn_on=None).count()
        return super().get_context_data(noted=count, **kwargs)


class _SeenLookup:
    """Finds an observation under its walk."""

    kwargs: dict[str, Any]
    crumb = "walk-list"

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {
            "audit__location__slug": self.kwargs["slug"],
            "audit": self.kwargs["walk"],
            "pk": self.kwargs["observation"],
        }


class ObservationDetailView(_SeenLookup, DetailView):
    """One observation, with its photo and what follows from it."""

    queryset = OBSERVATIONS
    permission = Permission.VIEW
    template_name = "assets/observation_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the frame and the history."""
        one: Observation = self.object
        location, user = one.audit.location, self.request.user
        page = location_page(
            self.request,
            location,
            current="walks",
            crumbs=[
                list_crumb("walk-list", location),
                (one.audit.route, one.audit.get_absolute_url()),
            ],
        )
        shown: Any = sight_of(user, [location]).veil(one)
        is_open = one.withdrawn_on is None
        return {
            **kwargs,
            **page,
            "observation": shown,
            "walk": one.audit,
            **_map([shown], location, user),
            "may_change": Permission.ASSET_RECORD in page["rights"]
            and not shown.withheld
            and is_open,
            "may_follow_up": Permission.ASSET_RECORD in page["rights"]
            and Permission.DELIVERY_RECORD in page["rights"]
            and one.action_id is None
            and is_open,
            "entries": changes_of(one, user) if Permission.HISTORY_READ in page["rights"] else [],
        }


class ObservationUpdateView(_SeenLookup, FormFrame, OpenOnly, UpdateView):
    """Changes an observation."""

    queryset = OBSERVATIONS
    permission = Permission.ASSET_RECORD
    template_name = "assets/form.html"
    form_class = ObservationForm
    heading = _("Change what was noted")
    success_message = _("The observation is changed.")
    picks = True

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill it in."""
        return {
            "target_places": self.target_places(),
            "version": self.object.version,
            "initial": initial_of(self.object, ObservationForm.base_fields),
        }

    def perform(self, form: Any) -> str:
        """Save it."""
        return edit_observation(
            observation=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class ObservationWithdrawView(_SeenLookup, FormFrame, OpenOnly, UpdateView):
    """Takes an observation off."""

    queryset = OBSERVATIONS
    permission = Permission.ASSET_RECORD
    template_name = "assets/form.html"
    form_class = TakeOffForm
    heading = _("Take this observation off")
    submit_label = _("Take it off")
    success_message = _("The observation is taken off.")

    def perform(self, form: Any) -> str:
        """Take it off."""
        withdraw_observation(observation=self.object, by=self.request.user, **form.cleaned_data)
        return str(self.object.audit.get_absolute_url())


class FollowUpView(_SeenLookup, FormFrame, CreateView):
    """Asks somebody to do something about what was seen."""

    queryset = OBSERVATIONS
    permission = Permission.ASSET_RECORD
    template_name = "assets/form.html"
    form_class = FollowUpForm
    heading = _("Ask somebody to act on this")
    submit_label = _("Ask for the action")
    success_message = _("The action is asked for. Its owner gets a message.")

    def may(self, obj: Any, permission: str | None = None) -> bool:
        """Ask for the right to run actions, too."""
        return super().may(obj, permission) and super().may(obj, Permission.DELIVERY_RECORD)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the people who can be asked here."""
        from delivery.selectors.actions import people_to_ask

        return {
            "owners": people_to_ask(self.location),
            "initial": {"title": self.shown().text[:120]},
        }

    def perform(self, form: Any) -> str:
        """Ask for it."""
        follow_up(observation=self.object, by=self.request.user, **form.cleaned_data)
        return str(self.object.get_absolute_url())


class PhotoView(_SeenLookup, DownloadView):
    """The photo of an observation, as a picture that a page can show."""

    queryset = OBSERVATIONS
    permission = Permission.VIEW

    def stored_file(self) -> StoredFile | None:
        """Return it. Raises NotAllowed where it is withheld."""
        one: Observation = self.object
        reason = sight_of(self.request.user, [one.audit.location]).reasons(one).get("photo")
        if reason is not None:
            owner = owner_of(one, one.audit.location.programme)
            raise NotAllowed(withheld_words(reason, owner))
        stored: StoredFile | None = one.photo
        return stored

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """Send it inline: it was made anew when it came in."""
        self.object = self.fetch()
        stored = self.stored_file()
        if stored is None:
            raise Http404
        return files.response(stored, marking=self.file_marking(), inline=True)
