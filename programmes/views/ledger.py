"""The ledger on screen: what one may read of it, and one's own doings."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.permissions import Permission
from core.models import LedgerEntry
from core.views import ScopedView
from programmes.forms.ledger import LedgerFilter
from programmes.models import Location
from programmes.selectors.ledger import how_far_sealed, ledger_page, may_read_ledger


class _LedgerView(ScopedView):
    """Pages of entries by keyset: as fast at the end of the ledger as at its beginning."""

    abstract = True
    template_name = "programmes/ledger.html"
    address: ClassVar[str]

    def locations(self) -> models.QuerySet[Location] | None:
        """Return the locations to choose from; None where there is no such choice."""
        return None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show one page."""
        form = LedgerFilter(request.GET or None, locations=self.locations())
        wanted = form.wanted()
        page = ledger_page(
            self.scoped(),
            wanted,
            before=_number(request.GET.get("before")),
            after=_number(request.GET.get("after")),
        )
        self.ledger_rows = page.lines
        return self.page(
            form=form,
            page=page,
            sealed=how_far_sealed(),
            record=bool(wanted.subject_id),
            own=self.view_permission == "own",
            newer_url=self._at("after", page.newer),
            older_url=self._at("before", page.older),
            clear_url=reverse(self.address),
            filtered=any(name not in ("before", "after") for name in request.GET),
        )

    def _at(self, name: str, number: int | None) -> str:
        if number is None:
            return ""
        query = self.request.GET.copy()
        for old in ("before", "after"):
            query.pop(old, None)
        query[name] = str(number)
        return f"?{query.urlencode()}"


class LedgerView(_LedgerView):
    """What concerned the programmes, locations and agencies whose ledger the person reads."""

    queryset = LedgerEntry.objects.all()
    permission = Permission.LEDGER_READ
    address = "programmes:ledger"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it to those who read a ledger anywhere."""
        if not may_read_ledger(request.user):
            raise PermissionDenied
        return super().get(request, *args, **kwargs)

    def locations(self) -> models.QuerySet[Location]:
        """Return the locations whose ledger the person reads."""
        found: models.QuerySet[Location] = Location.objects.visible_to(
            self.request.user, Permission.LEDGER_READ
        )
        return found


class OwnLedgerView(_LedgerView):
    """What the ledger says of oneself: everyone's to read."""

    queryset = LedgerEntry.objects.all()
    permission = view_permission = "own"
    ledger_quiet = "one's own doings"
    address = "programmes:ledger-mine"


def _number(text: str | None) -> int | None:
    """Return the number in an address; None for anything else, as if it were not there."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
