"""Published reports of a location, row by row, for programs."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework_gis.fields import GeometryField

from accounts.permissions import Permission
from core import clock
from core.api.base import PAGE_PARAMETERS, ScopedReadViewSet
from core.api.pagination import CursorPages
from core.api.serializers import RecordSerializer, StrictSerializer
from core.errors import Refused
from incidents import selectors
from incidents.choices import Coverage
from incidents.explore.ground import Ground, ground_of
from incidents.models import Incident
from incidents.packages.recipe import check_months, month_start, month_text, parse_month, shifted
from programmes.models import Location
from programmes.sharing import opens_area, shared_for

USUAL_MONTHS = 12


class HeldSerializer(RecordSerializer):
    """A location whose reports can be read, and where they are."""

    incidents = serializers.SerializerMethodField()

    class Meta:
        model = Location
        read_only = True
        fields: ClassVar[list[str]] = ["slug", "name", "incidents"]

    def get_incidents(self, location: Location) -> str:
        """Return the address of its reports."""
        kwargs = {"slug": location.slug}
        return str(reverse("incident-detail", kwargs=kwargs, request=self.context["request"]))


class IncidentSerializer(RecordSerializer):
    """One published row: a month, never a day; an anonymous point, never the place itself."""

    month = serializers.SerializerMethodField()
    category = serializers.CharField(source="category.name", read_only=True)
    point = GeometryField(precision=6, read_only=True)

    class Meta:
        model = Incident
        read_only = True
        fields: ClassVar[list[str]] = [
            "month",
            "category",
            "street",
            "point",
            "lsoa_code",
            "lsoa_name",
            "crime_id",
            "last_outcome",
            "reported_by",
            "falls_within",
        ]

    def get_month(self, row: Incident) -> str:
        """Return the month as "2024-01"."""
        return month_text(row.month)


class IncidentQuery(StrictSerializer):
    """Which reports: months as "2024-01" (else the last twelve held), a category by its name."""

    first_month = serializers.CharField(max_length=7, required=False)
    last_month = serializers.CharField(max_length=7, required=False)
    category = serializers.CharField(max_length=100, required=False)


class IncidentPageSerializer(serializers.Serializer):
    """One page of reports, with the months that are not held: missing is never zero."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    missing = serializers.ListField(child=serializers.CharField())
    incomplete = serializers.ListField(child=serializers.CharField())
    attribution = serializers.CharField()
    results = IncidentSerializer(many=True)


class IncidentViewSet(ScopedReadViewSet):
    """Published reports of the locations whose data the caller may read.

    The list names the locations; ``incidents/<location>/`` gives a location's rows, month by month.
    """

    queryset = Location.objects.select_related("programme", "area")
    permissions = {"list": Permission.DATA_READ, "retrieve": Permission.DATA_READ}
    serializer_class = HeldSerializer
    lookup_field = "slug"

    @extend_schema(parameters=[IncidentQuery], responses=IncidentPageSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return a page of the location's reports in the months asked for.

        400 where they cannot be counted: without an area, for a boundary that is withheld or that
        street data cannot serve.
        """
        location: Location = self.fetch()
        asked = {
            key: text for key, text in request.query_params.items() if key not in PAGE_PARAMETERS
        }
        query = IncidentQuery(data=asked)
        query.is_valid(raise_exception=True)
        category = query.validated_data.get("category")
        if location.area is None:
            raise Refused(_("No area is chosen yet, so nothing can be counted."))
        if not opens_area(shared_for(request, location.programme), location.area):
            raise Refused(_("The area is withheld, and so are the points inside it."))
        ground = ground_of(location.area)
        first, last = _months(query.validated_data, ground)
        ground.check(first, last)
        rows = ground.rows(first, last, [category] if category else None)
        pages = CursorPages()
        page = pages.paginate_queryset(rows.select_related("category"), request, _ByMonth)
        statuses = selectors.coverage_of(ground.forces, first, last)
        source = selectors.source_of()
        return Response(
            {
                "next": pages.get_next_link(),
                "previous": pages.get_previous_link(),
                "missing": _with(statuses, Coverage.MISSING),
                "incomplete": _with(statuses, Coverage.PARTIAL),
                "attribution": source.attribution if source else "",
                "results": IncidentSerializer(page, many=True).data,
            }
        )


class _ByMonth:
    """What the pages of rows are told: the list of locations has another order."""

    cursor_field = "month"


def _months(asked: dict[str, str], ground: Ground) -> tuple[dt.date, dt.date]:
    """Return the first and last month asked for; raise Refused for what are none."""
    held = selectors.last_held(ground.forces, clock.today())
    if "last_month" in asked:
        last = parse_month(asked["last_month"])
    elif held is not None:
        last = held
    else:
        raise Refused(_("No month is held, so nothing can be counted."))
    usual = month_start(shifted(month_text(last), 1 - USUAL_MONTHS))
    first = parse_month(asked["first_month"]) if "first_month" in asked else usual
    check_months(first, last)
    return first, last


def _with(statuses: dict[Any, str], wanted: str) -> list[str]:
    return [month_text(month) for month, status in statuses.items() if status == wanted]
