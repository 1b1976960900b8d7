"""Addresses of community assets, stakeholders, walks and the map."""

from django.urls import URLPattern, URLResolver, include, path

from assets.views import assets, maps, mine, stakeholders, walks

app_name = "assets"

_asset: list[URLPattern | URLResolver] = [
    path("", assets.AssetDetailView.as_view(), name="asset-detail"),
    path("access/", assets.AssetAccessView.as_view(), name="asset-access"),
    path("check/", assets.AssetCheckView.as_view(), name="asset-check"),
    path("connect/", assets.ConnectView.as_view(), name="asset-connect"),
    path("edit/", assets.AssetUpdateView.as_view(), name="asset-edit"),
    path("sheet/", assets.SheetView.as_view(), name="asset-sheet"),
    path("withdraw/", assets.AssetWithdrawView.as_view(), name="asset-withdraw"),
]

_assets: list[URLPattern | URLResolver] = [
    path("", assets.AssetListView.as_view(), name="asset-list"),
    path("new/", assets.AssetCreateView.as_view(), name="asset-new"),
    path("mine/", mine.OwnEntryView.as_view(), name="mine"),
    path("mine/change/", mine.OwnEntryChangeView.as_view(), name="mine-change"),
    path("mine/leave/", mine.LeaveView.as_view(), name="mine-leave"),
    path(
        "connections/<uuid:connection>/remove/",
        assets.DisconnectView.as_view(),
        name="connection-remove",
    ),
    path("<uuid:asset>/", include(_asset)),
]

_stakeholders: list[URLPattern | URLResolver] = [
    path("", stakeholders.StakeholderListView.as_view(), name="stakeholder-list"),
    path("new/", stakeholders.StakeholderCreateView.as_view(), name="stakeholder-new"),
    path("network/", stakeholders.NetworkView.as_view(), name="network"),
    path("links/<uuid:link>/edit/", stakeholders.LinkUpdateView.as_view(), name="link-edit"),
    path("links/<uuid:link>/remove/", stakeholders.LinkWithdrawView.as_view(), name="link-remove"),
    path(
        "<uuid:stakeholder>/",
        stakeholders.StakeholderDetailView.as_view(),
        name="stakeholder-detail",
    ),
    path(
        "<uuid:stakeholder>/edit/",
        stakeholders.StakeholderUpdateView.as_view(),
        name="stakeholder-edit",
    ),
    path(
        "<uuid:stakeholder>/link/", stakeholders.LinkCreateView.as_view(), name="stakeholder-link"
    ),
    path(
        "<uuid:stakeholder>/withdraw/",
        stakeholders.StakeholderWithdrawView.as_view(),
        name="stakeholder-withdraw",
    ),
]

_observation: list[URLPattern | URLResolver] = [
    path("", walks.ObservationDetailView.as_view(), name="observation-detail"),
    path("edit/", walks.ObservationUpdateView.as_view(), name="observation-edit"),
    path("follow-up/", walks.FollowUpView.as_view(), name="observation-follow-up"),
    path("photo/", walks.PhotoView.as_view(), name="observation-photo"),
    path("withdraw/", walks.ObservationWithdrawView.as_view(), name="observation-withdraw"),
]

_walks: list[URLPattern | URLResolver] = [
    path("", walks.WalkListView.as_view(), name="walk-list"),
    path("new/", walks.WalkCreateView.as_view(), name="walk-new"),
    path("<uuid:walk>/", walks.WalkDetailView.as_view(), name="walk-detail"),
    path("<uuid:walk>/edit/", walks.WalkUpdateView.as_view(), name="walk-edit"),
    path("<uuid:walk>/observe/", walks.ObserveView.as_view(), name="observe"),
    path("<uuid:walk>/observations/<uuid:observation>/", include(_observation)),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("locations/<slug:slug>/assets/", include(_assets)),
    path("locations/<slug:slug>/stakeholders/", include(_stakeholders)),
    path("locations/<slug:slug>/walks/", include(_walks)),
    path("locations/<slug:slug>/map/", maps.MapView.as_view(), name="map"),
    path("locations/<slug:slug>/map/geojson/", maps.MapGeoJSONView.as_view(), name="map-geojson"),
]
