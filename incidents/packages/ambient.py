"""Where residents do not explain the reports: one LSOA that holds far more than its share."""

from __future__ import annotations

from collections.abc import Mapping

from incidents.packages.patterns import Ambient
from places import selectors as places
from places.models import AreaDefinition

LEAST_SHARE = 0.25
"""Of the location's reports that one LSOA must hold."""

LEAST_TIMES = 3
"""How many times the rate of the others together its own must be."""


def ambient_of(definition: AreaDefinition, counts: Mapping[str, int]) -> Ambient | None:
    """Return the LSOA of a set that stands out by reports of ASB per resident, or None.

    ``counts`` are reports by code. None too where a code or the residents of an LSOA are not
    known as the set's own (months that carry codes of another vintage).
    """
    refs = places.lsoas_of(definition)
    names = {ref.code: ref.name for ref in refs}
    people, __ = places.residents_by_area({ref.id for ref in refs})
    residents = {ref.code: people[ref.id] for ref in refs if ref.id in people}
    if set(counts) != set(residents):
        return None
    return ambient_from(counts, residents, names)


def ambient_from(
    counts: Mapping[str, int], residents: Mapping[str, int], names: Mapping[str, str]
) -> Ambient | None:
    """Return the LSOA with the most reports if it holds enough of them and its rate is far higher.

    With a single LSOA there is nothing to set it beside. A rate of 0 elsewhere is far lower.
    """
    if len(counts) < 2 or not sum(counts.values()):
        return None
    code = min(counts, key=lambda one: (-counts[one], one))
    others = sum(counts.values()) - counts[code]
    other_people = sum(residents.values()) - residents[code]
    if not residents[code] or not other_people:
        return None
    share = counts[code] / sum(counts.values())
    rate, others_rate = 1000 * counts[code] / residents[code], 1000 * others / other_people
    if share < LEAST_SHARE or rate < LEAST_TIMES * others_rate:
        return None
    return Ambient(
        code,
        names[code],
        counts[code],
        round(100 * share, 4),
        residents[code],
        round(rate, 4),
        round(others_rate, 4),
    )
