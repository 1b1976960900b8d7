"""Taking in published areas, lookups and facts about areas; each file as its difference."""

from places.ingest.areas import import_areas
from places.ingest.facts import import_classification, import_deprivation, import_population
from places.ingest.files import About
from places.ingest.lookup import Level, import_area_lookup

__all__ = [
    "About",
    "Level",
    "import_area_lookup",
    "import_areas",
    "import_classification",
    "import_deprivation",
    "import_population",
]
