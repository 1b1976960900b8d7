"""Question bank, surveys, waves, submissions, estimates."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Question bank, surveys, waves, submissions, estimates."""

    name = "surveys"
    verbose_name = "Surveys"
