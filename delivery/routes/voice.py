"""Addresses of the residents' voice: the public page, and inside."""

from django.urls import URLPattern, URLResolver, include, path

from delivery.views import voice, voice_answers, voice_public, voice_safeguarding

_public: list[URLPattern | URLResolver] = [
    path("", voice_public.PublicPageView.as_view(), name="public-page"),
    path("answers/", voice_public.PublicAnswersView.as_view(), name="public-answers"),
    path("tell/", voice_public.TellView.as_view(), name="public-tell"),
    path("said/", voice_public.SaidView.as_view(), name="public-said"),
    path("worried/", voice_public.WorriedView.as_view(), name="public-worried"),
]

_concern: list[URLPattern | URLResolver] = [
    path("", voice.ConcernView.as_view(), name="concern-detail"),
    path("read/", voice.ConcernModerateView.as_view(), name="concern-moderate"),
    path("close/", voice.ConcernCloseView.as_view(), name="concern-close"),
    path("reopen/", voice.ConcernReopenView.as_view(), name="concern-reopen"),
    path("safeguard/", voice.ConcernSafeguardView.as_view(), name="concern-safeguard"),
    path("answer/", voice_answers.ConcernAnswerView.as_view(), name="concern-answer"),
]

_priority: list[URLPattern | URLResolver] = [
    path("", voice_answers.PriorityView.as_view(), name="priority-detail"),
    path("edit/", voice_answers.PriorityUpdateView.as_view(), name="priority-edit"),
    path("join/", voice_answers.PriorityJoinView.as_view(), name="priority-join"),
    path("action/", voice_answers.PriorityActionView.as_view(), name="priority-action"),
    path("actions/", voice_answers.PriorityLinkView.as_view(), name="priority-actions"),
    path("answer/", voice_answers.PriorityAnswerView.as_view(), name="priority-answer"),
]

_answer: list[URLPattern | URLResolver] = [
    path("", voice_answers.AnswerView.as_view(), name="answer-detail"),
    path("edit/", voice_answers.AnswerUpdateView.as_view(), name="answer-edit"),
    path("approve/", voice_answers.AnswerApproveView.as_view(), name="answer-approve"),
    path("withdraw/", voice_answers.AnswerWithdrawView.as_view(), name="answer-withdraw"),
]

_safeguarding: list[URLPattern | URLResolver] = [
    path("", voice_safeguarding.SafeguardingListView.as_view(), name="safeguarding"),
    path(
        "<uuid:message>/",
        voice_safeguarding.SafeguardingView.as_view(),
        name="safeguarding-detail",
    ),
    path(
        "<uuid:message>/passed-on/",
        voice_safeguarding.SafeguardingPassOnView.as_view(),
        name="safeguarding-pass-on",
    ),
]

_voice: list[URLPattern | URLResolver] = [
    path("", voice.VoiceView.as_view(), name="voice"),
    path("new/", voice.ConcernCreateView.as_view(), name="concern-new"),
    path("public-page/", voice.PublicPageSettingsView.as_view(), name="public-page-settings"),
    path("priorities/new/", voice_answers.PriorityCreateView.as_view(), name="priority-new"),
    path("priorities/<uuid:priority>/", include(_priority)),
    path("answers/<uuid:answer>/", include(_answer)),
    path("safeguarding/", include(_safeguarding)),
    path("<uuid:concern>/", include(_concern)),
]

patterns: list[URLPattern | URLResolver] = [path("p/<slug:slug>/", include(_public))]
location_patterns: list[URLPattern | URLResolver] = [path("voice/", include(_voice))]
