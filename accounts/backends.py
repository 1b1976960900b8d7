"""Who may sign in, and stay signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend


def may_sign_in(user: Any) -> bool:
    """Say whether an account is open here: demonstration accounts are dead in production."""
    return bool(user.is_active) and not (settings.PRODUCTION and user.is_demonstration)


class HouseBackend(ModelBackend):
    """Django's check of the password, asked again at every request of a session."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Refuse closed accounts, and demonstration accounts in production."""
        return user is not None and may_sign_in(user)
