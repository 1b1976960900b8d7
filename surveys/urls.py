"""Addresses of surveys: those of a location, and the public one, /s/<code>/."""

from django.urls import URLPattern, URLResolver, include, path

from surveys.views import answer, fieldwork, questions, surveys, waves

app_name = "surveys"

_wave: list[URLPattern | URLResolver] = [
    path("", waves.WaveView.as_view(), name="wave-detail"),
    path("results/", waves.ResultsView.as_view(), name="wave-results"),
    path("questions/", fieldwork.WaveWordingView.as_view(), name="wave-wording"),
    path("edit/", waves.WaveChangeView.as_view(), name="wave-change"),
    path("finish/", waves.FinishView.as_view(), name="wave-finish"),
    path("poster/", waves.PosterView.as_view(), name="wave-poster"),
    path("poster/pdf/", waves.PosterFileView.as_view(), name="wave-poster-file"),
    path("codes/", fieldwork.CodesView.as_view(), name="wave-codes"),
    path("sheets/new/", fieldwork.SheetView.as_view(), name="wave-sheet"),
    path("texts/", fieldwork.TextsView.as_view(), name="wave-texts"),
    path("texts/<uuid:reply>/", fieldwork.TextView.as_view(), name="wave-text"),
    path("release/", waves.ReleaseView.as_view(), name="wave-release"),
    path("take-back/", waves.TakeBackView.as_view(), name="wave-take-back"),
]

_location: list[URLPattern | URLResolver] = [
    path("", surveys.SurveysView.as_view(), name="survey-list"),
    path("new/", surveys.SurveyCreateView.as_view(), name="survey-new"),
    path("questions/", questions.QuestionsView.as_view(), name="question-list"),
    path("questions/new/", questions.QuestionCreateView.as_view(), name="question-new"),
    path(
        "questions/<uuid:question>/edit/",
        questions.QuestionChangeView.as_view(),
        name="question-change",
    ),
    path("waves/<uuid:wave>/", include(_wave)),
    path("<uuid:survey>/", surveys.SurveyView.as_view(), name="survey-detail"),
    path("<uuid:survey>/edit/", surveys.SurveyChangeView.as_view(), name="survey-change"),
    path("<uuid:survey>/preview/", surveys.SurveyPreviewView.as_view(), name="survey-preview"),
    path("<uuid:survey>/questions/", surveys.SurveyQuestionsView.as_view(), name="survey-choose"),
    path("<uuid:survey>/waves/new/", waves.WaveCreateView.as_view(), name="wave-new"),
]

_answer: list[URLPattern | URLResolver] = [
    path("", answer.AnswerStartView.as_view(), name="answer-start"),
    path("answer/", answer.AnswerQuestionsView.as_view(), name="answer"),
    path("thanks/", answer.AnswerThanksView.as_view(), name="answer-thanks"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("locations/<slug:slug>/surveys/", include(_location)),
    path("s/<slug:code>/", include(_answer)),
]
