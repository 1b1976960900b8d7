"""All addresses, by floor; `tests/house/test_url_table.py` lists who gets what at each."""

from django.urls import include, path

handler400 = "core.views.errors.bad_request"
handler403 = "core.views.errors.forbidden"
handler404 = "core.views.errors.not_found"
handler500 = "core.views.errors.server_error"

urlpatterns = [
    path("", include("core.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("accounts.allauth_urls")),
    path("", include("accounts.people_urls")),
    path("", include("programmes.urls")),
    path("", include("delivery.urls")),
    path("", include("assets.urls")),
    path("", include("surveys.urls")),
    path("", include("incidents.urls")),
    path("", include("problems.urls")),
    path("", include("reports.urls")),
    path("demo/", include("demo.urls")),
    path("api/v1/", include("engagement.api")),
]
