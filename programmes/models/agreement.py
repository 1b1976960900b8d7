"""Sharing agreements of a programme and the agencies that have signed them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, AgencyUserPermission, Agreement
from accounts.permissions import Permission
from accounts.scoping import ScopedQuerySet, granted_on
from core.history import tracked
from core.models import Record
from core.personal import Personal
from programmes.models.programme import Programme


class SharingAgreementQuerySet(ScopedQuerySet):
    """Agreements: as their programme; those who sign for a party see it without a role there."""

    scope_paths = ("programme",)

    def granted(self, user: Any, permission: str) -> Q:
        """As the programme; to sign, and so to see, by a grant on the agency of a party."""
        if permission == Permission.AGREEMENT_SIGN:
            return self._signs_for_a_party(user)
        condition = super().granted(user, permission)
        if permission == Permission.VIEW:
            condition |= self._signs_for_a_party(user)
        return condition

    def _signs_for_a_party(self, user: Any) -> Q:
        agencies = granted_on(AgencyUserPermission, user, Permission.AGREEMENT_SIGN)
        parties = AgreementParty.objects.filter(agency__in=agencies)
        return Q(pk__in=parties.order_by().values("agreement"))


@tracked()
class SharingAgreement(Agreement):
    """What agencies share within one programme."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="agreements")
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who sees to its review"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    personal: ClassVar[dict[str, Personal]] = {"responsible": Personal.AUTHOR}

    objects = SharingAgreementQuerySet.as_manager()

    class Meta(Agreement.Meta):
        verbose_name = _("sharing agreement")

    def get_absolute_url(self) -> str:
        """Return its page under its programme."""
        return reverse("programmes:agreement-detail", args=[self.programme.slug, self.pk])


class AgreementPartyQuerySet(ScopedQuerySet):
    """Parties: as their agreement; to sign for one needs the right on its own agency."""

    scope_paths = ("agreement",)

    def granted(self, user: Any, permission: str) -> Q:
        """As the agreement, or by a grant on the agency."""
        if permission == Permission.AGREEMENT_SIGN:
            return Q(agency__in=granted_on(AgencyUserPermission, user, permission))
        return super().granted(user, permission)


@tracked()
class AgreementParty(Record):
    """An agency's place in an agreement, empty until somebody signs for it.

    ``signed_by`` is the person who signed here; ``signed_name`` whose signature it is (for one on
    paper: what stands there, recorded by ``signed_by``).
    """

    agreement = models.ForeignKey(
        SharingAgreement, on_delete=models.CASCADE, related_name="parties"
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="agreement_parties")
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signed_name = models.CharField(_("signed by"), max_length=150, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_paper = models.BooleanField(_("signed on paper"), default=False)
    withdrew_on = models.DateField(_("withdrew on"), null=True, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "signed_name": Personal.AUTHOR,
        "signed_by": Personal.AUTHOR,
    }

    objects = AgreementPartyQuerySet.as_manager()

    named_by = "agency"  # in the history

    class Meta:
        verbose_name = _("party to an agreement")
        verbose_name_plural = _("parties to agreements")
        ordering = ["agency__name"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "agency"], name="one_place_an_agency"),
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True) | ~Q(signed_name=""),
                name="a_signature_has_a_name",
            ),
        ]

    def __str__(self) -> str:
        return str(self.agency)
