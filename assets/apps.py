"""Community assets, stakeholders and their network, visual audits."""

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    """Community assets, stakeholders and their network, visual audits."""

    name = "assets"
    verbose_name = "Community assets"
