"""What incidents add to a location's overview: reports of ASB by month, and what happened when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import CharField, Value
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.charts import cached
from delivery.choices import MeetingState
from delivery.models import Meeting, TrainingSession
from incidents.choices import PackageState
from incidents.models import DataPackage
from incidents.packages.drawings import chart_of_summary
from programmes.models import Location, SignOff

MOST_EVENTS = 12
CHANGES = {
    "clear_change": _("Clear change"),
    "no_clear_change": _("No clear change"),
}


def series_panel(request: HttpRequest, location: Location) -> dict[str, Any] | None:
    """Return the series of the newest package that the reader may open; None without one."""
    package = (
        DataPackage.objects.all()
        .visible_to(request.user)
        .filter(location=location, state=PackageState.CURRENT)
        .select_related("location")
        .order_by("-last_month", "-created_at")
        .first()
    )
    if package is None or not package.summary.get("months"):
        return None
    return {
        "location": location,
        "package": package,
        "chart": cached(chart_of_summary(package.summary)),
        "verdict": CHANGES.get(package.summary.get("change", ""), _("Too early to tell")),
        "events": _events(location, package.first_month, package.last_month),
    }


def _events(location: Location, first: dt.date, last: dt.date) -> list[dict[str, Any]]:
    """Return what was done in these months, oldest first: held meetings, training, sign-offs."""
    until = (last.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    words = {
        "meeting": _t("Meeting"),
        "training": _t("Training"),
        "signed": _t("Step signed off"),
    }

    def lines(rows: Any, kind: str, day: str, name: str) -> Any:
        within = {f"{day}__gte": first, f"{day}__lt": until}
        return rows.filter(**within).values_list(
            day, Value(kind, CharField()), Cast(name, CharField())
        )

    meetings = Meeting.objects.filter(location=location, state=MeetingState.HELD).order_by()
    trainings = TrainingSession.objects.filter(location=location).order_by()
    signed = SignOff.objects.filter(
        step_record__location=location, reopened_on__isnull=True
    ).order_by()
    rows = lines(meetings, "meeting", "held_on", "title").union(
        lines(trainings, "training", "held_on", "course__name"),
        lines(signed, "signed", "signed_on", "step_record__definition__name"),
    )
    found = sorted(rows)[-MOST_EVENTS:]
    return [{"on": on, "kind": words[kind], "name": name} for on, kind, name in found]
