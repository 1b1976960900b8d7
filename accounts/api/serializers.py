"""What the API says of people and agencies."""

from __future__ import annotations

from rest_framework import serializers

from accounts.models import Agency, User
from core.api.serializers import RecordSerializer


class AgencySerializer(RecordSerializer):
    """A partner body: its name and kind."""

    class Meta:
        model = Agency
        fields = ["name", "kind"]
        read_only_fields = fields


class RoleHeldSerializer(serializers.Serializer[object]):
    """A role that one holds on a programme, a location or an agency."""

    role = serializers.CharField()
    name = serializers.CharField()
    anchor_kind = serializers.CharField()
    anchor = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True)
    counts = serializers.BooleanField(help_text="Whether the role counts on the business date.")
    may = serializers.ListField(child=serializers.CharField())


class MeSerializer(serializers.ModelSerializer[User]):
    """The person who calls, with roles."""

    agency = serializers.StringRelatedField[Agency](allow_null=True)
    roles = RoleHeldSerializer(many=True)

    class Meta:
        model = User
        fields = ["id", "email", "name", "agency", "job_title", "is_staff", "roles"]
        read_only_fields = fields
