"""Areas, lookups and figures for tests."""

from __future__ import annotations

import datetime as dt

import factory
from django.contrib.gis.geos import MultiPolygon, Polygon

from places.models import Area, AreaDefinition, AreaLink, AreaPart, Population
from places.services import define_lsoa_set


def square(west: float, south: float, side: float = 0.01) -> MultiPolygon:
    """Return a square in degrees as a multi-polygon."""
    return MultiPolygon(Polygon.from_bbox((west, south, west + side, south + side)), srid=4326)


def _square_of(code: str) -> MultiPolygon:
    """Return one of fifty squares side by side, by the last digits of a code."""
    digits = "".join(one for one in code if one.isdigit())[-5:] or "0"
    return square(-2.7 + 0.01 * (int(digits) % 50), 52.2)


class AreaFactory(factory.django.DjangoModelFactory):
    """An area; its place follows from its code, not from how many were made before it."""

    class Meta:
        model = Area
        skip_postgeneration_save = True
        django_get_or_create = ("kind", "code", "vintage")

    kind = "lsoa"
    code = factory.Sequence(lambda n: f"E019{n:05d}")
    vintage = 2021
    name = factory.LazyAttribute(lambda o: f"Area {o.code}")
    boundary = factory.LazyAttribute(lambda o: _square_of(o.code))

    @factory.post_generation
    def parts(self, create, extracted, **kwargs):
        """Pieces for joins by point, as the import makes them."""
        if self.boundary is not None and not self.parts.exists():
            AreaPart.objects.bulk_create(
                AreaPart(area=self, piece=piece) for piece in self.boundary
            )


class AreaLinkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AreaLink

    kind = "within"
    source = factory.SubFactory(AreaFactory)
    target = factory.SubFactory(AreaFactory)


class PopulationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Population

    area = factory.SubFactory(AreaFactory)
    source = "Census 2021"
    reference_date = dt.date(2021, 3, 21)
    residents = 1500


def lsoa_set(*codes: str, residents: int | None = 1500) -> AreaDefinition:
    """Return a set of 2021 LSOAs with these codes, each with so many residents."""
    areas = [AreaFactory(code=code) for code in codes]
    if residents is not None:
        for area in areas:
            Population.objects.get_or_create(
                area=area,
                source="Census 2021",
                reference_date=dt.date(2021, 3, 21),
                group="all",
                defaults={"residents": residents},
            )
    return define_lsoa_set(areas=areas, by=None, note="For a test.")
