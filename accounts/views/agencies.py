"""Agencies: the bodies that take part, their people, and the roles on them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.agencies import create_agency, edit_agency, may_create_agency, may_edit_agency
from accounts.grants import may_give
from accounts.members import MemberChangeView, MemberCreateView, MembersView
from accounts.models import Agency, AgencyMembership, User
from accounts.panels import agency_panels
from accounts.people import COLOURS, contacts_open, states_of
from accounts.permissions import Permission
from core.forms import HouseModelForm
from core.views import CreateView, ListView, UpdateView

PEOPLE_AT_MOST = 200


class AgencyForm(HouseModelForm):
    """An agency's name and kind."""

    class Meta:
        model = Agency
        fields: ClassVar[list[str]] = ["name", "kind"]
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("In full, as it signs agreements: West Mercia Police.")
        }


class AgencyListView(ListView):
    """All agencies: their names are shared among everybody who is signed in."""

    queryset = Agency.objects.order_by("name")
    permission = Permission.VIEW
    template_name = "accounts/agencies.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether this person may add one."""
        return {**kwargs, "may_create": may_create_agency(self.request.user)}


class _OfAgency:
    """Pages below an agency; system administrators look after the roles on all of them."""

    queryset: ClassVar[Any] = Agency.objects.all()
    anchor_key = "pk"
    url_names: ClassVar[dict[str, str]] = {
        "list": "people:agency",
        "new": "people:agency-member-new",
        "change": "people:agency-member",
    }
    object: Any
    request: Any

    def may(self, obj: Any, permission: str | None = None) -> bool:
        """Count an administrator as somebody who manages members."""
        wanted = permission or self.permission  # type: ignore[attr-defined]  # mixed into a scoped view
        if wanted == Permission.MEMBERS_MANAGE and self.request.user.is_staff:
            return True
        return bool(super().may(obj, permission))  # type: ignore[misc]  # mixed into a scoped view

    def frame(self) -> dict[str, Any]:
        """Return the frame of an agency's page."""
        crumbs = [(_t("Agencies"), reverse("people:agencies"))]
        return {"frame": "layouts/crumbs.html", "crumbs": crumbs, "form_crumbs": crumbs}


class AgencyView(_OfAgency, MembersView):
    """An agency: what it is; to its own leaders and to administrators also its people and roles."""

    queryset = Agency.objects.all()
    permission = Permission.VIEW
    template_name = "accounts/agency.html"

    def is_inside(self) -> bool:
        """Say whether the reader holds a role on the agency, or manages roles on it."""
        user = self.request.user
        held = AgencyMembership.objects.filter(anchor=self.object)
        return may_give(user, self.object) or held.visible_to(user).exists()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add people and roles for those inside, and the passages of other floors."""
        inside = self.is_inside()
        context = {
            **super().get_context_data(**kwargs),
            "agency": self.object,
            "inside": inside,
            "may_edit": may_edit_agency(self.request.user, self.object),
            "panels": agency_panels(self.request, self.object),
            "many_url": "",
        }
        return {**context, **self.people_here()} if inside else context

    def people_here(self) -> dict[str, Any]:
        """Return the people of the agency with the state of their accounts."""
        user = self.request.user
        rows = User.objects.filter(agency=self.object).order_by("name")
        people = list(rows[:PEOPLE_AT_MOST])
        states = states_of(people)
        reached = contacts_open(user, people)
        seen = set(
            User.objects.all()
            .visible_to(user, Permission.MEMBERS_MANAGE)
            .filter(agency=self.object)
            .values_list("pk", flat=True)
        )
        return {
            "staff": [
                {
                    "person": person,
                    "email": person.email if person.pk in reached else "",
                    "url": person.get_absolute_url() if person.pk in seen else "",
                    "state": states[person.pk].label,
                    "colour": COLOURS[states[person.pk]],
                }
                for person in people
            ],
            "staff_more": max(0, rows.count() - PEOPLE_AT_MOST),
        }


class AgencyMemberCreateView(_OfAgency, MemberCreateView):
    """Gives a role on an agency."""

    queryset = Agency.objects.all()
    permission = Permission.MEMBERS_MANAGE

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        """Suppose that the person works for this agency."""
        form = super().get_form(data, files)
        form.fields["agency"].initial = self.object.pk
        return form


class AgencyMemberChangeView(_OfAgency, MemberChangeView):
    """Changes a role on an agency."""

    queryset = Agency.objects.all()
    permission = Permission.VIEW


class AgencyCreateView(CreateView):
    """Adds an agency."""

    queryset = Agency.objects.all()
    permission = Permission.MEMBERS_MANAGE
    form_class = AgencyForm
    template_name = "accounts/person_form.html"
    success_message = _("The agency is added. Give its first manager a role.")

    def fetch(self) -> None:
        """There is no parent: ask who adds agencies at all."""
        if not may_create_agency(self.request.user):
            raise PermissionDenied

    def perform(self, form: Any) -> str:
        """Add it."""
        return create_agency(by=self.request.user, **form.cleaned_data).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        return {
            **kwargs,
            "heading": _("Add an agency"),
            "intro": _(
                "Look through the list first: an agency under two names shares with nobody."
            ),
            "submit_label": _("Add the agency"),
            "cancel_url": reverse("people:agencies"),
            "crumbs": [(_t("Agencies"), reverse("people:agencies"))],
        }


class AgencyUpdateView(UpdateView):
    """Changes an agency's name and kind."""

    queryset = Agency.objects.all()
    permission = Permission.MEMBERS_MANAGE
    form_class = AgencyForm
    template_name = "accounts/person_form.html"
    success_message = _("The agency is changed.")

    def may(self, obj: Any, permission: str | None = None) -> bool:
        """Ask who may change it."""
        return may_edit_agency(self.request.user, obj)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Edit a copy: a form that fails must not change what the page says."""
        return {"instance": Agency.objects.get(pk=self.object.pk)}

    def perform(self, form: Any) -> str:
        """Save it."""
        return edit_agency(
            agency=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        return {
            **kwargs,
            "heading": _("Change the agency"),
            "caption": str(self.object),
            "cancel_url": self.object.get_absolute_url(),
            "crumbs": [
                (_t("Agencies"), reverse("people:agencies")),
                (str(self.object), self.object.get_absolute_url()),
            ],
        }
