"""Training at a location: sessions held, attendance, who was not trained yet."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.permissions import Permission
from accounts.sharing import Category
from core import clock
from core.views import CreateView, DetailView, HistoryView, UpdateView
from delivery.forms.training import TrainingForm
from delivery.models import DeliveryGroup, GroupMember, TrainingAttendance, TrainingSession
from delivery.models.group import present
from delivery.selectors.group_page import agencies_here
from delivery.selectors.groups import MEMBERS, in_order, naming_for
from delivery.selectors.training import (
    SESSIONS,
    person_of,
    session_lines,
    training_overview,
    who_came,
)
from delivery.services.training import change_training, record_training
from delivery.views.groups import LOCATIONS
from programmes.models import Location
from programmes.pages import location_crumbs, location_page, note_programme

RECORD = Permission.DELIVERY_RECORD


def training_crumb(location: Location) -> tuple[str, str]:
    """Return the way back to the training of a location."""
    return _t("Training"), reverse("delivery:training-list", args=[location.slug])


class TrainingListView(DetailView):
    """The training of a location."""

    queryset = LOCATIONS
    permission = Permission.VIEW
    template_name = "delivery/training/list.html"
    also_shows = (TrainingSession, GroupMember)
    ledger_touches = (Category.PEOPLE,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add sessions, the table and who was not trained."""
        page = location_page(self.request, self.object, current="training")
        return {
            **kwargs,
            **page,
            "may_record": RECORD in page["rights"],
            "overview": training_overview(self.object, reader=self.request.user),
        }


class _TrainingForm:
    """What both forms about a session have in common."""

    request: HttpRequest
    object: Any
    template_name = "delivery/training/form.html"
    form_class: ClassVar[Any] = TrainingForm

    @property
    def location(self) -> Location:
        """The location it is about."""
        raise NotImplementedError

    def choices(self, also: Any = ()) -> dict[str, Any]:
        """Return agencies, groups and members to choose from."""
        location = self.location
        ticked = set(also)
        naming = naming_for(self.request.user, location)
        found = MEMBERS.filter(group__location=location).filter(
            present(clock.today()) | Q(pk__in=ticked)
        )
        people = {}  # somebody in two groups is offered once: as they were ticked, if they were
        for row in sorted(found, key=lambda row: row.pk in ticked):
            people[person_of(row)] = row
        lines = in_order(naming.line(row) for row in people.values())
        return {
            "agencies": agencies_here(location),
            "all_agencies": list(Agency.objects.order_by("name")),
            "groups": DeliveryGroup.objects.filter(location=location),
            "members": GroupMember.objects.filter(pk__in=[line.id for line in lines]),
            "lines": lines,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add a row, keeping what was typed; or save."""
        if request.POST.get("action") == "row":
            view: Any = self
            self.object = view.fetch()
            kwargs = view.get_form_kwargs()
            typed = TrainingForm(data=request.POST, **kwargs)
            longer = {"initial": typed.as_typed(), "rows": typed.rows_sent() + 1}
            return view.page(object=self.object, form=TrainingForm(**{**kwargs, **longer}))
        return super().post(request, *args, **kwargs)  # type: ignore[misc]  # mixed into a form view

    def frame(self, **kwargs: Any) -> dict[str, Any]:
        """Return the words around the form."""
        location = self.location
        note_programme(self.request, location.programme)
        return {
            "caption": location.name,
            "crumbs": location_crumbs(location, training_crumb(location)),
            "cancel_url": training_crumb(location)[1],
            **kwargs,
        }


class TrainingCreateView(_TrainingForm, CreateView):
    """Notes a session."""

    queryset = LOCATIONS
    permission = RECORD
    also_shows = (GroupMember,)
    ledger_touches = (Category.PEOPLE,)
    success_message = _("The session is noted.")

    @property
    def location(self) -> Location:
        """The location itself."""
        location: Location = self.object
        return location

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer what this location has."""
        return self.choices()

    def perform(self, form: Any) -> str:
        """Note it."""
        return record_training(
            location=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        return self.frame(
            heading=_("Note a training session"), submit_label=_("Note the session"), **kwargs
        )


class SessionLookup:
    """Finds a session under its location."""

    kwargs: dict[str, Any]
    object: Any

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["session"]}

    @property
    def location(self) -> Location:
        """The session's location."""
        location: Location = self.object.location
        return location


class TrainingDetailView(SessionLookup, DetailView):
    """One session: who came."""

    queryset = SESSIONS
    permission = Permission.VIEW
    template_name = "delivery/training/detail.html"
    also_shows = (GroupMember,)
    ledger_touches = (Category.PEOPLE,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add who came."""
        page = location_page(
            self.request, self.location, current="training", crumbs=[training_crumb(self.location)]
        )
        naming = naming_for(self.request.user, self.location)
        return {
            **kwargs,
            **page,
            "may_record": RECORD in page["rights"],
            "session": session_lines([self.object], naming=naming)[0],
            "named": who_came(self.object, reader=self.request.user),
        }


class TrainingChangeView(SessionLookup, _TrainingForm, UpdateView):
    """Changes a session and who came."""

    queryset = SESSIONS
    permission = RECORD
    also_shows = (GroupMember,)
    ledger_touches = (Category.PEOPLE,)
    success_message = _("The session is changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill in what is stored."""
        session: TrainingSession = self.object
        naming = naming_for(self.request.user, self.location)
        line = session_lines([session], naming=naming)[0]
        rows = list(TrainingAttendance.objects.filter(session=session))
        counted: dict[Any, int] = {}
        for row in rows:
            counted[row.agency_id] = counted.get(row.agency_id, 0) + row.people
        named = [row.member_id for row in rows if row.member_id]
        choices = self.choices(also=named)
        known = {agency.pk for agency in choices["agencies"]}
        choices["agencies"] = [
            *choices["agencies"],
            *(a for a in choices["all_agencies"] if a.pk in counted and a.pk not in known),
        ]
        return {
            **choices,
            "version": session.version,
            "counted": counted,
            "hides_trainer": bool(line.trainer_withheld),
            "initial": {
                "course": session.course_id,
                "held_on": session.held_on,
                "where": session.where,
                "trainer": session.trainer,
                "group": session.group_id,
                "notes": session.notes,
                "members": named,
            },
        }

    def perform(self, form: Any) -> str:
        """Save it."""
        data = {"trainer": self.object.trainer, **form.cleaned_data}
        return change_training(session=self.object, by=self.request.user, **data).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        return self.frame(heading=_("Change the session"), **kwargs)


class TrainingHistoryView(SessionLookup, HistoryView):
    """What changed on a session and its attendance."""

    queryset = SESSIONS
    permission = Permission.HISTORY_READ
    also_shows = (TrainingAttendance,)

    def parts(self) -> list[Any]:
        """Return the session with its attendance."""
        return [self.object, TrainingAttendance.objects.filter(session=self.object)]
