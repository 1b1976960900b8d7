"""Data packages as evidence of a step: counted by themselves, never typed."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from incidents.choices import PackageState
from programmes.counting import CountedRows


def _rows() -> QuerySet[Any]:
    from incidents.models import DataPackage

    return DataPackage.objects.filter(state=PackageState.CURRENT)


def _words(count: int) -> str:
    return ngettext("%(count)d data package", "%(count)d data packages", count) % {"count": count}


PACKAGE_EVIDENCE = CountedRows(
    key="data-packages",
    rows=_rows,
    words=_words,
    url_name="incidents:data",
    date="built_on",
    make_url_name="incidents:data",
    make_label=_("Build a data package"),
    make_permission=Permission.PACKAGE_BUILD,
    at_a_glance=True,
    see_permission=Permission.DATA_READ,
)
