"""Pages of a programme about the reports of all its locations."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from core import clock
from core.charts import MonthValue, small
from core.screen import month_name, number
from core.views import DetailView
from incidents import selectors
from incidents.packages.by_location import ByLocation, LocationLine, by_location
from incidents.packages.findings import join_words, months_words
from incidents.packages.recipe import month_text
from programmes.models import Location, Programme
from programmes.pages import note_programme, programme_crumbs

VERDICTS = {
    "more": (_("Clearly more"), "blue"),
    "fewer": (_("Clearly fewer"), "blue"),
    "same": (_("No clear change"), "grey"),
    "unknown": (_("Too early to tell"), "yellow"),
}


class ByLocationView(DetailView):
    """Reports of ASB at the locations of a programme whose data are open to the person."""

    queryset = Programme.objects.all()
    permission = Permission.VIEW
    template_name = "incidents/by_location.html"
    also_shows = (Location,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add a line for each location."""
        programme: Programme = self.object
        note_programme(self.request, programme)
        locations = (
            Location.objects.filter(programme=programme)
            .visible_to(self.request.user, Permission.DATA_READ)
            .select_related("area")
            .order_by("name")
        )
        found = by_location(list(locations), clock.today())
        source = selectors.source_of()
        return {
            **kwargs,
            "programme": programme,
            "crumbs": programme_crumbs(programme),
            "found": found,
            "headline": headline(found),
            "rows": [shown(line) for line in found.lines],
            "attributions": [source.attribution] if source else [],
        }


def headline(found: ByLocation) -> str:
    """Return where reports clearly changed, in a sentence; nothing where it is too early."""
    more, fewer, same = (found.names(one) for one in ("more", "fewer", "same"))
    said = []
    if more:
        said.append(_t("clearly more in %(names)s") % {"names": join_words(more)})
    if fewer:
        said.append(_t("clearly fewer in %(names)s") % {"names": join_words(fewer)})
    if same:
        said.append(
            ngettext(
                "no clear change at %(count)s location",
                "no clear change at %(count)s locations",
                len(same),
            )
            % {"count": len(same)}
        )
    if not said:
        return ""
    return _t("Beside the same months of an earlier year: %(changes)s.") % {
        "changes": "; ".join(said)
    }


def shown(line: LocationLine) -> dict[str, Any]:
    """Return a line as the table prints it."""
    label, colour = VERDICTS[line.direction]
    change, counts = line.change, [row.count for row in line.recent if row.count is not None]
    basis = ""
    if change is not None and change.now is not None and change.before is not None:
        basis = _t("%(now)s in %(months)s, against %(before)s in %(year)s") % {
            "now": number(change.now),
            "months": months_words(change.months),
            "before": number(change.before),
            "year": change.earlier[0][:4],
        }
    return {
        "line": line,
        "label": label,
        "colour": colour,
        "basis": basis,
        "image": small(
            [MonthValue(month_text(row.month), row.count, str(row.status)) for row in line.recent]
        ),
        "alt": _t("By month from %(first)s to %(last)s: lowest %(low)s, highest %(high)s.")
        % {
            "first": month_name(line.recent[0].month),
            "last": month_name(line.recent[-1].month),
            "low": number(min(counts)),
            "high": number(max(counts)),
        }
        if counts
        else "",
    }
