"""A step's page, and what one can do there."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.models import StoredFile
from core.views import CreateView, DetailView, DownloadView, UpdateView
from programmes import policy, registry, services
from programmes.choices import StepState
from programmes.forms import (
    EvidenceForm,
    PlanForm,
    ReopenForm,
    SignOffForm,
    StartForm,
    WithdrawForm,
)
from programmes.models import Evidence, SignOff, StepRecord, Verification
from programmes.pages import location_crumbs, location_page, note_programme, panels
from programmes.selectors.step_page import StepDetail, step_detail
from programmes.selectors.verification import latest_word, step_verification
from programmes.sharing import require_open_evidence, require_open_step, shared_for
from programmes.steps import numbers_words

STEPS = StepRecord.objects.select_related("definition", "location__programme", "out_of_order_by")


class StepLookup:
    """Finds a step by its location's slug and its number; frames its forms."""

    kwargs: dict[str, Any]
    request: HttpRequest
    object: Any
    heading: Any = ""
    submit_label: Any = ""

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {
            "location__slug": self.kwargs["slug"],
            "definition__number": self.kwargs["number"],
        }

    @property
    def record(self) -> StepRecord:
        """The step that this page is about."""
        record: StepRecord = self.object
        return record

    def detail(self) -> StepDetail:
        """Return the step's facts, read once."""
        if not hasattr(self, "_step_detail"):
            shared = shared_for(self.request, self.record.location.programme)
            self._step_detail = step_detail(record=self.record, shared=shared)
        return self._step_detail

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around a form."""
        location, number = self.record.location, self.record.definition.number
        note_programme(self.request, location.programme)
        return {
            **kwargs,
            "heading": self.heading,
            "submit_label": self.submit_label,
            "caption": _t("%(place)s · step %(number)d: %(name)s")
            % {
                "place": location.name,
                "number": number,
                "name": self.record.definition.name,
            },
            "cancel_url": self.record.get_absolute_url(),
            "crumbs": location_crumbs(
                location,
                (_t("Steps"), reverse("programmes:step-list", args=[location.slug])),
                (_t("Step %(number)d") % {"number": number}, self.record.get_absolute_url()),
            ),
            "detail": self.detail(),
            "open_before": numbers_words(list(self.detail().open_before))
            if self.detail().needs_reason
            else "",
        }


class StepDetailView(StepLookup, DetailView):
    """One step at one location."""

    queryset = STEPS
    permission = Permission.VIEW
    template_name = "programmes/step_detail.html"
    also_shows = (Evidence, SignOff, Verification)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the step, its frame and the panels of other apps."""
        detail, location = self.detail(), self.record.location
        steps_url = reverse("programmes:step-list", args=[location.slug])
        page = location_page(
            self.request,
            location,
            current="steps",
            steps=detail.all_steps,
            step=detail.facts.number,
            crumbs=[(_t("Steps"), steps_url)],
        )
        return {
            **super().get_context_data(**kwargs),
            **page,
            "step": detail.facts,
            "may_read_evidence": any(right in page["rights"] for right in policy.EVIDENCE_READERS),
            "may_add": Permission.STEP_RECORD in page["rights"] and not detail.facts.is_signed_off,
            "may_sign": Permission.STEP_SIGN_OFF in page["rights"]
            and detail.facts.state == StepState.READY,
            **{
                f"{name}_url": reverse(
                    f"programmes:{view}", args=[location.slug, detail.facts.number]
                )
                for name, view in (
                    ("plan", "step-plan"),
                    ("start", "step-start"),
                    ("evidence", "evidence-new"),
                    ("sign", "step-sign-off"),
                    ("reopen", "step-reopen"),
                    ("send", "step-send"),
                    ("verify", "step-verify"),
                )
            },
            "verification": step_verification(
                record=self.record,
                facts=detail.facts,
                shared=shared_for(self.request, location.programme),
                rights=page["rights"],
            ),
            "panels": panels(self.request, registry.step_panels(), self.record, page["rights"]),
        }


class StepStartView(StepLookup, UpdateView):
    """Says when work on a step began."""

    queryset = STEPS
    permission = Permission.STEP_RECORD
    template_name = "programmes/step_form.html"
    form_class = StartForm
    heading = _("Start this step")
    submit_label = _("Start the step")
    success_message = _("The step is started.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ask for a reason where the step is out of order."""
        return {"needs_reason": self.detail().needs_reason}

    def perform(self, form: Any) -> str:
        """Start it."""
        services.start_step(record=self.record, by=self.request.user, **form.cleaned_data)
        return self.record.get_absolute_url()


class StepPlanView(StepLookup, UpdateView):
    """Changes a step's planned dates and notes."""

    queryset = STEPS
    permission = Permission.STEP_RECORD
    template_name = "programmes/step_form.html"
    form_class = PlanForm
    heading = _("Change the plan and notes")
    success_message = _("The plan is changed.")

    def fetch(self) -> Any:
        """Return the step; whose notes are withheld cannot be changed by the reader."""
        record = super().fetch()
        require_open_step(self.request.user, record)
        return record

    def get_form_kwargs(self) -> dict[str, Any]:
        """Edit a copy."""
        return {"instance": copy(self.object)}

    def perform(self, form: Any) -> str:
        """Save it."""
        services.edit_plan(record=self.record, by=self.request.user, **form.cleaned_data)
        return self.record.get_absolute_url()


class EvidenceCreateView(StepLookup, CreateView):
    """Records one piece of evidence."""

    queryset = STEPS
    permission = Permission.STEP_RECORD
    template_name = "programmes/step_form.html"
    form_class = EvidenceForm
    heading = _("Record evidence")
    submit_label = _("Record the evidence")
    success_message = _("The evidence is recorded.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the kinds of evidence that this step wants."""
        return {"detail": self.detail(), "chosen": self.request.GET.get("wanted", "")}

    def perform(self, form: Any) -> str:
        """Record it."""
        data = form.cleaned_data
        services.record_evidence(
            record=self.record,
            by=self.request.user,
            id=data["id"],
            wanted=self.record.definition.evidence_wanted.filter(pk=form.wanted_id).first()
            if form.wanted_id
            else None,
            title=data["title"],
            done_on=data["done_on"],
            note=data["note"],
            link=data["link"],
            upload=data["file"],
            marking=data["marking"],
            handling=data["handling"],
            out_of_order_reason=data.get("out_of_order_reason", ""),
        )
        return self.record.get_absolute_url()


class SignOffView(StepLookup, CreateView):
    """Signs a step off."""

    queryset = STEPS
    permission = Permission.STEP_SIGN_OFF
    template_name = "programmes/step_sign_off.html"
    form_class = SignOffForm
    heading = _("Sign off this step")
    submit_label = _("Sign off")
    success_message = _("The step is signed off.")

    def perform(self, form: Any) -> str:
        """Sign it off."""
        services.sign_off(record=self.record, by=self.request.user, **form.cleaned_data)
        return self.record.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether this person recorded evidence here, and what the verifier said last."""
        own = self.record.evidence.filter(recorded_by=self.request.user.pk, withdrawn_on=None)
        return {
            **super().get_context_data(**kwargs),
            "by_own_hand": own.exists(),
            "verifier_word": latest_word(self.record),
        }


class ReopenView(StepLookup, UpdateView):
    """Opens a signed-off step again."""

    queryset = STEPS
    permission = Permission.STEP_SIGN_OFF
    template_name = "programmes/step_form.html"
    form_class = ReopenForm
    heading = _("Open this step again")
    submit_label = _("Open it again")
    success_message = _("The step is open again.")

    def perform(self, form: Any) -> str:
        """Open it."""
        services.reopen(record=self.record, by=self.request.user, **form.cleaned_data)
        return self.record.get_absolute_url()


class _EvidenceLookup(StepLookup):
    """Finds a piece of evidence under its step."""

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {
            "step_record__location__slug": self.kwargs["slug"],
            "step_record__definition__number": self.kwargs["number"],
            "pk": self.kwargs["evidence"],
        }

    @property
    def record(self) -> StepRecord:
        """The step that it belongs to."""
        record: StepRecord = self.object.step_record
        return record


EVIDENCE = Evidence.objects.select_related(
    "file",
    "agency",
    "step_record__definition",
    "step_record__location__programme__lead_agency",
    "step_record__out_of_order_by",
)


class EvidenceFileView(_EvidenceLookup, DownloadView):
    """The file of a piece of evidence."""

    queryset = EVIDENCE
    permission = Permission.STEP_RECORD

    def may(self, obj: Any, permission: str | None = None) -> bool:
        """Let those open evidence who record, sign off or verify; partners see that it is there."""
        rights = (permission,) if permission else policy.EVIDENCE_READERS
        return any(super(EvidenceFileView, self).may(obj, right) for right in rights)

    def stored_file(self) -> StoredFile | None:
        """Return its file, unless what it holds is withheld."""
        require_open_evidence(self.request.user, self.object)
        stored: StoredFile | None = self.object.file
        return stored


class WithdrawView(_EvidenceLookup, UpdateView):
    """Takes a piece of evidence back."""

    queryset = EVIDENCE
    permission = Permission.STEP_RECORD
    template_name = "programmes/step_form.html"
    form_class = WithdrawForm
    heading = _("Withdraw evidence")
    submit_label = _("Withdraw the evidence")
    success_message = _("The evidence is withdrawn.")

    def fetch(self) -> Any:
        """Return the evidence; what is withheld cannot be taken back by the reader."""
        evidence = super().fetch()
        require_open_evidence(self.request.user, evidence)
        return evidence

    def perform(self, form: Any) -> str:
        """Withdraw it."""
        services.withdraw_evidence(evidence=self.object, by=self.request.user, **form.cleaned_data)
        return self.record.get_absolute_url()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Name the evidence in the introduction."""
        self.object = self.fetch()
        intro = _t("You are withdrawing “%(title)s”.") % {"title": self.object.title}
        return self.page(object=self.object, form=self.get_form(), intro=intro)
