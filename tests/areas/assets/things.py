"""Assets, stakeholders, links and walks for the access matrix.

``asset_id`` is a hall of the police's, ``contributor_id`` a person who agreed (their account is the
partner's), ``withdrew_id`` one who has withdrawn their consent, ``person_connection_id`` what
connects the hall to the one who agreed, ``listable_consent_id`` a consent of somebody not listed
yet. ``x_…`` are Teme's: marked sensitive, or a person, or with an exact place and a photo.
"""

from __future__ import annotations

from typing import Any

from assets.models import Asset, Connection, Stakeholder, VisualAudit
from core.models import StoredFile
from programmes.models import Consent
from tests.factories.assets import (
    A_DATE,
    AssetFactory,
    ConnectionFactory,
    NetworkLinkFactory,
    ObservationFactory,
    StakeholderFactory,
    VisualAuditFactory,
    point,
)
from tests.factories.core import StoredFileFactory
from tests.factories.programmes import ConsentFactory

POLICE = {"community", "verifier", "analyst", "leader", "coordinator", "manager", "token_reader"}
READ_PEOPLE = {"community", "coordinator", "manager", "token_reader"}
SENSITIVE = {"marking": "official-sensitive", "handling": "Only as agreed."}
TWINS = (
    "asset_id",
    "contributor_id",
    "connection_id",
    "stakeholder_id",
    "network_link_id",
    "walk_id",
    "observation_id",
)
OTHERS = ("asset_id", "contributor_id", "stakeholder_id", "observation_id")
SECRETS = {
    # The police's contributor: those who see people, of agencies that are covered; and themselves.
    "own-contributor-q7": READ_PEOPLE | {"covered", "partner"},
    "own-contributor-offers-q7": READ_PEOPLE | {"covered", "partner"},
    "own-withdrew-q7": set(),  # whoever withdraws their consent is listed to nobody any more
    # How the police's hall is reached, and exactly where it is.
    "own-asset-contact-q7": READ_PEOPLE | {"covered"},
    "own-asset-street-q7": POLICE | {"covered"},
    "52.22713": POLICE | {"covered"},
    "own-stakeholder-contact-q7": READ_PEOPLE | {"covered"},
    "own-seen-where-q7": POLICE | {"covered"},
    "own-photo-bytes-q7": POLICE | {"covered"},
    # Teme's: shared with Hereford Council alone.
    "x-contributor-q7": {"covered", "teme"},
    "x-asset-name-q7": {"covered", "teme"},
    "x-asset-offers-q7": {"covered", "teme"},
    "52.22817": {"covered", "teme"},
    "x-stakeholder-q7": {"covered", "teme"},
    "x-seen-text-q7": {"covered", "teme"},
    "x-photo-bytes-q7": {"covered", "teme"},
    # The neighbour's.
    "neighbours-asset-q7": {"neighbour"},
    "neighbours-contributor-q7": {"neighbour"},
    "neighbours-stakeholder-q7": {"neighbour"},
    "neighbours-route-q7": {"neighbour"},
    "neighbours-seen-q7": {"neighbour"},
}


def _photo(content: bytes) -> StoredFile:
    return StoredFileFactory(name="seen.png", content_type="image/png", content=content)


def world(people: Any, made: dict[str, Any]) -> list[Any]:
    """Record a hall, a person, what connects them; two stakeholders; a walk with an observation."""
    location = people.location
    by = {"agency": people.police, "recorded_by": people.coordinator}
    hall = AssetFactory(
        location=location,
        name="Hall",
        contact="own-asset-contact-q7",
        address="own-asset-street-q7",
        point=point(-2.73123, 52.22713),
        **by,
    )
    person = AssetFactory(
        location=location,
        person=True,
        name="own-contributor-q7",
        offers="own-contributor-offers-q7",
        **by,
    )
    Consent.objects.filter(pk=person.consent_id).update(user=people.partner)
    gone = AssetFactory(location=location, person=True, name="own-withdrew-q7", **by)
    # The consent itself is history, and read by those who read that: it bears another name.
    Consent.objects.filter(pk=gone.consent_id).update(withdrawn_on=A_DATE, name="Withdrew")
    ConsentFactory(location=location, purpose="contributor", name="Free", **by)
    garden = AssetFactory(location=location, name="Garden", **by)
    AssetFactory(location=location, name="Shed", **by)
    council = StakeholderFactory(
        location=location, name="Council", contact="own-stakeholder-contact-q7", **by
    )
    school = StakeholderFactory(location=location, name="School", **by)
    StakeholderFactory(location=location, name="Club", **by)
    walk = VisualAuditFactory(location=location, **by)
    seen = ObservationFactory(
        audit=walk,
        place="own-seen-where-q7",
        photo=_photo(b"own-photo-bytes-q7"),
        **by,
    )
    ConnectionFactory(source=hall, target=person, **by)
    return [
        hall,
        ConnectionFactory(source=hall, target=garden, **by),
        council,
        NetworkLinkFactory(source=council, target=school, **by),
        walk,
        seen,
    ]


def names(made: dict[str, Any]) -> dict[str, Any]:
    """Return what the placeholders of ``own.csv`` stand for."""
    location = made["assets.Asset"].location
    return {
        "asset_id": made["assets.Asset"].pk,
        "other_asset_id": Asset.objects.get(location=location, name="Shed").pk,
        "contributor_id": Asset.objects.get(location=location, name="own-contributor-q7").pk,
        "withdrew_id": Asset.objects.get(location=location, name="own-withdrew-q7").pk,
        "connection_id": made["assets.Connection"].pk,
        "person_connection_id": Connection.objects.get(target__name="own-contributor-q7").pk,
        "stakeholder_id": made["assets.Stakeholder"].pk,
        "other_stakeholder_id": Stakeholder.objects.get(location=location, name="Club").pk,
        "network_link_id": made["assets.NetworkLink"].pk,
        "walk_id": made["assets.VisualAudit"].pk,
        "observation_id": made["assets.Observation"].pk,
        "listable_consent_id": Consent.objects.get(
            location=location, name="Free", purpose="contributor"
        ).pk,
    }


def neighbours(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Make the twins at Redditch."""
    people, location = cast.people, cast.people.other_location
    by = {"agency": people.neighbour.agency, "recorded_by": people.neighbour}
    hall = AssetFactory(location=location, name="neighbours-asset-q7", **by)
    garden = AssetFactory(location=location, **by)
    person = AssetFactory(location=location, person=True, name="neighbours-contributor-q7", **by)
    Consent.objects.filter(pk=person.consent_id).update(user=people.neighbour)
    council = StakeholderFactory(location=location, name="neighbours-stakeholder-q7", **by)
    link = NetworkLinkFactory(
        source=council, target=StakeholderFactory(location=location, **by), **by
    )
    walk = VisualAuditFactory(location=location, route="neighbours-route-q7", **by)
    seen = ObservationFactory(
        audit=walk, text="neighbours-seen-q7", photo=_photo(b"neighbours-seen-q7"), **by
    )
    return {
        "n_asset_id": hall.pk,
        "n_contributor_id": person.pk,
        "n_connection_id": ConnectionFactory(source=hall, target=garden, **by).pk,
        "n_stakeholder_id": council.pk,
        "n_network_link_id": link.pk,
        "n_walk_id": walk.pk,
        "n_observation_id": seen.pk,
    }


def anothers(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Make what Teme owns at Leominster."""
    people, teme = cast.people, cast.agencies["teme"]
    by = {"agency": teme, "recorded_by": cast.users["teme"]}
    location = people.location
    hall = AssetFactory(
        location=location,
        name="x-asset-name-q7",
        offers="x-asset-offers-q7",
        point=point(-2.73217, 52.22817),
        **SENSITIVE,
        **by,
    )
    person = AssetFactory(location=location, person=True, name="x-contributor-q7", **by)
    council = StakeholderFactory(location=location, name="x-stakeholder-q7", **SENSITIVE, **by)
    seen = ObservationFactory(
        audit=VisualAudit.objects.get(pk=known["walk_id"]),
        text="x-seen-text-q7",
        photo=_photo(b"x-photo-bytes-q7"),
        **SENSITIVE,
        **by,
    )
    free = ConsentFactory(location=location, purpose="contributor", name="x-contributor-q7", **by)
    return {
        "x_asset_id": hall.pk,
        "x_contributor_id": person.pk,
        "x_stakeholder_id": council.pk,
        "x_observation_id": seen.pk,
        "x_listable_consent_id": free.pk,
    }


def grow(people: Any, size: int) -> None:
    """Fill the lists of Leominster."""
    by = {"agency": people.police, "recorded_by": people.coordinator}
    location = people.location
    before = None
    for number in range(size):
        hall = AssetFactory(location=location, point=point(), checked_by=people.coordinator, **by)
        person = AssetFactory(location=location, person=True, **by)
        ConnectionFactory(source=hall, target=person, **by)
        one = StakeholderFactory(location=location, **by)
        if before is not None:
            NetworkLinkFactory(source=before, target=one, **by)
        before = one
        walk = VisualAuditFactory(location=location, **by)
        for kind in ("improve", "strength"):
            ObservationFactory(audit=walk, kind=kind, text=f"Seen {number}", **by)
