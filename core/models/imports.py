"""Bulk-loaded rows have their import as history: which file, by whom, when, with what result."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.base import Identified, Stamped
from core.personal import Personal


class DataImport(Identified, Stamped):
    """One file taken into the database, with the account of its rows.

    ``summary`` holds the sums that the command printed; ``title``, ``licence`` and ``attribution``
    say where the data come from, for every page and file that shows them.
    """

    kind = models.CharField(_("kind"), max_length=50, db_index=True)
    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(max_length=64)
    title = models.CharField(_("title"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    attribution = models.TextField(_("attribution"), blank=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    imported_on = models.DateField(_("imported on"))
    summary = models.JSONField(default=dict)

    personal: ClassVar[dict[str, Personal]] = {"imported_by": Personal.AUTHOR}
    impersonal: ClassVar[tuple[str, ...]] = (
        "kind",
        "file_name",
        "sha256",
        "title",
        "licence",
        "attribution",
        "summary",
    )

    class Meta:
        verbose_name = _("import")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.file_name}"


class RejectedRow(models.Model):
    """A row that was not stored, kept so that it can be downloaded, mended and sent again."""

    data_import = models.ForeignKey(DataImport, on_delete=models.CASCADE, related_name="rejected")
    file = models.CharField(max_length=255)
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=100, blank=True)
    found = models.TextField(blank=True)
    expected = models.TextField()
    raw = models.TextField()

    personal: ClassVar[dict[str, Personal]] = {
        "found": Personal.FREE_TEXT,
        "raw": Personal.FREE_TEXT,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("file", "column", "expected")

    class Meta:
        verbose_name = _("rejected row")
        ordering = ["file", "row"]

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}"
