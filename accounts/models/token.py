"""Tokens with which a person's programs use the API."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import models

from core.history import tracked
from core.models import Identified, Stamped


@tracked(exclude=("digest",))
class ApiToken(Identified, Stamped):
    """A person's token; only its sha-256 is stored, so it is shown once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def digest_of(token: str) -> str:
        """Return the sha-256 of a token, in hexadecimal."""
        return hashlib.sha256(token.encode()).hexdigest()
