"""The person who signs in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.querysets import UserManager
from core.history import tracked
from core.models import Identified, Stamped
from core.personal import Personal


@tracked(exclude=("password", "last_login"))
class User(Identified, Stamped, AbstractBaseUser, PermissionsMixin):
    """A person with an account; the e-mail address is the name to sign in with.

    ``is_staff`` marks a system administrator: manages accounts, reads no content.
    """

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150)
    agency = models.ForeignKey(
        "accounts.Agency",
        verbose_name=_("agency"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
    )
    job_title = models.CharField(_("job title"), max_length=150, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("system administrator"), default=False)
    left_on = models.DateField(_("left on"), null=True, blank=True, editable=False)
    is_demonstration = models.BooleanField(default=False, editable=False)

    # The password is stored as a slow hash only.
    personal: ClassVar[dict[str, Personal]] = {
        "email": Personal.CONTACT,
        "name": Personal.IDENTITY,
        "job_title": Personal.IDENTITY,
        "last_login": Personal.TRACE,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("password",)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_email")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_absolute_url(self) -> str:
        """Return the page of the account, for those who look after it."""
        return reverse("people:person", args=[self.pk])

    def get_full_name(self) -> str:
        """Return the name as shown."""
        return self.name

    def get_short_name(self) -> str:
        """Return the first word of the name."""
        return self.name.split(" ")[0]
