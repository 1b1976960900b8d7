"""Addresses of the API that do not exist."""

from __future__ import annotations

from typing import Any

from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.views import APIView


class UnknownAddress(APIView):
    """Answers every other address with a problem, after asking who calls."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Say that nothing is here, whatever the method."""
        super().initial(request, *args, **kwargs)
        raise exceptions.NotFound("There is nothing at this address. Addresses end with a slash.")
