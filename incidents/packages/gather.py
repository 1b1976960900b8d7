"""Read everything a package says, once, from the selectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.choices import Marking
from core.errors import Refused
from core.statistics import change_status, percent_change, poisson_z, rate_per_1000
from incidents import selectors
from incidents.choices import Coverage
from incidents.packages.figures import (
    ASB,
    Change,
    ComparisonRow,
    Figures,
    IncidentRow,
    MonthCount,
    PlaceCount,
)
from incidents.packages.ground import boundary_text
from incidents.packages.quality import caveats, quality_rows, source_notes
from incidents.packages.recipe import Recipe, month_start, month_text
from places import selectors as places
from places.choices import DefinitionKind
from places.models import AreaDefinition
from programmes.models import Location

EARLIER_YEARS = 5  # how far back like months are looked for
LEAST_LIKE_MONTHS = 3
RECENT_MONTHS = 12  # what is set beside earlier months: at most the last year of the package
DECIMALS = 6  # of a degree: about 0.1 m
PANDEMIC = ("2020-03", "2021-08")
"""Months in which breaches of pandemic rules were recorded as ASB."""


def gather(recipe: Recipe, location: Location) -> Figures:
    """Return the figures of a recipe.

    Raises core.errors.Refused if the location has no area, or street data cannot serve its drawn
    boundary (the reason is the selectors').
    """
    definition = location.area
    if definition is None:
        raise Refused(
            _(
                "%(location)s has no area yet, so nothing can be counted. Choose its LSOAs or draw "
                "its boundary first."
            )
            % {"location": location.name}
        )
    first, last = month_start(recipe.first_month), month_start(recipe.last_month)
    forces = selectors.forces_of(definition)
    own = selectors.monthly_counts(definition, first, last)
    counts = [
        MonthCount(month_text(row.month), location.name, row.category, row.count, str(row.status))
        for row in own
    ] + [
        MonthCount(month_text(row.month), row.code, row.category, row.count, str(row.status))
        for row in selectors.counts_by_area(definition, first, last)
    ]
    ranking = selectors.places_ranked(definition, first, last, categories=[ASB])
    change, earlier_first = change_of(definition, recipe, own)
    lsoas = places.lsoas_of(definition)
    incidents = _incidents(definition, recipe)
    return Figures(
        recipe=recipe,
        location=location.name,
        programme=location.programme.name,
        is_demonstration=location.is_demonstration or location.programme.is_demonstration,
        marking=str(Marking.OFFICIAL_SENSITIVE.label)
        if selectors.restricted_open()
        else location.get_marking_display(),
        handling=location.handling,
        area_kind=str(definition.kind),
        area_words=area_words(definition, lsoas),
        lsoa_codes=tuple(sorted(ref.code for ref in lsoas))
        if definition.kind == DefinitionKind.LSOA_SET
        else (),
        vintage=max((ref.vintage for ref in lsoas), default=None),
        residents=definition.residents,
        residents_source=definition.residents_source,
        force=_names(force.name for force in forces),
        categories=tuple(dict.fromkeys(row.category for row in own)),
        counts=_ordered(counts, location.name),
        places=tuple(
            PlaceCount(
                p.rank,
                p.street,
                p.longitude,
                p.latitude,
                p.lsoa_code,
                p.count,
                round(100 * p.share, 4),
                round(100 * p.cumulative_share, 4),
            )
            for p in ranking
        ),
        incidents=incidents,
        comparison=_comparison(definition, recipe, location.name, own),
        quality=quality_rows(forces, recipe, earlier_first),
        change=change,
        sources=source_notes(definition),
        caveats=caveats(
            definition,
            recipe,
            ranking=ranking,
            change=change,
            forces=forces,
            read_codes={row.lsoa_code for row in incidents},
        ),
        boundary=boundary_text(definition, lsoas),
    )


def _names(names: Iterable[str]) -> str:
    return ", ".join(names)


def _ordered(counts: Sequence[MonthCount], location: str) -> tuple[MonthCount, ...]:
    """Order by month, the location before its LSOAs, ASB before the other categories."""
    return tuple(
        sorted(
            counts,
            key=lambda c: (c.month, c.area != location, c.area, c.category != ASB, c.category),
        )
    )


def _incidents(definition: AreaDefinition, recipe: Recipe) -> tuple[IncidentRow, ...]:
    rows = selectors.incident_rows(
        definition, month_start(recipe.first_month), month_start(recipe.last_month)
    )
    taken = [
        IncidentRow(
            month_text(row.month),
            row.category,
            row.street,
            row.longitude,
            row.latitude,
            row.lsoa_code,
            row.lsoa_name,
            row.crime_id,
            row.last_outcome,
            row.reported_by,
        )
        for row in rows
    ]
    # Sorted here, by code point: a database sorts texts as its locale says.
    taken.sort(
        key=lambda r: (
            r.month,
            r.category != ASB,
            r.category,
            r.street,
            r.lsoa_code,
            (r.longitude or 0.0, r.latitude or 0.0),
            r.crime_id,
            r.last_outcome,
            r.reported_by,
        )
    )
    return tuple(taken)


def change_of(
    definition: AreaDefinition, recipe: Recipe, own: Sequence[Any]
) -> tuple[Change, str | None]:
    """Set the latest months held (of the last twelve) beside the same months of an earlier year.

    Of the years before, the one that holds the most of them is taken, the later of two that hold
    as many; at least three months, all of them complete. Returns the first earlier month too.
    """
    window = set(recipe.months[-RECENT_MONTHS:])
    now = {
        month_text(row.month): int(row.count)
        for row in own
        if row.category == ASB
        and row.status == Coverage.OBSERVED
        and month_text(row.month) in window
    }
    nothing = Change("too_early", (), (), None, None, None, None)
    best: tuple[int, dict[str, int]] | None = None
    for years in range(1, EARLIER_YEARS + 1):
        try:
            rows = selectors.monthly_counts(
                definition,
                month_start(_later(min(window), -years)),
                month_start(_later(max(window), -years)),
                categories=[ASB],
            )
        except Refused:  # a drawn boundary is not counted across a redraw of the points
            continue
        like = {
            month_text(row.month): row.count
            for row in rows
            if row.count is not None
            and row.status == Coverage.OBSERVED
            and _later(month_text(row.month), years) in now
        }
        if len(like) >= LEAST_LIKE_MONTHS and (best is None or len(like) > len(best[1])):
            best = (years, like)
    if best is None:
        return nothing, None
    years, like = best
    months = tuple(_later(month, years) for month in like)
    before, after = sum(like.values()), sum(now[month] for month in months)
    change = Change(
        status=change_status(before, after),
        months=months,
        earlier=tuple(like),
        now=after,
        before=before,
        z=round(poisson_z(before, after), 2),
        percent=_rounded(percent_change(before, after), 1),
    )
    return change, min(like)


def _later(month: str, years: int) -> str:
    return f"{int(month[:4]) + years:04d}{month[4:]}"


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)


def _comparison(
    definition: AreaDefinition, recipe: Recipe, name: str, own: Sequence[Any]
) -> tuple[ComparisonRow, ...]:
    asked = len(recipe.months)
    mine = [row.count for row in own if row.category == ASB and row.count is not None]
    rows = [_row("location", name, "", counted=mine, asked=asked, residents=definition.residents)]
    groups: dict[tuple[str, str, str, int | None], list[int]] = {}
    for row in selectors.comparison_counts(
        definition,
        month_start(recipe.first_month),
        month_start(recipe.last_month),
        categories=[ASB],
    ):
        group = groups.setdefault((row.kind, row.name, row.code, row.residents), [])
        if row.count is not None:
            group.append(row.count)
    for (kind, area, code, residents), counted in groups.items():
        plain = area.split(", ")[0]  # "Herefordshire, County of" is how lists sort it
        title = {
            "rest_of_district": _("the rest of %(area)s"),
            "csp": _("%(area)s (community safety partnership)"),
            "force": _("the %(area)s police area"),
        }.get(kind, "%(area)s") % {"area": plain}
        rows.append(_row(kind, title, code, counted=counted, asked=asked, residents=residents))
    return tuple(rows)


def _row(
    kind: str, area: str, code: str, *, counted: Sequence[int], asked: int, residents: int | None
) -> ComparisonRow:
    if not counted:
        return ComparisonRow(kind, area, code, 0, asked, None, residents, None, None, None)
    total = sum(counted)
    if not residents:
        return ComparisonRow(kind, area, code, len(counted), asked, total, None, None, None, None)
    rate = rate_per_1000(total, residents)
    return ComparisonRow(
        kind,
        area,
        code,
        len(counted),
        asked,
        total,
        residents,
        round(rate.value, 4),
        round(rate.low, 4),
        round(rate.high, 4),
    )


def area_words(definition: AreaDefinition, lsoas: Sequence[Any]) -> str:
    """Say what is counted and how, with its residents; stands wherever a figure does."""
    people = ""
    if definition.residents is not None:
        people = _(" with %(residents)s residents (%(source)s)") % {
            "residents": f"{definition.residents:,}",
            "source": definition.residents_source,
        }
    if definition.kind == DefinitionKind.LSOA_SET:
        vintage = max((ref.vintage for ref in lsoas), default="")
        return _(
            "%(count)s LSOAs of %(vintage)s%(people)s, counted by the LSOA code of each report"
        ) % {"count": len(lsoas), "vintage": vintage, "people": people}
    return _("a drawn boundary%(people)s, counted by map point") % {"people": people}
