"""The question bank: questions with identifiers that stay, so that answers can be compared."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import Record
from programmes.models import Location, Programme
from surveys.choices import QuestionKind


class QuestionQuerySet(ScopedQuerySet):
    """Questions: the standard ones for everybody to read, own ones within their programme.

    To change one needs the right at the location whose people wrote it; nobody changes a standard
    question.
    """

    scope_paths = ("location",)

    def granted(self, user: Any, permission: str) -> Q:
        """Let the whole programme read what one of its towns asks, and the bank.

        The bank's questions are read by whoever takes part in a programme.
        """
        if permission != Permission.VIEW:
            return super().granted(user, permission)
        programmes = Programme.objects.all().granted_ids(user, permission)
        takes_part = Exists(Programme.objects.all().visible_to(user, permission))
        bank = Q(location__isnull=True) & Q(takes_part)
        return bank | Q(location__programme__in=programmes)

    def newest(self) -> QuestionQuerySet:
        """Return the newest version of each question."""
        return self.filter(replaced=False)


@tracked()
class Question(Record):
    """One version of one question; ``code`` stays the same through all versions.

    ``location`` is empty for the standard questions that come with the product. ``options`` are
    the answers in their order: ``{"value", "label", "score" (or null), "counts" (true where the
    answer belongs to what is reported)}``. ``measure`` names what the share of those answers says
    ("Feel unsafe after dark"). ``strand`` marks one of the seven strands of the ASB score.
    """

    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, null=True, blank=True, related_name="questions"
    )
    code = models.SlugField(_("identifier"), max_length=60)
    edition = models.PositiveSmallIntegerField(_("version"), default=1)
    topic = models.CharField(_("topic"), max_length=100, blank=True)
    wording = models.TextField(_("question"))
    hint = models.TextField(_("hint"), blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind.choices)
    options = models.JSONField(_("answers"), default=list, blank=True)
    measure = models.CharField(_("what is reported"), max_length=150, blank=True)
    strand = models.BooleanField(_("one of the seven strands"), default=False)
    source = models.TextField(_("where the wording comes from"), blank=True)
    replaced = models.BooleanField(_("has a newer version"), default=False)
    order = models.PositiveSmallIntegerField(default=100)

    impersonal: ClassVar[tuple[str, ...]] = (
        "code",
        "topic",
        "wording",
        "hint",
        "options",
        "measure",
        "source",
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        ordering = ["order", "code", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["code", "edition"], name="question_edition_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(replaced=False), name="one_newest_edition"
            ),
        ]

    def __str__(self) -> str:
        return self.wording

    @property
    def is_standard(self) -> bool:
        """Whether it comes with the product."""
        return self.location_id is None
