"""Tokens with which a person's programs use the API."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Identified, Stamped
from core.personal import Personal


@tracked(exclude=("digest",))
class ApiToken(Identified, Stamped):
    """A person's token; only its sha-256 is stored, so it is shown once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True, editable=False)
    may_write = models.BooleanField(_("may change records"), default=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "user": Personal.IDENTITY,
        "last_used_on": Personal.TRACE,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("name", "digest")

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def digest_of(token: str) -> str:
        """Return the sha-256 of a token, in hexadecimal."""
        return hashlib.sha256(token.encode()).hexdigest()
