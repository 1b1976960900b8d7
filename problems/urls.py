"""Addresses of problems."""

from django.urls import URLPattern, URLResolver, include, path

from problems.views import analysis, interventions, pictures, problems

app_name = "problems"

_theme: list[URLPattern | URLResolver] = [
    path("hypothesis/", pictures.ThemeHypothesisView.as_view(), name="theme-hypothesis"),
    path("intervention/", pictures.ThemeInterventionView.as_view(), name="theme-intervention"),
]
_picture: list[URLPattern | URLResolver] = [
    path("", pictures.PictureView.as_view(), name="picture-detail"),
    path("image/", pictures.PictureImageView.as_view(), name="picture-image"),
    path("edit/", pictures.PictureEditView.as_view(), name="picture-edit"),
    path("access/", pictures.PictureAccessView.as_view(), name="picture-access"),
    path("regions/new/", pictures.RegionNewView.as_view(), name="region-new"),
    path("regions/<uuid:region>/", pictures.RegionEditView.as_view(), name="region-edit"),
    path(
        "regions/<uuid:region>/remove/", pictures.RegionRemoveView.as_view(), name="region-remove"
    ),
    path("themes/new/", pictures.ThemeNewView.as_view(), name="theme-new"),
    path("themes/<uuid:theme>/", include(_theme)),
]
_intervention: list[URLPattern | URLResolver] = [
    path("", interventions.InterventionView.as_view(), name="intervention-detail"),
    path("edit/", interventions.InterventionEditView.as_view(), name="intervention-edit"),
    path("compared/", interventions.BaselineView.as_view(), name="baseline-edit"),
    path("lock/", interventions.LockView.as_view(), name="baseline-lock"),
    path("start/", interventions.StartView.as_view(), name="intervention-start"),
    path("end/", interventions.EndView.as_view(), name="intervention-end"),
    path("ask/", interventions.AskView.as_view(), name="intervention-ask"),
    path("evaluate/", interventions.EvaluateView.as_view(), name="intervention-evaluate"),
    path(
        "results/<uuid:evaluation>/",
        interventions.EvaluationView.as_view(),
        name="evaluation-detail",
    ),
]
_problem: list[URLPattern | URLResolver] = [
    path("", problems.ProblemView.as_view(), name="problem-detail"),
    path("edit/", problems.ProblemEditView.as_view(), name="problem-edit"),
    path("tests/", problems.ProblemTestsView.as_view(), name="problem-tests"),
    path("objective/", problems.ObjectiveView.as_view(), name="problem-objective"),
    path("analysis/", problems.AnalysisView.as_view(), name="problem-analysis"),
    path("assessment/", problems.AssessmentView.as_view(), name="problem-assessment"),
    path("stage/", problems.StageView.as_view(), name="problem-stage"),
    path("close/", problems.CloseView.as_view(), name="problem-close"),
    path("reopen/", problems.ReopenView.as_view(), name="problem-reopen"),
    path("access/", problems.ProblemAccessView.as_view(), name="problem-access"),
    path("history/", problems.ProblemHistoryView.as_view(), name="problem-history"),
    path("hypotheses/new/", analysis.HypothesisNewView.as_view(), name="hypothesis-new"),
    path(
        "hypotheses/<uuid:hypothesis>/",
        analysis.HypothesisEditView.as_view(),
        name="hypothesis-edit",
    ),
    path("evidence/", analysis.EvidenceKindsView.as_view(), name="evidence-kinds"),
    path("evidence/new/<slug:kind>/", analysis.EvidenceNewView.as_view(), name="evidence-new"),
    path(
        "evidence/<uuid:link>/withdraw/",
        analysis.LinkWithdrawView.as_view(),
        name="evidence-withdraw",
    ),
    path(
        "interventions/new/",
        interventions.InterventionNewView.as_view(),
        name="intervention-new",
    ),
    path("interventions/<uuid:intervention>/", include(_intervention)),
]
_location: list[URLPattern | URLResolver] = [
    path("", problems.ProblemListView.as_view(), name="problem-list"),
    path("new/", problems.ProblemNewView.as_view(), name="problem-new"),
    path("pictures/new/", pictures.PictureNewView.as_view(), name="picture-new"),
    path("pictures/<uuid:picture>/", include(_picture)),
    path("<uuid:pk>/", include(_problem)),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("locations/<slug:slug>/problems/", include(_location)),
]
