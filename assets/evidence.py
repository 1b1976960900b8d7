"""What this app counts for the steps: assets, stakeholders, links, who is not yet involved, walks.

Contributors count while their consent stands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.permissions import Permission
from assets.choices import Involvement
from programmes.counting import CountedRows
from programmes.registry import register_evidence_provider


def _counted(key: str, rows: Callable[[], Any], date: str, page: str, words: Any) -> CountedRows:
    """Count the rows of one kind at each location; the page of ``page`` lists them."""
    make, label = NEXT[key]
    return CountedRows(
        key=key,
        rows=rows,
        date=date,
        url_name=page,
        words=lambda count: str(words % {"count": count}),
        make_url_name=make,
        make_label=label,
        make_permission=Permission.ASSET_RECORD,
        at_a_glance=key in {"community-assets", "stakeholders", "visual-audits"},
    )


NEXT = {
    "community-assets": ("assets:asset-new", _("Record a community asset")),
    "stakeholders": ("assets:stakeholder-new", _("Record a stakeholder")),
    "stakeholder-links": ("assets:network", _("Link two stakeholders")),
    "not-yet-involved": ("assets:stakeholder-new", _("Record who is not yet involved, and why")),
    "visual-audits": ("assets:walk-new", _("Plan or record a walk")),
}


def _assets() -> Any:
    from assets.models import Asset

    return Asset.objects.all().current().told()


def _stakeholders() -> Any:
    from assets.models import Stakeholder

    return Stakeholder.objects.all().current()


def _not_yet() -> Any:
    return _stakeholders().filter(involvement=Involvement.NOT_YET).exclude(why_not="")


def _links() -> Any:
    from assets.models import NetworkLink

    return NetworkLink.objects.all().current()


def _walks() -> Any:
    from assets.models import VisualAudit

    return VisualAudit.objects.all()


PROVIDERS = (
    _counted(
        "community-assets",
        _assets,
        "last_checked_on",
        "assets:asset-list",
        ngettext_lazy("%(count)d community asset", "%(count)d community assets", "count"),
    ),
    _counted(
        "stakeholders",
        _stakeholders,
        "judged_on",
        "assets:stakeholder-list",
        ngettext_lazy("%(count)d stakeholder", "%(count)d stakeholders", "count"),
    ),
    _counted(
        "stakeholder-links",
        _links,
        "seen_on",
        "assets:network",
        ngettext_lazy("%(count)d link", "%(count)d links", "count"),
    ),
    _counted(
        "not-yet-involved",
        _not_yet,
        "judged_on",
        "assets:stakeholder-list",
        ngettext_lazy(
            "%(count)d not yet involved, and why",
            "%(count)d not yet involved, and why",
            "count",
        ),
    ),
    _counted(
        "visual-audits",
        _walks,
        "walked_on",
        "assets:walk-list",
        ngettext_lazy("%(count)d walk", "%(count)d walks", "count"),
    ),
)


def register() -> None:
    """Make them known to the steps."""
    for provider in PROVIDERS:
        register_evidence_provider(provider)
