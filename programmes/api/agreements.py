"""Sharing agreements for programs: read them, and sign for one's agency."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Agency
from accounts.permissions import Permission
from core.api.base import ScopedReadViewSet, check_match
from core.api.fields import ScopedPrimaryKeyRelatedField, ScopedSlugRelatedField
from core.api.filters import HouseFilterSet, ScopedSlugFilter
from core.api.serializers import RecordSerializer, StrictSerializer
from programmes.models import AgreementParty, Programme, SharingAgreement
from programmes.services.agreements import sign_agreement


class AgreementPartySerializer(RecordSerializer):
    """An agency's place in an agreement."""

    class Meta:
        model = AgreementParty
        read_only = True
        fields: ClassVar[list[str]] = [
            "agency",
            "signed_on",
            "signed_name",
            "on_paper",
            "withdrew_on",
        ]
        read_only_fields = fields


class AgreementSerializer(RecordSerializer):
    """A sharing agreement with its parties; it counts between those that have signed and stayed."""

    programme = ScopedSlugRelatedField(read_only=True)
    parties = AgreementPartySerializer(many=True, read_only=True)

    class Meta:
        model = SharingAgreement
        read_only = True
        fields: ClassVar[list[str]] = [
            "programme",
            "title",
            "purpose",
            "legal_basis",
            "categories",
            "starts_on",
            "review_on",
            "ends_on",
            "ended_on",
            "ended_reason",
            "parties",
            "marking",
            "handling",
            "is_demonstration",
        ]


class SignSerializer(StrictSerializer):
    """For which agency, and in whose name."""

    agency = ScopedPrimaryKeyRelatedField(
        queryset=Agency.objects.all(), permission=Permission.AGREEMENT_SIGN
    )
    name = serializers.CharField(max_length=150)


class AgreementFilter(HouseFilterSet):
    """Agreements of one programme."""

    programme = ScopedSlugFilter(Programme)

    class Meta:
        model = SharingAgreement
        fields: ClassVar[list[str]] = ["programme"]


class AgreementViewSet(ScopedReadViewSet):
    """Agreements of programmes that the caller sees, and those their agency is to sign."""

    queryset = SharingAgreement.objects.select_related("programme").prefetch_related("parties")
    permissions = {
        "list": Permission.VIEW,
        "retrieve": Permission.VIEW,
        "sign": Permission.AGREEMENT_SIGN,
    }
    serializer_class = AgreementSerializer
    filterset_class = AgreementFilter

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one, always whole: a signature changes it without changing the text's version."""
        return self.answer(self.get_object())

    @extend_schema(request=SignSerializer, responses=AgreementSerializer)
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Sign for an agency; ``If-Match`` names the version of the text that was read."""
        agreement = self.fetch()
        check_match(request, agreement)
        sent = SignSerializer(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        sign_agreement(
            agreement=agreement, version=agreement.version, by=request.user, **sent.validated_data
        )
        return self.answer(self.fetch())
