"""Addresses of incidents."""

from django.urls import URLPattern, URLResolver, include, path

from incidents import views

app_name = "incidents"
_package: list[URLPattern | URLResolver] = [
    path("", views.PackageView.as_view(), name="package-detail"),
    path("access/", views.PackageAccessView.as_view(), name="package-access"),
    path("zip/", views.PackageZipView.as_view(), name="package-zip"),
    path("pdf/", views.PackagePdfView.as_view(), name="package-pdf"),
    path("withdraw/", views.PackageWithdrawView.as_view(), name="package-withdraw"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("locations/<slug:slug>/data/", views.DataView.as_view(), name="data"),
    path("locations/<slug:slug>/data/import/", views.StreetImportView.as_view(), name="import"),
    path("locations/<slug:slug>/data/packages/<uuid:pk>/", include(_package)),
]
