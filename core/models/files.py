"""The files room: a stored file has no address of its own; its owner's page serves it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.base import Identified, Stamped
from core.personal import Personal


class StoredFile(Identified, Stamped):
    """A private file: type sniffed from its bytes, whole or absent, with its sha-256.

    Made by core.files only. Whoever owns the row (evidence, a package, a report) decides who may
    read it, so there is no URL that takes a file's id alone.
    """

    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64, db_index=True)
    path = models.CharField(max_length=200, unique=True, editable=False)

    # What the bytes hold is declared where a file belongs: its owner's field says FILE.
    personal: ClassVar[dict[str, Personal]] = {"name": Personal.FREE_TEXT}
    impersonal: ClassVar[tuple[str, ...]] = ("content_type", "sha256", "path")

    class Meta:
        verbose_name = _("file")

    def __str__(self) -> str:
        return self.name
