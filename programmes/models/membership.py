"""Who holds which role on a programme or a location."""

from __future__ import annotations

from django.db import models

from accounts.models import Membership
from core.history import tracked
from programmes.models.place import Location
from programmes.models.programme import Programme


@tracked()
class ProgrammeMembership(Membership):
    """A role on a programme: holds for all of its locations."""

    anchor = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="memberships")


@tracked()
class LocationMembership(Membership):
    """A role at one location."""

    anchor = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="memberships")
