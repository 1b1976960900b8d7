"""Areas and what is known of them."""

from places.models.area import Area, AreaLink, AreaPart
from places.models.definition import AreaDefinition, AreaDefinitionMember
from places.models.facts import Classification, Deprivation, Population

__all__ = [
    "Area",
    "AreaDefinition",
    "AreaDefinitionMember",
    "AreaLink",
    "AreaPart",
    "Classification",
    "Deprivation",
    "Population",
]
