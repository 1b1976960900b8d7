"""Signing a sharing agreement, on screen or on paper, and withdrawing from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.permissions import Permission
from core.views import UpdateView
from programmes.forms.agreements import PaperSignatureForm, SignForm, WithdrawPartyForm
from programmes.models import AgreementParty, SharingAgreement
from programmes.services import agreements as services
from programmes.views.agreements import AGREEMENTS, AgreementLookup


class AgreementSignView(AgreementLookup, UpdateView):
    """Signs an agreement for one's agency."""

    queryset = AGREEMENTS
    permission = Permission.AGREEMENT_SIGN
    template_name = "programmes/agreement_sign.html"
    form_class = SignForm
    heading = _("Sign the agreement")
    submit_label = _("Sign")
    success_message = _("The agreement is signed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the parties for which this person may sign."""
        mine = Agency.objects.all().visible_to(self.request.user, Permission.AGREEMENT_SIGN)
        return {
            "agencies": mine.filter(
                agreement_parties__agreement=self.agreement,
                agreement_parties__withdrew_on__isnull=True,
            ),
            "version": self.agreement.version,
            "initial": {"name": self.request.user.get_full_name()},
        }

    def perform(self, form: Any) -> str:
        """Sign it."""
        data = form.cleaned_data
        services.sign_agreement(
            agreement=self.agreement,
            agency=data["agency"],
            name=data["name"],
            version=data["version"],
            by=self.request.user,
        )
        return self.agreement.get_absolute_url()


class PaperSignatureView(AgreementLookup, UpdateView):
    """Records a signature given on paper."""

    queryset = AGREEMENTS
    permission = Permission.AGREEMENT_MANAGE
    template_name = "programmes/form.html"
    form_class = PaperSignatureForm
    heading = _("Record a signature on paper")
    submit_label = _("Record the signature")
    success_message = _("The signature is recorded.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the parties that have not signed."""
        return {
            "agencies": Agency.objects.filter(
                pk__in=AgreementParty.objects.filter(
                    agreement=self.agreement, signed_on__isnull=True, withdrew_on__isnull=True
                ).values("agency")
            ),
            "held": self.agreement.document_id is not None,
            "version": self.agreement.version,
        }

    def perform(self, form: Any) -> str:
        """Record it."""
        data = form.cleaned_data
        services.record_paper_signature(
            agreement=self.agreement,
            agency=data["agency"],
            name=data["name"],
            signed_on=data["signed_on"],
            upload=data["document"],
            version=data["version"],
            by=self.request.user,
        )
        return self.agreement.get_absolute_url()


class PartyWithdrawView(AgreementLookup, UpdateView):
    """Takes an agency out of an agreement: who signs for it may, and who manages the agreement."""

    queryset = AgreementParty.objects.select_related("agency", "agreement__programme")
    permission = Permission.AGREEMENT_SIGN
    template_name = "programmes/form.html"
    form_class = WithdrawPartyForm
    heading = _("Withdraw from the agreement")
    submit_label = _("Withdraw")
    success_message = _("The agency has withdrawn. Nothing is opened to it, nor of its own.")

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks the party."""
        return {
            "agreement__programme__slug": self.kwargs["slug"],
            "agreement": self.kwargs["agreement"],
            "pk": self.kwargs["party"],
        }

    def may(self, obj: Any, permission: str | None = None) -> bool:
        """Let either right do."""
        rights: Sequence[str] = (Permission.AGREEMENT_SIGN, Permission.AGREEMENT_MANAGE)
        return any(super(PartyWithdrawView, self).may(obj, right) for right in rights)

    @property
    def agreement(self) -> SharingAgreement:
        """The agreement of the party."""
        agreement: SharingAgreement = self.object.agreement
        return agreement

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the agency."""
        return {**super().get_context_data(**kwargs), "caption": str(self.object.agency)}

    def perform(self, form: Any) -> str:
        """Withdraw."""
        services.withdraw_party(
            party=self.object, reason=form.cleaned_data["reason"], by=self.request.user
        )
        return self.agreement.get_absolute_url()
