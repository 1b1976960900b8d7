"""Token sign-in for programs."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.permissions import SAFE_METHODS

from accounts.assurance import second_factor_owed
from accounts.backends import may_sign_in
from accounts.models import ApiToken
from core import clock
from core.choices import LedgerAction
from core.ledger import note


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Token …``; expired, revoked or a disabled person's tokens are refused.

    So are those of a person who owes a second factor, and writes by a token that may read only.
    """

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
        if second_factor_owed(token.user):
            _note_denial(request, token, "second factor owed")
            raise exceptions.PermissionDenied(
                "This person must set up a second factor first: sign in to the pages."
            )
        if not token.may_write and request.method not in SAFE_METHODS:
            _note_denial(request, token, "reads only")
            raise exceptions.PermissionDenied("This token may read only.")
        today = clock.now().date()
        if token.last_used_on != today:  # once a day, so that reading stays reading
            ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
        return token.user, token

    def authenticate_header(self, request: Any) -> str:
        """Return what a caller without credentials is asked for."""
        return self.keyword


def _note_denial(request: Any, token: ApiToken, cause: str) -> None:
    """Note whose token was refused: the view has not begun and knows nobody yet."""
    note(LedgerAction.DENIED, by=token.user, subject=token, cause=cause, method=request.method)


class TokenScheme(OpenApiAuthenticationExtension):
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
