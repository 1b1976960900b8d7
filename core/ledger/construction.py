"""Views that note by themselves what they show, change and deny.

The bases of pages and of the API are such views: they say which record they fetched or which rows
they listed, and at the end ``ledger_end`` decides from the answer's status what is written.

Noted is what touches people (the model's own declaration), what is marked OFFICIAL-SENSITIVE, what
belongs to a category of sharing that the view names, every download, and every denial.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models

from core.choices import LedgerAction
from core.ledger.notes import write
from core.ledger.whereabouts import Place, find, owner_of, places_of, touched

SAFE = ("GET", "HEAD")


class NotedView:
    """A page or a resource of the API whose use is noted.

    ``also_shows`` names models of which the page shows personal data beside its own (a step's page
    shows evidence); ``ledger_touches`` the categories of sharing that it shows; ``ledger_action``
    what its reading is, where it is neither a view, a list nor an attachment. ``ledger_quiet`` says
    why looking at it is not noted (one's own work, asked for every second); what is changed, taken
    away or denied there is.
    """

    also_shows: ClassVar[tuple[type[models.Model], ...]] = ()
    ledger_touches: ClassVar[tuple[str, ...]] = ()
    ledger_action: ClassVar[LedgerAction | None] = None
    ledger_quiet: ClassVar[Any] = ""
    # Refusals that show the record all the same: a form with its errors, two texts to compare.
    ledger_shown: ClassVar[tuple[int, ...]] = ()

    ledger_record: models.Model | None = None
    ledger_rows: Iterable[Any] | None = None
    ledger_refused = False

    request: Any

    def ledger_lookup(self) -> dict[str, Any]:
        """Return the filter by which the address names its record; empty for a list."""
        return {}

    def ledger_end(self, status: int, answer: Any = None) -> None:
        """Note what this request came to, if it is of the kind that is noted."""
        method = self.request.method
        if method in SAFE:
            worth = status < 300 or status == 304 or status >= 500
        else:
            worth = method != "OPTIONS" and (status < 400 or status >= 500)
        if status == 403 or (status == 404 and self.ledger_record is None):
            self._note_denial()  # a 404 beyond a record that was found denies nothing
        elif worth or status in self.ledger_shown:
            self._note(self._action(method, status, answer), status)

    def _rows(self) -> Any:
        """Return every row of the view's model, whoever may see it."""
        view: Any = self
        return view.queryset.all()

    def _action(self, method: str, status: int, answer: Any) -> LedgerAction:
        if method not in SAFE and status not in self.ledger_shown:
            return LedgerAction.CHANGE
        if self.ledger_action is not None:
            return self.ledger_action
        if answer is not None and "attachment" in answer.headers.get("Content-Disposition", ""):
            return LedgerAction.DOWNLOAD
        return LedgerAction.VIEW if self.ledger_record is not None else LedgerAction.SEARCH

    def _note(self, action: LedgerAction, status: int) -> None:
        record, rows = self.ledger_record, self.ledger_rows
        model = type(record) if record is not None else self._rows().model
        records = [record] if record is not None else list(rows or ())
        kinds = touched([model, *self.also_shows], records, self.ledger_touches)
        if not kinds and action is not LedgerAction.DOWNLOAD:
            return
        if self.ledger_quiet and action in (LedgerAction.VIEW, LedgerAction.SEARCH):
            return
        owners = {owner_of(one) for one in records}
        write(
            action,
            subject=model._meta.label,
            subject_id=str(record.pk) if record is not None else "",
            places=places_of([one for one in records if isinstance(one, models.Model)]),
            owner=owners.pop() if len(owners) == 1 else None,
            touches=kinds,
            rows=None if record is not None or rows is None else len(records),
            detail=self._detail(status),
        )

    def _note_denial(self) -> None:
        """Note who was not let in where; what lies there is named by its identifiers only."""
        record = self.ledger_record
        model = type(record) if record is not None else self._rows().model
        places: list[Place] = []
        key = ""
        if record is not None:
            key, places = str(record.pk), places_of([record])
        elif lookup := self.ledger_lookup():
            key, place = find(self._rows().filter(**lookup))
            places = [place] if place else []
        write(
            LedgerAction.DENIED,
            subject=model._meta.label,
            subject_id=key,
            places=places,
            owner=owner_of(record),
            touches=touched([model, *self.also_shows], [record], self.ledger_touches),
            detail={"method": self.request.method},
        )

    def _detail(self, status: int) -> dict[str, Any]:
        detail: dict[str, Any] = {}
        if status >= 400:
            detail["status"] = status
        if self.ledger_refused:
            detail["refused"] = True
        if self.also_shows:
            detail["shows"] = sorted(model._meta.label for model in self.also_shows)
        filters = filters_used(self.request)
        if filters:
            detail["filters"] = filters
        return detail


def filters_used(request: Any) -> list[str]:
    """Return the names of the filters in an address, never their values."""
    given = request.GET.items()
    names = {
        re.sub("_(day|month|year)$", "", name)  # the boxes of one date
        for name, value in given
        if value and name.isidentifier() and len(name) <= 40
    }
    return sorted(names - {"page", "cursor", "page_size"})[:20]
