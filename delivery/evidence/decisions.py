"""Decisions on record at a location."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from delivery.models import Decision
from programmes.counting import CountedRows


def _words(count: int) -> str:
    return ngettext("%(count)d decision", "%(count)d decisions", count) % {"count": count}


DECISIONS = CountedRows(
    key="decisions",
    rows=Decision.objects.all,
    words=_words,
    url_name="delivery:decisions",
    date="decided_on",
    make_url_name="delivery:decision-new",
    make_label=_("Write down a decision"),
    make_permission=Permission.DELIVERY_RECORD,
)
