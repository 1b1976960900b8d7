"""Assets, stakeholders and walks of the demonstration, told to the services day by day."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from assets.choices import AssetKind
from assets.models import Asset, Stakeholder, VisualAudit
from assets.points import from_degrees
from assets.services.assets import record_asset
from assets.services.connections import connect_assets
from assets.services.stakeholders import record_link, record_stakeholder
from assets.services.walks import add_observation, start_walk
from core import clock
from demo.content import STORY
from demo.loading.part import Part
from demo.loading.programmes import identity, user_of
from programmes.choices import ConsentPurpose
from programmes.consents import WORDING
from programmes.models import Consent, Location, TargetPlace
from programmes.services.consents import record_consent


def parts() -> Iterator[Part]:
    """Yield the one part."""
    yield Part("assets", "Assets, stakeholders and walks", is_there, make)


@cache
def story() -> dict[str, Any]:
    """Return what the story says."""
    with (STORY / "assets.toml").open("rb") as file:
        return tomllib.load(file)


def is_there() -> bool:
    """Say whether it was loaded (all in one transaction)."""
    wanted = [identity("asset", one["location"], one["name"]) for one in story()["assets"]]
    return bool(Asset.objects.filter(pk__in=wanted).count() == len(wanted))


@transaction.atomic
def make() -> None:
    """Tell everything in the order in which it hangs together."""
    told = story()
    for entry in told["consents"]:
        _consent(entry)
    for entry in told["contributors"]:
        _contributor(entry)
    for entry in told["assets"]:
        _asset(entry)
    for entry in told["connections"]:
        _connection(entry)
    for entry in told["stakeholders"]:
        _stakeholder(entry)
    for entry in told["links"]:
        _links(entry)
    for entry in told["walks"]:
        _walk(entry)


def _location(entry: dict[str, Any]) -> Location:
    rows = Location.objects.select_related("programme__lead_agency", "area")
    return rows.get(slug=entry["location"])


def _place(location: Location, slug: str) -> TargetPlace | None:
    return location.target_places.get(slug=slug) if slug else None


def _point(entry: dict[str, Any]) -> Any:
    return from_degrees(*entry["at"]) if "at" in entry else None


def _consent(entry: dict[str, Any]) -> None:
    with clock.business_date(entry["given_on"]):
        record_consent(
            id=identity("consent", entry["location"], entry["key"]),
            location=_location(entry),
            name=entry["name"],
            contact=entry["contact"],
            purpose=ConsentPurpose.CONTRIBUTOR,
            wording=str(WORDING[ConsentPurpose.CONTRIBUTOR]),
            given_on=entry["given_on"],
            given_how=entry["given_how"],
            user=user_of(entry["account"]) if "account" in entry else None,
            by=user_of(entry["by"]),
            demonstration=True,
        )


def _contributor(entry: dict[str, Any]) -> None:
    consent = Consent.objects.get(pk=identity("consent", entry["location"], entry["consent"]))
    with clock.business_date(max(entry["checked_on"], consent.given_on)):
        record_asset(
            id=identity("contributor", entry["location"], entry["consent"]),
            location=_location(entry),
            kind=AssetKind.PERSON,
            consent=consent,
            role=entry["role"],
            theme=entry["theme"],
            offers=entry["offers"],
            contact=entry.get("contact", ""),
            last_checked_on=entry["checked_on"],
            check_by=entry["check_by"],
            by=user_of(entry["by"]),
            demonstration=True,
        )


def _asset(entry: dict[str, Any]) -> None:
    location = _location(entry)
    with clock.business_date(entry["checked_on"]):
        record_asset(
            id=identity("asset", entry["location"], entry["name"]),
            location=location,
            kind=entry["kind"],
            name=entry["name"],
            theme=entry["theme"],
            offers=entry["offers"],
            contact=entry.get("contact", ""),
            website=entry.get("website", ""),
            address=entry.get("address", ""),
            point=_point(entry),
            target_place=_place(location, entry.get("place", "")),
            last_checked_on=entry["checked_on"],
            check_by=entry.get("check_by"),
            by=user_of(entry["by"]),
            demonstration=True,
        )


def _connection(entry: dict[str, Any]) -> None:
    ends = [
        Asset.objects.select_related("location").get(
            pk=identity("asset", entry["location"], entry[end])
        )
        for end in ("from", "to")
    ]
    connect_assets(
        id=identity("connection", entry["location"], entry["from"], entry["to"]),
        source=ends[0],
        target=ends[1],
        how=entry["how"],
        by=user_of(entry["by"]),
        demonstration=True,
    )


def _stakeholder(entry: dict[str, Any]) -> None:
    capability, connectedness, interest, influence = entry["scores"]
    with clock.business_date(entry["on"]):
        record_stakeholder(
            id=identity("stakeholder", entry["location"], entry["key"]),
            location=_location(entry),
            name=entry["name"],
            sector=entry["sector"],
            does=entry.get("does", ""),
            capability=capability,
            connectedness=connectedness,
            interest=interest,
            influence=influence,
            involvement=entry["involvement"],
            why_not=entry.get("why_not", ""),
            judged_on=entry["on"],
            by=user_of(entry["by"]),
            demonstration=True,
        )


def _links(entry: dict[str, Any]) -> None:
    by = user_of(entry["by"])
    rows = Stakeholder.objects.filter(location__slug=entry["location"]).select_related("location")
    known = {row.pk: row for row in rows}
    with clock.business_date(entry["on"]):
        for source, target, kind, strength, note in entry["pairs"]:
            record_link(
                id=identity("link", entry["location"], source, target, kind),
                source=known[identity("stakeholder", entry["location"], source)],
                target=known[identity("stakeholder", entry["location"], target)],
                kind=kind,
                strength=strength,
                note=note,
                seen_on=entry["on"],
                by=by,
                demonstration=True,
            )


def _walk(entry: dict[str, Any]) -> None:
    location, by = _location(entry), user_of(entry["by"])
    residents, police, partners = entry["counts"]
    with clock.business_date(entry["on"]):
        walk = start_walk(
            id=identity("walk", entry["location"], entry["key"]),
            location=location,
            walked_on=entry["on"],
            route=entry["route"],
            target_place=_place(location, entry.get("place", "")),
            light=entry["light"],
            residents=residents,
            police=police,
            partners=partners,
            notes=entry.get("notes", ""),
            by=by,
            demonstration=True,
        )
        for number, seen in enumerate(entry["seen"], 1):
            _observation(walk, number, seen, by=by)


def _observation(walk: VisualAudit, number: int, seen: dict[str, Any], *, by: Any) -> None:
    shows = seen.get("photo", "")
    add_observation(
        id=identity("observation", walk.pk, number),
        audit=walk,
        kind=seen["kind"],
        theme=seen["theme"],
        text=seen["text"],
        place=seen.get("where", ""),
        point=_point(seen),
        target_place=walk.target_place,
        upload=_drawing(number) if shows else None,
        photo_shows=f"Drawing, no photo: {shows}" if shows else "",
        by=by,
        demonstration=True,
    )


def _drawing(number: int) -> SimpleUploadedFile:
    """Return a small drawing that stands for a photo: garages, a wall, a lamp."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (480, 320), "#2b3a42")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 210, 480, 320), fill="#55606a")
    for door in range(4):
        left = 30 + door * 110
        pen.rectangle((left, 120, left + 90, 210), fill="#8a9aa3", outline="#14232b", width=3)
        for line in range(135, 210, 15):
            pen.line((left, line, left + 90, line), fill="#6d7c85", width=2)
    pen.line((410 - number * 30, 210, 410 - number * 30, 50), fill="#14232b", width=6)
    pen.ellipse((395 - number * 30, 35, 425 - number * 30, 65), fill="#f3d27a")
    stream = io.BytesIO()
    picture.save(stream, format="PNG")
    return SimpleUploadedFile("drawing.png", stream.getvalue(), content_type="image/png")
