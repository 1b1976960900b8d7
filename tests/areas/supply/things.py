"""Feeds, requests, gaps and uses of packages for the access matrix, ours and the neighbour's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from incidents.models import DataPackage, DataRequest
from incidents.supply.selectors import gaps_of
from tests.factories.supply import DataGapFactory, DataRequestFactory, PackageUseFactory

TWINS = ("request_id", "gap")
OTHERS: tuple[str, ...] = ()
SECRETS = {"neighbours-request-q7": {"neighbour"}, "neighbours-refusal-q7": {"neighbour"}}


def world(people: Any, made: dict[str, Any]) -> list[Any]:
    """Make a request that was refused, a gap somebody sees to, and a use of a package."""
    asked = DataRequestFactory(
        programme=people.programme, agency=people.housing, asked_by=people.analyst
    )
    DataRequestFactory(
        programme=people.programme,
        agency=people.housing,
        asked_by=people.analyst,
        wanted="Complaints about neighbours",
        state="refused",
        answer="No agreement yet.",
        closed_on=dt.date(2024, 6, 2),
    )
    gap = DataGapFactory(
        location=people.location,
        request=asked,
        action__location=people.location,
        action__owner=people.coordinator,
        action__asked_by=people.analyst,
    )
    use = PackageUseFactory(
        package=DataPackage.objects.get(location=people.location),
        meeting__location=people.location,
        meeting__called_by=people.coordinator,
    )
    return [asked, gap, use]


def names(made: dict[str, Any]) -> dict[str, Any]:
    """Return the placeholders."""
    asked = made["incidents.DataRequest"]
    refused = DataRequest.objects.get(programme=asked.programme, state="refused")
    months = f"{refused.first_month:%Y-%m}:{refused.last_month:%Y-%m}"
    return {"request_id": asked.pk, "gap": f"refused:request:{refused.pk}:{months}"}


def neighbours(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Make the neighbour's own request and gap."""
    people = cast.people
    asked = DataRequestFactory(
        programme=people.other_programme,
        agency=people.neighbour.agency,
        asked_by=people.neighbour,
        wanted="neighbours-request-q7",
        answer="neighbours-refusal-q7",
        state="refused",
    )
    gap = next(one for one in gaps_of(people.other_location, people.neighbour) if one.request)
    return {"n_request_id": asked.pk, "n_gap": gap.key}
