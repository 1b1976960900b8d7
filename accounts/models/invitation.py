"""Links sent by mail: to join, and to reach one's own actions. Only their hash is stored."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Identified, Stamped
from core.personal import Personal


def digest_of(token: str) -> str:
    """Return the sha-256 of a link's token, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


@tracked(exclude=("digest",))
class Invitation(Identified, Stamped):
    """An invitation of a person to make their account usable.

    The account is made with the invitation, closed (``is_active`` False); the roles that go with it
    stand on their anchors from then on. Opening the link changes nothing; the form behind it does.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations"
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    message = models.TextField(_("message"), blank=True)
    expires_at = models.DateTimeField(_("until"))
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "user": Personal.IDENTITY,
        "invited_by": Personal.AUTHOR,
        "message": Personal.FREE_TEXT,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("digest",)

    class Meta:
        verbose_name = _("invitation")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return str(self.user)


@tracked(exclude=("digest", "code_digest"))
class AccessLink(Identified, Stamped):
    """A link in a person's mail that, with a code sent by e-mail, opens a limited session.

    ``target`` is the page within the product to which it leads. The code is made when the person
    asks for it on the link's page, lives ten minutes and bears five tries.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_links"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    target = models.CharField(max_length=300)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    code_digest = models.CharField(max_length=64, blank=True, editable=False)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)

    personal: ClassVar[dict[str, Personal]] = {"user": Personal.IDENTITY, "target": Personal.TRACE}
    impersonal: ClassVar[tuple[str, ...]] = ("digest", "code_digest")

    class Meta:
        verbose_name = _("access link")

    def __str__(self) -> str:
        return f"{self.user} → {self.target}"
