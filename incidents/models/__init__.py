"""Incidents, what is held of them, and packages built from them."""

from incidents.models.incident import Category, Force, ForceMonth, Incident, Source
from incidents.models.package import DataPackage

__all__ = ["Category", "DataPackage", "Force", "ForceMonth", "Incident", "Source"]
