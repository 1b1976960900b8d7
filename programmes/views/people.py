"""The people of a location who agreed to take part: list, record, one consent, its withdrawal."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.sharing import Category
from core import clock
from core.selectors import history_of
from core.views import CreateView, DetailView, UpdateView
from core.views.history import timeline_item
from programmes.choices import ConsentPurpose
from programmes.forms.people import ConsentForm, PurposeForm, WithdrawConsentForm
from programmes.models import Consent, Location
from programmes.pages import location_crumbs, location_page, note_programme
from programmes.selectors.consents import people_of
from programmes.services.consents import record_consent, withdraw_consent

LOCATIONS = Location.objects.select_related("programme", "area")
CONSENTS = Consent.objects.select_related(
    "location__programme", "agency", "recorded_by", "withdrawn_by"
)


class PeopleView(DetailView):
    """The people who agreed to take part, with what they agreed to."""

    queryset = LOCATIONS
    permission = Permission.PEOPLE_READ
    template_name = "programmes/people.html"
    also_shows = (Consent,)
    ledger_touches = (Category.PEOPLE,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the people."""
        return {
            **kwargs,
            **location_page(self.request, self.object, current="people"),
            "people": people_of(location=self.object, user=self.request.user),
        }


class ConsentCreateView(CreateView):
    """Records a consent: first to what, then the rest."""

    queryset = LOCATIONS
    permission = Permission.PEOPLE_RECORD
    template_name = "programmes/form.html"
    form_class = ConsentForm
    also_shows = (Consent,)
    success_message = _("The consent is recorded.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for the purpose, then show the form with its words."""
        if request.GET.get("purpose") in ConsentPurpose.values:
            return super().get(request, *args, **kwargs)
        self.object = self.fetch()
        form = PurposeForm(request.GET if "purpose" in request.GET else None)
        return render(
            request,
            "programmes/consent_purpose.html",
            self.get_context_data(object=self.object, form=form),
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        """Bring the words for the purpose."""
        return {"purpose": self.request.GET.get("purpose", "")}

    def perform(self, form: Any) -> str:
        """Record it."""
        record_consent(location=self.object, by=self.request.user, **form.cleaned_data)
        return reverse("programmes:location-people", args=[self.object.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        note_programme(self.request, self.object.programme)
        back = reverse("programmes:location-people", args=[self.object.slug])
        purpose = self.request.POST.get("purpose") or self.request.GET.get("purpose") or ""
        return {
            **kwargs,
            "heading": _("Record a consent"),
            "caption": f"{self.object.name} · {ConsentPurpose(purpose).label}"
            if purpose in ConsentPurpose.values
            else self.object.name,
            "submit_label": _("Record the consent"),
            "cancel_url": back,
            "crumbs": location_crumbs(self.object, (_t("Consents"), back)),
        }


class _ConsentLookup:
    """Finds a consent under its location, and frames its pages."""

    kwargs: dict[str, Any]
    object: Any

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["consent"]}

    @property
    def people_crumb(self) -> tuple[str, str]:
        """The way back to the list."""
        return (
            _t("Consents"),
            reverse("programmes:location-people", args=[self.object.location.slug]),
        )


class ConsentView(_ConsentLookup, DetailView):
    """One consent: the words, the dates, who recorded it, its history."""

    queryset = CONSENTS
    permission = Permission.VIEW
    template_name = "programmes/consent_detail.html"
    ledger_touches = (Category.PEOPLE,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the frame, and the history for those who read it."""
        consent: Consent = self.object
        page = location_page(
            self.request, consent.location, current="people", crumbs=[self.people_crumb]
        )
        changes = (
            [
                timeline_item(change)
                for change in history_of(consent, limit=20, reader=self.request.user)
            ]
            if Permission.HISTORY_READ in page["rights"]
            else []
        )
        may_withdraw = consent.withdrawn_on is None and (
            Permission.PEOPLE_RECORD in page["rights"] or consent.user_id == self.request.user.pk
        )
        return {
            **kwargs,
            **page,
            "consent": consent,
            "entries": changes,
            "may_withdraw": may_withdraw,
            "has_run_out": not consent.stands_on(clock.today()),
        }


class ConsentWithdrawView(_ConsentLookup, UpdateView):
    """Keeps that somebody changed their mind."""

    queryset = CONSENTS
    permission = Permission.PEOPLE_RECORD
    template_name = "programmes/form.html"
    form_class = WithdrawConsentForm
    success_message = _("The withdrawal is recorded. The consent counts no more.")

    def may(self, obj: Any, permission: str | None = None) -> bool:
        """Let the person themselves withdraw, too."""
        own = permission is None and obj.user_id == self.request.user.pk
        return own or super().may(obj, permission)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version that the person saw."""
        return {"version": self.object.version, "given_on": self.object.given_on}

    def perform(self, form: Any) -> str:
        """Keep it."""
        withdraw_consent(consent=self.object, by=self.request.user, **form.cleaned_data)
        return reverse("programmes:location-people", args=[self.object.location.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        consent: Consent = self.object
        note_programme(self.request, consent.location.programme)
        return {
            **kwargs,
            "heading": _("Record that a consent is withdrawn"),
            "caption": str(consent),
            "intro": _(
                "From that day on the consent counts no more. The record stays, so that it can be "
                "shown what was agreed and when it ended."
            ),
            "submit_label": _("Record the withdrawal"),
            "cancel_url": consent.get_absolute_url(),
            "crumbs": location_crumbs(consent.location, self.people_crumb),
        }
