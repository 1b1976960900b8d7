"""Proposes asking for help once for each cause, and takes back proposals whose cause is gone."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from core.history import because
from delivery.choices import HelpState
from delivery.help_rules import Cause, causes
from delivery.models import HelpRequest

OPEN = (HelpState.SENT, HelpState.DECIDED)


@transaction.atomic
def propose_due(on: dt.date) -> dict[str, int]:
    """Propose for every new cause of a day; take back what nobody sent and has no cause any more.

    Harmless to repeat, and forward or back in time it leads to the same: a proposal that the rule
    took back is made again when its cause is back, one that a person took back stays so. What
    somebody asks by hand about the same thing stands for it. Returns how many of each.
    """
    found = {cause.key: cause for cause in causes(on)}
    known = {
        row.cause: row
        for row in HelpRequest.objects.select_for_update(of=("self",)).exclude(cause="")
    }
    asked = _asked_by_hand()
    told = {"proposed": 0, "taken_back": 0}
    with because(by=None, reason=str(_("Asking for help, by rule"))):
        for key, cause in found.items():
            if any((name, row.pk) in asked for name, row in cause.about.items() if row):
                continue
            row = known.get(key)
            if row is None:
                _propose(cause, on)
                told["proposed"] += 1
            elif row.state == HelpState.WITHDRAWN and row.withdrawn_by_id is None:
                _again(row, cause, on)
                told["proposed"] += 1
            elif row.state == HelpState.PROPOSED and row.rule != cause.rule:
                row.rule = cause.rule  # days go on; nobody changed anything
                row.save(update_fields=["rule", "updated_at"])
        for key, row in known.items():
            if row.state == HelpState.PROPOSED and key not in found:
                _take_back(row, on)
                told["taken_back"] += 1
    return told


def _asked_by_hand() -> set[tuple[str, Any]]:
    rows = HelpRequest.objects.filter(state__in=OPEN, cause="")
    return {
        (name, pk)
        for row in rows.values("action", "step")
        for name, pk in row.items()
        if pk is not None
    }


def _propose(cause: Cause, on: dt.date) -> None:
    HelpRequest.objects.create(
        id=uuid5(cause.location.pk, cause.key),
        location=cause.location,
        tier=cause.tier,
        rule=cause.rule[:60],
        cause=cause.key,
        proposed_on=on,
        title=cause.title[:200],
        is_demonstration=cause.location.is_demonstration or _invented(cause),
        **cause.about,
    )


def _invented(cause: Cause) -> bool:
    return any(row.is_demonstration for row in cause.about.values() if row is not None)


def _again(row: HelpRequest, cause: Cause, on: dt.date) -> None:
    row.state, row.proposed_on, row.rule = HelpState.PROPOSED, on, cause.rule[:60]
    row.withdrawn_on, row.withdrawn_reason = None, ""
    row.version += 1
    row.save()


def _take_back(row: HelpRequest, on: dt.date) -> None:
    row.state, row.withdrawn_on = HelpState.WITHDRAWN, on
    row.withdrawn_reason = str(_("What it was proposed for no longer stands."))
    row.version += 1
    row.save()
