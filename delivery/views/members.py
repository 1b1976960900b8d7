"""Members of a group: joining, changing what they do, leaving, the chair."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.permissions import Permission
from accounts.sharing import Category
from core import clock
from core.views import ActionView, CreateView, UpdateView
from delivery.forms.groups import WAYS, MemberChangeForm, MemberEndForm, MemberForm
from delivery.models import DeliveryGroup, GroupMember, GroupSeat
from delivery.selectors.group_page import people_to_seat
from delivery.selectors.groups import MEMBERS, lines_of
from delivery.services.members import add_member, change_member, choose_chair, end_membership
from delivery.views.groups import GROUPS, GroupLookup, agency_choices
from programmes.choices import ConsentPurpose
from programmes.models import Consent, Location

RECORD = Permission.DELIVERY_RECORD


def consents_to_sit(location: Location, user: Any) -> Any:
    """Return the standing consents to take part in a group that somebody may see."""
    return (
        Consent.objects.filter(location=location, purpose=ConsentPurpose.GROUP)
        .standing(clock.today())
        .visible_to(user)
        .order_by("name")
    )


def seats_to_take(group: DeliveryGroup, also: Any = None) -> Any:
    """Return the seats of a group that are needed (and the one that somebody has)."""
    wanted = GroupSeat.objects.filter(group=group, closed_on__isnull=True)
    return (wanted | GroupSeat.objects.filter(pk=also)).order_by("label")


class MemberCreateView(GroupLookup, CreateView):
    """Lets somebody join: ``?as=`` says how they are known, ``?seat=`` on which seat."""

    queryset = GROUPS
    permission = RECORD
    template_name = "delivery/groups/member_form.html"
    form_class = MemberForm
    also_shows = (Consent,)
    ledger_touches = (Category.PEOPLE,)
    heading = _("Add a member")
    submit_label = _("Add to the group")
    success_message = _("They are in the group.")

    @property
    def way(self) -> str:
        """How the new member is known."""
        asked = self.request.GET.get("as", "")
        return asked if asked in WAYS else "account"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer people, consents, agencies and seats of this location."""
        location = self.group.location
        seat = self.request.GET.get("seat", "")
        return {
            "way": self.way,
            "people": people_to_seat(location),
            "consents": consents_to_sit(location, self.request.user),
            "agencies": agency_choices(location) if self.way == "agency" else Agency.objects.none(),
            "seats": seats_to_take(self.group),
            "seat": seat,
        }

    def perform(self, form: Any) -> str:
        """Let them join."""
        return add_member(
            group=self.group, by=self.request.user, **form.cleaned_data
        ).group.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the ways, and whether anybody can be chosen."""
        seat = self.request.GET.get("seat", "")
        form = kwargs["form"]
        nobody = self.way == "community" and not form.fields["consent"].queryset.exists()
        consent_url = reverse("programmes:consent-new", args=[self.group.location.slug])
        return self.frame(
            ways=[
                {
                    "text": label,
                    "href": f"?as={way}&seat={seat}" if seat else f"?as={way}",
                    "current": way == self.way,
                }
                for way, label in WAYS.items()
            ],
            way=self.way,
            nobody=nobody,
            consent_url=f"{consent_url}?purpose={ConsentPurpose.GROUP}",
            **kwargs,
        )


class MemberLookup(GroupLookup):
    """Finds a member under their group and location."""

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks them."""
        return {
            "group__location__slug": self.kwargs["slug"],
            "group": self.kwargs["group"],
            "pk": self.kwargs["member"],
        }

    @property
    def group(self) -> DeliveryGroup:
        """The member's group."""
        group: DeliveryGroup = self.object.group
        return group

    def caption(self) -> str:
        """Return whom it is about, as the reader may know them."""
        lines = lines_of([self.object], reader=self.request.user, location=self.group.location)
        line = lines[self.object.pk]
        return f"{self.group.name} · {line.name}"


class MemberChangeView(MemberLookup, UpdateView):
    """Changes a member's role and seat."""

    queryset = MEMBERS
    permission = RECORD
    template_name = "programmes/form.html"
    form_class = MemberChangeForm
    ledger_touches = (Category.PEOPLE,)
    heading = _("Change what they do in the group")
    success_message = _("The membership is changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill in what is stored."""
        member: GroupMember = self.object
        return {
            "version": member.version,
            "seats": seats_to_take(self.group, also=member.seat_id),
            "initial": {"role": member.role, "seat": member.seat_id},
        }

    def perform(self, form: Any) -> str:
        """Save it."""
        return change_member(
            member=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        return self.frame(**{"caption": self.caption(), **kwargs})


class MemberEndView(MemberLookup, UpdateView):
    """Keeps somebody's last day in the group."""

    queryset = MEMBERS
    permission = RECORD
    template_name = "programmes/form.html"
    form_class = MemberEndForm
    ledger_touches = (Category.PEOPLE,)
    heading = _("End the membership")
    submit_label = _("End the membership")
    success_message = _("The membership is ended.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version, and the day they joined."""
        return {"version": self.object.version, "joined_on": self.object.joined_on}

    def perform(self, form: Any) -> str:
        """Keep it."""
        return end_membership(
            member=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        return self.frame(**{"caption": self.caption(), **kwargs})


class ChairView(MemberLookup, ActionView):
    """Lets a member chair the group."""

    queryset = MEMBERS
    permission = RECORD
    success_message = _("The group has a new chair.")

    def perform(self) -> str:
        """Choose them."""
        return choose_chair(member=self.object, by=self.request.user).get_absolute_url()
