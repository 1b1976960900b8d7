"""Safeguarding messages: for the few who hold that permission; every look is in the ledger."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.views import DetailView, UpdateView
from delivery.forms.voice import PassedOnForm
from delivery.models import SafeguardingMessage
from delivery.services.voice_public import pass_on_safeguarding
from delivery.views.voice import LOCATIONS, Framed, voice_crumb
from programmes.pages import location_page

P = Permission
MESSAGES = SafeguardingMessage.objects.select_related(
    "location__programme", "moved_by", "handled_by"
)


class SafeguardingListView(DetailView):
    """That there are messages, and which were passed on: days only, no word of them."""

    queryset = LOCATIONS
    permission = P.SAFEGUARDING_READ
    template_name = "delivery/voice/safeguarding.html"
    also_shows = (SafeguardingMessage,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the messages."""
        rows = SafeguardingMessage.objects.filter(location=self.object).visible_to(
            self.request.user
        )
        return {
            **kwargs,
            **location_page(
                self.request, self.object, current="voice", crumbs=[voice_crumb(self.object)]
            ),
            "messages_list": list(
                rows.defer("text", "contact").select_related("location").order_by("-received_at")
            ),
        }


class _MessageLookup:
    """Finds a message under its location."""

    kwargs: dict[str, Any]

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["message"]}


class SafeguardingView(_MessageLookup, DetailView):
    """One message."""

    queryset = MESSAGES
    permission = P.SAFEGUARDING_READ
    template_name = "delivery/voice/safeguarding_message.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the frame."""
        location = self.object.location
        back = reverse("delivery:safeguarding", args=[location.slug])
        return {
            **kwargs,
            **location_page(
                self.request,
                location,
                current="voice",
                crumbs=[voice_crumb(location), (_t("Safeguarding"), back)],
            ),
            "message": self.object,
        }


class SafeguardingPassOnView(_MessageLookup, Framed, UpdateView):
    """Keeps to whom a message was passed on."""

    queryset = MESSAGES
    permission = P.SAFEGUARDING_READ
    form_class = PassedOnForm
    template_name = "programmes/form.html"
    success_message = _("Kept.")
    heading = _("Keep to whom it was passed on")
    submit_label = _("Keep it")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version that the person saw."""
        return {"version": self.object.version}

    def perform(self, form: Any) -> str:
        """Keep it."""
        return pass_on_safeguarding(
            message=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()
