"""What was done, in words: the ledger keeps short fixed ones, readers get theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.roles import CATALOGUE, Role

Text = str | Promise

DONE: dict[str, Text] = {
    # Agreements
    "drafted": _("drafted"),
    "signed": _("signed"),
    "withdrew": _("an agency withdrew"),
    "reviewed": _("reviewed"),
    # Roles
    "given": _("role given"),
    "dated": _("role given other dates"),
    "taken back": _("role taken back"),
    # Accounts
    "invited": _("invited"),
    "invitation sent again": _("invitation sent again"),
    "invitation withdrawn": _("invitation withdrawn"),
    "invitation accepted": _("account opened through the invitation"),
    "suspended": _("account suspended"),
    "restored": _("account opened again"),
    "left": _("has left; account closed"),
    "password": _("password changed"),
    "second factor set up": _("second step set up"),
    "second factor removed": _("second step removed"),
    "second factor reset": _("second step reset"),
    "recovery codes made": _("new recovery codes"),
    "token made": _("token made"),
    "token revoked": _("token revoked"),
    "link sent": _("link sent by mail"),
    # Any of them
    "changed": _("changed"),
    "ended": _("ended"),
}


def notes(detail: Mapping[str, Any]) -> Iterable[Text]:
    """Yield what an entry's details say, as far as it is for people to read."""
    if what := detail.get("what"):
        yield DONE.get(what, what)
    if (role := detail.get("role")) in list(Role):
        yield CATALOGUE[Role(role)].name
    if detail.get("undone"):
        yield _t("did not come about")
    if detail.get("refused"):
        yield _t("refused")
    if detail.get("status") == 500:
        yield _t("ended in an error")
    if filters := detail.get("filters"):
        yield _t("narrowed by %(names)s") % {"names": ", ".join(map(str, filters))}
    if shows := detail.get("shows"):
        yield _t("with %(names)s") % {"names": ", ".join(label(one) for one in shows)}


def label(name: str) -> str:
    """Return what a model is called, by its label; the label itself where it is gone."""
    try:
        return str(apps.get_model(name)._meta.verbose_name)
    except LookupError:
        return name
