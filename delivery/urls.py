"""Addresses of delivery."""

from django.urls import URLPattern, URLResolver, include, path

from delivery.routes import actions, groups, help, meetings, voice  # noqa: A004

app_name = "delivery"

_location: list[URLPattern | URLResolver] = [
    *meetings.location_patterns,
    *actions.location_patterns,
    *groups.location_patterns,
    *voice.location_patterns,
    *help.location_patterns,
]

urlpatterns: list[URLPattern | URLResolver] = [
    *actions.patterns,
    *voice.patterns,
    *help.patterns,
    path("locations/<slug:slug>/", include(_location)),
]
