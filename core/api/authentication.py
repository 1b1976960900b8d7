"""How the API knows who calls."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session; a missing one answers 401, not 403, so that programs can tell."""

    def authenticate_header(self, request: object) -> str:
        """Return what a caller without credentials is asked for."""
        return "Session"


class SessionScheme(OpenApiAuthenticationExtension):
    """Describes the session in the schema."""

    target_class = "core.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the cookie; what changes something needs the CSRF token too."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
