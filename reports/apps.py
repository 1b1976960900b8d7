"""Progress reports, dashboards, exports."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Progress reports, dashboards, exports."""

    name = "reports"
    verbose_name = "Reports"

    def ready(self) -> None:
        """Put the reports on every location's navigation, and on the programme's page."""
        from accounts.permissions import Permission
        from programmes.registry import PageGroup, register_location_page, register_programme_page
        from reports import board, exports, reach, week

        reach.register()
        board.register()
        exports.register()
        week.register()

        register_location_page(
            "reports",
            label=_("Reports"),
            url_name="reports:location-reports",
            group=PageGroup.REPORTS,
            order=10,
        )
        register_programme_page(
            "reports",
            label=_("Progress reports"),
            url_name="reports:programme-reports",
            permission=Permission.REPORT_BUILD,
            order=70,
        )
