"""The delivery group and the working groups of a location: who sits there, what is vacant."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.permissions import Permission
from accounts.sharing import Category
from core.views import CreateView, DetailView, HistoryView, UpdateView
from delivery.choices import GroupKind
from delivery.forms.groups import GroupChangeForm, GroupForm, SeatForm
from delivery.models import DeliveryGroup, GroupMember, GroupSeat
from delivery.selectors.group_page import (
    agencies_here,
    delivery_group_of,
    group_view,
    groups_of,
)
from delivery.services.groups import add_seat, change_group, change_seat, form_group
from programmes.models import Location
from programmes.pages import location_crumbs, location_page, note_programme

LOCATIONS = Location.objects.select_related("programme__lead_agency", "area")
GROUPS = DeliveryGroup.objects.select_related("location__programme__lead_agency", "target_place")
RECORD = Permission.DELIVERY_RECORD


def group_crumb(location: Location) -> tuple[str, str]:
    """Return the way back to the groups of a location."""
    return _t("Delivery group"), reverse("delivery:group", args=[location.slug])


class LocationGroupView(DetailView):
    """The delivery group, and the working groups of the location."""

    queryset = LOCATIONS
    permission = Permission.VIEW
    template_name = "delivery/groups/location.html"
    also_shows = (GroupMember,)
    ledger_touches = (Category.PEOPLE,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the groups."""
        location: Location = self.object
        page = location_page(self.request, location, current="group")
        group = delivery_group_of(location)
        lines = groups_of(location)
        return {
            **kwargs,
            **page,
            "may_record": RECORD in page["rights"],
            "view": group_view(group, reader=self.request.user) if group else None,
            "groups": [line for line in lines if group is None or line.id != group.pk],
            "has_places": location.target_places.exists() if RECORD in page["rights"] else True,
            "has_delivery_group": group is not None,
        }


class GroupCreateView(CreateView):
    """Forms a group: ``?kind=delivery`` the delivery group, else a working group."""

    queryset = LOCATIONS
    permission = RECORD
    template_name = "delivery/groups/form.html"
    form_class = GroupForm
    success_message = _("The group is formed.")

    @property
    def kind(self) -> str:
        """Which kind of group is formed."""
        asked = self.request.GET.get("kind", "")
        return asked if asked in GroupKind.values else GroupKind.WORKING

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the target places of this location."""
        location: Location = self.object
        name = ""
        if self.kind == GroupKind.DELIVERY:
            name = _t("%(place)s delivery group") % {"place": location.name}
        return {"kind": self.kind, "places": location.target_places.all(), "name": name}

    def perform(self, form: Any) -> str:
        """Form it."""
        return form_group(
            location=self.object, kind=self.kind, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        location: Location = self.object
        note_programme(self.request, location.programme)
        is_delivery = self.kind == GroupKind.DELIVERY
        return {
            **kwargs,
            "heading": _("Form the delivery group") if is_delivery else _("Form a working group"),
            "caption": location.name,
            "intro": _(
                "Police, partners and people of the community who run the work in this location."
            )
            if is_delivery
            else _("A few people who can change something at one target place."),
            "submit_label": _("Form the group"),
            "cancel_url": reverse("delivery:group", args=[location.slug]),
            "crumbs": location_crumbs(location, group_crumb(location)),
            "lacks_places": not is_delivery and not location.target_places.exists(),
            "location": location,
        }


class GroupLookup:
    """Finds a group under its location, and frames its forms."""

    kwargs: dict[str, Any]
    request: Any
    object: Any
    heading: Any = ""
    submit_label: Any = ""

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["group"]}

    @property
    def group(self) -> DeliveryGroup:
        """The group that this page is about."""
        group: DeliveryGroup = self.object
        return group

    def frame(self, **kwargs: Any) -> dict[str, Any]:
        """Return the words around a form."""
        location = self.group.location
        note_programme(self.request, location.programme)
        return {
            "heading": self.heading,
            "submit_label": self.submit_label,
            "caption": f"{location.name} · {self.group.name}",
            "cancel_url": self.group.get_absolute_url(),
            "crumbs": location_crumbs(
                location, group_crumb(location), (self.group.name, self.group.get_absolute_url())
            ),
            "group": self.group,
            "location": location,
            **kwargs,
        }


class GroupDetailView(GroupLookup, DetailView):
    """One group: members, vacant seats, who was there before."""

    queryset = GROUPS
    permission = Permission.VIEW
    template_name = "delivery/groups/detail.html"
    also_shows = (GroupMember,)
    ledger_touches = (Category.PEOPLE,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the group."""
        page = location_page(
            self.request,
            self.group.location,
            current="group",
            crumbs=[group_crumb(self.group.location)],
        )
        return {
            **kwargs,
            **page,
            "may_record": RECORD in page["rights"],
            "view": group_view(self.group, reader=self.request.user),
        }


class GroupChangeView(GroupLookup, UpdateView):
    """Changes a group, or keeps when it ended."""

    queryset = GROUPS
    permission = RECORD
    template_name = "programmes/form.html"
    form_class = GroupChangeForm
    heading = _("Change the group")
    success_message = _("The group is changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill in what is stored."""
        group = self.group
        return {
            "version": group.version,
            "initial": {
                "name": group.name,
                "purpose": group.purpose,
                "formed_on": group.formed_on,
                "ended_on": group.ended_on,
            },
        }

    def perform(self, form: Any) -> str:
        """Save it."""
        return change_group(
            group=self.group, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        return self.frame(**kwargs)


class GroupHistoryView(GroupLookup, HistoryView):
    """What changed in a group: its own record, its seats and its members."""

    queryset = GROUPS
    permission = Permission.HISTORY_READ
    also_shows = (GroupMember,)
    ledger_touches = (Category.PEOPLE,)

    def parts(self) -> list[Any]:
        """Return the group with what hangs below it."""
        return [
            self.group,
            GroupSeat.objects.filter(group=self.group),
            GroupMember.objects.filter(group=self.group),
        ]


class SeatCreateView(GroupLookup, CreateView):
    """Says who ought to be in the group."""

    queryset = GROUPS
    permission = RECORD
    template_name = "programmes/form.html"
    form_class = SeatForm
    heading = _("Say who ought to be there")
    submit_label = _("Add the seat")
    success_message = _("The seat is added.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the agencies at work here."""
        return {"agencies": agency_choices(self.group.location)}

    def perform(self, form: Any) -> str:
        """Add it."""
        return add_seat(
            group=self.group, by=self.request.user, **form.cleaned_data
        ).group.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        return self.frame(**kwargs)


class SeatChangeView(GroupLookup, UpdateView):
    """Changes a seat: whom it is for, when they were asked, whether it is needed."""

    queryset = GroupSeat.objects.select_related("group__location__programme__lead_agency", "agency")
    permission = RECORD
    template_name = "programmes/form.html"
    form_class = SeatForm
    heading = _("Change the seat")
    success_message = _("The seat is changed.")

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {
            "group__location__slug": self.kwargs["slug"],
            "group": self.kwargs["group"],
            "pk": self.kwargs["seat"],
        }

    @property
    def group(self) -> DeliveryGroup:
        """The seat's group."""
        group: DeliveryGroup = self.object.group
        return group

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill in what is stored."""
        seat: GroupSeat = self.object
        return {
            "version": seat.version,
            "agencies": agency_choices(self.group.location),
            "initial": {
                "label": seat.label,
                "agency": seat.agency,
                "why": seat.why,
                "asked_on": seat.asked_on,
                "is_needed": seat.closed_on is None,
            },
        }

    def perform(self, form: Any) -> str:
        """Save it."""
        return change_seat(
            seat=self.object, by=self.request.user, **form.cleaned_data
        ).group.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        return self.frame(**kwargs)


def agency_choices(location: Location) -> Any:
    """Return the agencies to choose from at a location, as a queryset."""
    return Agency.objects.filter(pk__in=[agency.pk for agency in agencies_here(location)]).order_by(
        "name"
    )
