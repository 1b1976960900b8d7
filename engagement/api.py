"""The API's addresses: every app registers its viewsets on the one router."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from accounts.api.views import AgencyViewSet, MeView
from assets.api.views import (
    AssetViewSet,
    LinkViewSet,
    ObservationViewSet,
    StakeholderViewSet,
    VisualAuditViewSet,
)
from core.api.exports import ExportViewSet
from core.api.jobs import JobViewSet
from core.api.unknown import UnknownAddress
from delivery.api.actions import ActionViewSet
from delivery.api.groups import GroupViewSet, MemberViewSet, SeatViewSet
from delivery.api.help import EscalationViewSet
from delivery.api.meetings import DecisionViewSet, IssueViewSet, MeetingViewSet
from delivery.api.training import CourseViewSet, LogViewSet, TrainingViewSet
from delivery.api.voice import ConcernViewSet, FeedbackViewSet, PriorityViewSet
from incidents.api.feeds import FeedFileViewSet, FeedViewSet
from incidents.api.incidents import IncidentViewSet
from incidents.api.packages import DataPackageViewSet
from problems.api.views import (
    EvaluationViewSet,
    InterventionViewSet,
    ProblemViewSet,
    RichPictureViewSet,
)
from programmes.api.agreements import AgreementViewSet
from programmes.api.consents import ConsentViewSet
from programmes.api.ledger import LedgerViewSet
from programmes.api.steps import EvidenceViewSet, StepViewSet
from programmes.api.views import (
    LocationViewSet,
    ProgrammeViewSet,
    StepTemplateViewSet,
    TargetPlaceViewSet,
)
from reports.api.views import ReportViewSet
from surveys.api.answers import ResultViewSet, SubmissionViewSet
from surveys.api.surveys import QuestionViewSet, SurveyViewSet, WaveViewSet

router = DefaultRouter(use_regex_path=False)
router.include_format_suffixes = False
router.register("agencies", AgencyViewSet, basename="agency")
router.register("exports", ExportViewSet, basename="export")
router.register("jobs", JobViewSet, basename="job")
router.register("step-templates", StepTemplateViewSet, basename="step-template")
router.register("programmes", ProgrammeViewSet, basename="programme")
router.register("locations", LocationViewSet, basename="location")
router.register("target-places", TargetPlaceViewSet, basename="target-place")
router.register("steps", StepViewSet, basename="step")
router.register("evidence", EvidenceViewSet, basename="evidence")
router.register("agreements", AgreementViewSet, basename="agreement")
router.register("consents", ConsentViewSet, basename="consent")
router.register("ledger", LedgerViewSet, basename="ledger")
router.register("meetings", MeetingViewSet, basename="meeting")
router.register("issues", IssueViewSet, basename="issue")
router.register("decisions", DecisionViewSet, basename="decision")
router.register("actions", ActionViewSet, basename="action")
router.register("concerns", ConcernViewSet, basename="concern")
router.register("priorities", PriorityViewSet, basename="priority")
router.register("feedback", FeedbackViewSet, basename="feedback")
router.register("escalations", EscalationViewSet, basename="escalation")
router.register("delivery-groups", GroupViewSet, basename="delivery-group")
router.register("group-seats", SeatViewSet, basename="group-seat")
router.register("members", MemberViewSet, basename="member")
router.register("training-courses", CourseViewSet, basename="training-course")
router.register("trainings", TrainingViewSet, basename="training")
router.register("log", LogViewSet, basename="log")
router.register("data-packages", DataPackageViewSet, basename="data-package")
router.register("incidents", IncidentViewSet, basename="incident")
router.register("sources", FeedViewSet, basename="source")
router.register("imports", FeedFileViewSet, basename="import")
router.register("reports", ReportViewSet, basename="report")
router.register("problems", ProblemViewSet, basename="problem")
router.register("interventions", InterventionViewSet, basename="intervention")
router.register("evaluations", EvaluationViewSet, basename="evaluation")
router.register("rich-pictures", RichPictureViewSet, basename="rich-picture")
router.register("assets", AssetViewSet, basename="asset")
router.register("stakeholders", StakeholderViewSet, basename="stakeholder")
router.register("links", LinkViewSet, basename="link")
router.register("visual-audits", VisualAuditViewSet, basename="visual-audit")
router.register("observations", ObservationViewSet, basename="observation")
router.register("questions", QuestionViewSet, basename="question")
router.register("surveys", SurveyViewSet, basename="survey")
router.register("waves", WaveViewSet, basename="wave")
router.register("submissions", SubmissionViewSet, basename="submission")
router.register("results", ResultViewSet, basename="result")


urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("me/", MeView.as_view(), name="me"),
    path("", include(router.urls)),
    re_path(r"^.*$", UnknownAddress.as_view(), name="unknown"),
]
