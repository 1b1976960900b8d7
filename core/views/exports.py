"""Taking a list along: the base of the pages that offer them, a finished list, its file."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from core.choices import JobState
from core.exports import services
from core.exports.forms import ExportForm
from core.exports.registry import Export, exports_for
from core.models import JobRun, StoredFile
from core.views.base import CreateView, DetailView, DownloadView

RUNS = JobRun.objects.filter(kind=services.KIND).select_related("result_file")


class ExportsPage(CreateView):
    """The page that offers lists: what one may take of the object, in which form, and why.

    Subclasses give ``queryset``, ``permission``, ``template_name`` and what their page shows
    around it. Who may take nothing of an object they see gets 403.
    """

    abstract = True
    form_class = ExportForm

    def offered(self) -> list[Export]:
        """Return the lists that this person may take (asked once a request)."""
        if not hasattr(self, "_offered"):
            self._offered = exports_for(self.request.user, self.object)
        return self._offered

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer these lists only."""
        return {"offered": self.offered()}

    def perform(self, form: Any) -> str:
        """Ask for the list and show how far it is."""
        sent = form.cleaned_data
        return services.request_export(
            export=form.offered[sent["key"]],
            scope=self.object,
            form=sent["form"],
            reason=sent["reason"],
            first=sent["first"],
            last=sent["last"],
            id=sent["id"],
            by=self.request.user,
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the lists with their columns, and those taken before."""
        mine = RUNS.filter(
            requested_by=self.request.user,
            params__scope_id=str(self.object.pk),
            state=JobState.SUCCEEDED,
        )
        return {
            **kwargs,
            "offered": self.offered(),
            "earlier": [
                {"job": run, "until": services.kept_until(run)}
                for run in mine.order_by("-created_at")[:5]
            ],
        }


class ExportView(DetailView):
    """A finished list: what it holds, what was withheld and why, and its file."""

    queryset = RUNS
    permission = "take"
    template_name = "core/exports/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what it is, as far as this person may still have it."""
        run: JobRun = kwargs["object"]
        export, scope = services.export_and_scope(run, self.request.user)
        return {
            **kwargs,
            "export": export,
            "scope": scope,
            "until": services.kept_until(run),
            "marking": services.marking_of(run),
            "asked": dict(run.params),
            "form_label": dict(services.FORMATS)[run.params["form"]],
            "crumbs": [(str(scope), scope.get_absolute_url()), (str(export.title), "")],
            "file_url": reverse("core:export-file", args=[run.pk]),
        }


class ExportFileView(DownloadView):
    """The file of a finished list: for the person who asked for it, while they may have it."""

    queryset = RUNS
    permission = "take"

    def stored_file(self) -> StoredFile | None:
        """Return the file, the person's rights asked again."""
        export, scope = services.export_and_scope(self.object, self.request.user)
        services.require_fresh(self.object, export, scope)
        self.object.marking = services.marking_of(self.object)  # a file says what it is by its name
        return self.object.result_file if self.object.state == JobState.SUCCEEDED else None
