"""The page that says who one is here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from accounts.selectors import roles_of
from core.assurance import Level


class ProfileView(View):
    """Who am I here, and what may I do? Shows the signed-in person's own account only."""

    least_level = Level.LINK

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show name, agency, roles and what they allow."""
        return render(request, "accounts/profile.html", {"roles": roles_of(request.user)})  # type: ignore[arg-type]  # signed in
