"""Token sign-in for programs."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions

from accounts.backends import may_sign_in
from accounts.models import ApiToken
from core import clock


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Token …``; expired, revoked or a disabled person's tokens are refused."""

    keyword = "Token"

    def authenticate(self, request: Any) -> tuple[Any, ApiToken] | None:
        """Return the person and the token, or None if the header is not ours."""
        header = authentication.get_authorization_header(request).decode("latin-1").split()
        if not header or header[0].lower() != self.keyword.lower():
            return None
        if len(header) != 2:
            raise exceptions.AuthenticationFailed("Send one token after the word Token.")
        token = (
            ApiToken.objects.select_related("user")
            .filter(digest=ApiToken.digest_of(header[1]), revoked_at__isnull=True)
            .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now()))
            .first()
        )
        if token is None or not may_sign_in(token.user):
            raise exceptions.AuthenticationFailed("This token is not valid.")
        return token.user, token

    def authenticate_header(self, request: Any) -> str:
        """Return what a caller without credentials is asked for."""
        return self.keyword


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes the token in the schema."""

    target_class = "accounts.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the header."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "The word Token, a blank and the token.",
        }
