"""Requests for data, a gap somebody sees to, and a package that a meeting will read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from accounts.models import Agency
from core import clock
from delivery.models import Meeting
from delivery.services.quietly import without_mail
from demo.content import STORY, read_story
from demo.loading.part import Part
from demo.loading.programmes import identity, user_of
from incidents.choices import PackageState
from incidents.models import DataGap, DataPackage, DataRequest, PackageUse
from incidents.supply import services
from incidents.supply.selectors import gaps_of
from programmes.models import Location, Programme, SharingAgreement


def parts() -> Iterator[Part]:
    """Yield the requests with their answers and gaps."""
    yield Part("data-requests", "Data requests and gaps", _is_there, _load)


def use_parts() -> Iterator[Part]:
    """Yield the uses of packages; the packages have to be there."""
    yield Part("package-uses", "Packages that meetings read", _uses_are_there, _load_uses)


def _said(kind: str) -> list[dict[str, Any]]:
    with (STORY / "supply.toml").open("rb") as file:
        found: list[dict[str, Any]] = tomllib.load(file)[kind]
    return found


def _is_there() -> bool:
    asked = [identity("data-request", entry["key"]) for entry in _said("requests")]
    owned = [identity("gap", entry["key"]) for entry in _said("gaps")]
    return DataRequest.objects.filter(pk__in=asked).count() == len(asked) and (
        DataGap.objects.filter(action__in=owned).count() == len(owned)
    )


@transaction.atomic
def _load() -> None:
    for entry in _said("requests"):
        _ask(entry)
    with without_mail():
        for entry in _said("gaps"):
            _own(entry)


def _ask(entry: dict[str, Any]) -> None:
    agencies = {one.key: one.name for one in read_story().agencies}
    by = user_of(entry["by"])
    agreement = entry.get("agreement")
    with clock.business_date(entry["asked_on"]):
        request = services.ask_for_data(
            id=identity("data-request", entry["key"]),
            programme=Programme.objects.get(slug=entry["programme"]),
            agency=Agency.objects.get(name=agencies[entry["agency"]]),
            agreement=SharingAgreement.objects.get(pk=identity("agreement", agreement))
            if agreement
            else None,
            **{
                name: entry[name]
                for name in ("wanted", "first_month", "last_month", "asked_on", "due_on")
            },
            by=by,
            demonstration=True,
        )
    if "state" in entry:
        with clock.business_date(entry["answered_on"]):
            services.answer_request(
                request=request,
                state=entry["state"],
                answer=entry["answer"],
                by=by,
                version=request.version,
            )


def _own(entry: dict[str, Any]) -> None:
    location = Location.objects.select_related("programme", "area").get(slug=entry["location"])
    by = user_of(entry["by"])
    wanted = identity("data-request", entry["request"])
    with clock.business_date(entry["on"]):
        gap = next(one for one in gaps_of(location, by) if one.request and one.request.pk == wanted)
        services.own_gap(
            id=identity("gap", entry["key"]),
            location=location,
            gap=gap,
            title=entry["title"],
            owner=user_of(entry["owner"]),
            due_on=entry["due_on"],
            details=gap.words,
            by=by,
        )


def _uses_are_there() -> bool:
    wanted = [identity("package-use", entry["key"]) for entry in _said("uses")]
    return PackageUse.objects.filter(pk__in=wanted).count() == len(wanted)


@transaction.atomic
def _load_uses() -> None:
    for entry in _said("uses"):
        with clock.business_date(entry["on"]):
            services.note_use(
                id=identity("package-use", entry["key"]),
                package=DataPackage.objects.get(
                    location__slug=entry["location"],
                    state=PackageState.CURRENT,
                    restricted=False,
                    **entry["package"],
                ),
                meeting=Meeting.objects.get(pk=identity("meeting", entry["meeting"])),
                used_for=entry["used_for"],
                by=user_of(entry["by"]),
                demonstration=True,
            )
