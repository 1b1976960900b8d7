"""What agencies supply, for programs: the feeds and the files that came, to read."""

from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers

from accounts.permissions import Permission
from accounts.sharing import Category
from core.api.base import ScopedReadViewSet
from core.api.fields import ScopedSlugRelatedField
from core.api.filters import HouseFilterSet, ScopedSlugFilter
from core.api.serializers import RecordSerializer
from incidents.models import Feed, FeedFile
from programmes.models import Programme


class FeedSerializer(RecordSerializer):
    """A feed: what one agency supplies, on which terms, and how its columns are read."""

    programme = ScopedSlugRelatedField(read_only=True)
    agency = serializers.CharField(source="agency.name", read_only=True)

    class Meta:
        model = Feed
        read_only = True
        fields: ClassVar[list[str]] = [
            "slug",
            "programme",
            "agency",
            "title",
            "kind",
            "grain",
            "terms",
            "published",
            "public_figures",
            "mapping",
            "is_demonstration",
        ]


class FeedFilter(HouseFilterSet):
    """By programme and kind."""

    programme = ScopedSlugFilter(Programme)

    class Meta:
        model = Feed
        fields: ClassVar[list[str]] = ["programme", "kind"]


class FeedViewSet(ScopedReadViewSet):
    """Feeds of programmes whose data the caller may read, open to them by agreement."""

    queryset = Feed.objects.select_related("programme", "agency")
    permissions = {"list": Permission.DATA_READ, "retrieve": Permission.DATA_READ}
    serializer_class = FeedSerializer
    filterset_class = FeedFilter
    lookup_field = "slug"
    ledger_touches = (Category.FORCE_EXTRACTS,)


class FeedFileSerializer(RecordSerializer):
    """A file of a feed that was taken in: its months and its account."""

    feed = ScopedSlugRelatedField(read_only=True)
    sha256 = serializers.CharField(source="data_import.sha256", read_only=True)

    class Meta:
        model = FeedFile
        read_only = True
        fields: ClassVar[list[str]] = [
            "feed",
            "first_month",
            "last_month",
            "received_on",
            "rows_read",
            "rows_stored",
            "rows_rejected",
            "rows_located",
            "rows_timed",
            "sha256",
            "is_demonstration",
        ]


class FeedFileFilter(HouseFilterSet):
    """By feed."""

    feed = ScopedSlugFilter(Feed)

    class Meta:
        model = FeedFile
        fields: ClassVar[list[str]] = ["feed"]


class FeedFileViewSet(ScopedReadViewSet):
    """Files that came for the feeds open to the caller."""

    queryset = FeedFile.objects.select_related("feed", "data_import")
    permissions = {"list": Permission.DATA_READ, "retrieve": Permission.DATA_READ}
    serializer_class = FeedFileSerializer
    filterset_class = FeedFileFilter
    ledger_touches = (Category.FORCE_EXTRACTS,)
