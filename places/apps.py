"""Areas, lookups between vintages, population, deprivation."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Areas, lookups between vintages, population, deprivation."""

    name = "places"
    verbose_name = "Places"
