"""Pages of sharing agreements: lists, one agreement, drafting, signing, reviewing, ending."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import Permission
from core import clock
from core.models import StoredFile
from core.selectors import history_of
from core.views import CreateView, DetailView, DownloadView, ListView, UpdateView
from core.views.history import timeline_item
from programmes.forms.agreements import (
    AgreementForm,
    EndAgreementForm,
    ReviewForm,
)
from programmes.models import (
    AgreementParty,
    Programme,
    ProgrammeUserPermission,
    SharingAgreement,
)
from programmes.pages import Crumb, note_programme, programme_crumbs
from programmes.selectors.agreements import Agreed, agreement_detail, agreements_seen
from programmes.services import agreements as services

AGREEMENTS = SharingAgreement.objects.select_related("programme", "responsible", "document")


class AgreementListView(ListView):
    """The agreements that one may see, in whatever programme: where a party's leader finds them."""

    queryset = SharingAgreement.objects.all()
    permission = Permission.VIEW
    template_name = "programmes/agreement_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the agreements as they stand."""
        return {
            **kwargs,
            "agreements": agreements_seen(user=self.request.user),
            "heading": _("Sharing agreements"),
            "across": True,
        }


class ProgrammeAgreementsView(DetailView):
    """The agreements of a programme, what is about to lapse first."""

    queryset = Programme.objects.all()
    permission = Permission.VIEW
    template_name = "programmes/agreement_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the agreements as they stand."""
        programme: Programme = self.object
        note_programme(self.request, programme)
        return {
            **kwargs,
            "programme": programme,
            "agreements": agreements_seen(user=self.request.user, programme=programme),
            "heading": _("Sharing agreements"),
            "caption": programme.name,
            "crumbs": programme_crumbs(programme),
            "may_manage": self.may(programme, Permission.AGREEMENT_MANAGE),
        }


def people_who_manage(programme: Programme) -> models.QuerySet[User]:
    """Return those who may see to an agreement's review."""
    grants = ProgrammeUserPermission.objects.filter(
        content_object=programme, permission__codename=Permission.AGREEMENT_MANAGE
    )
    return User.objects.filter(pk__in=grants.values("user"), is_active=True).order_by("name")


class AgreementCreateView(CreateView):
    """Drafts an agreement."""

    queryset = Programme.objects.all()
    permission = Permission.AGREEMENT_MANAGE
    template_name = "programmes/form.html"
    form_class = AgreementForm
    success_message = _("The agreement is drafted. It opens nothing until the parties have signed.")

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        """Offer all agencies, the lead agency chosen already, and a year from today."""
        today = clock.today()
        return AgreementForm(
            data=data,
            agencies=Agency.objects.all(),
            managers=people_who_manage(self.object),
            initial={
                "parties": [self.object.lead_agency_id] if self.object.lead_agency_id else [],
                "starts_on": today,
            },
        )

    def perform(self, form: Any) -> str:
        """Draft it."""
        return services.draft_agreement(
            programme=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        note_programme(self.request, self.object)
        back = reverse("programmes:programme-agreements", args=[self.object.slug])
        return {
            **kwargs,
            "heading": _("Draft a sharing agreement"),
            "caption": self.object.name,
            "intro": _(
                "People of another agency see sensitive information only while an agreement covers "
                "it. Each agency signs for itself, here or on paper."
            ),
            "submit_label": _("Draft the agreement"),
            "cancel_url": back,
            "crumbs": programme_crumbs(self.object, (_t("Sharing agreements"), back)),
        }


class AgreementLookup:
    """Finds an agreement under its programme, and frames its pages."""

    kwargs: dict[str, Any]
    request: Any
    object: Any
    heading: Any = ""
    submit_label: Any = ""
    intro: Any = ""

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"programme__slug": self.kwargs["slug"], "pk": self.kwargs["agreement"]}

    @property
    def agreement(self) -> SharingAgreement:
        """The agreement that this page is about."""
        agreement: SharingAgreement = self.object
        return agreement

    def agreed(self) -> Agreed:
        """Return it as it stands (read once a request)."""
        if not hasattr(self, "_agreed"):
            self._agreed = agreement_detail(agreement=self.agreement, user=self.request.user)
        return self._agreed

    def crumbs(self) -> list[Crumb]:
        """Return the way here; through the programme for those who see it."""
        programme = self.agreement.programme
        if Programme.objects.all().visible_to(self.request.user).filter(pk=programme.pk).exists():
            note_programme(self.request, programme)
            back = reverse("programmes:programme-agreements", args=[programme.slug])
            return programme_crumbs(programme, (_t("Sharing agreements"), back))
        return [(_t("Sharing agreements"), reverse("programmes:agreements"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around a form."""
        return {
            **kwargs,
            "heading": self.heading,
            "caption": self.agreement.title,
            "submit_label": self.submit_label,
            "intro": self.intro,
            "cancel_url": self.agreement.get_absolute_url(),
            "agreed": self.agreed(),
            "crumbs": [
                *self.crumbs(),
                *(
                    [(self.agreement.title, self.agreement.get_absolute_url())]
                    if self.heading
                    else []
                ),
            ],
        }


class AgreementView(AgreementLookup, DetailView):
    """One agreement: who, what, why, how long, what it opens to whom, its history."""

    queryset = AGREEMENTS
    permission = Permission.VIEW
    template_name = "programmes/agreement_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the person may do with it."""
        changes = history_of(
            self.agreement,
            AgreementParty.objects.filter(agreement=self.agreement),
            reader=self.request.user,
        )
        return {
            **super().get_context_data(**kwargs),
            "may_manage": self.may(self.agreement, Permission.AGREEMENT_MANAGE),
            "entries": [timeline_item(change) for change in changes],
        }


class AgreementChangeView(AgreementLookup, UpdateView):
    """Changes the text while nobody has signed."""

    queryset = AGREEMENTS
    permission = Permission.AGREEMENT_MANAGE
    template_name = "programmes/form.html"
    form_class = AgreementForm
    heading = _("Change the agreement")
    success_message = _("The agreement is changed.")

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        """Fill it from the stored text."""
        agreement = self.agreement
        return AgreementForm(
            data=data,
            agencies=Agency.objects.all(),
            managers=people_who_manage(agreement.programme),
            version=agreement.version,
            initial={
                **{name: getattr(agreement, name) for name in services.EDITABLE},
                "parties": list(agreement.parties.values_list("agency", flat=True)),
            },
        )

    def perform(self, form: Any) -> str:
        """Save it."""
        data = form.cleaned_data
        data["responsible"] = data["responsible"] or self.request.user
        return services.change_agreement(
            agreement=self.agreement, by=self.request.user, **data
        ).get_absolute_url()


class AgreementEndView(AgreementLookup, UpdateView):
    """Ends an agreement early."""

    queryset = AGREEMENTS
    permission = Permission.AGREEMENT_MANAGE
    template_name = "programmes/form.html"
    form_class = EndAgreementForm
    heading = _("End the agreement")
    submit_label = _("End the agreement")
    success_message = _("The agreement is ended. What it covered is withheld again.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version that the person saw."""
        return {"version": self.agreement.version}

    def perform(self, form: Any) -> str:
        """End it."""
        return services.end_agreement(
            agreement=self.agreement, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class AgreementReviewView(AgreementLookup, UpdateView):
    """Records a review and the day of the next."""

    queryset = AGREEMENTS
    permission = Permission.AGREEMENT_MANAGE
    template_name = "programmes/form.html"
    form_class = ReviewForm
    heading = _("Record the review")
    submit_label = _("Record the review")
    success_message = _("The review is recorded.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version that the person saw."""
        return {"version": self.agreement.version}

    def perform(self, form: Any) -> str:
        """Record it."""
        return services.review_agreement(
            agreement=self.agreement, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class AgreementDocumentView(AgreementLookup, DownloadView):
    """The signed document."""

    queryset = AGREEMENTS
    permission = Permission.VIEW

    def stored_file(self) -> StoredFile | None:
        """Return it."""
        return self.agreement.document
