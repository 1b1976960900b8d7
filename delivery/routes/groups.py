"""Addresses of groups, training and the log, all of them under a location."""

from django.urls import URLPattern, URLResolver, include, path

from delivery.views import groups, log, members, training

_group: list[URLPattern | URLResolver] = [
    path("", groups.GroupDetailView.as_view(), name="group-detail"),
    path("edit/", groups.GroupChangeView.as_view(), name="group-edit"),
    path("history/", groups.GroupHistoryView.as_view(), name="group-history"),
    path("seats/new/", groups.SeatCreateView.as_view(), name="seat-new"),
    path("seats/<uuid:seat>/", groups.SeatChangeView.as_view(), name="seat-edit"),
    path("members/new/", members.MemberCreateView.as_view(), name="member-new"),
    path("members/<uuid:member>/", members.MemberChangeView.as_view(), name="member-edit"),
    path("members/<uuid:member>/end/", members.MemberEndView.as_view(), name="member-end"),
    path("members/<uuid:member>/chair/", members.ChairView.as_view(), name="member-chair"),
]

location_patterns: list[URLPattern | URLResolver] = [
    path("group/", groups.LocationGroupView.as_view(), name="group"),
    path("group/new/", groups.GroupCreateView.as_view(), name="group-new"),
    path("group/<uuid:group>/", include(_group)),
    path("training/", training.TrainingListView.as_view(), name="training-list"),
    path("training/new/", training.TrainingCreateView.as_view(), name="training-new"),
    path("training/<uuid:session>/", training.TrainingDetailView.as_view(), name="training-detail"),
    path(
        "training/<uuid:session>/edit/",
        training.TrainingChangeView.as_view(),
        name="training-edit",
    ),
    path(
        "training/<uuid:session>/history/",
        training.TrainingHistoryView.as_view(),
        name="training-history",
    ),
    path("log/", log.LogView.as_view(), name="log"),
    path("log/new/", log.LogCreateView.as_view(), name="log-new"),
    path("log/<uuid:entry>/", log.LogDetailView.as_view(), name="log-detail"),
    path("log/<uuid:entry>/edit/", log.LogChangeView.as_view(), name="log-edit"),
    path("log/<uuid:entry>/history/", log.LogHistoryView.as_view(), name="log-history"),
    path("log/<uuid:entry>/photo/", log.LogPhotoView.as_view(), name="log-photo"),
]
