"""Community assets, stakeholders and their network, visual audits."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssetsConfig(AppConfig):
    """Community assets, stakeholders and their network, visual audits."""

    name = "assets"
    verbose_name = "Community assets"

    def ready(self) -> None:
        """Make pages, layers, evidence, chapters, tables, lists, veils and help known."""
        from assets import evidence, exports, handover, map_layers, reach, tables, veils
        from core.help import register_help
        from programmes import registry

        people, place = registry.PageGroup.PEOPLE, registry.PageGroup.PLACE
        for key, label, page, group, order in (
            ("map", _("Map"), "assets:map", place, 10),
            ("assets", _("Community assets"), "assets:asset-list", people, 40),
            ("stakeholders", _("Stakeholders"), "assets:stakeholder-list", people, 30),
            ("walks", _("Walks"), "assets:walk-list", place, 40),
        ):
            registry.register_location_page(
                key, label=label, url_name=page, group=group, order=order
            )
        registry.register_handover_chapter(
            "contributors",
            title=_("Local contributors"),
            order=60,
            build=handover.build_contributors,
        )
        registry.register_handover_chapter(
            "stakeholders",
            title=_("Stakeholders who matter"),
            order=62,
            build=handover.build_stakeholders,
        )
        evidence.register()
        exports.register()
        map_layers.register()
        reach.register()
        tables.register()
        veils.register()
        register_help(
            "assets",
            title=_("Assets, stakeholders, walks and the map"),
            summary=_("What to record of a place, who sees people, and how a walk goes."),
            template_name="help/assets.html",
            order=23,
        )
