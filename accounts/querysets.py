"""Querysets of people and agencies."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import BaseUserManager
from django.db.models.functions import Lower


class UserManager(BaseUserManager[Any]):
    """Makes users whose name is their e-mail address."""

    def get_by_natural_key(self, username: str | None) -> Any:
        """Find a person by e-mail address, whatever its capitals, through the unique index."""
        return self.alias(lowered=Lower("email")).get(lowered=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Any:
        """Make a user; without a password the account cannot sign in by one."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Any:
        """Make a superuser (for repairs only: everyday administration needs no superuser)."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
