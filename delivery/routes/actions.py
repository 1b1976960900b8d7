"""Addresses of actions, of one's own actions, of mail and calendar."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from delivery.views import action_changes, actions, my_actions, notices

_action: list[URLPattern | URLResolver] = [
    path("", actions.ActionDetailView.as_view(), name="action-detail"),
    path("edit/", action_changes.ActionUpdateView.as_view(), name="action-edit"),
    path("hand-over/", action_changes.ActionHandOverView.as_view(), name="action-hand-over"),
    path("answer/", action_changes.ActionAnswerView.as_view(), name="action-answer"),
    path("finish/", action_changes.ActionFinishView.as_view(), name="action-finish"),
    path("evidence/", action_changes.ActionEvidenceView.as_view(), name="action-evidence"),
    path("drop/", action_changes.ActionDropView.as_view(), name="action-drop"),
    path("reopen/", action_changes.ActionReopenView.as_view(), name="action-reopen"),
    path("comment/", actions.ActionCommentView.as_view(), name="action-comment"),
    path("photo/", actions.ActionPhotoView.as_view(), name="action-photo"),
]

location_patterns: list[URLPattern | URLResolver] = [
    path("actions/", actions.ActionListView.as_view(), name="action-list"),
    path("actions/new/", actions.ActionCreateView.as_view(), name="action-new"),
    path("actions/<uuid:action>/", include(_action)),
]

patterns: list[URLPattern | URLResolver] = [
    path("my-actions/", my_actions.MyActionsView.as_view(), name="my-actions"),
    path("my-actions/<uuid:action>/", my_actions.MyActionView.as_view(), name="my-action"),
    path(
        "my-actions/<uuid:action>/photo/",
        my_actions.MyActionPhotoView.as_view(),
        name="my-action-photo",
    ),
    path("notices/", notices.NoticesView.as_view(), name="notices"),
    path("calendar/<str:secret>.ics", notices.CalendarView.as_view(), name="calendar"),
]
