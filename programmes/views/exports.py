"""Taking lists of a programme or a location along."""

from __future__ import annotations

from typing import Any

from accounts.permissions import Permission
from core.views.exports import ExportsPage
from programmes import policy
from programmes.models import Location, Programme
from programmes.pages import location_page, note_programme, programme_crumbs


class _Offered(ExportsPage):
    """Open to who may export of the object, whether they see it or not (research partners)."""

    abstract = True

    def scoped(self) -> Any:
        """Return the rows that are seen or may be exported of."""
        rows: Any = self.queryset
        every = rows.model._default_manager.all()
        user = self.request.user
        seen = every.visible_to(user, Permission.VIEW).values("pk")
        taken = every.visible_to(user, Permission.EXPORT).values("pk")
        return rows.filter(pk__in=seen) | rows.filter(pk__in=taken)

    def may(self, obj: Any, permission: str | None = None) -> bool:
        """Ask for the right itself: seeing does not include exporting."""
        rows: Any = type(obj)._default_manager.all()
        wanted = permission or self.permission
        return bool(rows.visible_to(self.request.user, wanted).filter(pk=obj.pk).exists())


class ProgrammeExportsView(_Offered):
    """The lists of a programme."""

    queryset = Programme.objects.all()
    permission = Permission.EXPORT
    template_name = "programmes/programme_exports.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the programme's frame; no links for those who do not see it."""
        note_programme(self.request, self.object)
        sees = policy.holds(self.request.user, Permission.VIEW, self.object)
        return {
            **super().get_context_data(**kwargs),
            "programme": self.object,
            "crumbs": programme_crumbs(self.object) if sees else [(self.object.name, "")],
        }


class LocationExportsView(_Offered):
    """The lists of a location."""

    queryset = Location.objects.select_related("programme")
    permission = Permission.EXPORT
    template_name = "programmes/location_exports.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the location's frame."""
        return {
            **super().get_context_data(**kwargs),
            **location_page(self.request, self.object, current="exports"),
        }
