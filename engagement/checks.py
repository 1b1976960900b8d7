"""Production does not start with unsafe settings: each check is an error, not a warning."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register()
def production_is_safe(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse production with a weak key, without hosts, or with debugging on."""
    if not settings.PRODUCTION:
        return []
    problems: list[CheckMessage] = []
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 10:
        problems.append(
            Error(
                "ENGAGEMENT_SECRET_KEY is too weak.",
                hint="Use at least 50 random characters.",
                id="engagement.E001",
            )
        )
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        problems.append(
            Error(
                "ENGAGEMENT_HOSTS must name the hosts that are served.",
                hint="A comma-separated list without *.",
                id="engagement.E002",
            )
        )
    if settings.DEBUG:
        problems.append(Error("DEBUG is on in production.", id="engagement.E003"))
    if settings.SECOND_FACTOR_WAIVED:
        problems.append(Error("The second factor is waived in production.", id="engagement.E006"))
    if not settings.SITE_URL.startswith("https://"):
        problems.append(
            Error(
                "ENGAGEMENT_BASE_URL must be the https address of this service.",
                hint="Links in mail begin with it, for example https://engagement.example.",
                id="engagement.E005",
            )
        )
    return problems


@register(Tags.database)
def production_holds_no_demonstration(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse to migrate or check a production database in which demonstration accounts are open.

    Runs with ``migrate`` and with ``check --database``; before the first migration there is no
    table to look at. The accounts themselves cannot sign in to production either
    (``accounts.backends``).
    """
    from accounts.models import User

    if not settings.PRODUCTION:
        return []
    for alias in databases or []:
        if User._meta.db_table not in connections[alias].introspection.table_names():
            continue
        people = User.objects.using(alias).filter(is_demonstration=True, is_active=True)
        if people.exists():
            return [
                Error(
                    "This database holds demonstration accounts.",
                    hint="Production needs a database of its own.",
                    id="engagement.E004",
                )
            ]
    return []
