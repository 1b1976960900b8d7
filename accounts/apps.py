"""People and what they may do."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users, agencies, roles, permissions, scoping and sign-in."""

    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        """Add help; let an upgrade that changes what roles allow reach those who hold them."""
        from core.help import register_help

        register_help(
            "signing-in",
            title=_("Signing in"),
            summary=_("Invitation, password, second step, and how long you stay signed in."),
            template_name="help/signing_in.html",
            order=10,
        )
        from django.contrib.auth.signals import user_logged_in

        from accounts import sessions, signals

        user_logged_in.connect(sessions.remember, dispatch_uid="accounts.sessions")
        signals.connect()
        # core is the last app whose permissions roles can name: at its turn all rows are there.
        post_migrate.connect(_derive_grants, sender=apps.get_app_config("core"))
        from accounts import ledger

        ledger.tell()


def _derive_grants(using: str, plan: Any = (), **kwargs: Any) -> None:
    from django.db import connections

    from accounts.anchors import anchor_kinds
    from accounts.grants import mend
    from core import clock
    from core.models import BusinessDate

    there = set(connections[using].introspection.table_names())
    needed = {BusinessDate._meta.db_table}
    for kind in anchor_kinds():
        needed |= {kind.memberships._meta.db_table, kind.grants._meta.db_table}
    if plan and needed <= there:  # going back before the first migration leaves nothing to do
        mend(on=clock.today())
