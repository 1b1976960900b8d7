"""Addresses of incidents."""

from django.urls import URLPattern, URLResolver, include, path

from incidents import programme_views, views
from incidents.explore import views as explore
from incidents.feeds import sent_views
from incidents.feeds import views as feeds
from incidents.supply import views as supply

app_name = "incidents"
_package: list[URLPattern | URLResolver] = [
    path("", views.PackageView.as_view(), name="package-detail"),
    path("access/", views.PackageAccessView.as_view(), name="package-access"),
    path("zip/", views.PackageZipView.as_view(), name="package-zip"),
    path("pdf/", views.PackagePdfView.as_view(), name="package-pdf"),
    path("compare/", views.PackageCompareView.as_view(), name="package-compare"),
    path("xlsx/", views.PackageSheetView.as_view(), {"ending": "xlsx"}, name="package-xlsx"),
    path("ods/", views.PackageSheetView.as_view(), {"ending": "ods"}, name="package-ods"),
    path("withdraw/", views.PackageWithdrawView.as_view(), name="package-withdraw"),
    path("use/", supply.PackageUseView.as_view(), name="package-use"),
]
_requests: list[URLPattern | URLResolver] = [
    path("", supply.RequestListView.as_view(), name="requests"),
    path("new/", supply.RequestCreateView.as_view(), name="request-new"),
    path("<uuid:pk>/", supply.RequestView.as_view(), name="request-detail"),
    path("<uuid:pk>/answer/", supply.RequestAnswerView.as_view(), name="request-answer"),
]
_explore: list[URLPattern | URLResolver] = [
    path("", explore.ExploreView.as_view(), name="explore"),
    path("points/", explore.ExplorePointsView.as_view(), name="explore-points"),
]
_place_explore: list[URLPattern | URLResolver] = [
    path("", explore.PlaceExploreView.as_view(), name="place-explore"),
    path("points/", explore.PlaceExplorePointsView.as_view(), name="place-explore-points"),
]
_feeds: list[URLPattern | URLResolver] = [
    path("", feeds.FeedListView.as_view(), name="feeds"),
    path("new/", feeds.FeedCreateView.as_view(), name="feed-new"),
    path("<slug:feed>/", feeds.FeedView.as_view(), name="feed-detail"),
    path("<slug:feed>/edit/", feeds.FeedEditView.as_view(), name="feed-edit"),
    path("<slug:feed>/categories/", feeds.CategoriesView.as_view(), name="feed-categories"),
    path("<slug:feed>/send/", feeds.SendView.as_view(), name="feed-send"),
    path("<slug:feed>/send/<uuid:sent>/", sent_views.SentView.as_view(), name="feed-sent"),
    path("<slug:feed>/files/<uuid:pk>/", feeds.FileView.as_view(), name="feed-file"),
    path(
        "<slug:feed>/files/<uuid:pk>/rejected/", feeds.RejectedView.as_view(), name="feed-rejected"
    ),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("locations/<slug:slug>/data/", views.DataView.as_view(), name="data"),
    path("locations/<slug:slug>/data/import/", views.StreetImportView.as_view(), name="import"),
    path("locations/<slug:slug>/data/explore/", include(_explore)),
    path("locations/<slug:slug>/places/<slug:place>/data/explore/", include(_place_explore)),
    path("locations/<slug:slug>/data/gaps/", supply.GapsView.as_view(), name="gaps"),
    path("locations/<slug:slug>/data/gaps/<str:gap>/", supply.GapOwnView.as_view(), name="gap-own"),
    path(
        "programmes/<slug:slug>/asb/",
        programme_views.ByLocationView.as_view(),
        name="asb-by-location",
    ),
    path("programmes/<slug:slug>/data/requests/", include(_requests)),
    path("programmes/<slug:slug>/data/", include(_feeds)),
    path("locations/<slug:slug>/data/packages/<uuid:pk>/", include(_package)),
]
