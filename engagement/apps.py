"""The project as an app, so that its start-up checks run with Django's own."""

from django.apps import AppConfig


class EngagementConfig(AppConfig):
    """Registers the refusal of unsafe production settings."""

    name = "engagement"
    verbose_name = "Intensive Engagement"

    def ready(self) -> None:
        """Register the checks."""
        from engagement import checks  # noqa: F401  # importing registers the checks
