"""Help that a location asked for and did not take back."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from delivery.choices import HelpState
from delivery.models import HelpRequest
from programmes.counting import CountedRows


def _rows() -> QuerySet[Any]:
    """Return what a person sent; a proposal by rule is no evidence, nor is what was passed up."""
    return HelpRequest.objects.exclude(state__in=(HelpState.PROPOSED, HelpState.WITHDRAWN)).filter(
        passed_from__isnull=True
    )


def _words(count: int) -> str:
    return ngettext("Help asked for %(count)d time", "Help asked for %(count)d times", count) % {
        "count": count
    }


ESCALATIONS = CountedRows(
    key="escalations",
    rows=_rows,
    words=_words,
    url_name="delivery:help-list",
    date="sent_on",
    make_url_name="delivery:help-new",
    make_label=_("Ask for help"),
    make_permission=Permission.DELIVERY_RECORD,
)
