"""History beside the record: who changed what, when, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from core.selectors import Change, history_of
from core.views.base import ScopedView


class HistoryView(ScopedView):
    """The history of one object (and, where a subclass says so, of what hangs below it).

    Subclasses give ``queryset`` and ``permission`` (the one that allows to read history); they may
    give ``template_name`` (which includes ``core/_history.html``) and ``parts()``.
    """

    abstract = True
    template_name: ClassVar[str] = "core/history.html"
    limit: ClassVar[int] = 100

    def parts(self) -> Sequence[models.Model | models.QuerySet[Any]]:
        """Return the records whose changes are shown: by default the object alone."""
        return [self.object]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the latest changes."""
        self.object = self.fetch()
        changes = history_of(*self.parts(), limit=self.limit, reader=request.user)
        return self.page(
            object=self.object,
            changes=changes,
            entries=[timeline_item(change) for change in changes],
            limit=self.limit,
        )


def timeline_item(change: Change) -> dict[str, Any]:
    """Return a change as an item of the timeline component."""
    return {
        "title": change.title,
        "at": change.at,
        "by": change.who,
        "text": render_to_string("core/_history_change.html", {"change": change}),
    }
