"""Programmes, step templates, locations, target places, step records."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    """Programmes, step templates, locations, target places, step records."""

    name = "programmes"
    verbose_name = "Programmes"

    def ready(self) -> None:
        """Put a location's own pages on its navigation."""
        from accounts.permissions import Permission
        from core.ledger import register_reader
        from programmes import contacts, exports, ledger_export, tables, veils
        from programmes import help as help_pages
        from programmes.registry import (
            PageGroup,
            register_location_page,
            register_programme_page,
            register_week_panel,
        )
        from programmes.selectors.ledger import readable_entries
        from programmes.services import handover
        from programmes.views import verification

        register_reader("programmes", readable_entries)
        help_pages.register()
        veils.register()
        contacts.register()
        handover.register()
        tables.register()
        exports.register()
        ledger_export.register()
        register_week_panel(
            "verification",
            template_name="programmes/_verification_week.html",
            context=verification.week_panel,
            order=40,
        )
        register_programme_page(
            "agreements",
            label=_("Sharing agreements"),
            url_name="programmes:programme-agreements",
            permission=Permission.VIEW,
            order=30,
        )

        register_programme_page(
            "members",
            label=_("People and roles"),
            url_name="programmes:programme-members",
            permission=Permission.VIEW,
            order=20,
        )
        register_location_page(
            "members",
            label=_("People and roles"),
            url_name="programmes:location-members",
            permission=Permission.VIEW,
            group=PageGroup.PEOPLE,
            order=50,
        )
        register_location_page(
            "overview",
            label=_("Overview"),
            url_name="programmes:location-detail",
            group=PageGroup.TOP,
            order=10,
        )
        register_location_page(
            "steps",
            label=_("Steps"),
            url_name="programmes:step-list",
            group=PageGroup.TOP,
            order=20,
        )
        register_location_page(
            "about",
            label=_("The area"),
            url_name="programmes:location-about",
            group=PageGroup.PLACE,
            order=30,
        )
        register_location_page(
            "places",
            label=_("Target places"),
            url_name="programmes:place-list",
            group=PageGroup.PLACE,
            order=20,
        )
        register_location_page(
            "people",
            label=_("Consents"),
            url_name="programmes:location-people",
            permission=Permission.PEOPLE_READ,
            group=PageGroup.PEOPLE,
            order=60,
        )
        register_location_page(
            "exports",
            label=_("Export a list"),
            url_name="programmes:location-exports",
            permission=Permission.EXPORT,
            group=PageGroup.REPORTS,
            order=30,
        )
        register_programme_page(
            "exports",
            label=_("Export a list"),
            url_name="programmes:programme-exports",
            permission=Permission.EXPORT,
            order=60,
        )
        register_location_page(
            "history",
            label=_("History"),
            url_name="programmes:location-history",
            permission=Permission.HISTORY_READ,
            group=PageGroup.REPORTS,
            order=40,
        )
