"""How often someone tried to sign in, kept just long enough to slow guessing down."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from core.personal import Personal


class SignInCount(models.Model):
    """Tries within a window for one name typed at one address.

    ``key`` is a keyed hash: neither what was typed (people type passwords into the wrong box) nor
    the address can be read back. In the database rather than a cache, because every web process
    must see the same count.
    """

    key = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField(db_index=True)
    tries = models.PositiveIntegerField(default=0)

    personal: ClassVar[dict[str, Personal]] = {"key": Personal.TRACE}

    def __str__(self) -> str:
        return f"{self.tries} since {self.started_at:%H:%M}"
