"""What a package says of its data: coverage, sources and what to be careful about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from incidents import selectors
from incidents.choices import Coverage
from incidents.models import Force
from incidents.packages.figures import (
    Change,
    QualityRow,
    SourceNote,
)
from incidents.packages.findings import months_words
from incidents.packages.recipe import Recipe, month_start, month_text
from places import selectors as places
from places.choices import AreaKind, DefinitionKind
from places.models import Area, AreaDefinition

PANDEMIC = ("2020-03", "2021-08")
"""Months in which breaches of pandemic rules were recorded as ASB."""


def quality_rows(
    forces: Sequence[Force], recipe: Recipe, earlier_first: str | None
) -> tuple[QualityRow, ...]:
    """Return one row for each force and month read; earlier months only where they are held."""
    first = month_start(earlier_first or recipe.first_month)
    asked = set(recipe.months)
    rows = []
    for force in forces:
        for held in selectors.coverage(force, first, month_start(recipe.last_month)):
            month = month_text(held.month)
            if month not in asked and held.status == Coverage.MISSING:
                continue
            located = None
            if held.rows:
                located = round(100 * (1 - (held.without_location or 0) / held.rows), 1)
            read = None if held.rows is None else held.rows + (held.rejected or 0)
            rows.append(
                QualityRow(
                    force.name,
                    month,
                    str(held.status),
                    read,
                    held.rows,
                    held.without_location,
                    located,
                    held.sha256,
                    _month_note(month, held.status, month in asked),
                )
            )
    return tuple(sorted(rows, key=lambda row: (row.force, row.month)))


def _month_note(month: str, status: str, asked: bool) -> str:
    notes = []
    if status == Coverage.MISSING:
        notes.append(_("Not held. Missing is not zero."))
    if status == Coverage.PARTIAL:
        notes.append(_("Holds far fewer rows than usual for the force."))
    if PANDEMIC[0] <= month <= PANDEMIC[1]:
        notes.append(_("Breaches of pandemic rules were recorded as ASB."))
    if not asked:
        notes.append(_("Read for comparison with later months only."))
    return " ".join(notes)


def source_notes(definition: AreaDefinition, *, likened: bool) -> tuple[SourceNote, ...]:
    """Return the sources behind the figures: reports, boundaries, residents, by title.

    ``likened`` adds what similar areas were found by: deprivation and classification.
    """
    notes = set()
    source = selectors.source_of()
    if source is not None:
        notes.add(SourceNote(source.title, source.licence, source.attribution, source.url))
    areas = Area.objects.filter(
        kind=AreaKind.LSOA, pk__in=[ref.id for ref in places.lsoas_of(definition)]
    )
    paths = ["data_import", "populations__data_import"]
    if likened:
        paths += ["classifications__data_import", "deprivations__data_import"]
    for path in paths:
        for title, licence, attribution in areas.values_list(
            f"{path}__title", f"{path}__licence", f"{path}__attribution"
        ).distinct():
            if attribution:
                notes.add(SourceNote(title, licence, attribution, ""))
    return tuple(sorted(notes, key=lambda note: (note.url == "", note.title, note.attribution)))


def caveats(
    definition: AreaDefinition,
    recipe: Recipe,
    *,
    ranking: Any,
    change: Change,
    forces: Sequence[Force],
    read_codes: set[str],
) -> tuple[str, ...]:
    """Return what to bear in mind when reading the figures, the general before the special."""
    notes = [
        _("These are reports of ASB to the police: calls for service, not crimes and not people."),
        _(
            "Each report is published at the nearest of a fixed list of anonymous map points, "
            "up to "
            "kilometres from where it happened. Points serve counts of areas, never an address."
        ),
        _("The source gives year and month. No day, hour or weekday can be read from it."),
        _("Two identical rows are two reports: ASB rows carry no identifier."),
    ]
    if ranking.narrowed:
        notes.append(
            _(
                "The list of map points was redrawn within this period, so places are ranked from "
                "%(month)s on only."
            )
            % {"month": months_words([month_text(ranking.first_month)])}
        )
    if definition.kind == DefinitionKind.LSOA_SET:
        codes = places.codes_for_counting(definition)
        if len(codes.by_vintage) > 1 and codes.codes != tuple(
            sorted(ref.code for ref in places.lsoas_of(definition))
        ):
            notes.append(
                _(
                    "LSOAs that were split or merged in 2021 are counted on ground that stays the "
                    "same, by the lookup of the Office for National Statistics."
                )
            )
        notes += [
            _("The older LSOA %(code)s lies only partly in the location and is counted whole.")
            % {"code": one.code}
            for one in codes.partial
            if one.code in read_codes or change.earlier
        ]
    read = [*recipe.months, *change.earlier]
    if any(PANDEMIC[0] <= month <= PANDEMIC[1] for month in read):
        notes.append(
            _(
                "Until August 2021 breaches of pandemic rules were recorded as ASB. A fall from "
                "those months is not an effect of local work."
            )
        )
    if not forces:
        notes.append(_("No file of this area’s police force has been imported."))
    return tuple(notes)
