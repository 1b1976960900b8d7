"""Sending a table: the form with its template, the preview, storing, undoing, the rows to mend.

One set of pages for every kind of table: the registered ``Table`` says under which records it goes
and what sending needs; its form gives the columns.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _t

from core.files.kinds import FORMS, Kinds
from core.models import TabularImport
from core.tabular import mending, services
from core.tabular.blank import blank_csv, blank_workbook
from core.tabular.columns import TableForm, table_form
from core.tabular.forms import SendTableForm
from core.tabular.geojson import PLACE_COLUMNS
from core.tabular.registry import Table, find_table
from core.tabular.selectors import preview
from core.views.base import ActionView, CreateView, DetailView, ListView, ScopedView

SENT = TabularImport.objects.select_related("job")


class _Target(ScopedView):
    """Fetches the record under which rows go: 404 where it is not seen, 403 where it may not be."""

    abstract = True
    object: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the kind of table; what nobody registered does not exist."""
        super().setup(request, *args, **kwargs)
        found = find_table(kwargs["key"])
        if found is None:
            raise Http404
        self.table: Table = found
        self.permission = found.permission  # type: ignore[misc]  # set for this request alone

    def scoped(self) -> Any:
        """Return the records that this person may see."""
        return self.table.target().visible_to(self.request.user, self.view_permission)

    def lookup_filter(self) -> dict[str, Any]:
        """Find it by its id."""
        return {"pk": self.kwargs["target"]}

    def columns(self) -> TableForm:
        """Return the table's form for this record and person."""
        return table_form(self.table, self.object, self.request.user)


class TableNewView(_Target, CreateView):
    """Takes a table in: pasted or as a file. Nothing is stored by it but the preview."""

    queryset = TabularImport.objects.all()
    permission = "send"
    form_class = SendTableForm
    template_name = "core/tables/new.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Name the column that a bare list fills, and say whether rows may have a place."""
        bare, by_name = self.table.bare, self.columns().by_name
        return {
            "bare": by_name[bare[0]].title if bare else "",
            "has_places": by_name.keys() >= PLACE_COLUMNS,
        }

    def perform(self, form: Any) -> str:
        """Check it and go to its preview."""
        return services.receive_table(
            table=self.table,
            target=self.object,
            sheet=form.sheet(),
            by=self.request.user,
            id=form.cleaned_data["id"],
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the columns and the way back."""
        return {
            **kwargs,
            "table": self.table,
            "columns": self.columns().columns,
            "back": self.table.back(self.object),
            "earlier": TabularImport.objects.filter(
                requested_by=self.request.user,
                kind=self.table.key,
                target_id=str(self.object.pk),
            ).order_by("-created_at")[:5],
        }


class TableTemplateView(_Target):
    """The empty table, to be filled in."""

    queryset = TabularImport.objects.all()
    permission = "send"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send it as CSV or Excel."""
        self.object = self.fetch()
        form, name = self.columns(), slugify(str(self.table.title))
        if kwargs["form"] == "csv":
            return attachment(blank_csv(form), f"{name}.csv")
        return attachment(written(lambda path: blank_workbook(form, path)), f"{name}.xlsx")


class TableListView(ListView):
    """The tables that I have sent."""

    queryset = SENT
    permission = "view"
    template_name = "core/tables/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add each table's kind and where it stands."""
        rows = [
            {
                "sent": sent,
                "kind": getattr(find_table(sent.kind), "title", sent.kind),
                "state": services.state_of(sent).label,
            }
            for sent in kwargs["object_list"]
        ]
        return {**kwargs, "rows": rows}


class _Sent(ScopedView):
    """A table that one has sent, as long as one may still send there."""

    abstract = True

    def fetch(self) -> Any:
        """Return it: what it shows of its target is asked for again."""
        sent = super().fetch()
        found = find_table(sent.kind)
        if found is None:
            raise Http404
        rows = found.target().visible_to(self.request.user, found.permission)
        target = rows.filter(pk=sent.target_id).first()
        if target is None:
            raise Http404
        self.table: Table = found
        self.target: Any = target
        return sent


class TableView(_Sent, DetailView):
    """What would be done with each row; after storing, what was done."""

    queryset = SENT
    permission = "view"
    template_name = "core/tables/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the rows in words and what can be done now."""
        sent: TabularImport = kwargs["object"]
        form = table_form(self.table, self.target, self.request.user)
        return {
            **kwargs,
            "table": self.table,
            "target": self.target,
            "back": self.table.back(self.target),
            "new": reverse("core:table-new", args=[self.table.key, self.target.pk]),
            "preview": preview(sent, form, page=self.request.GET.get("page")),
            "state": services.state_of(sent),
            "undoing": services.is_undoing(sent),
            "failed": services.ended_badly(sent),
            "may_undo": self.table.undo is not None,
            "crumbs": [(str(self.target), self.table.back(self.target)), (sent.file_name, "")],
        }


class TableApplyView(_Sent, ActionView):
    """The buttons "Store these rows" and "Store the good rows only"."""

    queryset = SENT
    permission = "apply"

    def perform(self) -> str:
        """Ask for the job and show how far it is."""
        sent = services.request_apply(
            sent=self.object,
            good_rows_only=self.request.POST.get("rows") == "good",
            by=self.request.user,
        )
        return job_or_page(sent)


class TableUndoView(_Sent, ActionView):
    """The button "Undo this table"."""

    queryset = SENT
    permission = "undo"

    def perform(self) -> str:
        """Ask for the job and show how far it is."""
        return job_or_page(services.request_undo(sent=self.object, by=self.request.user))


class TableErrorsView(_Sent):
    """The wrong rows, to be mended and sent again."""

    queryset = SENT
    permission = "view"

    def lookup_filter(self) -> dict[str, Any]:
        """Find the table by its id; the form is no part of it."""
        return {"pk": self.kwargs["pk"]}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send them as CSV or Excel."""
        sent = self.object = self.fetch()
        name = f"{Path(sent.file_name).stem}-{_t('to-mend')}"
        if kwargs["form"] == "csv":
            return attachment(mending.wrong_csv(sent), f"{name}.csv")
        content = written(lambda path: mending.wrong_workbook(sent, path))
        return attachment(content, f"{name}.xlsx")


def job_or_page(sent: TabularImport) -> str:
    """Return the page of the job that works on a table, or the table's own."""
    if sent.job is not None and sent.job.is_open:
        return str(sent.job.get_absolute_url())
    return sent.get_absolute_url()


def written(write: Any) -> bytes:
    """Return the bytes of a small file that a function writes to a path."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        write(path)
        return path.read_bytes()


def attachment(content: bytes, name: str) -> HttpResponse:
    """Return a file made for this one answer."""
    kind = Kinds.CSV if name.endswith(".csv") else Kinds.XLSX
    response = HttpResponse(content, content_type=FORMS[kind].content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
