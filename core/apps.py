"""The ground floor."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Base models and views, clock, jobs, files, charts, PDF, history. No domain noun enters."""

    name = "core"
    verbose_name = "Ground floor"

    def ready(self) -> None:
        """Make migrations with triggers quick."""
        from core.triggers import keep_models_when_triggers_are_added

        keep_models_when_triggers_are_added()
