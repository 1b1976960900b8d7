"""Read everything a package says, once, from the selectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.choices import Marking
from core.errors import Refused
from incidents import selectors
from incidents.models import Feed
from incidents.packages.ambient import ambient_of
from incidents.packages.beside import comparison_of, similar_words
from incidents.packages.changes import change_of
from incidents.packages.figures import (
    ASB,
    Change,
    ClusterRow,
    Figures,
    IncidentRow,
    MonthCount,
    PlaceCount,
    SimilarRow,
    Usual,
)
from incidents.packages.findings import ambient_words
from incidents.packages.ground import boundary_text
from incidents.packages.mix import mix_from
from incidents.packages.patterns import Season
from incidents.packages.quality import caveats, quality_rows, source_notes
from incidents.packages.recipe import PARTNER, Recipe, month_start, month_text, shifted
from incidents.packages.season import season_of
from incidents.packages.supplied import gather_supplied, supplied_notes
from incidents.packages.usual import usual_of
from places import selectors as places
from places.choices import DefinitionKind
from places.models import AreaDefinition
from programmes.models import Location

DECIMALS = 6  # of a degree: about 0.1 m


def gather(recipe: Recipe, location: Location, feeds: Iterable[Feed] = ()) -> Figures:
    """Return the figures of a recipe, with what the given feeds say of the location.

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
    change = change_of(definition, recipe.months)
    usual = usual_of(definition, recipe)
    season = season_of(definition, recipe, forces)
    ambient = ambient_of(
        definition,
        _sums(
            (row.area, row.count)
            for row in counts
            if row.category == ASB and row.area != location.name
        ),
    )
    lsoas = places.lsoas_of(definition)
    likeness = selectors.similar_to(definition)
    incidents = _incidents(definition, recipe)
    supplied, supplied_public = gather_supplied(definition, recipe, feeds)
    return Figures(
        recipe=recipe,
        location=location.name,
        programme=location.programme.name,
        is_demonstration=location.is_demonstration or location.programme.is_demonstration,
        marking=str(Marking.OFFICIAL_SENSITIVE.label)
        if recipe.edition == PARTNER
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
        clusters=_clusters(definition, recipe),
        incidents=incidents,
        comparison=comparison_of(definition, recipe, location.name, own, likeness),
        similar=tuple(
            SimilarRow(rank, area.code, area.name, area.score, area.residents, area.distance)
            for rank, area in enumerate(likeness.areas, start=1)
        ),
        similar_words=similar_words(likeness),
        quality=quality_rows(forces, recipe, _first_read(change, usual, season)),
        change=change,
        usual=usual,
        season=season,
        mix=mix_from(
            _sums((row.category, row.count) for row in own),
            selectors.counts_of_force(
                definition, forces, {row.month for row in own if row.count is not None}
            ),
        ),
        ambient=ambient,
        sources=(
            *source_notes(definition, likened=bool(likeness.areas)),
            *supplied_notes(supplied, supplied_public),
        ),
        caveats=ambient_words(ambient)
        + caveats(
            definition,
            recipe,
            ranking=ranking,
            change=change,
            forces=forces,
            read_codes={row.lsoa_code for row in incidents},
        ),
        boundary=boundary_text(definition, lsoas),
        supplied=supplied,
        supplied_public=supplied_public,
    )


def _clusters(definition: AreaDefinition, recipe: Recipe) -> tuple[ClusterRow, ...]:
    cells = selectors.cluster_cells(
        definition, month_start(recipe.first_month), month_start(recipe.last_month), category=ASB
    )
    return tuple(
        ClusterRow(
            rank,
            f"{one.cell[0]},{one.cell[1]}",
            one.street,
            one.count,
            None if one.score is None else round(one.score, 4),
            one.clear,
            one.ring,
        )
        for rank, one in enumerate(cells, start=1)
    )


def _sums(counts: Iterable[tuple[str, int | None]]) -> dict[str, int]:
    """Add up by name what is held; a name of which nothing is held has 0."""
    found: dict[str, int] = {}
    for name, count in counts:
        found[name] = found.get(name, 0) + (count or 0)
    return found


def _first_read(change: Change, usual: Usual, season: Season) -> str | None:
    """Return the first month before the recipe of which anything was read."""
    read = [*usual.months[:1], *(one.month for one in season.months[:1])]
    read += [shifted(row.month, -12) for row in usual.years[:1]]
    return min([*read, *change.earlier[:1]], default=None)


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
