"""The list of a location's assets as one reader sees it, and one asset with its connections."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from accounts.permissions import Permission
from assets.choices import AssetKind, AssetTheme
from assets.models import Asset, Connection
from assets.sight import Sight, sight_of
from core import clock
from programmes.models import Location

ASSETS = Asset.objects.select_related(
    "location__programme__lead_agency", "agency", "target_place", "consent", "checked_by"
)
SEARCHED = ("name", "offers", "role", "address")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for: words, a kind, a theme, only what is due to be checked."""

    words: str = ""
    kind: str = ""
    theme: str = ""
    due: bool = False


@dataclass(frozen=True, slots=True)
class AssetList:
    """The assets that fit, veiled; ``total`` counts all that the reader sees, by kind too.

    ``due`` counts those whose day to be checked again has come.
    """

    rows: list[Asset]
    total: int
    due: int
    by_kind: list[tuple[str, str, int]] = field(default_factory=list)


def seen_assets(*, location: Location, user: Any) -> list[Asset]:
    """Return the assets on a location's list that a reader sees, veiled, in three queries."""
    rows = ASSETS.filter(location=location).visible_to(user).current().order_by("name", "pk")
    sight = sight_of(user, [location])
    return [sight.veil(row) for row in rows]


def asset_list(*, location: Location, user: Any, wanted: Wanted | None = None) -> AssetList:
    """Return the list; words are looked for in what the reader is shown, nothing else."""
    wanted = wanted or Wanted()
    every = seen_assets(location=location, user=user)
    today = clock.today()
    return AssetList(
        rows=[row for row in every if _fits(row, wanted, today)],
        total=len(every),
        due=sum(is_due(row, today) for row in every),
        by_kind=[
            (kind.value, str(kind.label), sum(row.kind == kind for row in every))
            for kind in AssetKind
        ],
    )


def is_due(asset: Asset, on: dt.date) -> bool:
    """Say whether somebody should look again whether an asset is still so."""
    return asset.check_by is not None and asset.check_by <= on


def _fits(row: Asset, wanted: Wanted, today: dt.date) -> bool:
    if wanted.kind and row.kind != wanted.kind:
        return False
    if wanted.theme and row.theme != wanted.theme:
        return False
    if wanted.due and not is_due(row, today):
        return False
    text = " ".join(str(getattr(row, name)) for name in SEARCHED).casefold()
    theme = str(AssetTheme(row.theme).label).casefold()
    return all(word in f"{text} {theme}" for word in wanted.words.casefold().split())


@dataclass(frozen=True, slots=True)
class Tie:
    """A connection as seen from one end: the other end, veiled."""

    connection: Connection
    other: Asset


def ties_of(asset: Asset, *, user: Any, sight: Sight | None = None) -> list[Tie]:
    """Return what an asset is connected with, as far as the reader sees the other ends."""
    rows = (
        Connection.objects.filter(Q(source=asset.pk) | Q(target=asset.pk))
        .visible_to(user)
        .select_related(
            "location__programme__lead_agency",
            "source__location__programme__lead_agency",
            "source__agency",
            "source__consent",
            "target__location__programme__lead_agency",
            "target__agency",
            "target__consent",
        )
        .order_by("pk")
    )
    sight = sight or sight_of(user, [asset.location])
    ties = [Tie(row, sight.veil(row.other_end(asset))) for row in rows]
    return sorted(
        (tie for tie in ties if tie.other.withdrawn_on is None), key=lambda tie: tie.other.name
    )


def own_entry(*, location: Location, user: Any) -> Asset | None:
    """Return a person's own entry at a location while their consent stands."""
    rows = ASSETS.filter(location=location, consent__user=user).visible_to(user).current()
    return rows.first()


def contributors_by_role(*, location: Location, user: Any) -> list[Asset]:
    """Return the local contributors whom a reader sees; nobody without the right to see people."""
    from programmes import policy

    if not policy.holds(user, Permission.PEOPLE_READ, location):
        return []
    return [row for row in seen_assets(location=location, user=user) if row.is_person]
