"""What the pages of problems have in common: how they find their record, and their frame."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from delivery.selectors.actions import people_to_ask
from problems.models import Problem
from programmes.models import Location, TargetPlace
from programmes.pages import location_crumbs, location_page, note_programme

PROBLEMS = Problem.objects.select_related(
    "location__programme__lead_agency", "location__area", "plan", "target_place", "owner", "agency"
)


def list_crumb(location: Location) -> tuple[str, str]:
    """Return the way to the list of problems."""
    return _("Problems"), reverse("problems:problem-list", args=[location.slug])


class OfProblem:
    """A page about a problem or something of it: its lookup, its frame, the words around a form.

    ``path`` is the lookup from the record to the problem ("" for the problem itself), ``key`` the
    address's keyword for the record.
    """

    path: ClassVar[str] = ""
    key: ClassVar[str] = "pk"
    heading: ClassVar[Any] = ""
    submit_label: ClassVar[Any] = ""
    kwargs: dict[str, Any]
    request: HttpRequest
    object: Any

    def lookup_filter(self) -> dict[str, Any]:
        """Find the record by its id, under its problem and location."""
        before = f"{self.path}__" if self.path else ""
        found = {f"{before}location__slug": self.kwargs["slug"], "pk": self.kwargs[self.key]}
        return found | ({f"{self.path}_id": self.kwargs["pk"]} if self.path else {})

    @property
    def problem(self) -> Problem:
        """The problem that this page is about."""
        found: Any = self.object
        for part in self.path.split("__") if self.path else ():
            found = getattr(found, part)
        return found

    def frame(self, *crumbs: tuple[Any, str]) -> dict[str, Any]:
        """Return the frame of a page under its location."""
        location = self.problem.location
        return location_page(
            self.request, location, current="problems", crumbs=[list_crumb(location), *crumbs]
        )

    def crumb(self) -> tuple[str, str]:
        """Return the way to the problem."""
        return self.problem.title, self.problem.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around a form."""
        location = self.problem.location
        note_programme(self.request, location.programme)
        return {
            "heading": self.heading,
            "submit_label": self.submit_label,
            "caption": f"{location.name} · {self.problem.title}",
            "cancel_url": self.object.get_absolute_url(),
            "crumbs": location_crumbs(location, list_crumb(location), self.crumb()),
            **kwargs,
        }


def people_of(location: Location) -> Any:
    """Return the people who can lead or own something here."""
    return people_to_ask(location)


def places_of(location: Location, reader: Any) -> Any:
    """Return the target places of a location that a reader may see."""
    return TargetPlace.objects.filter(location=location).visible_to(reader).order_by("name")
