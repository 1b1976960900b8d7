"""Derived grants on programmes and locations, in tables with real foreign keys."""

from __future__ import annotations

from django.db import models

from accounts.models import Grant
from programmes.models.place import Location
from programmes.models.programme import Programme


class ProgrammeUserPermission(Grant):
    """Which permission a person holds on a programme."""

    content_object = models.ForeignKey(Programme, on_delete=models.CASCADE)


class LocationUserPermission(Grant):
    """Which permission a person holds on a location itself."""

    content_object = models.ForeignKey(Location, on_delete=models.CASCADE)
