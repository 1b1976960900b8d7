"""The demonstration programme and its real open data; nothing imports it."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demonstration programme and its real open data; nothing imports it."""

    name = "demo"
    verbose_name = "Demonstration"
