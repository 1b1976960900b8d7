"""A table sent by a person: read, checked and shown before anything is stored, and undone after."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.choices import TabularState
from core.models.base import Identified, Stamped
from core.models.jobs import JobRun
from core.personal import Personal


class TabularImportQuerySet(models.QuerySet["TabularImport"]):
    """A table is its sender's."""

    def visible_to(self, user: Any, permission: str = "view") -> TabularImportQuerySet:
        """Return one's own."""
        if user is None or not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(requested_by=user)


class TabularImport(Identified, Stamped):
    """One table on its way in.

    ``kind`` names the registered import, ``target`` the record under which its rows go (label and
    id). ``rows`` holds each line with what would be done with it: ``{"row": 2, "values": {…},
    "plan": "create" | "update" | "same" | "error", "errors": {column: [text]}, "key": "…",
    "changes": {column: [before, after]}}``. ``done`` holds what applying has done, from which it is
    undone; after that, each entry's "kept" says why it was left as it was (empty: undone).
    """

    kind = models.CharField(max_length=60)
    target = models.CharField(max_length=100, blank=True)
    target_id = models.CharField(max_length=100, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(
        max_length=10, choices=TabularState.choices, default=TabularState.PREVIEWED
    )
    columns = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    done = models.JSONField(default=list)
    notes = models.JSONField(
        default=list, help_text=_("What was noticed while reading, for the sender.")
    )
    job = models.ForeignKey(JobRun, on_delete=models.SET_NULL, null=True, related_name="+")

    personal: ClassVar[dict[str, Personal]] = {
        "requested_by": Personal.AUTHOR,
        "rows": Personal.FREE_TEXT,
        "done": Personal.FREE_TEXT,
    }
    impersonal: ClassVar[tuple[str, ...]] = (
        "kind",
        "target",
        "target_id",
        "file_name",
        "sha256",
        "columns",
        "notes",
    )

    objects = TabularImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("table")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("core:table", args=[self.pk])
