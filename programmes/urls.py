"""Addresses of programmes."""

from django.urls import URLPattern, URLResolver, include, path

from programmes.views import (
    access,
    agreements,
    areas,
    editions,
    exports,
    ledger,
    locations,
    members,
    people,
    programmes,
    signatures,
    steps,
    verification,
)

app_name = "programmes"

_steps: list[URLPattern | URLResolver] = [
    path("", steps.StepDetailView.as_view(), name="step-detail"),
    path("access/", access.StepAccessView.as_view(), name="step-access"),
    path("plan/", steps.StepPlanView.as_view(), name="step-plan"),
    path("start/", steps.StepStartView.as_view(), name="step-start"),
    path("sign-off/", steps.SignOffView.as_view(), name="step-sign-off"),
    path("reopen/", steps.ReopenView.as_view(), name="step-reopen"),
    path("send/", verification.SendView.as_view(), name="step-send"),
    path("verify/", verification.VerifyView.as_view(), name="step-verify"),
    path("evidence/new/", steps.EvidenceCreateView.as_view(), name="evidence-new"),
    path(
        "evidence/<uuid:evidence>/access/",
        access.EvidenceAccessView.as_view(),
        name="evidence-access",
    ),
    path("evidence/<uuid:evidence>/file/", steps.EvidenceFileView.as_view(), name="evidence-file"),
    path(
        "evidence/<uuid:evidence>/withdraw/",
        steps.WithdrawView.as_view(),
        name="evidence-withdraw",
    ),
]

_people: list[URLPattern | URLResolver] = [
    path("", people.PeopleView.as_view(), name="location-people"),
    path("new/", people.ConsentCreateView.as_view(), name="consent-new"),
    path("<uuid:consent>/", people.ConsentView.as_view(), name="consent-detail"),
    path("<uuid:consent>/access/", access.ConsentAccessView.as_view(), name="consent-access"),
    path("<uuid:consent>/withdraw/", people.ConsentWithdrawView.as_view(), name="consent-withdraw"),
]

_agreement: list[URLPattern | URLResolver] = [
    path("", agreements.AgreementView.as_view(), name="agreement-detail"),
    path("change/", agreements.AgreementChangeView.as_view(), name="agreement-change"),
    path("sign/", signatures.AgreementSignView.as_view(), name="agreement-sign"),
    path("paper/", signatures.PaperSignatureView.as_view(), name="agreement-paper"),
    path("review/", agreements.AgreementReviewView.as_view(), name="agreement-review"),
    path("end/", agreements.AgreementEndView.as_view(), name="agreement-end"),
    path("access/", access.AgreementAccessView.as_view(), name="agreement-access"),
    path("document/", agreements.AgreementDocumentView.as_view(), name="agreement-document"),
    path(
        "parties/<uuid:party>/withdraw/",
        signatures.PartyWithdrawView.as_view(),
        name="agreement-withdraw",
    ),
]

_location: list[URLPattern | URLResolver] = [
    path("", locations.LocationDetailView.as_view(), name="location-detail"),
    path("edit/", locations.LocationUpdateView.as_view(), name="location-edit"),
    path("about/", locations.LocationAboutView.as_view(), name="location-about"),
    path("area/", areas.LocationAreaView.as_view(), name="location-area"),
    path("access/", access.LocationAccessView.as_view(), name="location-access"),
    path("people/", include(_people)),
    path("members/", members.LocationMembersView.as_view(), name="location-members"),
    path("members/new/", members.LocationMemberCreateView.as_view(), name="location-member-new"),
    path(
        "members/<uuid:member>/", members.LocationMemberChangeView.as_view(), name="location-member"
    ),
    path("history/", locations.LocationHistoryView.as_view(), name="location-history"),
    path("exports/", exports.LocationExportsView.as_view(), name="location-exports"),
    path("places/", locations.PlaceListView.as_view(), name="place-list"),
    path("places/new/", locations.PlaceCreateView.as_view(), name="place-new"),
    path("places/<slug:place>/", locations.PlaceDetailView.as_view(), name="place-detail"),
    path("places/<slug:place>/access/", access.PlaceAccessView.as_view(), name="place-access"),
    path("places/<slug:place>/edit/", locations.PlaceUpdateView.as_view(), name="place-edit"),
    path("places/<slug:place>/area/", areas.PlaceAreaView.as_view(), name="place-area"),
    path("steps/", locations.StepListView.as_view(), name="step-list"),
    path("steps/<int:number>/", include(_steps)),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", programmes.HomeView.as_view(), name="home"),
    path("lately/", programmes.LatelyView.as_view(), name="lately"),
    path("ledger/", ledger.LedgerView.as_view(), name="ledger"),
    path("ledger/mine/", ledger.OwnLedgerView.as_view(), name="ledger-mine"),
    path("programmes/", programmes.ProgrammeListView.as_view(), name="programme-list"),
    path("programmes/new/", programmes.ProgrammeCreateView.as_view(), name="programme-new"),
    path(
        "programmes/<slug:slug>/",
        programmes.ProgrammeDetailView.as_view(),
        name="programme-detail",
    ),
    path(
        "programmes/<slug:slug>/access/",
        access.ProgrammeAccessView.as_view(),
        name="programme-access",
    ),
    path(
        "programmes/<slug:slug>/members/",
        members.ProgrammeMembersView.as_view(),
        name="programme-members",
    ),
    path(
        "programmes/<slug:slug>/members/new/",
        members.ProgrammeMemberCreateView.as_view(),
        name="programme-member-new",
    ),
    path(
        "programmes/<slug:slug>/members/<uuid:member>/",
        members.ProgrammeMemberChangeView.as_view(),
        name="programme-member",
    ),
    path(
        "programmes/<slug:slug>/exports/",
        exports.ProgrammeExportsView.as_view(),
        name="programme-exports",
    ),
    path(
        "programmes/<slug:slug>/edit/",
        programmes.ProgrammeUpdateView.as_view(),
        name="programme-edit",
    ),
    path(
        "programmes/<slug:slug>/edition/",
        editions.EditionView.as_view(),
        name="programme-edition",
    ),
    path(
        "programmes/<slug:slug>/locations/new/",
        programmes.LocationCreateView.as_view(),
        name="location-new",
    ),
    path("agreements/", agreements.AgreementListView.as_view(), name="agreements"),
    path(
        "programmes/<slug:slug>/agreements/",
        agreements.ProgrammeAgreementsView.as_view(),
        name="programme-agreements",
    ),
    path(
        "programmes/<slug:slug>/agreements/new/",
        agreements.AgreementCreateView.as_view(),
        name="agreement-new",
    ),
    path("programmes/<slug:slug>/agreements/<uuid:agreement>/", include(_agreement)),
    path("locations/<slug:slug>/", include(_location)),
]
