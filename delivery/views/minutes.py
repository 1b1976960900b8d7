"""The minutes of a meeting as page and as PDF, and the register of decisions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from accounts.sharing import Category
from core import clock, files
from core.models import JobRun
from core.views import ActionView, CreateView, DetailView, DownloadView
from delivery.choices import MeetingState
from delivery.forms.meetings import DecisionEntryForm, DecisionFilter
from delivery.models import Action, Decision, Issue, MeetingAttendance
from delivery.selectors.groups import naming_for
from delivery.selectors.meetings import decisions_of
from delivery.selectors.minutes import is_changed_since, may_read_names, record_of
from delivery.services import meeting_minutes, meetings
from delivery.services.meeting_mail import when_words
from delivery.views.meetings import LOCATIONS, MEETINGS, RECORD, MeetingLookup
from programmes.pages import location_crumbs, location_page, note_programme


class MinutesView(MeetingLookup, DetailView):
    """The minutes as a page, as its reader may see them."""

    queryset = MEETINGS
    permission = Permission.VIEW
    template_name = "delivery/meetings/minutes.html"
    also_shows = (MeetingAttendance, Issue, Decision, Action)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the meeting came to, and how its files stand."""
        meeting = self.meeting
        own = (meeting.title, meeting.get_absolute_url())
        page = location_page(
            self.request, meeting.location, current="meetings", crumbs=[*self.way(), own]
        )
        naming = naming_for(self.request.user, meeting.location)
        jobs = JobRun.objects.all().visible_to(self.request.user)
        making = jobs.open().filter(kind=meeting_minutes.KIND, key=str(meeting.pk)).first()
        return {
            **kwargs,
            **page,
            "meeting": meeting,
            "when": when_words(meeting),
            "record": record_of(meeting, self.request.user, naming),
            "is_held": meeting.state == MeetingState.HELD,
            "with_names": meeting.minutes is not None and may_read_names(meeting, naming),
            "changed_since": is_changed_since(meeting),
            "making": making,
        }


class MakeMinutesView(MeetingLookup, ActionView):
    """Asks for the printed minutes."""

    queryset = MEETINGS
    permission = RECORD

    def perform(self) -> str:
        """Ask, and go to the job."""
        return meeting_minutes.request_minutes(
            meeting=self.meeting, by=self.request.user
        ).get_absolute_url()


class SendMinutesView(MeetingLookup, ActionView):
    """Mails the link to the minutes to those who were invited."""

    queryset = MEETINGS
    permission = RECORD

    def perform(self) -> str:
        """Mail them and say how many."""
        meeting = self.meeting
        sent = meeting_minutes.send_minutes(meeting=meeting, by=self.request.user)
        words = ngettext(
            "The link to the minutes is mailed to %(n)d person.",
            "The link to the minutes is mailed to %(n)d people.",
            sent,
        ) % {"n": sent}
        messages.success(self.request, words)
        return reverse("delivery:meeting-minutes", args=[meeting.location.slug, meeting.pk])


class MinutesPdfView(MeetingLookup, DownloadView):
    """The minutes as PDF: with names for those who may read all of them, else without."""

    queryset = MEETINGS
    permission = Permission.VIEW

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """Send the file that this reader may have."""
        self.object = self.fetch()
        meeting = self.meeting
        naming = naming_for(request.user, meeting.location)
        stored = meeting_minutes.minutes_for(meeting, naming)
        if stored is None:
            raise Http404
        if stored == meeting.minutes_named:
            self.ledger_touches = (Category.PEOPLE,)  # type: ignore[misc]  # set for this answer alone
        return files.response(stored, marking=self.file_marking())


class DecisionRegisterView(DetailView):
    """What was decided at a location, the latest first."""

    queryset = LOCATIONS
    permission = Permission.VIEW
    template_name = "delivery/meetings/decisions.html"
    also_shows = (Decision,)
    page_size = 50

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the decisions that are looked for."""
        form = DecisionFilter(self.request.GET or None)
        rows = decisions_of(self.object, self.request.user, **form.wanted())
        page = Paginator(rows, self.page_size).get_page(self.request.GET.get("page"))
        return {
            **kwargs,
            **location_page(self.request, self.object, current="decisions"),
            "form": form,
            "page_obj": page,
            "clear_url": self.request.path,
            "filtered": any(name != "page" for name in self.request.GET),
        }


class DecisionCreateView(CreateView):
    """Records a decision that was taken outside a meeting."""

    queryset = LOCATIONS
    permission = RECORD
    template_name = "programmes/form.html"
    form_class = DecisionEntryForm
    success_message = _("The decision is recorded.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Propose today."""
        return {"initial": {"decided_on": clock.today()}}

    def perform(self, form: Any) -> str:
        """Record it."""
        return meetings.record_decision(
            location=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        note_programme(self.request, self.object.programme)
        back = reverse("delivery:decisions", args=[self.object.slug])
        return {
            **kwargs,
            "heading": _("Record a decision"),
            "caption": self.object.name,
            "intro": _("For what was agreed outside a meeting: by mail, by phone, on a visit."),
            "submit_label": _("Record the decision"),
            "cancel_url": back,
            "crumbs": location_crumbs(self.object, (_t("Decisions"), back)),
        }
