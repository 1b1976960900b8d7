"""A quarter of a location or a programme: its figures, its words, its approval."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.errors import Refused
from core.views import ActionView, CreateView, DetailView
from programmes.models import Location, Programme
from programmes.pages import location_page, note_programme, programme_crumbs
from reports import selectors, services
from reports.forms import ReopenForm, WordsForm
from reports.models import QuarterNarrative
from reports.models.narrative import TITLES
from reports.quarters import Quarter
from reports.views.reports import rights_on_programme
from reports.words import narrative_row


class _OfQuarter:
    """Pages of a quarter of ``self.object``; the address names both."""

    kwargs: dict[str, Any]
    request: Any
    object: Any
    kind: ClassVar[str]

    def lookup_filter(self) -> dict[str, Any]:
        """Find the subject by its address name; the quarter is read apart."""
        return {"slug": self.kwargs["slug"]}

    @cached_property
    def quarter(self) -> Quarter:
        """Return the quarter, 404 for what is none or lies outside the programme's."""
        try:
            quarter = Quarter.parse(self.kwargs["quarter"])
        except Refused as error:
            raise Http404 from error
        programme = self.object if self.kind == "programme" else self.object.programme
        if quarter not in selectors.quarters_of(programme):
            raise Http404
        return quarter

    @cached_property
    def narrative(self) -> QuarterNarrative | None:
        """Return its words as stored; None before anybody wrote any."""
        return narrative_row(self.object, self.quarter)

    def address(self, name: str = "") -> str:
        """Return the address of the quarter's page, or of one below it."""
        tail = f"-{name}" if name else ""
        return reverse(
            f"reports:{self.kind}-quarter{tail}", args=[self.object.slug, str(self.quarter)]
        )

    def frame(self) -> dict[str, Any]:
        """Return the frame of a page about a location or a programme."""
        reports = reverse(f"reports:{self.kind}-reports", args=[self.object.slug])
        quarter = (self.quarter.words, self.address())
        if self.kind == "location":
            return {
                **location_page(
                    self.request,
                    self.object,
                    current="reports",
                    crumbs=[(_t("Progress reports"), reports), quarter],
                ),
                "frame": "programmes/location_base.html",
            }
        note_programme(self.request, self.object)
        return {
            "crumbs": programme_crumbs(self.object, (_t("Progress reports"), reports), quarter),
            "frame": "layouts/crumbs.html",
        }


class _OfLocation(_OfQuarter):
    kind = "location"
    queryset: ClassVar[Any] = Location.objects.select_related("programme", "area")


class _OfProgramme(_OfQuarter):
    kind = "programme"
    queryset: ClassVar[Any] = Programme.objects.select_related("template")

    def may(self, obj: Any, permission: str | None = None) -> bool:
        """Keep reports on all locations to those with a role on the programme itself."""
        return rights_on_programme(
            self.request.user,
            obj,
            permission or self.permission,  # type: ignore[attr-defined]  # mixed into a scoped view
        )


class _QuarterView(DetailView):
    """Where a quarter stands: what was counted, what is written, what is approved."""

    abstract = True
    permission = Permission.VIEW
    template_name = "reports/quarter.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add figures, words, reports and what this person may do."""
        page: Any = self
        standing = selectors.quarter_standing(page.object, page.quarter, page.narrative)
        return {
            **kwargs,
            **page.frame(),
            "subject": page.object,
            "quarter": page.quarter,
            "narrative": page.narrative,
            "standing": standing,
            "sections": [
                (title, getattr(page.narrative, key, "")) for key, title in TITLES.items()
            ],
            "may_write": self.may(page.object, Permission.REPORT_BUILD),
            "may_approve": self.may(page.object, Permission.REPORT_APPROVE),
            "reports_url": reverse(f"reports:{page.kind}-reports", args=[page.object.slug]),
            **{f"{name}_url": page.address(name) for name in ("words", "approve", "reopen")},
        }


class LocationQuarterView(_OfLocation, _QuarterView):
    """A quarter of a location."""

    queryset = _OfLocation.queryset


class ProgrammeQuarterView(_OfProgramme, _QuarterView):
    """A quarter of a programme."""

    queryset = _OfProgramme.queryset


class _WordsView(CreateView):
    """Writes the words of a quarter."""

    abstract = True
    permission = Permission.REPORT_BUILD
    template_name = "reports/words.html"
    success_message = _("Saved. It stays a draft until it is approved.")

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        """Return the form over the words that stand now."""
        page: Any = self
        row = page.narrative
        return WordsForm(
            data=data,
            initial={key: getattr(row, key) for key in TITLES} if row else {},
            # Who began before anybody had saved sends no version: the service then says that
            # somebody else was first, and shows both.
            version=row.version if row and (data is None or "version" in data) else None,
        )

    def perform(self, form: Any) -> str:
        """Keep them."""
        page: Any = self
        texts = {key: form.cleaned_data[key] for key in TITLES}
        services.write_narrative(
            subject=page.object,
            quarter=page.quarter,
            texts=texts,
            by=self.request.user,
            version=form.cleaned_data.get("version"),
            id=form.cleaned_data.get("id"),
        )
        return str(page.address())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form, and the figures to write about."""
        page: Any = self
        return {
            **kwargs,
            **page.frame(),
            "heading": _("Words of the quarter"),
            "caption": f"{page.object.name}, {page.quarter.words}",
            "standing": selectors.quarter_standing(page.object, page.quarter, page.narrative),
            "cancel_url": page.address(),
            "submit_label": _("Save the draft"),
        }


class LocationWordsView(_OfLocation, _WordsView):
    """The words of a location's quarter."""

    queryset = _OfLocation.queryset


class ProgrammeWordsView(_OfProgramme, _WordsView):
    """The words of a programme's quarter."""

    queryset = _OfProgramme.queryset


class _ApproveView(ActionView):
    """Approves a quarter: its words and figures are frozen by a job."""

    abstract = True
    permission = Permission.REPORT_APPROVE
    success_message = _("Approved. The report is being frozen with its figures.")

    def refused_url(self) -> str:
        """Say on the quarter's page what is in the way."""
        page: Any = self
        return str(page.address())

    def perform(self) -> str:
        """Approve the version that was on the page."""
        page: Any = self
        if page.narrative is None:
            raise Refused(_t("Nothing is written for this quarter yet."))
        version = self.request.POST.get("version", "")
        services.approve_quarter(
            narrative=page.narrative,
            by=self.request.user,
            version=int(version) if version.isdecimal() else 0,
        )
        return str(page.address())


class LocationApproveView(_OfLocation, _ApproveView):
    """Approves a location's quarter."""

    queryset = _OfLocation.queryset


class ProgrammeApproveView(_OfProgramme, _ApproveView):
    """Approves a programme's quarter."""

    queryset = _OfProgramme.queryset


class _ReopenView(CreateView):
    """Opens an approved quarter again for its next edition."""

    abstract = True
    permission = Permission.REPORT_APPROVE
    template_name = "reports/words.html"
    form_class = ReopenForm
    success_message = _("Opened again. The edition that was approved stays as it is.")

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        """Return the form for the edition that stands."""
        page: Any = self
        return ReopenForm(data=data, version=page.narrative.version if page.narrative else None)

    def perform(self, form: Any) -> str:
        """Open it."""
        page: Any = self
        if page.narrative is None:
            raise Refused(_t("Nothing is written for this quarter yet."))
        services.reopen_quarter(
            narrative=page.narrative,
            reason=form.cleaned_data["reason"],
            by=self.request.user,
            version=form.cleaned_data.get("version") or 0,
        )
        return str(page.address())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        page: Any = self
        return {
            **kwargs,
            **page.frame(),
            "heading": _("Open the quarter again"),
            "caption": f"{page.object.name}, {page.quarter.words}",
            "intro": _(
                "The approved edition stays as it was printed. Words and figures can change for "
                "the next edition, which has to be approved in its turn."
            ),
            "cancel_url": page.address(),
            "submit_label": _("Open it again"),
        }


class LocationReopenView(_OfLocation, _ReopenView):
    """Opens a location's quarter again."""

    queryset = _OfLocation.queryset


class ProgrammeReopenView(_OfProgramme, _ReopenView):
    """Opens a programme's quarter again."""

    queryset = _OfProgramme.queryset
