"""What forms offer to choose from, for whoever fills them in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.screen import day, month_name
from incidents.models import DataPackage
from problems.choices import EvidenceKind
from problems.models import Intervention
from problems.selectors.evidence import linkable, share_words, title_of
from programmes.models import Location, TargetPlace
from surveys.models import Survey, Wave
from surveys.selectors.results import results_of

MOST = 60


def targets_of(kind: EvidenceKind, location: Location, reader: Any) -> list[tuple[str, str]]:
    """Return what of a kind can be linked: ("id" or "id:detail", words)."""
    found: list[tuple[str, str]] = []
    for row in linkable(kind, location=location, reader=reader)[:MOST]:
        if kind == EvidenceKind.PACKAGE:
            found += _months(row)
        elif kind == EvidenceKind.WAVE:
            found += _measures(row)
        else:
            found.append((str(row.pk), _described(kind, row)))
    return found


def _described(kind: EvidenceKind, row: Any) -> str:
    title = title_of(kind, row)
    date = getattr(row, "heard_on", None) or getattr(row, "done_on", None)
    return f"{title} ({day(date)})" if date else title


def _months(package: DataPackage) -> list[tuple[str, str]]:
    title = title_of(EvidenceKind.PACKAGE, package)
    whole = _("%(title)s: all %(count)s reports") % {
        "title": title,
        "count": f"{package.summary.get('reports', 0):,}",
    }
    return [(str(package.pk), whole)] + [
        (
            f"{package.pk}:{row['month']}",
            _("%(title)s: %(month)s, %(count)s reports")
            % {"title": title, "month": month_name(row["month"]), "count": f"{row['count']:,}"},
        )
        for row in package.summary.get("months", [])
        if row["count"] is not None
    ]


def _measures(wave: Wave) -> list[tuple[str, str]]:
    results = results_of(wave)
    whole = (str(wave.pk), _("%(wave)s: how many answered") % {"wave": wave})
    return [whole] + [
        (f"{wave.pk}:{measure.code}", f"{wave}: {share_words(measure)}")
        for measure in results.measures
        if measure.figure.state == "shown"  # a hidden figure tells the plan nothing
    ]


def areas_to_choose(
    intervention: Intervention, reader: Any
) -> tuple[list[tuple[str, Any]], dict[str, Location], dict[str, TargetPlace]]:
    """Return the areas a reader may choose, grouped by location, and the rows by their ids.

    The intervention's own location comes first; others of the same programme follow.
    """
    own = intervention.problem.location
    locations = list(
        Location.objects.filter(programme=own.programme_id, area__isnull=False)
        .visible_to(reader)
        .order_by("name")
    )
    locations.sort(key=lambda one: one.pk != own.pk)
    places = list(
        TargetPlace.objects.filter(location__in=locations, area__isnull=False)
        .visible_to(reader)
        .select_related("location")
        .order_by("name")
    )
    groups: list[tuple[str, Any]] = [
        (
            location.name,
            [
                (f"location:{location.pk}", _("%(name)s, all of it") % {"name": location.name}),
                *(
                    (f"place:{place.pk}", f"{location.name}: {place.name}")
                    for place in places
                    if place.location_id == location.pk
                ),
            ],
        )
        for location in locations
    ]
    return (
        groups,
        {str(one.pk): one for one in locations},
        {str(one.pk): one for one in places},
    )


def questions_to_choose(location: Location, reader: Any) -> list[tuple[str, str]]:
    """Return the questions whose answers can be compared: ("survey:code", words)."""
    rows: Any = Survey.objects.filter(location=location).visible_to(reader)
    found = []
    for survey in rows.prefetch_related("lines__question"):
        for line in survey.lines.all():
            measure = line.question.measure
            if measure:
                found.append((f"{survey.pk}:{line.question.code}", f"{survey.title}: {measure}"))
    return found
