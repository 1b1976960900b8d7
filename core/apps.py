"""The ground floor."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Base models and views, clock, jobs, files, charts, PDF, history. No domain noun enters."""

    name = "core"
    verbose_name = "Ground floor"
