"""The log: a timeline to filter, and one page to note something on a phone."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core import files
from core.views import CreateView, DetailView, HistoryView, UpdateView
from delivery.forms.log import LogFilter, LogForm
from delivery.models import LogEntry
from delivery.selectors.log import ENTRIES, log_line, log_of, opens_photo
from delivery.services.log import change_log_entry, log_entry, require_open
from delivery.views.groups import LOCATIONS
from programmes.models import Location, StepRecord
from programmes.pages import location_crumbs, location_page, note_programme
from programmes.sharing import shared_for

RECORD = Permission.DELIVERY_RECORD
PAGE = 50


def log_crumb(location: Location) -> tuple[str, str]:
    """Return the way back to the log of a location."""
    return _t("Log"), reverse("delivery:log", args=[location.slug])


class LogView(DetailView):
    """The log of a location, newest first."""

    queryset = LOCATIONS
    permission = Permission.VIEW
    template_name = "delivery/log/list.html"
    also_shows = (LogEntry,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the entries that were asked for."""
        location: Location = self.object
        page = location_page(self.request, location, current="log")
        places = location.target_places.all()
        form = LogFilter(self.request.GET or None, places=places)
        shared = shared_for(self.request, location.programme)
        found = Paginator(log_of(location, **form.wanted()), PAGE).get_page(
            self.request.GET.get("page")
        )
        return {
            **kwargs,
            **page,
            "may_record": RECORD in page["rights"],
            "form": form,
            "page_obj": found,
            "entries": [log_line(row, shared) for row in found.object_list],
            "is_filtered": any(self.request.GET.get(name) for name in self.request.GET),
            "log_url": log_crumb(location)[1],
        }


class _LogForm:
    """What both forms about an entry have in common."""

    request: HttpRequest
    object: Any

    @property
    def location(self) -> Location:
        """The location it is about."""
        raise NotImplementedError

    def choices(self) -> dict[str, Any]:
        """Return places and steps to choose from."""
        steps = StepRecord.objects.filter(location=self.location).select_related("definition")
        return {
            "places": self.location.target_places.all(),
            "steps": steps.order_by("definition__number"),
        }

    def frame(self, **kwargs: Any) -> dict[str, Any]:
        """Return the words around the form."""
        note_programme(self.request, self.location.programme)
        return {
            "caption": self.location.name,
            "crumbs": location_crumbs(self.location, log_crumb(self.location)),
            "cancel_url": log_crumb(self.location)[1],
            **kwargs,
        }


class LogCreateView(_LogForm, CreateView):
    """Notes something."""

    queryset = LOCATIONS
    permission = RECORD
    template_name = "delivery/log/form.html"
    form_class = LogForm
    success_message = _("Noted in the log.")

    @property
    def location(self) -> Location:
        """The location itself."""
        location: Location = self.object
        return location

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer what this location has; ``?kind=`` and ``?place=`` are chosen already."""
        place = self.request.GET.get("place", "")
        found = self.object.target_places.filter(slug=place).first() if place else None
        initial = {"kind": self.request.GET.get("kind", ""), "target_place": found}
        return {**self.choices(), "initial": initial}

    def perform(self, form: Any) -> str:
        """Note it."""
        entry = log_entry(location=self.object, by=self.request.user, **form.cleaned_data)
        return log_crumb(entry.location)[1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        return self.frame(heading=_("Note it in the log"), submit_label=_("Note it"), **kwargs)


class EntryLookup:
    """Finds an entry under its location."""

    kwargs: dict[str, Any]
    object: Any

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["entry"]}

    @property
    def location(self) -> Location:
        """The entry's location."""
        location: Location = self.object.location
        return location


class LogDetailView(EntryLookup, DetailView):
    """One entry, with its photo."""

    queryset = ENTRIES
    permission = Permission.VIEW
    template_name = "delivery/log/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the entry as the reader may see it."""
        entry: LogEntry = self.object
        page = location_page(
            self.request, self.location, current="log", crumbs=[log_crumb(self.location)]
        )
        line = log_line(entry, shared_for(self.request, self.location.programme))
        whole = not (line.withheld or line.photo_withheld)
        return {
            **kwargs,
            **page,
            "entry": entry,
            "line": line,
            "may_record": RECORD in page["rights"] and whole,
            "step": entry.step,
        }


class LogChangeView(EntryLookup, _LogForm, UpdateView):
    """Changes what was noted."""

    queryset = ENTRIES
    permission = RECORD
    template_name = "delivery/log/form.html"
    form_class = LogForm
    success_message = _("The entry is changed.")

    def fetch(self) -> Any:
        """Return the entry; one of which something is withheld cannot be changed."""
        entry = super().fetch()
        require_open(self.request.user, entry)
        return entry

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill in what is stored."""
        entry: LogEntry = self.object
        return {
            **self.choices(),
            "version": entry.version,
            "has_photo": entry.photo_id is not None,
            "initial": {
                "kind": entry.kind,
                "text": entry.text,
                "target_place": entry.target_place_id,
                "where": entry.where,
                "people": entry.people,
                "done_on": entry.done_on,
                "step": entry.step_id,
                "marking": entry.marking,
                "handling": entry.handling,
            },
        }

    def perform(self, form: Any) -> str:
        """Save it."""
        return change_log_entry(
            entry=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        return self.frame(
            heading=_("Change the entry"),
            **{"cancel_url": self.object.get_absolute_url(), **kwargs},
        )


class LogPhotoView(EntryLookup, DetailView):
    """An entry's photo, to those to whom it is open."""

    queryset = ENTRIES
    permission = Permission.VIEW

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Send it, to be shown on the page."""
        self.object = self.fetch()
        entry: LogEntry = self.object
        if entry.photo is None:
            raise Http404
        if not opens_photo(shared_for(request, self.location.programme), entry):
            raise PermissionDenied
        return files.response(entry.photo, marking=entry.marking, inline=True)


class LogHistoryView(EntryLookup, HistoryView):
    """What changed on an entry."""

    queryset = ENTRIES
    permission = Permission.HISTORY_READ
