"""The bases of every model: identity, time stamps, version, marking."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.choices import Marking
from core.errors import Conflict


class Identified(models.Model):
    """Identity as a UUID, which a form may make before it is sent: a repeat is then harmless."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class Stamped(models.Model):
    """When the row was made and last changed, by real time."""

    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """A version that counts saves, so that a stale save is refused instead of overwriting."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def save_version(self, expected: int, **kwargs: Any) -> None:
        """Save this row if its stored version is still ``expected``, and count one up.

        Raises core.errors.Conflict, carrying the stored row, if someone saved in between.
        Call inside a transaction: the row is locked until it ends.
        """
        manager = type(self)._default_manager
        stored = manager.select_for_update().get(pk=self.pk)
        if stored.version != expected:
            raise Conflict(
                str(_("Someone else changed this while you were editing it.")), current=stored
            )
        self.version = expected + 1
        self.save(**kwargs)


class Marked(models.Model):
    """Security marking with handling instruction, and whether the record is invented."""

    marking = models.CharField(
        _("marking"), max_length=20, choices=Marking.choices, default=Marking.OFFICIAL
    )
    handling = models.CharField(_("handling instruction"), max_length=200, blank=True)
    is_demonstration = models.BooleanField(
        _("invented for demonstration"), default=False, editable=False
    )

    impersonal: ClassVar[tuple[str, ...]] = ("handling",)

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Ask for a handling instruction with what is OFFICIAL-SENSITIVE."""
        super().clean()
        if self.marking == Marking.OFFICIAL_SENSITIVE and not self.handling.strip():
            raise ValidationError(
                _("Say how what is OFFICIAL-SENSITIVE is to be handled."), code="handling"
            )


class Record(Identified, Stamped, Versioned, Marked):
    """What people make and edit: identified, stamped, versioned and marked."""

    class Meta:
        abstract = True
