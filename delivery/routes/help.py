"""Addresses of asking for help and of the handover pack."""

from django.urls import URLPattern, URLResolver, include, path

from delivery.views import handover, help  # noqa: A004  # the part's name

_one: list[URLPattern | URLResolver] = [
    path("", help.HelpDetailView.as_view(), name="help-detail"),
    path("send/", help.HelpSendView.as_view(), name="help-send"),
    path("decide/", help.HelpDecideView.as_view(), name="help-decide"),
    path("return/", help.HelpReturnView.as_view(), name="help-return"),
    path("withdraw/", help.HelpWithdrawView.as_view(), name="help-withdraw"),
    path("access/", help.HelpAccessView.as_view(), name="help-access"),
]

location_patterns: list[URLPattern | URLResolver] = [
    path("help/", help.HelpListView.as_view(), name="help-list"),
    path("help/new/", help.HelpNewView.as_view(), name="help-new"),
    path("help/<uuid:help>/", include(_one)),
    path("handover/", handover.HandoverView.as_view(), name="handover"),
    path(
        "handover/chapters/<slug:chapter>/",
        handover.HandoverChapterView.as_view(),
        name="handover-chapter",
    ),
    path("handover/print/", handover.HandoverPrintView.as_view(), name="handover-print"),
    path("handover/file/", handover.HandoverFileView.as_view(), name="handover-file"),
]

patterns: list[URLPattern | URLResolver] = [
    path(
        "programmes/<slug:slug>/help/",
        help.ProgrammeHelpView.as_view(),
        name="programme-help",
    ),
]
