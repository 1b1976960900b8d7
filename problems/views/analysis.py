"""Hypotheses, and the evidence linked to them."""

from __future__ import annotations

from copy import copy
from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.views import CreateView, DetailView, UpdateView
from problems.choices import EvidenceKind
from problems.forms.problems import (
    EvidenceLinkForm,
    HypothesisForm,
    ReasonForm,
    VerdictForm,
)
from problems.models import EvidenceLink, Hypothesis
from problems.selectors.choices import targets_of
from problems.services import links, problems
from problems.views.common import PROBLEMS, OfProblem

HYPOTHESES = Hypothesis.objects.select_related("problem__location__programme", "problem__plan")
LINKS = EvidenceLink.objects.select_related("problem__location__programme", "problem__plan")


class HypothesisNewView(OfProblem, CreateView):
    """Writes down a hypothesis."""

    queryset = PROBLEMS
    permission = Permission.PROBLEM_RECORD
    template_name: ClassVar[str] = "programmes/form.html"
    form_class = HypothesisForm
    heading = _("Write down a hypothesis")
    submit_label = _("Add the hypothesis")
    success_message = _("The hypothesis is added. Link the evidence that speaks for or against it.")

    def perform(self, form: Any) -> str:
        """Add it."""
        return problems.add_hypothesis(
            problem=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class HypothesisEditView(OfProblem, UpdateView):
    """Says what the evidence makes of a hypothesis."""

    queryset = HYPOTHESES
    path = "problem"
    key = "hypothesis"
    permission = Permission.PROBLEM_RECORD
    template_name: ClassVar[str] = "programmes/form.html"
    form_class = VerdictForm
    heading = _("What the evidence says")
    success_message = _("The hypothesis is changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Edit a copy."""
        return {"instance": copy(self.object)}

    def perform(self, form: Any) -> str:
        """Save it."""
        return problems.edit_hypothesis(
            hypothesis=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class EvidenceKindsView(OfProblem, DetailView):
    """Which kind of evidence to link; how much of each there is."""

    queryset = PROBLEMS
    permission = Permission.PROBLEM_RECORD
    template_name = "problems/evidence_kinds.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the kinds."""
        problem = self.object
        chosen = self.request.GET.get("hypothesis", "")
        items = []
        for kind in EvidenceKind:
            url = reverse(
                "problems:evidence-new", args=[problem.location.slug, problem.pk, kind.value]
            )
            items.append(
                {
                    "title": kind.label,
                    "href": f"{url}?hypothesis={chosen}" if chosen else url,
                    "hint": HINTS[kind],
                }
            )
        return {
            **super().get_context_data(**kwargs),
            "kinds": items,
            "heading": _t("Link evidence"),
        }


HINTS: dict[str, Any] = {
    EvidenceKind.PACKAGE: _("Reports of anti-social behaviour, with the version cited"),
    EvidenceKind.WAVE: _("What people answered, with how many were asked"),
    EvidenceKind.OBSERVATION: _("What was seen on a walk"),
    EvidenceKind.ASSET: _("A place, group or institution that bears on the problem"),
    EvidenceKind.CONCERN: _("A concern, idea or offer as it was published"),
    EvidenceKind.ACTION: _("Something that was done or asked for"),
    EvidenceKind.STEP_EVIDENCE: _("A piece of evidence recorded on a step"),
    EvidenceKind.NOTE: _("Research, a statement, a document: name its source"),
}


class EvidenceNewView(OfProblem, CreateView):
    """Links one piece of evidence of a kind."""

    queryset = PROBLEMS
    permission = Permission.PROBLEM_RECORD
    template_name: ClassVar[str] = "programmes/form.html"
    form_class = EvidenceLinkForm
    submit_label = _("Link the evidence")
    success_message = _("The evidence is linked.")

    @property
    def kind(self) -> EvidenceKind:
        """The kind that the address names."""
        try:
            return EvidenceKind(self.kwargs["kind"])
        except ValueError as error:
            raise Http404 from error

    def lookup_filter(self) -> dict[str, Any]:
        """Find the problem; an unknown kind is no page."""
        assert self.kind
        return super().lookup_filter()

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer what this person may see, and the problem's hypotheses."""
        return {
            "targets": None
            if self.kind == EvidenceKind.NOTE
            else targets_of(self.kind, self.object.location, self.request.user),
            "hypotheses": self.object.hypotheses.all(),
            "chosen": self.request.GET.get("hypothesis", ""),
        }

    def perform(self, form: Any) -> str:
        """Link it."""
        data = dict(form.cleaned_data)
        target, __, detail = data.pop("target", "").partition(":")
        links.link_evidence(
            problem=self.object,
            kind=self.kind,
            target=target or None,
            detail=detail,
            by=self.request.user,
            **data,
        )
        return f"{self.object.get_absolute_url()}#evidence"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the kind."""
        found = super().get_context_data(**kwargs)
        found["heading"] = _t("Link evidence: %(kind)s") % {"kind": self.kind.label}
        form = kwargs.get("form")
        if form is not None and "target" in form.fields and not form.fields["target"].choices:
            found["intro"] = _t(
                "There is nothing of this kind at this location yet that you may see."
            )
        return found


class LinkWithdrawView(OfProblem, UpdateView):
    """Takes a link back."""

    queryset = LINKS
    path = "problem"
    key = "link"
    permission = Permission.PROBLEM_RECORD
    template_name: ClassVar[str] = "programmes/form.html"
    form_class = ReasonForm
    heading = _("Take this evidence back")
    submit_label = _("Take it back")
    success_message = _("The evidence is taken back. It stays listed, with the reason.")

    def perform(self, form: Any) -> str:
        """Take it back."""
        return links.withdraw_link(
            link=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()
