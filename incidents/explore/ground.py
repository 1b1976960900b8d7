"""The ground whose reports are explored: by LSOA code, or by point inside a drawn boundary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.models import Force, Incident
from incidents.selectors.base import category_ids, forces_of
from incidents.selectors.coverage import check_street_data, rows_held
from places import selectors as places
from places.choices import DefinitionKind
from places.models import AreaDefinition


@dataclass(frozen=True)
class Ground:
    """An area with its forces.

    ``codes`` are the LSOA codes that count, None where points inside the drawn boundary do.
    ``lsoas`` is how many LSOAs that is, in their newest boundaries.
    """

    definition: AreaDefinition
    forces: tuple[Force, ...]
    codes: tuple[str, ...] | None
    lsoas: int

    @property
    def is_drawn(self) -> bool:
        """Say whether the area itself is drawn, however it is counted."""
        return self.definition.kind == DefinitionKind.DRAWN

    def check(self, first_month: dt.date, last_month: dt.date) -> None:
        """Raise core.errors.Refused where street data cannot be used by point."""
        if self.codes is None:
            check_street_data(self.definition, first_month, last_month, forces=self.forces)

    def rows(
        self, first_month: dt.date, last_month: dt.date, categories: Iterable[str] | None
    ) -> QuerySet[Incident]:
        """Return the rows that count, of the categories named as published (None for all)."""
        ids = None
        if categories is not None:
            wanted = set(categories)
            ids = [pk for pk, name in category_ids().items() if name in wanted]
        rows = rows_held(first_month, last_month, ids, self.forces)
        if self.codes is not None:
            return rows.filter(lsoa_code__in=self.codes)
        return rows.filter(point__intersects=self.definition.boundary)

    @property
    def words(self) -> str:
        """Say how reports are counted here."""
        if self.codes is None:
            return _("Counted are the reports whose map point lies inside the drawn boundary.")
        if self.is_drawn:
            return ngettext(
                "Counted are the reports of the LSOA that the drawn area touches: "
                "a larger area than the drawn one.",
                "Counted are the reports of the %(count)s LSOAs that the drawn area touches: "
                "a larger area than the drawn one.",
                self.lsoas,
            ) % {"count": self.lsoas}
        return ngettext(
            "Counted are the reports of the LSOA that makes up the area.",
            "Counted are the reports of the %(count)s LSOAs that make up the area.",
            self.lsoas,
        ) % {"count": self.lsoas}


def ground_of(definition: AreaDefinition, *, by_lsoas: bool = False) -> Ground:
    """Return the ground of an area; ``by_lsoas`` counts a drawn one by the LSOAs it touches."""
    forces = tuple(forces_of(definition))
    if definition.kind == DefinitionKind.DRAWN and not by_lsoas:
        return Ground(definition, forces, None, 0)
    counting = places.codes_touched(definition)
    newest = max(counting.by_vintage, default=0)
    return Ground(definition, forces, counting.codes, len(counting.by_vintage.get(newest, ())))
