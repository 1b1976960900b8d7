"""Who holds which role on a programme and at a location, and how roles are given there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.members import MemberChangeView, MemberCreateView, MembersView
from accounts.models import User
from accounts.permissions import Permission
from accounts.rosters import RosterLine
from accounts.sharing import Category
from core import clock
from programmes import policy
from programmes.models import Location, Programme, ProgrammeMembership
from programmes.pages import location_crumbs, location_page, note_programme, programme_crumbs
from programmes.sharing import shared_for


class _Contacts:
    """Contact details of another agency's people show while a sharing agreement covers them."""

    object: Any
    request: Any

    def programme(self) -> Programme:
        """Return the programme that this anchor is, or lies in."""
        return self.object if isinstance(self.object, Programme) else self.object.programme

    def covered(self, people: list[User]) -> set[UUID]:
        """Return the ids of those whom the reader's role and an agreement let them reach."""
        user = self.request.user
        if user.is_superuser:
            return {person.pk for person in people}
        if not policy.holds(user, Permission.PEOPLE_READ, self.object):
            return {user.pk}
        shared = shared_for(self.request, self.programme())
        return {
            person.pk
            for person in people
            if person == user or shared.covers(Category.PEOPLE, person.agency_id)
        }


class _OfProgramme(_Contacts):
    """Pages below a programme."""

    table_key = "programmes.roles"
    url_names = {
        "list": "programmes:programme-members",
        "new": "programmes:programme-member-new",
        "change": "programmes:programme-member",
    }

    def frame(self) -> dict[str, Any]:
        """Return the programme's frame."""
        note_programme(self.request, self.object)
        return {
            "frame": "layouts/crumbs.html",
            "crumbs": programme_crumbs(self.object),
            "form_crumbs": programme_crumbs(self.object),
            "page_caption": self.object.name,
            "page_intro": _("A role here holds at every location of the programme."),
        }


class ProgrammeMembersView(_OfProgramme, MembersView):
    """Who holds a role on a programme."""

    queryset = Programme.objects.all()
    permission = Permission.VIEW


class ProgrammeMemberCreateView(_OfProgramme, MemberCreateView):
    """Gives a role on a programme."""

    queryset = Programme.objects.all()
    permission = Permission.MEMBERS_MANAGE


class ProgrammeMemberChangeView(_OfProgramme, MemberChangeView):
    """Changes a role on a programme."""

    queryset = Programme.objects.all()
    permission = Permission.VIEW


class _OfLocation(_Contacts):
    """Pages below a location."""

    table_key = "programmes.location_roles"
    url_names = {
        "list": "programmes:location-members",
        "new": "programmes:location-member-new",
        "change": "programmes:location-member",
    }

    def frame(self) -> dict[str, Any]:
        """Return the location's frame."""
        return {
            **location_page(self.request, self.object, current="members"),
            "frame": "programmes/location_base.html",
            "form_crumbs": location_crumbs(self.object),
            "page_intro": _("Who works at this location, and in which role."),
        }


class LocationMembersView(_OfLocation, MembersView):
    """Who holds a role at a location, there or through its programme."""

    queryset = Location.objects.select_related("programme")
    permission = Permission.VIEW

    def inherited(self) -> list[tuple[Any, str, list[RosterLine]]]:
        """Return the roles on the programme that hold here today or will."""
        programme = self.object.programme
        rows = ProgrammeMembership.objects.filter(anchor=programme).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today())
        )
        heading = _("Through the programme %(name)s") % {"name": programme.name}
        url = reverse("programmes:programme-members", args=[programme.slug])
        return [(heading, url, self.lines(rows, changes=False))]


class LocationMemberCreateView(_OfLocation, MemberCreateView):
    """Gives a role at a location."""

    queryset = Location.objects.select_related("programme")
    permission = Permission.MEMBERS_MANAGE


class LocationMemberChangeView(_OfLocation, MemberChangeView):
    """Changes a role at a location."""

    queryset = Location.objects.select_related("programme")
    permission = Permission.VIEW
