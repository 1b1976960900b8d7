"""The handover pack of a location: page, print, file."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.sharing import Category
from core.choices import Marking
from core.files import response
from core.models import StoredFile
from core.views import ActionView, DetailView, DownloadView
from delivery.models import Action, HelpRequest
from delivery.selectors.handover import MAY_OPEN, handover_pack
from delivery.services import handover as services
from programmes.models import Location, LocationMembership, StepRecord
from programmes.pages import location_page
from programmes.registry import handover_chapters

LOCATIONS = Location.objects.select_related("programme__lead_agency")
SHOWN = (StepRecord, HelpRequest, Action, LocationMembership)


class _PackView:
    """Lets those in who manage the location or its roles; a successor from their first day."""

    object: Any
    request: HttpRequest
    ledger_touches: ClassVar[tuple[str, ...]] = (Category.PEOPLE,)
    also_shows: ClassVar[tuple[type[models.Model], ...]] = SHOWN

    def may(self, obj: models.Model, permission: str | None = None) -> bool:
        """Ask for one of the rights that open the pack."""
        rights = (permission,) if permission else MAY_OPEN
        return any(super(_PackView, self).may(obj, right) for right in rights)  # type: ignore[misc]  # mixed into a scoped view

    def frame(self) -> dict[str, Any]:
        """Return the location's frame with the pack's chapters."""
        slug = self.object.slug
        return {
            **location_page(self.request, self.object, current="handover"),
            "contents": [
                {
                    "text": chapter.title,
                    "href": reverse("delivery:handover-chapter", args=[slug, chapter.key]),
                }
                for chapter in handover_chapters()
                if not chapter.promises
            ],
            "pack_url": reverse("delivery:handover", args=[slug]),
        }


class HandoverView(_PackView, DetailView):
    """The pack's first page: who follows whom, and every open promise with its link."""

    queryset = LOCATIONS
    permission = Permission.LOCATION_MANAGE
    template_name = "delivery/help/handover.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the promises, and the reader's last print."""
        slug = self.object.slug
        return {
            **kwargs,
            **self.frame(),
            "pack": handover_pack(
                location=self.object,
                reader=self.request.user,
                chosen=lambda chapter: chapter.promises,
            ),
            "print": services.latest_print(location=self.object, reader=self.request.user),
            "print_url": reverse("delivery:handover-print", args=[slug]),
            "file_url": reverse("delivery:handover-file", args=[slug]),
        }


class HandoverChapterView(_PackView, DetailView):
    """One chapter of the pack."""

    queryset = LOCATIONS
    permission = Permission.LOCATION_MANAGE
    template_name = "delivery/help/handover_chapter.html"

    def lookup_filter(self) -> dict[str, Any]:
        """Find the location; the chapter is no field of it."""
        return {"slug": self.kwargs["slug"]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the chapter; one that says nothing to this reader is not there."""
        pack = handover_pack(
            location=self.object,
            reader=self.request.user,
            chosen=lambda chapter: chapter.key == self.kwargs["chapter"],
        )
        if not pack.chapters:
            raise Http404
        return {**kwargs, **self.frame(), "pack": pack, "chapter": pack.chapters[0]}


class HandoverPrintView(_PackView, ActionView):
    """Asks for the whole pack as PDF."""

    queryset = LOCATIONS
    permission = Permission.LOCATION_MANAGE

    def perform(self) -> str:
        """Ask, and show how far it is."""
        return services.request_pack(location=self.object, by=self.request.user).get_absolute_url()


class HandoverFileView(_PackView, DownloadView):
    """The reader's own print, while it says what the pack says."""

    queryset = LOCATIONS
    permission = Permission.LOCATION_MANAGE

    def stored_file(self) -> StoredFile | None:
        """Return the PDF, None where it must be printed (again)."""
        reader = self.request.user
        run = services.latest_print(location=self.object, reader=reader)
        if run is None:
            return None
        pack = handover_pack(location=self.object, reader=reader)
        return run.result_file if services.still_says(run, pack) else None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Send the file; where there is none, lead to the page that prints one."""
        self.object = self.fetch()
        stored = self.stored_file()
        if stored is None:
            messages.info(request, _("The pack has changed since it was printed. Print it again."))
            return HttpResponseRedirect(reverse("delivery:handover", args=[self.object.slug]))
        return response(stored, marking=Marking.OFFICIAL)
