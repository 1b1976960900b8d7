"""How the area of a location or a target place is defined, and so how reports are counted."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Record
from core.personal import Personal
from places.choices import DefinitionKind
from places.models.area import Area


@tracked()
class AreaDefinition(Record):
    """Either a set of LSOAs (counts by the code column) or a drawn boundary (counts by point).

    The choice is stored here and stated wherever a figure appears. ``boundary`` is the union of
    the LSOAs or the drawn polygon; ``residents`` the usual residents of the set (for a drawn
    boundary: of the LSOAs, weighted by the share of each one's surface inside it), with
    ``residents_source`` saying which figures these are. None where no figure is held.
    Services in places.services keep the derived fields.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=DefinitionKind.choices)
    boundary = models.MultiPolygonField(_("boundary"), srid=4326, null=True, blank=True)
    residents = models.PositiveIntegerField(_("residents"), null=True, blank=True)
    residents_source = models.CharField(max_length=200, blank=True)
    note = models.TextField(_("how the area was chosen"), blank=True)
    areas = models.ManyToManyField(Area, through="AreaDefinitionMember", related_name="+")

    # A drawn boundary may follow the walls of somebody's home.
    personal: ClassVar[dict[str, Personal]] = {
        "boundary": Personal.LOCATION,
        "note": Personal.FREE_TEXT,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("residents_source",)

    class Meta:
        verbose_name = _("area definition")

    def __str__(self) -> str:
        return str(self.get_kind_display())


@tracked()
class AreaDefinitionMember(models.Model):
    """One LSOA of a set."""

    definition = models.ForeignKey(AreaDefinition, on_delete=models.CASCADE, related_name="members")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["definition", "area"], name="lsoa_once_in_a_set")
        ]
