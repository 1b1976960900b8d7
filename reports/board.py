"""What the board says of each location beside its steps: actions, help asked, reach, verdicts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from delivery.choices import HelpState
from delivery.models import HelpRequest
from delivery.selectors.actions import ActionCounts, action_counts_over
from delivery.selectors.totals import BY_KEY
from incidents.choices import PackageState
from incidents.models import DataPackage
from programmes.models import Location
from programmes.registry import register_board_panel
from programmes.selectors.board import Board
from surveys.selectors.headlines import headlines

VERDICTS = {
    "clear_change": ("done", _("Clear change")),
    "no_clear_change": ("not_due", _("No clear change")),
    "too_early": ("not_due", _("Too early to tell")),
    "not_comparable": ("not_due", _("Not comparable: asked in other words")),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something changed, in the words of the screen, and on what that rests."""

    status: str
    words: str
    basis: str
    url: str


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One location: who coordinates, its actions, help asked for, reach, and what changed.

    ``help_open`` waits for a decision, the first by ``help_by``. ``heard`` and ``trained`` count
    all that was recorded up to the day. A verdict is None where nothing was measured.
    """

    name: str
    url: str
    coordinators: tuple[str, ...]
    actions: ActionCounts
    help_open: int
    help_by: dt.date | None
    heard: int
    trained: int
    asb: Verdict | None
    perceptions: Verdict | None


def board_lines(board: Board, *, reader: Any) -> tuple[BoardLine, ...]:
    """Return a line for each location on a board; the same few queries, however many."""
    # Their ids are all that the counts ask for: the rows were read for the board already.
    locations = [Location(pk=row.location_id, slug=row.slug) for row in board.rows]
    actions = action_counts_over(locations, board.on)
    asked = _help(locations)
    heard = BY_KEY["people_heard"].so_far(locations, board.on)
    trained = BY_KEY["people_trained"].so_far(locations, board.on)
    asb = asb_verdicts(locations, reader=reader)
    perceptions = perception_verdicts(locations, board.on)
    return tuple(
        BoardLine(
            name=row.name,
            url=row.url,
            coordinators=row.coordinators,
            actions=actions[row.location_id],
            help_open=asked.get(row.location_id, (0, None))[0],
            help_by=asked.get(row.location_id, (0, None))[1],
            heard=heard.get(row.location_id, 0),
            trained=trained.get(row.location_id, 0),
            asb=asb.get(row.location_id),
            perceptions=perceptions.get(row.location_id),
        )
        for row in board.rows
    )


def _help(locations: list[Location]) -> dict[UUID, tuple[int, dt.date | None]]:
    rows = (
        HelpRequest.objects.filter(location__in=locations, state=HelpState.SENT)
        .order_by()
        .values("location")
        .annotate(number=Count("pk"), first=Min("decide_by"))
    )
    return {row["location"]: (row["number"], row["first"]) for row in rows}


def asb_verdicts(locations: list[Location], *, reader: Any) -> dict[UUID, Verdict]:
    """Return what the newest data package of each location says of reports of ASB (one query).

    Who may not open the package reads that there is one, and neither what it says nor a link.
    """
    opened = DataPackage.objects.all().visible_to(reader, Permission.DATA_READ)
    packages = (
        DataPackage.objects.all()
        .visible_to(reader)
        .filter(location__in=locations, state=PackageState.CURRENT)
        .annotate(may_open=Exists(opened.filter(pk=OuterRef("pk"))))
        .select_related("location")
        .order_by("location_id", "-last_month", "-created_at")
        .distinct("location_id")
    )
    return {package.location_id: _verdict(package) for package in packages}


def _verdict(package: Any) -> Verdict:
    if not package.may_open:
        return Verdict("hidden", _t("shown to those who may read the data"), "", "")
    status, words = VERDICTS.get(package.summary.get("change", ""), VERDICTS["too_early"])
    reports = package.summary.get("reports")
    basis = (
        ""
        if reports is None
        else ngettext(
            "%(count)s report in the package", "%(count)s reports in the package", reports
        )
        % {"count": reports}
    )
    return Verdict(status, str(words), basis, package.get_absolute_url())


def perception_verdicts(locations: list[Location], on: dt.date) -> dict[UUID, Verdict]:
    """Return what the newest finished wave of each location says of feeling safe (two queries)."""
    found = {}
    for location_id, line in headlines(locations, on).items():
        _look, words = VERDICTS[line.verdict]
        share = line.figure.share
        basis = (
            _("hidden, or too few answered")
            if share is None
            else f"{line.title}: {line.figure.count} / {line.figure.base} ({share:.0%})"
        )
        found[location_id] = Verdict(
            line.verdict, str(words), str(basis), line.wave.get_absolute_url()
        )
    return found


def board_panel(request: HttpRequest, board: Board) -> dict[str, Any] | None:
    """Return the passage; None where no location is to be seen."""
    if not board.rows:
        return None
    return {"lines": board_lines(board, reader=request.user), "on": board.on}


def register() -> None:
    """Put it beneath the board of every programme."""
    register_board_panel("work", template_name="reports/_board.html", context=board_panel, order=10)
