"""What programmes tell the floor below about people and agencies: contact details, agreements."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Agency, User
from accounts.panels import register_agency_panel
from accounts.people import register_contact_rule
from accounts.permissions import Permission
from accounts.role_tables import register_role_table
from accounts.sharing import Category
from core import clock
from programmes.models import Location, LocationMembership, Programme, ProgrammeMembership
from programmes.models.agreement import SharingAgreement
from programmes.sharing import shared_over


def register() -> None:
    """Make the rule, the passage and the tables known."""
    register_contact_rule(open_contacts)
    register_agency_panel(
        "agreements", template_name="programmes/_agency_agreements.html", context=agreements_of
    )
    register_role_table(
        key="programmes.roles",
        model=Programme,
        back=lambda programme: reverse("programmes:programme-members", args=[programme.slug]),
    )
    register_role_table(
        key="programmes.location_roles",
        model=Location,
        back=lambda location: reverse("programmes:location-members", args=[location.slug]),
    )


def open_contacts(viewer: Any, people: list[User]) -> set[UUID]:
    """Return whom an agreement lets somebody reach, of the people they work with.

    They must stand together in a programme where the viewer reads contact details, and an
    agreement of that programme must cover people between their agencies. Four queries.
    """
    counts = Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today())
    read = Programme.objects.all().visible_to(viewer, Permission.PEOPLE_READ).order_by()
    places = Location.objects.all().visible_to(viewer, Permission.PEOPLE_READ).order_by()
    on = ProgrammeMembership._base_manager.filter(counts, user__in=people).filter(
        Q(anchor__in=read.values("pk")) | Q(anchor__in=places.values("programme"))
    )
    at = LocationMembership._base_manager.filter(
        counts, user__in=people, anchor__in=places.values("pk")
    )
    together = set(on.values_list("user", "anchor")) | set(
        at.values_list("user", "anchor__programme")
    )
    programmes = Programme.objects.filter(pk__in={programme for _user, programme in together})
    shared = shared_over(viewer, programmes)
    agencies = {person.pk: person.agency_id for person in people}
    return {
        user
        for user, programme in together
        if shared[programme].covers(Category.PEOPLE, agencies[user])
    }


def agreements_of(request: HttpRequest, agency: Agency) -> dict[str, Any] | None:
    """Return the agreements with this agency as a party that the reader sees; None if none."""
    rows = SharingAgreement.objects.all().visible_to(request.user).filter(parties__agency=agency)
    found = list(rows.select_related("programme").order_by("-starts_on")[:50])
    return {"agreements": found} if found else None
