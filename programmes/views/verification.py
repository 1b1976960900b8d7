"""The verification of a step: sent by the location, checked by a third party."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.views import CreateView
from programmes import services
from programmes.choices import VerificationKind
from programmes.forms.verification import SendForm, VerifyForm
from programmes.models import Evidence, SignOff, Verification
from programmes.selectors.verification import (
    latest_word,
    verification_lines,
    verifications_waiting,
)
from programmes.sharing import require_open_step, shared_for
from programmes.views.steps import STEPS, StepLookup


class _VerificationView(StepLookup, CreateView):
    """A form of the verification, with what was said so far above it."""

    abstract = True
    template_name = "programmes/step_verification.html"
    also_shows = (Evidence, SignOff, Verification)

    def fetch(self) -> Any:
        """Return the step; where its statements are withheld nothing can be said to it."""
        record = super().fetch()
        require_open_step(self.request.user, record)
        return record

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what was said and recorded so far."""
        shared = shared_for(self.request, self.record.location.programme)
        return {
            **super().get_context_data(**kwargs),
            "lines": verification_lines(self.record, shared),
        }

    def back(self) -> str:
        """Return the step's page at its verification."""
        return f"{self.record.get_absolute_url()}#verification"


class SendView(_VerificationView):
    """Sends a step to the verifier, or sends it again after a return."""

    queryset = STEPS
    permission = Permission.STEP_RECORD
    form_class = SendForm
    heading = _("Send this step to the verifier")
    submit_label = _("Send the step")
    success_message = _("The step is with the verifier.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ask for an answer where the step was returned."""
        word = latest_word(self.record)
        return {"returned": word is not None and word.kind == VerificationKind.RETURNED}

    def perform(self, form: Any) -> str:
        """Send it."""
        services.send_to_verifier(record=self.record, by=self.request.user, **form.cleaned_data)
        return self.back()


class VerifyView(_VerificationView):
    """Says what a third party found."""

    queryset = STEPS
    permission = Permission.STEP_VERIFY
    form_class = VerifyForm
    heading = _("Verify this step")
    submit_label = _("Save what you found")
    success_message = _("What you found is kept with the step.")

    def perform(self, form: Any) -> str:
        """Keep it."""
        data = form.cleaned_data
        services.verify_step(
            record=self.record,
            agreed=data["outcome"] == VerifyForm.AGREED,
            text=data["text"],
            id=data["id"],
            by=self.request.user,
        )
        return self.back()


def week_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Return the steps that wait for this person's verification, and those returned to them."""
    to_verify, returned = verifications_waiting(request.user)
    return {"to_verify": to_verify, "returned": returned} if to_verify or returned else None
