"""The account of who can see a record, for programs; e-mail addresses are not in it."""

from __future__ import annotations

from rest_framework import serializers


class ThroughSerializer(serializers.Serializer[object]):
    """A role through which a person reaches the record."""

    words = serializers.CharField()
    role = serializers.CharField()
    anchor = serializers.CharField()
    anchor_kind = serializers.CharField()
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)


class PersonAccessSerializer(serializers.Serializer[object]):
    """A person who reaches the record."""

    name = serializers.CharField()
    agency = serializers.CharField()
    through = ThroughSerializer(many=True)
    reads = serializers.BooleanField(help_text="False: sees that it is there, not what it says.")
    may = serializers.ListField(child=serializers.CharField())
    opened = serializers.ListField(child=serializers.CharField())
    withheld = serializers.ListField(child=serializers.CharField())


class CategoryAccessSerializer(serializers.Serializer[object]):
    """Whether a kind of information is open to an agency: own, open or withheld."""

    category = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the field's name on the wire
    state = serializers.CharField()
    agreement = serializers.CharField()
    until = serializers.DateField(allow_null=True)


class AgencyAccessSerializer(serializers.Serializer[object]):
    """An agency, its people who reach the record, and what is open to them."""

    name = serializers.CharField()
    is_owner = serializers.BooleanField()
    people = PersonAccessSerializer(many=True)
    categories = CategoryAccessSerializer(many=True)


class AccessSerializer(serializers.Serializer[object]):
    """Everybody who can see a record on the business date, and why."""

    on = serializers.DateField()
    owner = serializers.CharField()
    why = serializers.ListField(child=serializers.CharField())
    people_count = serializers.IntegerField()
    agency_count = serializers.IntegerField()
    agencies = AgencyAccessSerializer(many=True)
    invited = PersonAccessSerializer(many=True)
    later = PersonAccessSerializer(many=True)
    administrators = serializers.ListField(child=serializers.CharField())
