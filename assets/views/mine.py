"""A local contributor's own entry: seen, corrected, left; by nobody else."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from assets.forms.assets import LeaveForm, OwnEntryForm
from assets.selectors.assets import ASSETS
from assets.services.assets import correct_own_entry
from assets.views.common import FormFrame, initial_of
from core.views import DetailView, UpdateView
from programmes import policy
from programmes.pages import location_page
from programmes.services.consents import withdraw_consent


class _Own:
    """Finds one's own entry at a location; there is none for anybody else (404)."""

    kwargs: dict[str, Any]
    request: Any

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {
            "location__slug": self.kwargs["slug"],
            "consent__user": self.request.user.pk,
            "withdrawn_on__isnull": True,
        }


class OwnEntryView(_Own, DetailView):
    """What the list says of me, who sees it, and how to change it."""

    queryset = ASSETS
    permission = Permission.VIEW
    template_name = "assets/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the frame."""
        location = self.object.location
        page = location_page(self.request, location, current="assets")
        return {**kwargs, **page, "asset": self.object}


class _OwnForm(_Own, FormFrame, UpdateView):
    """A form about one's own entry."""

    abstract = True
    queryset = ASSETS
    permission = Permission.VIEW
    template_name = "assets/form.html"

    def back(self) -> str:
        """Return to one's own entry."""
        return reverse("assets:mine", args=[self.location.slug])


class OwnEntryChangeView(_OwnForm):
    """Puts right what the list says of me."""

    queryset = ASSETS
    permission = Permission.VIEW
    form_class = OwnEntryForm
    heading = _("Put right what the list says of me")
    success_message = _("The list says so now.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill it in."""
        initial = initial_of(self.object, ("role", "offers", "contact"))
        return {"version": self.object.version, "initial": initial}

    def perform(self, form: Any) -> str:
        """Save it."""
        correct_own_entry(asset=self.object, by=self.request.user, **form.cleaned_data)
        return self.back()


class LeaveView(_OwnForm):
    """Takes me off the list: my consent ends today."""

    queryset = ASSETS
    permission = Permission.VIEW
    form_class = LeaveForm
    heading = _("Take me off the list")
    intro = _(
        "Your consent ends today, and your entry disappears at once: from the list, from searches "
        "and from everything that is made from now on. You can come back at any time."
    )
    submit_label = _("Take me off the list")
    success_message = _("You are off the list.")

    def perform(self, form: Any) -> str:
        """Withdraw the consent and go where the person may still be."""
        location, consent = self.location, self.object.consent
        withdraw_consent(
            consent=consent,
            version=consent.version,
            by=self.request.user,
            note=form.cleaned_data["note"],
        )
        sees = policy.holds(self.request.user, Permission.VIEW, location)
        return location.get_absolute_url() if sees else reverse("programmes:home")
