"""Programmes, locations and target places for programs.

The same querysets, selectors and services as the pages; outside the scope 404, not allowed 403.
"""

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.base import (
    ScopedModelViewSet,
    ScopedReadViewSet,
    check_match,
    etag,
)
from core.api.filters import HouseFilterSet, ScopedSlugFilter
from places.choices import DefinitionKind
from places.models import AreaDefinition
from programmes import policy, services
from programmes.api.access import AccessSerializer
from programmes.api.areas import AreaSerializer, SetAreaSerializer
from programmes.api.serializers import (
    LocationSerializer,
    ProgrammeSerializer,
    StepTemplateSerializer,
    TargetPlaceSerializer,
)
from programmes.api.withheld import share_page
from programmes.boundaries import read_boundary
from programmes.models import (
    Location,
    Programme,
    StepTemplate,
    TargetPlace,
)
from programmes.selectors.access import who_can_see
from programmes.selectors.areas import feature
from programmes.selectors.lsoas import lsoas_by_code
from programmes.sharing import shared_for, veil_area

VIEW, MANAGE = Permission.VIEW, Permission.LOCATION_MANAGE


class StepTemplateViewSet(ScopedReadViewSet):
    """Step templates: open to everyone signed in, read only."""

    queryset = StepTemplate.objects.prefetch_related("steps__evidence_wanted")
    permissions = {"list": VIEW, "retrieve": VIEW}
    serializer_class = StepTemplateSerializer
    filterset_fields = ["slug", "edition"]


class ProgrammeViewSet(ScopedModelViewSet):
    """Programmes that the caller takes part in."""

    queryset = Programme.objects.all()
    permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": Permission.PROGRAMME_MANAGE,
        "update": Permission.PROGRAMME_MANAGE,
        "partial_update": Permission.PROGRAMME_MANAGE,
    }
    serializer_class = ProgrammeSerializer
    lookup_field = "slug"

    def may_create(self, data: dict[str, Any]) -> bool:
        """Ask who may set up programmes at all."""
        return policy.may_create_programme(self.request.user)

    def perform_create(self, serializer: Any) -> Programme:
        """Set it up."""
        return services.create_programme(**serializer.validated_data, by=self.request.user)

    def perform_update(self, serializer: Any, version: int) -> Programme:
        """Change it."""
        return services.edit_programme(
            programme=serializer.instance,
            version=version,
            by=self.request.user,
            **serializer.validated_data,
        )


class _WithArea:
    """Reads and sets the area of a location or a target place."""

    @extend_schema(methods=["GET"], request=None, responses=AreaSerializer)
    @extend_schema(methods=["PUT"], request=SetAreaSerializer, responses=AreaSerializer)
    @action(detail=True, methods=["get", "put"])
    def area(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the area; PUT sets it, with If-Match of the area read if there was one."""
        view: Any = self
        view.also_shows = (AreaDefinition,)  # noted beside the owner
        owner = view.fetch()
        if request.method == "GET":
            if owner.area is None:
                raise exceptions.NotFound("No area is chosen yet.")
        else:
            if not policy.holds(request.user, MANAGE, owner):
                raise exceptions.PermissionDenied("Your role does not let you do this.")
            if owner.area is not None:
                check_match(request, owner.area)
            owner.area = self._set(owner, request)
        programme = owner.programme if isinstance(owner, Location) else owner.location.programme
        veil_area(shared_for(request, programme), owner)
        return Response(AreaSerializer(owner.area).data, headers={"ETag": etag(owner.area)})

    def _set(self, owner: Any, request: Request) -> Any:
        sent = SetAreaSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        data = sent.validated_data
        common = {
            "owner": owner,
            "by": request.user,
            "note": data["note"],
            "version": owner.area.version if owner.area else None,
        }
        if data["kind"] == DefinitionKind.DRAWN:
            return services.set_drawn_area(
                boundary=read_boundary(json.dumps(data["boundary"])), **common
            )
        areas, unknown = lsoas_by_code(data["codes"])
        if unknown:
            raise exceptions.ValidationError({"codes": [f"Not held here: {', '.join(unknown)}."]})
        return services.set_lsoa_area(areas=areas, **common)


class LocationFilter(HouseFilterSet):
    """Locations of one programme."""

    programme = ScopedSlugFilter(Programme)

    class Meta:
        model = Location
        fields = ["programme"]


class LocationViewSet(_WithArea, ScopedModelViewSet):
    """Locations within the caller's scope."""

    queryset = Location.objects.select_related("programme", "area")
    permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": Permission.PROGRAMME_MANAGE,
        "update": MANAGE,
        "partial_update": MANAGE,
        "area": VIEW,
        "geojson": VIEW,
        "access": VIEW,
    }
    serializer_class = LocationSerializer
    lookup_field = "slug"
    filterset_class = LocationFilter
    create_parent = "programme"

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Read once what the caller is covered for in the programmes of a page."""
        if kwargs.get("many") and args:
            share_page(self, (location.programme for location in args[0]))
        return super().get_serializer(*args, **kwargs)

    def perform_create(self, serializer: Any) -> Location:
        """Set it up with its steps."""
        return services.create_location(**serializer.validated_data, by=self.request.user)

    def perform_update(self, serializer: Any, version: int) -> Location:
        """Change it."""
        location, data = serializer.instance, serializer.validated_data
        return services.edit_location(
            location=location,
            name=data.get("name", location.name),
            summary=data.get("summary", location.summary),
            version=version,
            by=self.request.user,
        )

    @extend_schema(responses=AccessSerializer)
    @action(detail=True, methods=["get"])
    def access(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return who can see the location, and why."""
        return Response(AccessSerializer(who_can_see(self.fetch())).data)

    @extend_schema(responses={(200, "application/geo+json"): OpenApiTypes.OBJECT})
    @action(detail=True, methods=["get"])
    def geojson(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the boundary and the target places as a GeoJSON FeatureCollection.

        Drawn boundaries that no sharing agreement opens to the caller are left out.
        """
        location = self.fetch()
        shared = shared_for(request, location.programme)
        found = [("location", feature(veil_area(shared, location).area, location.name))]
        found += [
            ("target place", feature(veil_area(shared, place).area, place.name))
            for place in location.target_places.select_related("area")
        ]
        features = []
        for kind, one in found:
            if one is not None:
                one["properties"]["kind"] = kind
                features.append(one)
        return Response(
            {"type": "FeatureCollection", "features": features},
            content_type="application/geo+json",
        )


class TargetPlaceFilter(HouseFilterSet):
    """Target places of one location."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = TargetPlace
        fields = ["location"]


class TargetPlaceViewSet(_WithArea, ScopedModelViewSet):
    """Target places within the caller's scope."""

    queryset = TargetPlace.objects.select_related("location__programme", "area")
    permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": MANAGE,
        "update": MANAGE,
        "partial_update": MANAGE,
        "area": VIEW,
    }
    serializer_class = TargetPlaceSerializer
    filterset_class = TargetPlaceFilter
    create_parent = "location"

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Read once what the caller is covered for in the programmes of a page."""
        if kwargs.get("many") and args:
            share_page(self, (place.location.programme for place in args[0]))
        return super().get_serializer(*args, **kwargs)

    def perform_create(self, serializer: Any) -> TargetPlace:
        """Set it up."""
        return services.create_target_place(**serializer.validated_data, by=self.request.user)

    def perform_update(self, serializer: Any, version: int) -> TargetPlace:
        """Change it."""
        place, data = serializer.instance, serializer.validated_data
        return services.edit_target_place(
            place=place,
            name=data.get("name", place.name),
            summary=data.get("summary", place.summary),
            version=version,
            by=self.request.user,
        )
