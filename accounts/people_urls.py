"""Addresses of people and agencies."""

from django.urls import URLPattern, URLResolver, include, path

from accounts.views import agencies, closing, people

app_name = "people"

_person: list[URLPattern | URLResolver] = [
    path("", people.PersonView.as_view(), name="person"),
    path("edit/", people.PersonUpdateView.as_view(), name="person-edit"),
    path("suspend/", closing.SuspendView.as_view(), name="suspend"),
    path("restore/", closing.RestoreView.as_view(), name="restore"),
    path("second-factor/", closing.ResetSecondFactorView.as_view(), name="second-factor-reset"),
    path("leave/", closing.LeaveView.as_view(), name="leave"),
    path(
        "invitations/<uuid:invitation>/resend/",
        people.InvitationResendView.as_view(),
        name="invitation-resend",
    ),
    path(
        "invitations/<uuid:invitation>/withdraw/",
        people.InvitationWithdrawView.as_view(),
        name="invitation-withdraw",
    ),
    path(
        "tokens/<uuid:token>/revoke/", people.PersonTokenRevokeView.as_view(), name="token-revoke"
    ),
]

_agency: list[URLPattern | URLResolver] = [
    path("", agencies.AgencyView.as_view(), name="agency"),
    path("edit/", agencies.AgencyUpdateView.as_view(), name="agency-edit"),
    path("members/new/", agencies.AgencyMemberCreateView.as_view(), name="agency-member-new"),
    path("members/<uuid:member>/", agencies.AgencyMemberChangeView.as_view(), name="agency-member"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("people/", people.PeopleView.as_view(), name="people"),
    path("people/<uuid:person>/", include(_person)),
    path("agencies/", agencies.AgencyListView.as_view(), name="agencies"),
    path("agencies/new/", agencies.AgencyCreateView.as_view(), name="agency-new"),
    path("agencies/<uuid:pk>/", include(_agency)),
]
