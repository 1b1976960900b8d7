"""Consents for programs, over the same services as the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.base import Create, ListAndRetrieve, ScopedViewSet, check_match
from core.api.fields import ScopedSlugRelatedField
from core.api.filters import HouseFilterSet, ScopedSlugFilter
from core.api.serializers import RecordSerializer, StrictSerializer
from programmes.choices import ConsentPurpose
from programmes.consents import HANDLING, WORDING
from programmes.models import Consent, Location
from programmes.services.consents import record_consent, withdraw_consent


class ConsentSerializer(RecordSerializer):
    """A person's consent to one purpose at one location; without ``wording`` the usual words."""

    location = ScopedSlugRelatedField(queryset=Location.objects.all())
    purpose = serializers.ChoiceField(choices=ConsentPurpose.choices)
    wording = serializers.CharField(required=False, max_length=2000)

    class Meta:
        model = Consent
        fields: ClassVar[list[str]] = [
            "location",
            "name",
            "contact",
            "purpose",
            "wording",
            "given_on",
            "given_how",
            "ends_on",
            "agency",
            "recorded_by",
            "withdrawn_on",
            "withdrawn_note",
            "marking",
            "handling",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "agency",
            "recorded_by",
            "withdrawn_on",
            "withdrawn_note",
            "is_demonstration",
        ]

    def to_representation(self, instance: Any) -> Any:
        """Give no way to reach somebody whose consent does not stand."""
        return {**super().to_representation(instance), "contact": instance.reach}


class WithdrawConsentSerializer(StrictSerializer):
    """The day on which they said so (today if left out), and what they want kept of it."""

    withdrawn_on = serializers.DateField(required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")


class ConsentFilter(HouseFilterSet):
    """Consents of one location, to one purpose."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = Consent
        fields: ClassVar[list[str]] = ["location", "purpose"]


class ConsentViewSet(ListAndRetrieve, Create, ScopedViewSet):
    """Consents that the caller may see: of people at the locations where they work with people."""

    queryset = Consent.objects.select_related("location", "agency")
    permissions = {
        "list": Permission.VIEW,
        "retrieve": Permission.VIEW,
        "create": Permission.PEOPLE_RECORD,
        "withdraw": Permission.PEOPLE_RECORD,
    }
    serializer_class = ConsentSerializer
    filterset_class = ConsentFilter
    create_parent = "location"

    def perform_create(self, serializer: Any) -> Consent:
        """Record it."""
        data = dict(serializer.validated_data)
        data.setdefault("wording", str(WORDING[data["purpose"]]))
        data.setdefault("handling", str(HANDLING))
        return record_consent(by=self.request.user, **data)

    @extend_schema(request=WithdrawConsentSerializer, responses=ConsentSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Keep that the person changed their mind; ``If-Match`` names the version that was read."""
        consent = self.fetch()
        check_match(request, consent)
        sent = WithdrawConsentSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        done = withdraw_consent(
            consent=consent, version=consent.version, by=request.user, **sent.validated_data
        )
        return self.answer(done)
