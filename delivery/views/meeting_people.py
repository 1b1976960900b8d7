"""Who is asked to a meeting: adding people, mailing them, taking them off, one's own answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Agency
from accounts.permissions import Permission
from core.views import ActionView, UpdateView
from delivery.forms.meetings import InviteForm
from delivery.models import MeetingAttendance
from delivery.selectors.meeting_choices import people_to_invite
from delivery.services.meeting_mail import send_invitations
from delivery.services.meeting_people import answer_invitation, invite_people, uninvite
from delivery.views.meetings import MEETINGS, RECORD, MeetingLookup

ATTENDANCE = MeetingAttendance.objects.select_related(
    "meeting__location__programme", "user__agency", "member__consent"
)


class InviteView(MeetingLookup, UpdateView):
    """Adds people to the list."""

    queryset = MEETINGS
    permission = RECORD
    template_name = "programmes/form.html"
    also_shows = (MeetingAttendance,)
    heading = _("Ask more people")
    submit_label = _("Add them to the list")
    intro = _("Nobody is mailed yet: you send the invitations from the meeting’s page.")
    success_message = _("They are on the list.")

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        """Offer who is not on the list yet."""
        meeting = self.meeting
        return InviteForm(
            data=data,
            people=people_to_invite(meeting.location, self.request.user, meeting=meeting),
            agencies=Agency.objects.order_by("name"),
        )

    def perform(self, form: Any) -> str:
        """Add them."""
        invite_people(meeting=self.meeting, invited=form.invited(), by=self.request.user)
        return self.meeting.get_absolute_url()


class SendInvitationsView(MeetingLookup, ActionView):
    """Mails everybody on the list who has not been told of the meeting as it stands."""

    queryset = MEETINGS
    permission = RECORD

    def perform(self) -> str:
        """Mail them and say how many."""
        mailed = send_invitations(meeting=self.meeting, by=self.request.user)
        words = ngettext(
            "%(n)d invitation is sent.", "%(n)d invitations are sent.", mailed.sent
        ) % {"n": mailed.sent}
        if mailed.unreachable:
            words += " " + ngettext(
                "%(n)d person has no e-mail address here: ask them yourself.",
                "%(n)d people have no e-mail address here: ask them yourself.",
                mailed.unreachable,
            ) % {"n": mailed.unreachable}
        messages.success(self.request, words)
        return self.meeting.get_absolute_url()


class UninviteView(ActionView):
    """Takes somebody off the list."""

    queryset = ATTENDANCE
    permission = RECORD
    success_message = _("They are off the list.")

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks the place on the list."""
        return {
            "meeting__location__slug": self.kwargs["slug"],
            "meeting": self.kwargs["meeting"],
            "pk": self.kwargs["attendance"],
        }

    def perform(self) -> str:
        """Take them off."""
        url = str(self.object.meeting.get_absolute_url())
        uninvite(attendance=self.object, by=self.request.user)
        return url


class AnswerView(MeetingLookup, ActionView):
    """Says for oneself whether one comes."""

    queryset = MEETINGS
    permission = Permission.VIEW

    def may(self, obj: Any, permission: str | None = None) -> bool:
        """Ask for a place on the list of one's own."""
        self.own = obj.attendance.filter(user=self.request.user).first()
        return self.own is not None

    def perform(self) -> str:
        """Keep the answer."""
        coming = self.request.POST.get("coming") == "yes"
        assert self.own is not None
        answer_invitation(attendance=self.own, coming=coming, by=self.request.user)
        words = _t("You said that you come.") if coming else _t("You sent your apologies.")
        messages.success(self.request, words)
        return self.meeting.get_absolute_url()
