"""The capture: one page on which a meeting is written down while it runs, by several people.

Every form is an ordinary one: it is sent, stored, and the page comes back at the new entry. HTMX
only keeps the other forms as they are, half typed.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from core import clock
from core.views import UpdateView
from delivery.forms.meetings import (
    CaptureActionForm,
    CaptureDecisionForm,
    CaptureIssueForm,
    DecisionEntryForm,
    EntryForm,
    MarkForm,
    PresentForm,
)
from delivery.models import Action, Concern, Decision, Issue, MeetingAttendance
from delivery.selectors.actions import people_to_ask
from delivery.selectors.groups import Naming, naming_for
from delivery.selectors.meeting_choices import people_to_invite
from delivery.selectors.meetings import concerns_to_raise
from delivery.selectors.minutes import record_of
from delivery.services import meetings as services
from delivery.services.actions import ask_action
from delivery.services.meeting_people import add_present, mark_attendance
from delivery.views.meetings import MEETINGS, RECORD, MeetingLookup
from programmes.pages import location_crumbs, note_programme

POLL = _("the same page asked for again every few seconds")


class CaptureView(MeetingLookup, UpdateView):
    """Attendance, agenda, three short forms, and what was written down so far."""

    queryset = MEETINGS
    permission = RECORD
    template_name = "delivery/meetings/capture.html"
    also_shows = (MeetingAttendance, Issue, Decision, Action, Concern)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it; what HTMX asks for again and again is not noted each time."""
        if request.headers.get("HX-Request"):
            self.ledger_quiet = POLL  # type: ignore[misc]  # set for this answer alone
        return super().get(request, *args, **kwargs)

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        """Return the form that was sent; None where the page is only shown."""
        self.what = (data or {}).get("what", "issue")
        if data is None:
            return None
        if self.what not in self.FORMS:
            raise Http404
        return self.form_named(self.what, data)

    FORMS: ClassVar[tuple[str, ...]] = ("issue", "decision", "action", "present", "mark")

    def form_named(self, what: str, data: Any = None) -> Any:
        """Return one of the page's forms, bound to what was sent or empty."""
        meeting = self.meeting
        if what == "issue":
            return CaptureIssueForm(data, prefix=what, concerns=self.concerns())
        if what == "decision":
            return CaptureDecisionForm(
                data, prefix=what, issues=meeting.issues.order_by("created_at")
            )
        if what == "action":
            return CaptureActionForm(
                data,
                prefix=what,
                owners=people_to_ask(meeting.location),
                decisions=meeting.decisions.order_by("created_at"),
            )
        if what == "present":
            return PresentForm(
                data,
                prefix=what,
                people=people_to_invite(
                    meeting.location, self.request.user, meeting=meeting, naming=self.naming()
                ),
                agencies=Agency.objects.order_by("name"),
            )
        return MarkForm(data, attendance=meeting.attendance.all())

    def naming(self) -> Naming:
        """Return whose names the reader may know here; read once."""
        if not hasattr(self, "_naming"):
            self._naming = naming_for(self.request.user, self.meeting.location)
        return self._naming

    def concerns(self) -> list[Concern]:
        """Return what residents brought that the reader may raise; read once."""
        if not hasattr(self, "_concerns"):
            self._concerns = concerns_to_raise(self.meeting.location, self.request.user)
        return self._concerns

    def perform(self, form: Any) -> str:
        """Store what was sent, and come back at it."""
        meeting, by, data = self.meeting, self.request.user, form.cleaned_data
        entry: Any
        if self.what == "mark":
            entry = mark_attendance(attendance=data["attendance"], state=data["state"], by=by)
        elif self.what == "present":
            entry = add_present(id=data["id"], meeting=meeting, invitee=form.invitee(), by=by)
        elif self.what == "issue":
            entry = services.raise_issue(
                id=data["id"],
                meeting=meeting,
                text=data["text"],
                concern=data.get("concern"),
                by=by,
            )
        elif self.what == "decision":
            entry = services.record_decision(
                id=data["id"],
                location=meeting.location,
                meeting=meeting,
                text=data["text"],
                issue=data["issue"],
                decided_on=min(meeting.held_on, clock.today()),
                by=by,
            )
        else:
            entry = ask_action(
                id=data["id"],
                location=meeting.location,
                meeting=meeting,
                title=data["title"],
                owner=data["owner"],
                due_on=data["due_on"],
                decision=data["decision"],
                by=by,
            )
        address = reverse("delivery:meeting-capture", args=[meeting.location.slug, meeting.pk])
        return f"{address}?saved={self.what}#entry-{entry.pk}"

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """Render it; HTMX shows a form's errors only where the answer is not one itself."""
        if status == 422 and self.request.headers.get("HX-Request"):
            status = 200
        return super().page(status=status, **context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the forms and what was written down."""
        meeting = self.meeting
        note_programme(self.request, meeting.location.programme)
        sent = kwargs.pop("form", None)
        forms = {
            name: sent if sent is not None and name == self.what else self.form_named(name)
            for name in ("issue", "decision", "action", "present")
        }
        saved = self.request.GET.get("saved", "")
        own = (meeting.title, meeting.get_absolute_url())
        return {
            **super().get_context_data(**kwargs),
            "form": sent,
            "forms": forms,
            "record": record_of(meeting, self.request.user, self.naming()),
            "concerns": self.concerns(),
            "saved": saved if sent is None else "",
            "saved_words": SAVED.get(saved, "") if sent is None else "",
            "capture_url": reverse(
                "delivery:meeting-capture", args=[meeting.location.slug, meeting.pk]
            ),
            "crumbs": location_crumbs(meeting.location, *self.way(), own),
        }


SAVED = {
    "issue": _("The issue is written down."),
    "decision": _("The decision is written down."),
    "action": _("The action is asked for. Its owner gets a mail."),
    "present": _("They are on the list as present."),
}


class IssueChangeView(MeetingLookup, UpdateView):
    """Corrects something raised."""

    queryset = Issue.objects.select_related("meeting__location__programme", "concern")
    permission = RECORD
    template_name = "programmes/form.html"
    form_class = EntryForm
    submit_label = _("Save the issue")
    heading = _("Correct what was raised")
    success_message = _("The issue is corrected.")

    @property
    def meeting(self) -> Any:
        """The meeting at which it was raised."""
        return self.object.meeting

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {
            "meeting__location__slug": self.kwargs["slug"],
            "meeting": self.kwargs["meeting"],
            "pk": self.kwargs["issue"],
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version that the person saw."""
        return {"version": self.object.version, "initial": {"text": self.object.text}}

    def perform(self, form: Any) -> str:
        """Save it."""
        return services.change_issue(
            issue=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class DecisionChangeView(UpdateView):
    """Corrects a decision."""

    queryset = Decision.objects.select_related("location__programme", "meeting__location")
    permission = RECORD
    template_name = "programmes/form.html"
    form_class = DecisionEntryForm
    success_message = _("The decision is corrected.")

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["decision"]}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version that the person saw."""
        decision: Decision = self.object
        return {
            "version": decision.version,
            "initial": {"text": decision.text, "decided_on": decision.decided_on},
        }

    def perform(self, form: Any) -> str:
        """Save it and go back to where it stands."""
        done = services.change_decision(
            decision=self.object, by=self.request.user, **form.cleaned_data
        )
        if done.meeting is not None:
            return f"{done.meeting.get_absolute_url()}#entry-{done.pk}"
        return done.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        decision: Decision = self.object
        note_programme(self.request, decision.location.programme)
        register = reverse("delivery:decisions", args=[decision.location.slug])
        back = decision.meeting.get_absolute_url() if decision.meeting is not None else register
        return {
            **kwargs,
            "heading": _("Correct the decision"),
            "caption": decision.location.name,
            "submit_label": _("Save the decision"),
            "cancel_url": back,
            "crumbs": location_crumbs(decision.location, (_t("Decisions"), register)),
        }
