"""ASB sources, imports, incidents, coverage, data packages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    """ASB sources, imports, incidents, coverage, data packages."""

    name = "incidents"
    verbose_name = "Incidents"

    def ready(self) -> None:
        """Put the data page on every location's navigation, packages among its evidence."""
        from accounts.permissions import Permission
        from core.help import register_help
        from incidents import exports, panels, reach
        from incidents.explore.layers import add_layer, add_layers
        from incidents.explore.street import StreetLayer
        from incidents.explore.supplied import supplied_layers
        from incidents.packages.evidence import PACKAGE_EVIDENCE
        from programmes.registry import (
            PageGroup,
            register_evidence_provider,
            register_location_page,
            register_location_panel,
            register_place_page,
            register_programme_page,
        )

        register_location_page(
            "data",
            label=_("ASB data"),
            url_name="incidents:data",
            permission=Permission.DATA_READ,
            group=PageGroup.PLACE,
            order=50,
        )
        register_place_page(
            "explore",
            label=_("Explore the reports"),
            url_name="incidents:place-explore",
            permission=Permission.DATA_READ,
        )
        register_programme_page(
            "asb",
            label=_("Reports of ASB by location"),
            url_name="incidents:asb-by-location",
            permission=Permission.VIEW,
            order=50,
        )
        register_programme_page(
            "feeds",
            label=_("Data from agencies"),
            url_name="incidents:feeds",
            permission=Permission.DATA_READ,
            order=55,
        )
        register_evidence_provider(PACKAGE_EVIDENCE)
        reach.register()
        add_layer(StreetLayer())
        add_layers(supplied_layers)
        register_location_panel(
            "series",
            template_name="incidents/_series.html",
            context=panels.series_panel,
            permission=Permission.DATA_READ,
            order=40,
        )
        exports.register()
        register_help(
            "data-packages",
            title=_("ASB data and packages"),
            summary=_("What a data package holds, and what published data cannot say."),
            template_name="help/data.html",
            order=25,
        )
