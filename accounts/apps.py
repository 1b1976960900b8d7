"""People and what they may do."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, agencies, roles, permissions, scoping and sign-in."""

    name = "accounts"
    verbose_name = "Accounts"
