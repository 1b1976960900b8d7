"""Data packages as evidence of a step: counted by themselves, never typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import ngettext

from incidents.choices import PackageState
from programmes.models import Location
from programmes.registry import EvidenceCount


class PackageEvidence:
    """Counts the packages of each location that may be used."""

    key = "data-packages"

    def counts(self, locations: Sequence[Location]) -> Mapping[UUID, EvidenceCount]:
        """Return what stands at each location; one query."""
        from incidents.models import DataPackage

        by_id = {location.pk: location for location in locations}
        rows = (
            DataPackage.objects.filter(location__in=by_id, state=PackageState.CURRENT)
            .values("location")
            .annotate(n=Count("*"), latest=Max("built_on"))
            .order_by()
        )
        return {
            row["location"]: EvidenceCount(
                row["n"],
                row["latest"],
                reverse("incidents:data", args=[by_id[row["location"]].slug]),
                ngettext("%(count)d data package", "%(count)d data packages", row["n"])
                % {"count": row["n"]},
            )
            for row in rows
        }
