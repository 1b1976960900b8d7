"""Pages: gaps of a location, requests of a programme, uses of a package."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core import clock
from core.screen import month_name
from core.views import CreateView, DetailView, ScopedView, UpdateView
from delivery.models import Action
from delivery.selectors.actions import people_to_ask
from incidents.feeds.selectors import quarter_of
from incidents.feeds.words import quarter_words
from incidents.models import DataPackage, DataRequest, Feed
from incidents.selectors import months_between
from incidents.supply import forms, selectors, services
from incidents.supply.selectors import Gap, RequestLine
from incidents.views import LOCATIONS, PACKAGES
from programmes import policy
from programmes.models import Location, Programme
from programmes.pages import location_crumbs, location_page, note_programme, programme_crumbs

PROGRAMMES = Programme.objects.select_related("lead_agency")
REQUESTS = DataRequest.objects.select_related(
    "programme", "agency", "feed", "agreement", "asked_by"
)
STATUS = {
    "came": ("done", _("Came")),
    "partly": ("in_progress", _("Came in part")),
    "late": ("late", _("Overdue")),
    "waiting": ("in_progress", _("Waiting")),
    "refused": ("blocked", _("Refused")),
    "cancelled": ("closed", _("No longer needed")),
}


def data_crumb(location: Location) -> tuple[Any, str]:
    """Return the way back to a location's data."""
    return (_t("ASB data"), reverse("incidents:data", args=[location.slug]))


class GapsView(DetailView):
    """What is wanting in a location's data, and who sees to it.

    Names people, so it is for those who see the location, not for research partners.
    """

    queryset = LOCATIONS
    permission = Permission.DATA_READ
    template_name = "incidents/supply/gaps.html"
    also_shows = (Action,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the gaps and the requests of the programme."""
        location, user = self.object, self.request.user
        requests = (
            REQUESTS.filter(programme=location.programme)
            .visible_to(user, Permission.VIEW)
            .order_by("-due_on", "-created_at")
        )
        return {
            **kwargs,
            **location_page(self.request, location, current="data", crumbs=[data_crumb(location)]),
            "gaps": selectors.gaps_of(location, user),
            "today": clock.today(),
            "lines": request_rows(selectors.request_lines(requests)),
            "asks": policy.holds(user, Permission.DATA_IMPORT, location.programme),
            "reads_requests": policy.holds(user, Permission.DATA_READ, location.programme),
        }


def request_rows(lines: list[RequestLine]) -> list[dict[str, Any]]:
    """Return requests with the look and the words of how they stand."""
    return [
        {"line": line, "request": line.request, "look": look, "words": words}
        for line in lines
        for look, words in [STATUS[line.status]]
    ]


class GapOwnView(CreateView):
    """Makes a gap somebody's: an action with an owner and a date."""

    queryset = LOCATIONS
    permission = Permission.DELIVERY_RECORD
    template_name = "programmes/form.html"
    form_class = forms.GapForm
    also_shows = (Action,)
    success_message = _("They are asked, by mail. The gap shows whose it is.")

    def lookup_filter(self) -> dict[str, Any]:
        """Find the location; the address names the gap too."""
        return {"slug": self.kwargs["slug"]}

    def gap(self) -> Gap:
        """Return the gap that the address names, if it is still one."""
        if not self.may(self.object, Permission.DATA_READ):
            raise PermissionDenied
        if not hasattr(self, "_gap"):
            wanted = self.kwargs["gap"]
            found = selectors.gaps_of(self.object, self.request.user)
            self._gap = next((one for one in found if one.key == wanted), None)
        if self._gap is None:
            raise Http404
        return self._gap

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the people of the location and words to begin with."""
        gap = self.gap()
        return {
            "people": people_to_ask(self.object),
            "title": _t("Close a gap in the data: %(what)s") % {"what": gap.what},
            "details": gap.words,
        }

    def perform(self, form: Any) -> str:
        """Ask for the action."""
        services.own_gap(
            location=self.object, gap=self.gap(), by=self.request.user, **form.cleaned_data
        )
        return reverse("incidents:gaps", args=[self.object.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        note_programme(self.request, self.object.programme)
        back = reverse("incidents:gaps", args=[self.object.slug])
        return {
            **kwargs,
            "heading": _("Who sees to this gap?"),
            "caption": self.gap().what,
            "submit_label": _("Ask for it"),
            "cancel_url": back,
            "crumbs": location_crumbs(
                self.object, data_crumb(self.object), (_t("Gaps and requests"), back)
            ),
        }


class RequestListView(DetailView):
    """What was asked of which agency, and what came, quarter by quarter."""

    queryset = PROGRAMMES
    permission = Permission.DATA_READ
    template_name = "incidents/supply/requests.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the requests, and the table of agencies by quarters."""
        programme = self.object
        note_programme(self.request, programme)
        requests = REQUESTS.filter(programme=programme).visible_to(self.request.user)
        lines = selectors.request_lines(requests.order_by("-due_on", "-created_at"))
        quarters, rows = by_quarter(lines)
        return {
            **kwargs,
            "programme": programme,
            "crumbs": programme_crumbs(programme),
            "lines": request_rows(lines),
            "quarters": [quarter_words(one) for one in quarters],
            "rows": rows,
            "asks": self.may(programme, Permission.DATA_IMPORT),
        }


SHOWN_QUARTERS = 6


def by_quarter(lines: list[RequestLine]) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the latest quarters asked for, and for each request asked for them how it stands."""
    asked: dict[str, list[RequestLine]] = defaultdict(list)
    for line in lines:
        span = months_between(line.request.first_month, line.request.last_month)
        for quarter in dict.fromkeys(quarter_of(month) for month in span):
            asked[quarter].append(line)
    quarters = sorted(asked)[-SHOWN_QUARTERS:]
    worst = ["refused", "late", "waiting", "partly", "came", "cancelled"]
    agencies = sorted({line.request.agency.name for line in lines})
    rows = []
    for agency in agencies:
        cells = []
        for quarter in quarters:
            mine = [one for one in asked[quarter] if one.request.agency.name == agency]
            status = min((one.status for one in mine), key=worst.index, default="")
            look, words = STATUS[status] if status else ("", "")
            cells.append({"look": look, "words": words})
        rows.append({"agency": agency, "cells": cells})
    return quarters, rows


class RequestCreateView(CreateView):
    """Records that data were asked of an agency."""

    queryset = PROGRAMMES
    permission = Permission.DATA_IMPORT
    template_name = "programmes/form.html"
    form_class = forms.RequestForm
    success_message = _("The request is recorded.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the feeds that are open to the person."""
        feeds = Feed.objects.filter(programme=self.object).visible_to(self.request.user)
        return {"programme": self.object, "feeds": feeds, "today": clock.today()}

    def perform(self, form: Any) -> str:
        """Record it."""
        return services.ask_for_data(
            programme=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        programme = self.object
        note_programme(self.request, programme)
        back = reverse("incidents:requests", args=[programme.slug])
        return {
            **kwargs,
            "heading": _("Ask for data"),
            "caption": programme.name,
            "submit_label": _("Record the request"),
            "cancel_url": back,
            "crumbs": programme_crumbs(programme, (_t("Data requests"), back)),
        }


class RequestScope(ScopedView):
    """A request under its programme's address."""

    abstract = True

    def lookup_filter(self) -> dict[str, Any]:
        """Find the request by its own id and its programme's address name."""
        return {"programme__slug": self.kwargs["slug"], "pk": self.kwargs["pk"]}


class RequestView(RequestScope, DetailView):
    """One request: what was asked, what came of each month."""

    queryset = REQUESTS
    permission = Permission.DATA_READ
    template_name = "incidents/supply/request.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how it stands."""
        request = self.object
        note_programme(self.request, request.programme)
        (line,) = request_rows(selectors.request_lines([request]))
        back = reverse("incidents:requests", args=[request.programme.slug])
        return {
            **kwargs,
            "asked": request,
            "feed": Feed.objects.filter(pk=request.feed_id).visible_to(self.request.user).first(),
            "line": line["line"],
            "look": line["look"],
            "words": line["words"],
            "crumbs": programme_crumbs(request.programme, (_t("Data requests"), back)),
            "period": f"{month_name(f'{request.first_month:%Y-%m}')} – "
            f"{month_name(f'{request.last_month:%Y-%m}')}",
            "answers": request.state == "asked" and self.may(request, Permission.DATA_IMPORT),
        }


class RequestAnswerView(RequestScope, UpdateView):
    """Records what became of a request."""

    queryset = REQUESTS
    permission = Permission.DATA_IMPORT
    template_name = "programmes/form.html"
    form_class = forms.RequestAnswerForm
    success_message = _("The answer is recorded.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version that the person saw."""
        return {"version": self.object.version}

    def perform(self, form: Any) -> str:
        """Record it."""
        return services.answer_request(
            request=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        request = self.object
        note_programme(self.request, request.programme)
        back = reverse("incidents:requests", args=[request.programme.slug])
        return {
            **kwargs,
            "heading": _("What became of it?"),
            "caption": f"{request.agency}: {request.wanted}",
            "submit_label": _("Record the answer"),
            "cancel_url": request.get_absolute_url(),
            "crumbs": programme_crumbs(
                request.programme,
                (_t("Data requests"), back),
                (request.wanted, request.get_absolute_url()),
            ),
        }


class PackageUseView(CreateView):
    """Notes that a meeting used a package."""

    queryset = PACKAGES
    permission = Permission.DELIVERY_RECORD
    template_name = "programmes/form.html"
    form_class = forms.UseForm
    success_message = _("Noted. The package shows what the meeting decided.")

    def lookup_filter(self) -> dict[str, Any]:
        """Find the package by its own id and its location's address name."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["pk"]}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the meetings of the location."""
        return {"location": self.object.location}

    def perform(self, form: Any) -> str:
        """Note it."""
        package: DataPackage = self.object
        services.note_use(package=package, by=self.request.user, **form.cleaned_data)
        return package.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        location = self.object.location
        note_programme(self.request, location.programme)
        return {
            **kwargs,
            "heading": _("Which meeting used this package?"),
            "caption": str(self.object),
            "submit_label": _("Note it"),
            "cancel_url": self.object.get_absolute_url(),
            "crumbs": location_crumbs(
                location, data_crumb(location), (str(self.object), self.object.get_absolute_url())
            ),
        }
