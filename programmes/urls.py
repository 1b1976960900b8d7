"""Addresses of programmes."""

from django.urls import URLPattern, URLResolver, include, path

from programmes.views import areas, locations, programmes, steps

app_name = "programmes"

_steps: list[URLPattern | URLResolver] = [
    path("", steps.StepDetailView.as_view(), name="step-detail"),
    path("plan/", steps.StepPlanView.as_view(), name="step-plan"),
    path("start/", steps.StepStartView.as_view(), name="step-start"),
    path("sign-off/", steps.SignOffView.as_view(), name="step-sign-off"),
    path("reopen/", steps.ReopenView.as_view(), name="step-reopen"),
    path("evidence/new/", steps.EvidenceCreateView.as_view(), name="evidence-new"),
    path("evidence/<uuid:evidence>/file/", steps.EvidenceFileView.as_view(), name="evidence-file"),
    path(
        "evidence/<uuid:evidence>/withdraw/",
        steps.WithdrawView.as_view(),
        name="evidence-withdraw",
    ),
]

_location: list[URLPattern | URLResolver] = [
    path("", locations.LocationDetailView.as_view(), name="location-detail"),
    path("edit/", locations.LocationUpdateView.as_view(), name="location-edit"),
    path("area/", areas.LocationAreaView.as_view(), name="location-area"),
    path("history/", locations.LocationHistoryView.as_view(), name="location-history"),
    path("places/", locations.PlaceListView.as_view(), name="place-list"),
    path("places/new/", locations.PlaceCreateView.as_view(), name="place-new"),
    path("places/<slug:place>/", locations.PlaceDetailView.as_view(), name="place-detail"),
    path("places/<slug:place>/edit/", locations.PlaceUpdateView.as_view(), name="place-edit"),
    path("places/<slug:place>/area/", areas.PlaceAreaView.as_view(), name="place-area"),
    path("steps/", locations.StepListView.as_view(), name="step-list"),
    path("steps/<int:number>/", include(_steps)),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", programmes.HomeView.as_view(), name="home"),
    path("programmes/", programmes.ProgrammeListView.as_view(), name="programme-list"),
    path("programmes/new/", programmes.ProgrammeCreateView.as_view(), name="programme-new"),
    path(
        "programmes/<slug:slug>/",
        programmes.ProgrammeDetailView.as_view(),
        name="programme-detail",
    ),
    path(
        "programmes/<slug:slug>/edit/",
        programmes.ProgrammeUpdateView.as_view(),
        name="programme-edit",
    ),
    path(
        "programmes/<slug:slug>/locations/new/",
        programmes.LocationCreateView.as_view(),
        name="location-new",
    ),
    path("locations/<slug:slug>/", include(_location)),
]
