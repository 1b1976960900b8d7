"""The chapters of the handover pack about groups, training and the log."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.screen import day
from delivery.selectors.group_page import delivery_group_of, group_view
from delivery.selectors.groups import MemberLine
from delivery.selectors.log import log_line, log_of
from delivery.selectors.training import training_overview
from programmes.models import Location
from programmes.registry import HandoverChapter, HandoverLine
from programmes.sharing import shared_with

LATELY = 10


def build_group(location: Location, reader: Any) -> HandoverChapter | None:
    """Return who sits in the delivery group, which seats are vacant, who was not trained yet."""
    title = _("Delivery group, vacancies and training")
    url = reverse("delivery:group", args=[location.slug])
    group = delivery_group_of(location)
    if group is None:
        return HandoverChapter(title, _("There is no delivery group yet."))
    view = group_view(group, reader=reader)
    rows = [
        HandoverLine(
            title=line.name,
            text=", ".join(
                part
                for part in (line.agency_name or _("The community"), _role(line), line.seat_label)
                if part
            ),
            who=line.email or line.contact,
            url=url,
        )
        for line in view.members
    ]
    for seat in view.vacant:
        asked = (
            _("last asked on %(date)s") % {"date": day(seat.asked_on)}
            if seat.asked_on
            else _("nobody has asked them yet")
        )
        rows.append(
            HandoverLine(
                title=_("Vacant: %(seat)s") % {"seat": seat.label},
                text=". ".join(part for part in (seat.why.rstrip("."), asked) if part),
                url=f"{url}#vacant",
            )
        )
    untrained = training_overview(location, reader=reader).untrained
    if untrained:
        rows.append(
            HandoverLine(
                title=_("Not trained yet"),
                text=", ".join(line.name for line in untrained),
                url=reverse("delivery:training-list", args=[location.slug]),
            )
        )
    return HandoverChapter(
        title,
        _("%(group)s: %(members)d members, %(vacant)d vacant seats.")
        % {"group": group.name, "members": len(view.members), "vacant": len(view.vacant)},
        rows,
    )


def _role(line: MemberLine) -> str:
    return "" if line.role == "member" else line.role_label


def build_log(location: Location, reader: Any) -> HandoverChapter | None:
    """Return the last entries of the log."""
    shared = shared_with(reader, location.programme)
    lines = [log_line(row, shared) for row in log_of(location)[:LATELY]]
    if not lines:
        return HandoverChapter(_("Lately in the log"), _("Nothing is noted in the log yet."))
    return HandoverChapter(
        _("Lately in the log"),
        _("The latest visits, briefings and talks."),
        [
            HandoverLine(
                title=f"{day(line.done_on)}: {line.title}",
                text=line.text or line.withheld,
                who=line.by,
                url=line.url,
            )
            for line in lines
        ],
    )
