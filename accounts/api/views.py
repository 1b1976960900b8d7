"""Agencies and the caller, for programs."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.serializers import AgencySerializer, MeSerializer
from accounts.models import Agency
from accounts.permissions import Permission
from accounts.selectors import roles_of
from core.api.base import ScopedReadViewSet


class AgencyViewSet(ScopedReadViewSet):
    """Agencies by name; everyone who is signed in sees their names."""

    queryset = Agency.objects.all()
    permissions = {"list": Permission.VIEW, "retrieve": Permission.VIEW}
    serializer_class = AgencySerializer
    filterset_fields = ["kind"]


class MeView(APIView):
    """Who calls, and with which roles; nobody else's record can be asked for here."""

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Return the caller."""
        person: Any = request.user
        person.roles = roles_of(person)
        return Response(MeSerializer(person).data)
