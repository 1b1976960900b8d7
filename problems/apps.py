"""Problem-solving by SARA: problems, plans, rich pictures, interventions, evaluation."""

from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    """Problem-solving by SARA: problems, plans, rich pictures, interventions, evaluation."""

    name = "problems"
    verbose_name = "Problems"

    def ready(self) -> None:
        """Make pages, panels, chapters, evidence, lists and rules known."""
        from problems.registrations import register

        register()
