"""My week, the list of programmes, and a programme's page."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Value
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core import clock
from core.assurance import Level
from core.views import CreateView, DetailView, ListView, ScopedView, UpdateView
from programmes import policy, registry, services
from programmes.forms import LocationForm, ProgrammeForm
from programmes.models import Evidence, Location, Programme, SignOff
from programmes.pages import note_programme, panels, programme_crumbs, week_panels
from programmes.selectors.board import Board, programme_board
from programmes.selectors.editions import newer_edition
from programmes.selectors.facts import StepFacts
from programmes.selectors.week import lately_for, my_week, roles_to_come


class HomeView(ScopedView):
    """My week: what I owe, what waits for me, what others did.

    A session opened by a mail's link sees what the person owes, and no more.
    """

    least_level = Level.LINK
    queryset = Programme.objects.all()
    permission = Permission.VIEW
    template_name = "home.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        week = my_week(user=request.user)
        panels = week_panels(request)
        first = next(iter(week.programmes), None)
        request.first_week = first.week if first and first.week > 0 else None  # type: ignore[attr-defined]  # kept with the request for its frame
        if week.programmes:
            return self.page(week=week, panels=panels)
        readable = readable_pages(request.user)
        return self.page(
            week=week,
            panels=panels,
            may_create=policy.may_create_programme(request.user),
            coming=() if readable else roles_to_come(user=request.user),
            readable=readable,
        )


class LatelyView(ListView):
    """What others did lately where one takes part."""

    queryset = Programme.objects.all()
    permission = Permission.VIEW
    template_name = "programmes/lately.html"
    also_shows = (Evidence, SignOff)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what happened."""
        return {**kwargs, "lately": lately_for(user=self.request.user)}


def readable_pages(user: Any) -> list[dict[str, str]]:
    """Return the pages of locations open to somebody who takes part in none of them.

    A research partner reads a location's data without seeing its steps: no programme leads there.
    """
    pages = [one for one in registry.location_pages() if one.permission != Permission.VIEW]
    found = [
        Location.objects.all()
        .visible_to(user, permission)
        .order_by()
        .annotate(opened_by=Value(str(permission)))
        .values_list("opened_by", "name", "slug")
        for permission in sorted({page.permission for page in pages})
    ]
    rows = sorted(found[0].union(*found[1:])) if found else []  # all of them in one query
    return [
        {"text": f"{name}: {page.label}", "href": reverse(page.url_name, args=[slug])}
        for page in pages
        for opened_by, name, slug in rows
        if opened_by == page.permission
    ]


class ProgrammeListView(ListView):
    """The programmes one takes part in."""

    queryset = Programme.objects.all()
    permission = Permission.VIEW
    template_name = "programmes/programme_list.html"

    def rows(self) -> Any:
        """Return the programmes by name."""
        return self.scoped().select_related("template").order_by("name")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add each programme's week and whether this person may set up another."""
        today = clock.today()
        programmes = [
            {"programme": row, "week": row.week_of(today)} for row in kwargs["object_list"]
        ]
        return {
            **kwargs,
            "programmes": programmes,
            "may_create": policy.may_create_programme(self.request.user),
        }


class ProgrammeDetailView(DetailView):
    """A programme: its locations by its steps."""

    queryset = Programme.objects.select_related("template", "lead_agency")
    permission = Permission.VIEW
    template_name = "programmes/programme_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the board."""
        programme: Programme = kwargs["object"]
        note_programme(self.request, programme)
        board = programme_board(programme=programme, user=self.request.user)
        manages = self.may(programme, Permission.PROGRAMME_MANAGE)
        return {
            **kwargs,
            "programme": programme,
            "board": board,
            "rows": board_rows(board),
            "columns": [{"text": f"{column.number}. {column.name}"} for column in board.columns],
            "panels": panels(
                self.request, registry.board_panels(), board, frozenset({Permission.VIEW})
            ),
            "may_manage": manages,
            "newer_edition": newer_edition(programme) if manages else None,
            "pages": [
                {"text": page.label, "href": reverse(page.url_name, args=[programme.slug])}
                for page in registry.programme_pages()
                if self.may(programme, page.permission)
            ],
            "crumbs": programme_crumbs(programme)[:1],
        }


def board_rows(board: Board) -> list[dict[str, Any]]:
    """Return the board as rows of the ``status_grid`` component."""
    return [
        {
            "text": row.name,
            "href": row.url,
            "hint": ", ".join(row.coordinators) or _("Coordinator: vacant"),
            "cells": [
                {
                    "status": step.look,
                    "status_label": step.look_label,
                    "href": step.url,
                    "note": " · ".join(_cell_notes(step)),
                }
                for step in row.steps
            ],
        }
        for row in board.rows
    ]


def _cell_notes(step: StepFacts) -> list[str]:
    """Return what a cell of the board says beneath its colour."""
    notes = [step.reason_short]
    if step.forecast.week is not None:
        notes.append(_("forecast week %(week)d") % {"week": step.forecast.week})
    if step.out_of_order_reason:
        notes.append(str(_("out of order")))
    return notes


class ProgrammeCreateView(CreateView):
    """Sets up a programme."""

    queryset = Programme.objects.all()
    permission = Permission.PROGRAMME_MANAGE
    template_name = "programmes/form.html"
    form_class = ProgrammeForm
    success_message = _("The programme is set up. Add its first location.")

    def fetch(self) -> None:
        """There is no parent: ask who may set up programmes at all."""
        if not policy.may_create_programme(self.request.user):
            raise PermissionDenied

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the agencies with which this person may lead."""
        user = self.request.user
        return {
            "agencies": policy.lead_agencies(user),
            "usual_agency": policy.usual_lead_agency(user),
        }

    def perform(self, form: Any) -> str:
        """Set it up."""
        return services.create_programme(
            **form.cleaned_data, by=self.request.user
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        return {
            **kwargs,
            "heading": _("Set up a programme"),
            "submit_label": _("Set up the programme"),
            "cancel_url": reverse("programmes:programme-list"),
            "crumbs": [(_("Programmes"), reverse("programmes:programme-list"))],
        }


class ProgrammeUpdateView(UpdateView):
    """Changes what a programme says of itself."""

    queryset = Programme.objects.all()
    permission = Permission.PROGRAMME_MANAGE
    template_name = "programmes/form.html"
    form_class = ProgrammeForm
    success_message = _("The programme is changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Edit a copy: a form that fails must not change what the page says."""
        agencies = policy.next_lead_agencies(self.request.user, self.object)
        return {"instance": copy(self.object), "agencies": agencies}

    def perform(self, form: Any) -> str:
        """Save it."""
        return services.edit_programme(
            programme=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        note_programme(self.request, self.object)
        return {
            **kwargs,
            "heading": _("Change the programme"),
            "caption": self.object.name,
            "cancel_url": self.object.get_absolute_url(),
            "crumbs": programme_crumbs(self.object),
        }


class LocationCreateView(CreateView):
    """Sets up a location of a programme."""

    queryset = Programme.objects.select_related("template")
    permission = Permission.PROGRAMME_MANAGE
    template_name = "programmes/form.html"
    form_class = LocationForm
    success_message = _("The location is set up with its steps. Say next which area it covers.")

    def perform(self, form: Any) -> str:
        """Set it up and go on to its area."""
        location = services.create_location(
            programme=self.object, by=self.request.user, **form.cleaned_data
        )
        return reverse("programmes:location-area", args=[location.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        note_programme(self.request, self.object)
        return {
            **kwargs,
            "heading": _("Add a location"),
            "caption": self.object.name,
            "intro": _(
                "Every step of the programme is planned for it, counted from the "
                "programme’s first day. You can change each date afterwards."
            ),
            "submit_label": _("Add the location"),
            "cancel_url": self.object.get_absolute_url(),
            "crumbs": programme_crumbs(self.object),
        }
