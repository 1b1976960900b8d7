"""Addresses of meetings and decisions, below a location."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from delivery.views import meeting_capture, meeting_people, meetings, minutes

_meeting: list[URLPattern | URLResolver] = [
    path("", meetings.MeetingView.as_view(), name="meeting-detail"),
    path("change/", meetings.MeetingChangeView.as_view(), name="meeting-change"),
    path("cancel/", meetings.MeetingCancelView.as_view(), name="meeting-cancel"),
    path("close/", meetings.MeetingCloseView.as_view(), name="meeting-close"),
    path("calendar/", meetings.MeetingCalendarView.as_view(), name="meeting-calendar"),
    path("people/", meeting_people.InviteView.as_view(), name="meeting-invite"),
    path(
        "people/<uuid:attendance>/remove/",
        meeting_people.UninviteView.as_view(),
        name="meeting-uninvite",
    ),
    path("invitations/", meeting_people.SendInvitationsView.as_view(), name="meeting-send"),
    path("answer/", meeting_people.AnswerView.as_view(), name="meeting-answer"),
    path("capture/", meeting_capture.CaptureView.as_view(), name="meeting-capture"),
    path("issues/<uuid:issue>/", meeting_capture.IssueChangeView.as_view(), name="issue-change"),
    path("minutes/", minutes.MinutesView.as_view(), name="meeting-minutes"),
    path("minutes/make/", minutes.MakeMinutesView.as_view(), name="minutes-make"),
    path("minutes/send/", minutes.SendMinutesView.as_view(), name="minutes-send"),
    path("minutes/pdf/", minutes.MinutesPdfView.as_view(), name="minutes-pdf"),
]

location_patterns: list[URLPattern | URLResolver] = [
    path("meetings/", meetings.MeetingListView.as_view(), name="meetings"),
    path("meetings/new/", meetings.MeetingCreateView.as_view(), name="meeting-new"),
    path("meetings/<uuid:meeting>/", include(_meeting)),
    path("decisions/", minutes.DecisionRegisterView.as_view(), name="decisions"),
    path("decisions/new/", minutes.DecisionCreateView.as_view(), name="decision-new"),
    path(
        "decisions/<uuid:decision>/",
        meeting_capture.DecisionChangeView.as_view(),
        name="decision-change",
    ),
]
patterns: list[URLPattern | URLResolver] = []
