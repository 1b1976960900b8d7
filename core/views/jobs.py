"""One's own jobs: the list, a job with its bar, and stopping it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.assurance import Level
from core.jobs import request_cancel
from core.models import JobRun
from core.views.base import ActionView, DetailView, ListView, ScopedView

OWN = "one's own work, asked for again and again"


class JobListView(ListView):
    """What I asked for, latest first."""

    least_level = Level.LINK  # one's own jobs alone
    queryset = JobRun.objects.all()
    permission = "view"
    ledger_quiet = OWN
    template_name = "core/jobs/list.html"


class JobView(DetailView):
    """One job; its bar moves by itself, or at "Check again"."""

    least_level = Level.LINK  # one's own jobs alone
    queryset = JobRun.objects.all()
    permission = "view"
    ledger_quiet = OWN
    template_name = "core/jobs/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether this person may stop it."""
        return super().get_context_data(
            may_cancel=self.may(self.object, "cancel"),
            crumbs=[(_("Jobs"), reverse("core:jobs")), (self.object.title, "")],
            **kwargs,
        )


class JobProgressView(ScopedView):
    """The part of a job's page that changes, asked for once a second while the job is open."""

    least_level = Level.LINK  # one's own jobs alone
    queryset = JobRun.objects.all()
    permission = "view"
    ledger_quiet = OWN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the state; never kept in a cache."""
        job = self.fetch()
        context = {"object": job, "may_cancel": self.may(job, "cancel")}
        response = render(request, "core/jobs/_progress.html", context)
        response["Cache-Control"] = "no-store"
        return response


class JobCancelView(ActionView):
    """The "Cancel this job" button."""

    least_level = Level.LINK  # one's own jobs alone
    queryset = JobRun.objects.all()
    permission = "cancel"
    success_message = _("The job will stop at its next safe point.")

    def perform(self) -> str:
        """Ask the job to stop."""
        return request_cancel(job=self.object, by=self.request.user).get_absolute_url()
