"""Question bank, surveys, waves, submissions, estimates."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SurveysConfig(AppConfig):
    """Question bank, surveys, waves, submissions, estimates."""

    name = "surveys"
    verbose_name = "Surveys"

    def ready(self) -> None:
        """Join surveys to the pages below, and keep the standard questions in the bank."""
        from surveys import registrations

        registrations.register()
        post_migrate.connect(store_standard_questions, sender=self)


def store_standard_questions(**kwargs: Any) -> None:
    """Store the standard questions that are missing, once their table is there."""
    from django.db import connections

    from surveys.models import Question
    from surveys.services.bank import ensure_questions

    tables = connections[kwargs.get("using", "default")].introspection.table_names()
    if Question._meta.db_table in tables:
        ensure_questions()
