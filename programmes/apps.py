"""Programmes, step templates, locations, target places, step records."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    """Programmes, step templates, locations, target places, step records."""

    name = "programmes"
    verbose_name = "Programmes"

    def ready(self) -> None:
        """Put a location's own pages on its navigation."""
        from accounts.permissions import Permission
        from programmes.registry import register_location_page

        register_location_page(
            "overview", label=_("Overview"), url_name="programmes:location-detail", order=0
        )
        register_location_page("steps", label=_("Steps"), url_name="programmes:step-list", order=10)
        register_location_page(
            "places", label=_("Target places"), url_name="programmes:place-list", order=20
        )
        register_location_page(
            "history",
            label=_("History"),
            url_name="programmes:location-history",
            permission=Permission.HISTORY_READ,
            order=90,
        )
