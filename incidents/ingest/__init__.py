"""Taking in what data.police.uk publishes, by force and month."""

from incidents.ingest.street import StreetImport, import_street_crime

__all__ = ["StreetImport", "import_street_crime"]
