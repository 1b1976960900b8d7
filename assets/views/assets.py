"""Community assets: the list, one of them, recording, checking, connecting, taking off."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.sharing import Category
from assets.choices import AssetKind
from assets.forms.assets import (
    AssetFilter,
    AssetForm,
    CheckForm,
    ConnectForm,
    ContributorForm,
    KindForm,
    TakeOffForm,
)
from assets.models import Asset, Connection
from assets.selectors.assets import ASSETS, asset_list, is_due, own_entry, seen_assets, ties_of
from assets.services.assets import check_asset, edit_asset, record_asset, withdraw_asset
from assets.services.connections import connect_assets, disconnect_assets
from assets.sight import sight_of
from assets.views.common import (
    LOCATIONS,
    FormFrame,
    OpenOnly,
    changes_of,
    initial_of,
    list_crumb,
)
from core import clock
from core.errors import NotAllowed
from core.views import ActionView, CreateView, DetailView, UpdateView
from programmes.choices import ConsentPurpose
from programmes.models import Consent
from programmes.pages import location_page
from programmes.views.access import AccessView

PAGE = 50


def listable_consents(location: Any, user: Any) -> Any:
    """Return the consents of people who may be listed and are not yet, as far as one sees them."""
    rows = Consent.objects.filter(location=location, purpose=ConsentPurpose.CONTRIBUTOR)
    listed = Asset.objects.filter(location=location, withdrawn_on=None, consent__isnull=False)
    return (
        rows.visible_to(user)
        .standing(clock.today())
        .exclude(pk__in=listed.values("consent"))
        .order_by("name")
    )


class AssetListView(DetailView):
    """What a location has going for it: search, filter, and what to do first."""

    queryset = LOCATIONS
    permission = Permission.VIEW
    template_name = "assets/asset_list.html"
    also_shows = (Asset,)
    ledger_touches = (Category.PEOPLE,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the list, narrowed, in pages."""
        from django.core.paginator import Paginator

        form = AssetFilter(self.request.GET or None)
        found = asset_list(location=self.object, user=self.request.user, wanted=form.wanted())
        page = Paginator(found.rows, PAGE).get_page(self.request.GET.get("page"))
        today = clock.today()
        return {
            **kwargs,
            **location_page(self.request, self.object, current="assets"),
            "filter": form,
            "found": found,
            "page_obj": page,
            "rows": [{"asset": row, "due": is_due(row, today)} for row in page.object_list],
            "own": own_entry(location=self.object, user=self.request.user),
        }


class AssetCreateView(FormFrame, CreateView):
    """Records an asset: first its kind, then the rest."""

    queryset = LOCATIONS
    permission = Permission.ASSET_RECORD
    template_name = "assets/form.html"
    success_message = _("It is on the list.")
    submit_label = _("Put it on the list")

    @property
    def kind(self) -> str:
        """The kind chosen, empty for none."""
        kind = str(self.request.GET.get("kind", ""))
        return kind if kind in AssetKind.values else ""

    @property
    def picks(self) -> bool:  # type: ignore[override]  # a class attribute elsewhere, computed here
        """Offer the map, except for people."""
        return self.kind != AssetKind.PERSON

    def may(self, obj: Any, permission: str | None = None) -> bool:
        """Ask for the right to record people, too, where it is one."""
        is_person = self.kind == AssetKind.PERSON and permission is None
        return super().may(obj, permission) and (
            not is_person or super().may(obj, Permission.PEOPLE_RECORD)
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for the kind, then show the form."""
        if self.kind:
            return super().get(request, *args, **kwargs)
        self.object = self.fetch()
        form = KindForm(request.GET if "kind" in request.GET else None)
        context = self.get_context_data(object=self.object, form=form, pick_layers=None)
        return render(request, "assets/kind.html", context)

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        """Return the form of the kind."""
        if self.kind == AssetKind.PERSON:
            consents = listable_consents(self.object, self.request.user)
            return ContributorForm(data, files, consents=consents)
        return AssetForm(data, files, target_places=self.target_places())

    def perform(self, form: Any) -> str:
        """Record it."""
        kind = self.kind or AssetKind.PLACE
        return record_asset(
            location=self.object, kind=kind, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which kind it is, and what to do where nobody can be listed yet."""
        label = AssetKind(self.kind).label if self.kind else self.object.name
        is_person = self.kind == AssetKind.PERSON
        consent_url = reverse("programmes:consent-new", args=[self.object.slug])
        return super().get_context_data(
            heading=_("Record a community asset"),
            caption=label,
            consent_url=f"{consent_url}?purpose={ConsentPurpose.CONTRIBUTOR}" if is_person else "",
            **kwargs,
        )


class _AssetLookup:
    """Finds an asset under its location."""

    kwargs: dict[str, Any]

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["asset"]}


class AssetDetailView(_AssetLookup, DetailView):
    """One asset: what it offers, since when it is known, with what it is connected."""

    queryset = ASSETS.select_related("recorded_by", "withdrawn_by")
    permission = Permission.VIEW
    template_name = "assets/asset_detail.html"
    also_shows = (Connection,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the frame, the connections and the history for those who read it."""
        asset: Asset = self.object
        user = self.request.user
        page = location_page(
            self.request,
            asset.location,
            current="assets",
            crumbs=[list_crumb("asset-list", asset.location)],
        )
        sight = sight_of(user, [asset.location])
        shown: Any = sight.veil(asset)
        may_change = (
            Permission.ASSET_RECORD in page["rights"]
            and not shown.withheld
            and asset.withdrawn_on is None
        )
        return {
            **kwargs,
            **page,
            "asset": shown,
            "ties": ties_of(asset, user=user, sight=sight),
            "is_due": is_due(asset, clock.today()),
            "may_change": may_change,
            "is_own": asset.consent is not None and asset.consent.user_id == user.pk,
            "entries": changes_of(asset, user) if Permission.HISTORY_READ in page["rights"] else [],
        }


class AssetUpdateView(_AssetLookup, FormFrame, OpenOnly, UpdateView):
    """Changes what is said of an asset."""

    queryset = ASSETS
    permission = Permission.ASSET_RECORD
    template_name = "assets/form.html"
    heading = _("Change what the list says")
    success_message = _("The entry is changed.")

    @property
    def picks(self) -> bool:  # type: ignore[override]  # a class attribute elsewhere, computed here
        """Offer the map, except for people."""
        return not self.object.is_person

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        """Return the form of its kind, filled in."""
        asset: Asset = self.object
        if asset.is_person:
            form_class, more = ContributorForm, {}
        else:
            form_class, more = AssetForm, {"target_places": self.target_places()}  # type: ignore[assignment]  # the form follows the kind
        names = [name for name in form_class.base_fields if name != "consent"]
        initial = initial_of(asset, names)
        return form_class(data, files, version=asset.version, initial=initial, **more)

    def perform(self, form: Any) -> str:
        """Save it."""
        return edit_asset(
            asset=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class AssetCheckView(_AssetLookup, FormFrame, OpenOnly, UpdateView):
    """Keeps that somebody looked and it is still so."""

    queryset = ASSETS
    permission = Permission.ASSET_RECORD
    template_name = "assets/form.html"
    form_class = CheckForm
    heading = _("It is still so")
    submit_label = _("Keep that it was checked")
    success_message = _("Kept: it was checked.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version that the person saw."""
        return {"version": self.object.version}

    def perform(self, form: Any) -> str:
        """Save it."""
        return check_asset(
            asset=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class AssetWithdrawView(_AssetLookup, FormFrame, OpenOnly, UpdateView):
    """Takes an asset off the list."""

    queryset = ASSETS
    permission = Permission.ASSET_RECORD
    template_name = "assets/form.html"
    form_class = TakeOffForm
    heading = _("Take it off the list")
    submit_label = _("Take it off the list")
    success_message = _("It is off the list.")

    def perform(self, form: Any) -> str:
        """Take it off."""
        withdraw_asset(asset=self.object, by=self.request.user, **form.cleaned_data)
        return list_crumb("asset-list", self.object.location)[1]


class AssetAccessView(_AssetLookup, AccessView):
    """Who can see an asset."""

    queryset = ASSETS

    def record_name(self) -> str:
        """Return its name, as far as it is open."""
        return sight_of(self.request.user, [self.object.location]).veil(self.object).name

    def is_open(self) -> bool:
        """Say whether its name is open."""
        sight = sight_of(self.request.user, [self.object.location])
        return "name" not in sight.withheld(self.object)


class ConnectView(_AssetLookup, FormFrame, CreateView):
    """Says with what an asset is connected."""

    queryset = ASSETS
    permission = Permission.ASSET_RECORD
    template_name = "assets/form.html"
    form_class = ConnectForm
    heading = _("Add a connection")
    submit_label = _("Add the connection")
    success_message = _("The connection is added.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer what the person sees on the same list, as they see it."""
        asset: Asset = self.object
        seen = seen_assets(location=asset.location, user=self.request.user)
        names = {row.pk: row.name for row in seen if row.pk != asset.pk}
        others = Asset.objects.filter(pk__in=names).order_by("name")
        return {"others": others, "names": names}

    def perform(self, form: Any) -> str:
        """Connect them."""
        connect_assets(source=self.object, by=self.request.user, **form.cleaned_data)
        return str(self.object.get_absolute_url())


class DisconnectView(ActionView):
    """Takes a connection away."""

    queryset = Connection.objects.select_related("source__location", "target")
    permission = Permission.ASSET_RECORD
    success_message = _("The connection is taken away.")

    def lookup_filter(self) -> dict[str, Any]:
        """Find it under its location."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["connection"]}

    def perform(self) -> str:
        """Take it away."""
        url = str(self.object.get_absolute_url())
        disconnect_assets(connection=self.object, by=self.request.user)
        return url


class SheetView(_AssetLookup, OpenOnly, DetailView):
    """A sheet to print: what the list says of a local contributor, to be corrected by hand."""

    queryset = ASSETS
    permission = Permission.PEOPLE_RECORD
    template_name = "assets/sheet.html"

    def fetch(self) -> Any:
        """Return the entry of a person."""
        asset = super().fetch()
        if not asset.is_person:
            raise NotAllowed(_t("A sheet is for local contributors only."))
        return asset

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the person."""
        return {**kwargs, "asset": self.object, "location": self.object.location}
