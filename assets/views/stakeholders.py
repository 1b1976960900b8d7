"""Stakeholders: the register, one of them, their links, and the network as list and drawing."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from assets.forms.assets import TakeOffForm
from assets.forms.stakeholders import LinkForm, StakeholderFilter, StakeholderForm
from assets.models import NetworkLink, Stakeholder
from assets.scales import SCALES, scale_words
from assets.selectors.network import LINKS, STAKEHOLDERS, network_of, stakeholders_of
from assets.services.stakeholders import (
    edit_link,
    edit_stakeholder,
    record_link,
    record_stakeholder,
    withdraw_link,
    withdraw_stakeholder,
)
from assets.sight import sight_of
from assets.views.common import (
    LOCATIONS,
    FormFrame,
    OpenOnly,
    changes_of,
    initial_of,
    list_crumb,
)
from core.views import ActionView, CreateView, DetailView, UpdateView
from programmes.pages import location_page

SCALE_LABELS = {
    "interest": _("Interest"),
    "influence": _("Influence"),
    "capability": _("Capability"),
    "connectedness": _("Connectedness"),
}


class StakeholderListView(DetailView):
    """The register of stakeholders, and who is not yet involved."""

    queryset = LOCATIONS
    permission = Permission.VIEW
    template_name = "assets/stakeholder_list.html"
    also_shows = (Stakeholder,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the register, narrowed."""
        form = StakeholderFilter(self.request.GET or None)
        every = stakeholders_of(location=self.object, user=self.request.user)
        return {
            **kwargs,
            **location_page(self.request, self.object, current="stakeholders"),
            "filter": form,
            "rows": [row for row in every if form.fits(row)],
            "total": len(every),
            "not_yet": sum(row.involvement == "not_yet" for row in every),
            "scales": [
                {"label": label, "words": list(enumerate(SCALES[name], 1))}
                for name, label in SCALE_LABELS.items()
            ],
        }


class NetworkView(DetailView):
    """Who is tied to whom: who connects, who stands apart; a drawing and the list behind it."""

    queryset = LOCATIONS
    permission = Permission.VIEW
    template_name = "assets/network.html"
    also_shows = (Stakeholder, NetworkLink)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the network."""
        network = network_of(location=self.object, user=self.request.user)
        return {
            **kwargs,
            **location_page(
                self.request,
                self.object,
                current="stakeholders",
                crumbs=[list_crumb("stakeholder-list", self.object)],
            ),
            "network": network,
            "elements": network.elements(),
            "parts_words": network.parts_words(),
        }


class StakeholderCreateView(FormFrame, CreateView):
    """Records a stakeholder."""

    queryset = LOCATIONS
    permission = Permission.ASSET_RECORD
    template_name = "assets/form.html"
    form_class = StakeholderForm
    crumb = "stakeholder-list"
    heading = _("Record a stakeholder")
    submit_label = _("Put it on the register")
    success_message = _("It is on the register.")

    def perform(self, form: Any) -> str:
        """Record it."""
        return record_stakeholder(
            location=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class _Lookup:
    """Finds a stakeholder under its location."""

    kwargs: dict[str, Any]
    crumb = "stakeholder-list"

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["stakeholder"]}


class StakeholderDetailView(_Lookup, DetailView):
    """One stakeholder: what they do, how they are judged, to whom they are tied."""

    queryset = STAKEHOLDERS
    permission = Permission.VIEW
    template_name = "assets/stakeholder_detail.html"
    also_shows = (NetworkLink,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the frame, the judgements in words, the links and the history."""
        one: Stakeholder = self.object
        user = self.request.user
        page = location_page(
            self.request,
            one.location,
            current="stakeholders",
            crumbs=[list_crumb("stakeholder-list", one.location)],
        )
        shown: Any = sight_of(user, [one.location]).veil(one)
        network = network_of(location=one.location, user=user)
        place = next((actor for actor in network.actors if actor.stakeholder.pk == one.pk), None)
        links = [
            {"link": link, "other": link.target if link.source_id == one.pk else link.source}
            for link in network.links
            if one.pk in (link.source_id, link.target_id)
        ]
        return {
            **kwargs,
            **page,
            "stakeholder": shown,
            "judgements": [
                {"key": label, "value": scale_words(name, getattr(one, name))}
                for name, label in SCALE_LABELS.items()
            ],
            "place": place,
            "links": links,
            "may_change": Permission.ASSET_RECORD in page["rights"]
            and not shown.withheld
            and one.withdrawn_on is None,
            "entries": changes_of(one, user) if Permission.HISTORY_READ in page["rights"] else [],
        }


class StakeholderUpdateView(_Lookup, FormFrame, OpenOnly, UpdateView):
    """Changes what the register says."""

    queryset = STAKEHOLDERS
    permission = Permission.ASSET_RECORD
    template_name = "assets/form.html"
    form_class = StakeholderForm
    heading = _("Change what the register says")
    success_message = _("The entry is changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill it in."""
        initial = initial_of(self.object, StakeholderForm.base_fields)
        return {"version": self.object.version, "initial": initial}

    def perform(self, form: Any) -> str:
        """Save it."""
        return edit_stakeholder(
            stakeholder=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class StakeholderWithdrawView(_Lookup, FormFrame, OpenOnly, UpdateView):
    """Takes a stakeholder off the register."""

    queryset = STAKEHOLDERS
    permission = Permission.ASSET_RECORD
    template_name = "assets/form.html"
    form_class = TakeOffForm
    heading = _("Take it off the register")
    submit_label = _("Take it off the register")
    success_message = _("It is off the register.")

    def perform(self, form: Any) -> str:
        """Take it off."""
        withdraw_stakeholder(stakeholder=self.object, by=self.request.user, **form.cleaned_data)
        return list_crumb("stakeholder-list", self.object.location)[1]


class LinkCreateView(_Lookup, FormFrame, CreateView):
    """Says to whom a stakeholder is tied."""

    queryset = STAKEHOLDERS
    permission = Permission.ASSET_RECORD
    template_name = "assets/form.html"
    form_class = LinkForm
    heading = _("Add a link")
    submit_label = _("Add the link")
    success_message = _("The link is added.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the others on the register, as the reader sees them."""
        one: Stakeholder = self.object
        rows = stakeholders_of(location=one.location, user=self.request.user)
        names = {row.pk: row.name for row in rows if row.pk != one.pk}
        others = Stakeholder.objects.filter(pk__in=names).order_by("name")
        return {"others": others, "names": names}

    def perform(self, form: Any) -> str:
        """Link them."""
        record_link(source=self.object, by=self.request.user, **form.cleaned_data)
        return str(self.object.get_absolute_url())


class _LinkLookup:
    """Finds a link under its location."""

    kwargs: dict[str, Any]
    crumb = "stakeholder-list"

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["link"]}


class LinkUpdateView(_LinkLookup, FormFrame, UpdateView):
    """Changes how strong a tie is."""

    queryset = LINKS
    permission = Permission.ASSET_RECORD
    template_name = "assets/link_form.html"
    form_class = LinkForm
    heading = _("Change the link")
    success_message = _("The link is changed.")

    def back(self) -> str:
        """Return to the network."""
        return reverse("assets:network", args=[self.location.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the two ends as the reader sees them."""
        sight = sight_of(self.request.user, [self.location])
        ends = [sight.veil(end) for end in (self.object.source, self.object.target)]
        named = f"{ends[0].name} – {ends[1].name}"
        slug = self.location.slug
        context = super().get_context_data(caption=named, location_slug=slug, **kwargs)
        context["crumbs"][-1] = (named, self.back())
        return context

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill it in."""
        initial = initial_of(self.object, ("strength", "note", "seen_on"))
        return {"version": self.object.version, "initial": initial}

    def perform(self, form: Any) -> str:
        """Save it."""
        edit_link(link=self.object, by=self.request.user, **form.cleaned_data)
        return self.back()


class LinkWithdrawView(_LinkLookup, ActionView):
    """Takes a tie off that is no more."""

    queryset = LINKS
    permission = Permission.ASSET_RECORD
    success_message = _("The link is taken off.")

    def perform(self) -> str:
        """Take it off."""
        withdraw_link(link=self.object, by=self.request.user)
        return str(self.object.get_absolute_url())
