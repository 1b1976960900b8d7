"""The ledger for programs: read only."""

from __future__ import annotations

from typing import Any

import django_filters

from accounts.permissions import Permission
from core.api.base import ScopedReadViewSet
from core.api.filters import HouseFilterSet
from core.api.serializers import RecordSerializer
from core.choices import LedgerAction
from core.models import LedgerEntry


class LedgerEntrySerializer(RecordSerializer):
    """One entry: identifiers only, never the content of a record."""

    class Meta:
        model = LedgerEntry
        fields = [
            "at",
            "request",
            "actor",
            "actor_agency",
            "by_way_of",
            "action",
            "subject",
            "subject_id",
            "anchor",
            "anchor_id",
            "anchors",
            "owner",
            "touches",
            "rows",
            "path",
            "reason",
            "detail",
        ]
        read_only_fields = fields


class LedgerFilters(HouseFilterSet):
    """By who, what, which record, under which anchor, and when (real time)."""

    action = django_filters.ChoiceFilter(choices=LedgerAction.choices)
    actor = django_filters.UUIDFilter()
    anchor_id = django_filters.UUIDFilter()
    owner = django_filters.UUIDFilter()
    request = django_filters.UUIDFilter()
    subject = django_filters.CharFilter()
    subject_id = django_filters.CharFilter()
    since = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")

    class Meta:
        model = LedgerEntry
        fields: list[Any] = []


class LedgerViewSet(ScopedReadViewSet):
    """The entries that the caller may read, newest first; none for those who read no ledger."""

    queryset = LedgerEntry.objects.all()
    permissions = {"list": Permission.LEDGER_READ, "retrieve": Permission.LEDGER_READ}
    serializer_class = LedgerEntrySerializer
    filterset_class = LedgerFilters
    lookup_value_converter = "int"
    cursor_field = "-pk"
