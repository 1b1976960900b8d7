"""Who can see this, and why: one page for each kind of record, open to all who see the record."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.screen import day
from core.views import DetailView
from programmes.models import (
    Consent,
    Evidence,
    Location,
    Programme,
    SharingAgreement,
    StepRecord,
    TargetPlace,
)
from programmes.pages import location_crumbs, note_programme, programme_crumbs
from programmes.selectors.access import count_words, who_can_see
from programmes.sharing import opens_evidence, opens_step, shared_for


class AccessView(DetailView):
    """The account of who can see ``self.object``.

    Subclasses give the queryset and how the URL finds the record; they may say how it is called
    (``record_name``) and where it lies (``crumbs``). Higher floors derive theirs from it.
    """

    abstract = True
    permission = Permission.VIEW
    template_name = "programmes/access.html"
    kind: ClassVar[Any] = ""

    def record_name(self) -> str:
        """Return how the record is called on the page."""
        return str(self.object)

    def is_open(self) -> bool:
        """Say whether the reader may know what the record is called and how it is handled."""
        return True

    def programme(self) -> Programme:
        """Return the programme the record belongs to."""
        programme: Programme = self.location().programme
        return programme

    def location(self) -> Any:
        """Return the location the record lies at."""
        return self.object.location

    def crumbs(self) -> list[Any]:
        """Return the way to the record."""
        return location_crumbs(
            self.location(), (self.record_name(), self.object.get_absolute_url())
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the account."""
        note_programme(self.request, self.programme())
        account = who_can_see(self.object)
        return {
            **kwargs,
            "record": self.object,
            "is_open": self.is_open(),
            "record_name": self.record_name(),
            "kind": self.kind or self.object._meta.verbose_name,
            "account": account,
            "count_words": count_words(account),
            "crumbs": self.crumbs(),
        }


class LocationAccessView(AccessView):
    """Who can see a location, and all that lies there."""

    queryset = Location.objects.select_related("programme__lead_agency")

    def location(self) -> Any:
        """Return the record itself."""
        return self.object

    def crumbs(self) -> list[Any]:
        """Return the way to the location."""
        return location_crumbs(self.object)


class ProgrammeAccessView(AccessView):
    """Who can see a programme."""

    queryset = Programme.objects.select_related("lead_agency")

    def programme(self) -> Programme:
        """Return the record itself."""
        programme: Programme = self.object
        return programme

    def crumbs(self) -> list[Any]:
        """Return the way to the programme."""
        return programme_crumbs(self.object)


class PlaceAccessView(AccessView):
    """Who can see a target place."""

    queryset = TargetPlace.objects.select_related("location__programme__lead_agency")

    def lookup_filter(self) -> dict[str, Any]:
        """Find it by its location's slug and its own."""
        return {"location__slug": self.kwargs["slug"], "slug": self.kwargs["place"]}


class StepAccessView(AccessView):
    """Who can see a step at a location."""

    queryset = StepRecord.objects.select_related("definition", "location__programme__lead_agency")
    kind = _("step")

    def lookup_filter(self) -> dict[str, Any]:
        """Find it by its location's slug and its number."""
        return {
            "location__slug": self.kwargs["slug"],
            "definition__number": self.kwargs["number"],
        }

    def is_open(self) -> bool:
        """Say whether its handling instruction is open."""
        return opens_step(shared_for(self.request, self.programme()), self.object)

    def record_name(self) -> str:
        """Name the step by its number."""
        step = self.object.definition
        return _t("Step %(number)s: %(name)s") % {"number": step.number, "name": step.name}


class EvidenceAccessView(AccessView):
    """Who can see a piece of evidence."""

    queryset = Evidence.objects.select_related(
        "agency", "step_record__definition", "step_record__location__programme__lead_agency"
    )

    def lookup_filter(self) -> dict[str, Any]:
        """Find it under its step."""
        return {
            "step_record__location__slug": self.kwargs["slug"],
            "step_record__definition__number": self.kwargs["number"],
            "pk": self.kwargs["evidence"],
        }

    def is_open(self) -> bool:
        """Say whether its title is open: what is sensitive is withheld without an agreement."""
        return opens_evidence(shared_for(self.request, self.programme()), self.object)

    def record_name(self) -> str:
        """Return its title, where that is open."""
        if self.is_open():
            return str(self.object)
        return _t("Evidence of %(date)s") % {"date": day(self.object.done_on)}

    def location(self) -> Any:
        """Return its step's location."""
        return self.object.step_record.location

    def crumbs(self) -> list[Any]:
        """Return the way to its step."""
        step = self.object.step_record
        return location_crumbs(
            step.location,
            (_t("Steps"), reverse("programmes:step-list", args=[step.location.slug])),
            (_t("Step %(number)d") % {"number": step.definition.number}, step.get_absolute_url()),
        )


class ConsentAccessView(AccessView):
    """Who can see a person's consent."""

    queryset = Consent.objects.select_related("agency", "user", "location__programme__lead_agency")

    def lookup_filter(self) -> dict[str, Any]:
        """Find it under its location."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["consent"]}


class AgreementAccessView(AccessView):
    """Who can see a sharing agreement."""

    queryset = SharingAgreement.objects.select_related("programme__lead_agency")

    def lookup_filter(self) -> dict[str, Any]:
        """Find it under its programme."""
        return {"programme__slug": self.kwargs["slug"], "pk": self.kwargs["agreement"]}

    def programme(self) -> Programme:
        """Return its programme."""
        programme: Programme = self.object.programme
        return programme

    def crumbs(self) -> list[Any]:
        """Return the way to the agreement."""
        return programme_crumbs(
            self.object.programme, (self.record_name(), self.object.get_absolute_url())
        )
