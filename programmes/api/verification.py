"""The verification of a step for programs."""

from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers

from core.api.serializers import RecordSerializer, StrictSerializer
from programmes.models import Verification


class SendToVerifierSerializer(StrictSerializer):
    """What the verifier should know; after a return, what was done about its reasons."""

    id = serializers.UUIDField(required=False)
    text = serializers.CharField(required=False, allow_blank=True, max_length=4000, default="")


class VerifySerializer(StrictSerializer):
    """What a third party found; a step that is returned needs reasons."""

    id = serializers.UUIDField(required=False)
    agreed = serializers.BooleanField()
    text = serializers.CharField(required=False, allow_blank=True, max_length=4000, default="")


class VerificationSerializer(RecordSerializer):
    """One word in the verification of a step."""

    class Meta:
        model = Verification
        fields: ClassVar[list[str]] = ["step_record", "kind", "text", "said_on", "said_by"]
        read_only_fields = fields
