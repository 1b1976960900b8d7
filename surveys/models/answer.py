"""What people answered, with nothing that says who they are.

No name, no address, no device, no time of day. These rows have no history: a row of history would
hold the moment at which each answer came. An answer is never changed; only what a person wrote in
their own words is read and may be held back.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.scoping import Among, ScopedQuerySet
from core.models.base import Identified
from core.personal import Personal
from programmes.models import Location
from surveys.choices import TextState, Way
from surveys.models.survey import Wave


class AnswerCodeQuerySet(ScopedQuerySet):
    """Single-use codes: for those who manage surveys at the location."""

    scope_paths = ("wave__survey__location",)

    def granted(self, user: Any, permission: str) -> Q:
        """Seeing that codes were made needs the right to make them."""
        wanted = Permission.SURVEY_MANAGE if permission == Permission.VIEW else permission
        return super().granted(user, wanted)


class AnswerCode(Identified):
    """A single-use code, as a keyed digest; the code itself is on paper only.

    It knows that it was used, not when, and not by which answer.
    """

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="answer_codes")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    used = models.BooleanField(_("used"), default=False, editable=False)

    impersonal: ClassVar[tuple[str, ...]] = ("digest",)

    objects = AnswerCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("single-use code")


class SubmissionQuerySet(ScopedQuerySet):
    """Answers that came in: that they did is seen by those who type in sheets."""

    scope_paths = ("wave__survey__location",)

    def granted(self, user: Any, permission: str) -> Q:
        """Take the right to enter answers for the right to see that they are there."""
        wanted = Permission.SURVEY_ENTER if permission == Permission.VIEW else permission
        (path,) = self.scope_paths
        return Q(Among(path, Location.objects.all().granted_ids(user, wanted)))


class Submission(Identified):
    """One person's answers to one wave; ``id`` is made by their device or the form.

    ``answered_on`` is the business day only. ``batch`` and ``sheet`` number a paper sheet.
    """

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="submissions")
    answered_on = models.DateField(_("answered on"))
    way = models.CharField(_("how"), max_length=10, choices=Way.choices, default=Way.ONLINE)
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    sheet = models.PositiveIntegerField(_("sheet number"), null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {"entered_by": Personal.AUTHOR}
    impersonal: ClassVar[tuple[str, ...]] = ("batch",)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("answers of one person")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["wave", "batch", "sheet"], name="sheet_once_a_batch")
        ]


class ReplyQuerySet(ScopedQuerySet):
    """Single replies: for those who manage surveys; others see counts only."""

    scope_paths = ("submission__wave__survey__location",)

    def granted(self, user: Any, permission: str) -> Q:
        """Seeing what one person answered needs the right to manage surveys."""
        wanted = Permission.SURVEY_MANAGE if permission == Permission.VIEW else permission
        return super().granted(user, wanted)


class Reply(Identified):
    """One answer to one question; a question with several answers has a row for each.

    ``question`` is the question's identifier, as in the wave's wording. ``value`` is the chosen
    answer, ``number`` a number, ``text`` what was written. What was written is read before anybody
    else sees it: ``shown_text`` is what was kept of it.
    """

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="replies")
    question = models.SlugField(_("question"), max_length=60)
    value = models.CharField(_("answer"), max_length=60, blank=True)
    number = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    text = models.TextField(_("in their words"), blank=True)
    text_state = models.CharField(max_length=10, choices=TextState.choices, blank=True)
    shown_text = models.TextField(_("as kept"), blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "text": Personal.FREE_TEXT,
        "shown_text": Personal.FREE_TEXT,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("question", "value")

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "question", "value"], name="reply_value_once"
            )
        ]
