"""What goes to a person by itself: notices sent once, the wish for a digest, the calendar feed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Identified, Stamped
from core.personal import Personal


class SentNotice(Identified, Stamped):
    """That a reminder or digest went to a person; the key keeps it from going twice."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    key = models.CharField(max_length=120)
    sent_on = models.DateField(_("sent on"))

    personal: ClassVar[dict[str, Personal]] = {"user": Personal.IDENTITY}
    impersonal: ClassVar[tuple[str, ...]] = ("key",)

    class Meta:
        verbose_name = _("notice sent")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_notice_a_key")]

    def __str__(self) -> str:
        return self.key


@tracked()
class MailChoice(Identified, Stamped):
    """What mail a person wants besides what is asked of them; without a row all of it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_choice"
    )
    weekly_digest = models.BooleanField(_("weekly mail on Monday"), default=True)

    personal: ClassVar[dict[str, Personal]] = {"user": Personal.IDENTITY}

    class Meta:
        verbose_name = _("choice of mail")

    def __str__(self) -> str:
        return str(self.user)


@tracked(exclude=("digest",))
class CalendarFeed(Identified, Stamped):
    """A calendar address; only the sha-256 of its secret is stored, so it is shown once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True, editable=False)

    personal: ClassVar[dict[str, Personal]] = {
        "user": Personal.IDENTITY,
        "last_used_on": Personal.TRACE,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("digest",)

    class Meta:
        verbose_name = _("calendar address")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_calendar_address",
            )
        ]

    def __str__(self) -> str:
        return str(self.user)
