"""Incidents, what is held of them, and packages built from them."""

from incidents.models.feed import Feed, FeedCategory, FeedFile, FeedIncident, FeedMonth
from incidents.models.incident import Category, Force, ForceMonth, Incident, Source
from incidents.models.outcome import Outcome
from incidents.models.package import DataPackage
from incidents.models.supply import DataGap, DataRequest, PackageUse

__all__ = [
    "Category",
    "DataGap",
    "DataPackage",
    "DataRequest",
    "Feed",
    "FeedCategory",
    "FeedFile",
    "FeedIncident",
    "FeedMonth",
    "Force",
    "ForceMonth",
    "Incident",
    "Outcome",
    "PackageUse",
    "Source",
]
