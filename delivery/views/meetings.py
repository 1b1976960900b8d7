"""Pages of meetings: the list, planning, one meeting, its change, its end."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.choices import LedgerAction
from core.selectors import history_of
from core.views import CreateView, DetailView, UpdateView
from core.views.history import timeline_item
from delivery.choices import MeetingKind, MeetingState
from delivery.forms.meetings import CancelForm, KindForm, MeetingForm, SummaryForm
from delivery.meeting_calendar import CONTENT_TYPE, calendar_of, event_of
from delivery.meeting_templates import TEMPLATES
from delivery.models import Decision, Issue, Meeting, MeetingAttendance
from delivery.selectors.meeting_choices import groups_of, people_to_invite
from delivery.selectors.meetings import meetings_of
from delivery.selectors.minutes import record_of
from delivery.services import meetings as services
from delivery.services.meeting_mail import when_words
from programmes.models import Location
from programmes.pages import Crumb, location_crumbs, location_page, note_programme

LOCATIONS = Location.objects.select_related("programme", "area")
MEETINGS = Meeting.objects.select_related(
    "location__programme__lead_agency", "group", "called_by", "minutes", "minutes_named"
)
RECORD = Permission.DELIVERY_RECORD


class MeetingListView(DetailView):
    """The meetings of a location: ahead, to be closed, past."""

    queryset = LOCATIONS
    permission = Permission.VIEW
    template_name = "delivery/meetings/list.html"
    also_shows = (Meeting,)
    page_size = 30

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the meetings."""
        found = meetings_of(self.object, self.request.user)
        page = Paginator(found.past, self.page_size).get_page(self.request.GET.get("page"))
        return {
            **kwargs,
            **location_page(self.request, self.object, current="meetings"),
            "meetings": found,
            "past": page,
        }


class MeetingCreateView(CreateView):
    """Plans a meeting: first which kind, then the rest, filled in from its template."""

    queryset = LOCATIONS
    permission = RECORD
    template_name = "programmes/form.html"
    form_class = MeetingForm
    also_shows = (MeetingAttendance,)
    success_message = _("The meeting is planned. Check the list of people, then send invitations.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for the kind, then show the form as its template has it."""
        if request.GET.get("kind") in MeetingKind.values:
            return super().get(request, *args, **kwargs)
        self.object = self.fetch()
        form = KindForm(request.GET if "kind" in request.GET else None)
        context = self.get_context_data(object=self.object, form=form)
        context["submit_label"] = _("Continue")
        return render(request, "delivery/meetings/kind.html", context)

    @property
    def kind(self) -> str:
        """The kind that was chosen; an unknown one is any other meeting."""
        kind = self.request.GET.get("kind", "")
        return kind if kind in MeetingKind.values else MeetingKind.OTHER

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        """Fill it in from the template, people ticked who usually come."""
        template = TEMPLATES[MeetingKind(self.kind)]
        groups = groups_of(self.object)
        group = groups.filter(pk=self.request.GET.get("group") or None).first()
        if group is None and template.group is not None:
            found = list(groups.filter(kind=template.group)[:2])
            group = found[0] if len(found) == 1 else None
        people = people_to_invite(self.object, self.request.user, template=template, group=group)
        start = dt.time(10, 0)
        end = dt.datetime.combine(dt.date.min, start) + dt.timedelta(minutes=template.minutes)
        return MeetingForm(
            data=data,
            groups=groups,
            people=people,
            initial={
                "title": template.title,
                "starts_at": start,
                "ends_at": end.time(),
                "agenda": template.agenda_text,
                "group": group,
                "people": list(people.ticked),
            },
        )

    def perform(self, form: Any) -> str:
        """Plan it."""
        data = form.cleaned_data
        return services.plan_meeting(
            location=self.object,
            kind=self.kind,
            invited=data.pop("people", []),
            by=self.request.user,
            **data,
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        note_programme(self.request, self.object.programme)
        template = TEMPLATES[MeetingKind(self.kind)]
        chosen = self.request.GET.get("kind") in MeetingKind.values
        back = reverse("delivery:meetings", args=[self.object.slug])
        return {
            **kwargs,
            "heading": _("Plan a meeting"),
            "caption": f"{self.object.name} · {template.title}" if chosen else self.object.name,
            "intro": template.purpose if chosen else "",
            "submit_label": _("Plan the meeting"),
            "cancel_url": back,
            "crumbs": location_crumbs(self.object, (_t("Meetings"), back)),
        }


class MeetingLookup:
    """Finds a meeting under its location, and frames its pages."""

    kwargs: dict[str, Any]
    request: Any
    object: Any
    heading: ClassVar[Any] = ""
    submit_label: ClassVar[Any] = ""
    intro: ClassVar[Any] = ""

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["meeting"]}

    @property
    def meeting(self) -> Meeting:
        """The meeting that this page is about."""
        meeting: Meeting = self.object
        return meeting

    def way(self) -> list[Crumb]:
        """Return the way to the meeting, below its location."""
        back = reverse("delivery:meetings", args=[self.meeting.location.slug])
        return [(_t("Meetings"), back)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around a form."""
        meeting = self.meeting
        note_programme(self.request, meeting.location.programme)
        own = (meeting.title, meeting.get_absolute_url())
        return {
            **kwargs,
            "meeting": meeting,
            "when": when_words(meeting),
            "heading": self.heading,
            "caption": f"{meeting.title}, {when_words(meeting)}",
            "submit_label": self.submit_label,
            "intro": self.intro,
            "cancel_url": meeting.get_absolute_url(),
            "crumbs": location_crumbs(meeting.location, *self.way(), own),
        }


class MeetingView(MeetingLookup, DetailView):
    """One meeting: when, where, about what, who is asked, and what came of it."""

    queryset = MEETINGS
    permission = Permission.VIEW
    template_name = "delivery/meetings/detail.html"
    also_shows = (MeetingAttendance, Issue, Decision)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add people, entries, and what the reader may do."""
        meeting = self.meeting
        page = location_page(self.request, meeting.location, current="meetings", crumbs=self.way())
        changes = (
            history_of(
                meeting,
                Issue.objects.filter(meeting=meeting),
                Decision.objects.filter(meeting=meeting),
                limit=30,
                reader=self.request.user,
            )
            if Permission.HISTORY_READ in page["rights"]
            else []
        )
        return {
            **kwargs,
            **page,
            "meeting": meeting,
            "when": when_words(meeting),
            "record": record_of(meeting, self.request.user),
            "is_planned": meeting.state == MeetingState.PLANNED,
            "is_held": meeting.state == MeetingState.HELD,
            "look": LOOKS[MeetingState(meeting.state)],
            "entries": [timeline_item(change) for change in changes],
        }


LOOKS = {
    MeetingState.PLANNED: "open",
    MeetingState.HELD: "done",
    MeetingState.CANCELLED: "cancelled",
}


class MeetingChangeView(MeetingLookup, UpdateView):
    """Changes the appointment or the agenda."""

    queryset = MEETINGS
    permission = RECORD
    template_name = "programmes/form.html"
    form_class = MeetingForm
    heading = _("Change the meeting")
    submit_label = _("Save the meeting")
    intro = _(
        "Who was mailed gets a mail with the change, and their calendar moves the entry it has."
    )
    success_message = _("The meeting is changed.")

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        """Fill it from what is stored."""
        meeting = self.meeting
        names = ("title", "held_on", "starts_at", "ends_at", "where", "agenda", "group")
        return MeetingForm(
            data=data,
            groups=groups_of(meeting.location),
            version=meeting.version,
            initial={name: getattr(meeting, name) for name in names},
        )

    def perform(self, form: Any) -> str:
        """Save it."""
        return services.change_meeting(
            meeting=self.meeting, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class MeetingCancelView(MeetingLookup, UpdateView):
    """Cancels a meeting."""

    queryset = MEETINGS
    permission = RECORD
    template_name = "programmes/form.html"
    form_class = CancelForm
    heading = _("Cancel the meeting")
    submit_label = _("Cancel the meeting and tell people")
    success_message = _("The meeting is cancelled. Who was mailed before is told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version that the person saw."""
        return {"version": self.meeting.version}

    def perform(self, form: Any) -> str:
        """Cancel it."""
        return services.cancel_meeting(
            meeting=self.meeting, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class MeetingCloseView(MeetingLookup, UpdateView):
    """Closes a meeting that was held."""

    queryset = MEETINGS
    permission = RECORD
    template_name = "programmes/form.html"
    form_class = SummaryForm
    heading = _("Close the meeting")
    submit_label = _("Close the meeting")
    intro = _(
        "Whoever was asked and is not marked counts as absent. What was written down can still be "
        "corrected afterwards."
    )
    success_message = _("The meeting is closed. Now the minutes can be made.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version that the person saw."""
        return {"version": self.meeting.version, "initial": {"summary": self.meeting.summary}}

    def perform(self, form: Any) -> str:
        """Close it."""
        closed = services.close_meeting(
            meeting=self.meeting, by=self.request.user, **form.cleaned_data
        )
        return reverse("delivery:meeting-minutes", args=[closed.location.slug, closed.pk])


class MeetingCalendarView(MeetingLookup, DetailView):
    """The meeting as a file for a calendar."""

    queryset = MEETINGS
    permission = Permission.VIEW
    ledger_action = LedgerAction.DOWNLOAD

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send it; without anybody's name."""
        self.object = self.fetch()
        meeting = self.meeting
        response = HttpResponse(
            calendar_of(event_of(meeting)), content_type=f"{CONTENT_TYPE}; charset=utf-8"
        )
        name = f"{slugify(meeting.title)[:60] or 'meeting'}-{meeting.held_on:%Y-%m-%d}.ics"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        return response
