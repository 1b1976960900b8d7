"""Who may see which rows of assets: as their location, and for people by their consent."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Q

from accounts.permissions import Permission
from accounts.scoping import ScopedQuerySet
from accounts.sharing import Category
from assets.choices import AssetKind
from core import clock
from programmes.choices import ConsentPurpose
from programmes.models import Consent
from programmes.sharing import covered_rows


def agreed() -> Q:
    """Return the condition that a person's consent to be listed stands today."""
    standing = Consent.objects.standing(clock.today()).filter(purpose=ConsentPurpose.CONTRIBUTOR)
    return Q(consent__in=standing.order_by().values("pk"))


class AssetQuerySet(ScopedQuerySet):
    """Assets: as their location; a local contributor by consent, and only for some.

    A person is listed while their consent stands, for those who may see people there and whose
    agency the information is, or with whom it is shared. One's own entry one always sees while
    one's consent stands. Without consent nobody sees it, who recorded it neither.
    """

    scope_paths = ("location",)

    def visible_to(self, user: Any, permission: str = Permission.VIEW) -> Any:
        """Hide people whose consent does not stand from everybody, administrators among them."""
        return super().visible_to(user, permission).told()

    def granted(self, user: Any, permission: str) -> Q:
        """Let people through by consent only, everything else as its location."""
        seen = super().granted(user, permission)
        covered = covered_rows(
            user,
            Category.PEOPLE,
            owner_path="agency",
            programme_path="location__programme",
            recorder_path="recorded_by",
        )
        people = seen & super().granted(user, Permission.PEOPLE_READ) & covered
        if permission == Permission.VIEW:
            people |= Q(consent__user=user)
        return (seen & ~Q(kind=AssetKind.PERSON)) | (Q(kind=AssetKind.PERSON) & people)

    def current(self) -> AssetQuerySet:
        """Return those that are not withdrawn."""
        return self.filter(withdrawn_on__isnull=True)

    def told(self) -> AssetQuerySet:
        """Return what counts for the house itself: of people only those whose consent stands."""
        return self.filter(~Q(kind=AssetKind.PERSON) | agreed())


class ConnectionQuerySet(ScopedQuerySet):
    """Connections: as their location, and only where both ends may be seen."""

    scope_paths = ("location",)

    def granted(self, user: Any, permission: str) -> Q:
        """Hide a connection whose end is hidden: it would say that there is something."""
        ends = apps.get_model("assets", "Asset")._default_manager.visible_to(user)
        ids = ends.order_by().values("pk")
        return super().granted(user, permission) & Q(source__in=ids) & Q(target__in=ids)


class StakeholderQuerySet(ScopedQuerySet):
    """Stakeholders: as their location."""

    scope_paths = ("location",)

    def current(self) -> StakeholderQuerySet:
        """Return those that are not withdrawn."""
        return self.filter(withdrawn_on__isnull=True)


class NetworkLinkQuerySet(ScopedQuerySet):
    """Links: as their location."""

    scope_paths = ("location",)

    def current(self) -> NetworkLinkQuerySet:
        """Return those that are not withdrawn, nor one of their ends."""
        return self.filter(
            withdrawn_on__isnull=True,
            source__withdrawn_on__isnull=True,
            target__withdrawn_on__isnull=True,
        )


class WalkQuerySet(ScopedQuerySet):
    """Walks: as their location."""

    scope_paths = ("location",)


class ObservationQuerySet(ScopedQuerySet):
    """What was seen on a walk: as the walk's location."""

    scope_paths = ("audit__location",)

    def current(self) -> ObservationQuerySet:
        """Return those that are not withdrawn."""
        return self.filter(withdrawn_on__isnull=True)
