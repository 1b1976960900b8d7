"""Assets, stakeholders, links, walks and observations for programs, over the pages' services."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from assets.api.serializers import (
    AssetSerializer,
    LinkSerializer,
    ObservationSerializer,
    StakeholderSerializer,
    VisualAuditSerializer,
    WhySerializer,
)
from assets.models import Asset, NetworkLink, Observation, Stakeholder, VisualAudit
from assets.services.assets import edit_asset, record_asset, withdraw_asset
from assets.services.stakeholders import (
    edit_link,
    edit_stakeholder,
    record_link,
    record_stakeholder,
    withdraw_link,
    withdraw_stakeholder,
)
from assets.services.walks import (
    add_observation,
    edit_observation,
    edit_walk,
    start_walk,
    withdraw_observation,
)
from assets.sight import location_of, sight_of
from core.api.base import ScopedModelViewSet, check_match
from core.api.filters import HouseFilterSet, ScopedSlugFilter
from programmes.models import Location

VIEW, RECORD = Permission.VIEW, Permission.ASSET_RECORD
PERMISSIONS: dict[str, str] = {
    "list": VIEW,
    "retrieve": VIEW,
    "create": RECORD,
    "update": RECORD,
    "partial_update": RECORD,
}
WITHDRAWABLE: dict[str, str] = {**PERMISSIONS, "withdraw": RECORD}


class _Veiled:
    """Reads once what the caller is covered for at the locations of a page."""

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Hand it to the serializer."""
        serializer = super().get_serializer(*args, **kwargs)  # type: ignore[misc]  # mixed into a viewset
        if kwargs.get("many") and args:
            view: Any = self
            found = {location_of(row).pk: location_of(row) for row in args[0]}
            serializer.context["sight"] = sight_of(view.request.user, found.values())
        return serializer


class AssetFilter(HouseFilterSet):
    """Assets of one location, of a kind or theme; ``withdrawn`` for those off the list."""

    location = ScopedSlugFilter(Location)
    withdrawn = django_filters.BooleanFilter(
        field_name="withdrawn_on", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Asset
        fields = ("kind", "theme")


class AssetViewSet(_Veiled, ScopedModelViewSet):
    """Community assets; local contributors by consent only, for those who see people."""

    queryset = Asset.objects.select_related(
        "location__programme__lead_agency", "location__area", "agency", "consent", "target_place"
    )
    permissions = WITHDRAWABLE
    serializer_class = AssetSerializer
    filterset_class = AssetFilter
    create_parent = "location"

    def perform_create(self, serializer: Any) -> Asset:
        """Record it."""
        return record_asset(by=self.request.user, **serializer.validated_data)

    def perform_update(self, serializer: Any, version: int) -> Asset:
        """Change it."""
        return edit_asset(
            asset=serializer.instance,
            version=version,
            by=self.request.user,
            **changes_in(serializer),
        )

    @extend_schema(request=WhySerializer, responses=AssetSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it off the list, with the reason; ``If-Match`` names the version that was read."""
        return self.answer(withdraw_asset(asset=self.fetch(), by=request.user, **_why(self)))


class StakeholderFilter(HouseFilterSet):
    """Stakeholders of one location, sector, or by how far they take part."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = Stakeholder
        fields = ("sector", "involvement")


class StakeholderViewSet(_Veiled, ScopedModelViewSet):
    """The register of stakeholders."""

    queryset = Stakeholder.objects.select_related("location__programme__lead_agency", "agency")
    permissions = WITHDRAWABLE
    serializer_class = StakeholderSerializer
    filterset_class = StakeholderFilter
    create_parent = "location"

    def perform_create(self, serializer: Any) -> Stakeholder:
        """Record it."""
        return record_stakeholder(by=self.request.user, **serializer.validated_data)

    def perform_update(self, serializer: Any, version: int) -> Stakeholder:
        """Change it."""
        return edit_stakeholder(
            stakeholder=serializer.instance,
            version=version,
            by=self.request.user,
            **changes_in(serializer),
        )

    @extend_schema(request=WhySerializer, responses=StakeholderSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it off the register, with the reason."""
        return self.answer(
            withdraw_stakeholder(stakeholder=self.fetch(), by=request.user, **_why(self))
        )


class LinkFilter(HouseFilterSet):
    """Links of one location, of one stakeholder as source or target, of a kind."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = NetworkLink
        fields = ("kind", "source", "target")


class LinkViewSet(ScopedModelViewSet):
    """Ties between stakeholders."""

    queryset = NetworkLink.objects.select_related("location", "source__location", "target")
    permissions = WITHDRAWABLE
    serializer_class = LinkSerializer
    filterset_class = LinkFilter
    create_parent = "source"

    def perform_create(self, serializer: Any) -> NetworkLink:
        """Record it."""
        return record_link(by=self.request.user, **serializer.validated_data)

    def perform_update(self, serializer: Any, version: int) -> NetworkLink:
        """Change it."""
        return edit_link(
            link=serializer.instance,
            version=version,
            by=self.request.user,
            **changes_in(serializer),
        )

    @extend_schema(request=None, responses=LinkSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take off a tie that is no more; ``If-Match`` names the version that was read."""
        link = self.fetch()
        check_match(request, link)
        return self.answer(withdraw_link(link=link, by=request.user))


class VisualAuditFilter(HouseFilterSet):
    """Walks of one location."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = VisualAudit
        fields = ("light",)


class VisualAuditViewSet(ScopedModelViewSet):
    """Walks."""

    queryset = VisualAudit.objects.select_related("location", "target_place")
    permissions = PERMISSIONS
    serializer_class = VisualAuditSerializer
    filterset_class = VisualAuditFilter
    create_parent = "location"

    def perform_create(self, serializer: Any) -> VisualAudit:
        """Start it."""
        return start_walk(by=self.request.user, **serializer.validated_data)

    def perform_update(self, serializer: Any, version: int) -> VisualAudit:
        """Change it."""
        return edit_walk(
            audit=serializer.instance,
            version=version,
            by=self.request.user,
            **changes_in(serializer),
        )


class ObservationFilter(HouseFilterSet):
    """Observations of one location or walk, of a kind or theme."""

    location = ScopedSlugFilter(Location, field_name="audit__location")

    class Meta:
        model = Observation
        fields = ("audit", "kind", "theme")


class ObservationViewSet(_Veiled, ScopedModelViewSet):
    """What was seen on walks; photos are sent on the page."""

    queryset = Observation.objects.select_related(
        "audit__location__programme__lead_agency", "audit__location__area", "agency"
    )
    permissions = WITHDRAWABLE
    serializer_class = ObservationSerializer
    filterset_class = ObservationFilter
    create_parent = "audit"

    def perform_create(self, serializer: Any) -> Observation:
        """Note it."""
        return add_observation(by=self.request.user, **serializer.validated_data)

    def perform_update(self, serializer: Any, version: int) -> Observation:
        """Change it."""
        return edit_observation(
            observation=serializer.instance,
            version=version,
            by=self.request.user,
            **changes_in(serializer),
        )

    @extend_schema(request=WhySerializer, responses=ObservationSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it off, with the reason."""
        return self.answer(
            withdraw_observation(observation=self.fetch(), by=request.user, **_why(self))
        )


def changes_in(serializer: Any) -> dict[str, Any]:
    """Return what is to be changed: neither the id nor what a record belongs to."""
    return {name: value for name, value in serializer.validated_data.items() if name != "id"}


def _why(view: Any) -> dict[str, Any]:
    """Return the reason of a request to take something off."""
    sent = WhySerializer(data=view.request.data)
    sent.is_valid(raise_exception=True)
    return dict(sent.validated_data)
