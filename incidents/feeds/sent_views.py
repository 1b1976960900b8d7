"""The page of a file that was sent and not yet taken in: what it would become, and the form."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core.errors import BadInput, Refused
from core.models import DataImport
from core.screen import month_name
from core.views import UpdateView
from incidents.feeds import forms, sending
from incidents.feeds.guess import fitted, guess
from incidents.feeds.mapping import Mapping, mapping_from
from incidents.feeds.preview import Preview, head_of, try_preview
from incidents.feeds.views import FEEDS, FeedScope, feed_crumbs
from incidents.models import FeedMonth
from incidents.packages.recipe import month_start
from programmes.pages import note_programme

TAKE = "take"


class SentView(FeedScope, UpdateView):
    """Shows what a file would become; "look again" keeps what was said, "take it in" asks for it.

    A file is its sender's alone: it may hold what nobody else is to read.
    """

    queryset = FEEDS
    permission = Permission.DATA_IMPORT
    template_name = "incidents/feeds/sent.html"
    form_class = forms.MappingForm

    def sent(self) -> DataImport:
        """Return the file, read once a request; another's does not exist."""
        if not hasattr(self, "_sent"):
            found = sending.sent_by(self.object, self.request.user)
            self._sent = found.filter(pk=self.kwargs["sent"]).first()
            if self._sent is None:
                if DataImport.objects.filter(kind=sending.SENT, pk=self.kwargs["sent"]).exists():
                    self.ledger_record = None  # another's file: a denial, which the ledger notes
                raise Http404
            try:
                self._content = sending.content_of(self._sent)
                self._head = head_of(self._content, self._sent.file_name)
            except (BadInput, Refused) as error:
                raise Http404(str(error)) from error
        return self._sent

    def mapping(self) -> tuple[Mapping, tuple[str, ...], bool]:
        """Return what was said of the file, or is saved with the feed, or is guessed; and why."""
        said = self.sent().summary.get("mapping")
        if said is not None:
            return mapping_from(said, self._sent.file_name), (), False
        first = guess(self._head.headings, self._head.rows, self.object.grain)
        mapping, saved = fitted(sending.saved_mapping(self.object), self._head.headings, first)
        return mapping, () if saved else first.notes, saved

    def looked(self) -> tuple[Preview | None, list[str]]:
        """Return what the file would become by its mapping (read once a request)."""
        if not hasattr(self, "_looked"):
            mapping, self._notes, self._saved = self.mapping()
            self._mapping = mapping
            summary = self.sent().summary
            said = [summary.get(name) for name in ("first", "last")]
            span = tuple(month_start(text) if text else None for text in said)
            self._looked = try_preview(
                self.object, self._content, self._sent.file_name, mapping, (span[0], span[1])
            )
            found = self._looked[0]
            self._span = (
                span[0] or (found.first_month if found else None),
                span[1] or (found.last_month if found else None),
            )
        return self._looked

    def get_form_kwargs(self) -> dict[str, Any]:
        """Show the mapping and the months."""
        self.looked()
        return {
            "head": self._head,
            "grain": self.object.grain,
            "mapping": self._mapping,
            "span": self._span,
            "taking": self.request.method != "POST" or self.request.POST.get("do") == TAKE,
        }

    def perform(self, form: Any) -> str:
        """Keep what was said and show it, or ask for the file to be taken in."""
        said = form.cleaned_data
        feed, sent = self.object, self.sent()
        if self.request.POST.get("do") != TAKE:
            sending.remember(sent, said["mapping"], said["first_month"], said["last_month"])
            place = reverse("incidents:feed-sent", args=[feed.programme.slug, feed.slug, sent.pk])
            return f"{place}#preview"
        return sending.request_taking(
            feed=feed,
            sent=sent,
            mapping=said["mapping"],
            first_month=said["first_month"],
            last_month=said["last_month"],
            keep_good=said["keep_good"],
            by=self.request.user,
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the file would become, and which months it would replace."""
        feed = self.object
        note_programme(self.request, feed.programme)
        found, problems = self.looked()
        send = reverse("incidents:feed-send", args=[feed.programme.slug, feed.slug])
        held = []
        if self._span[0] and self._span[1]:
            months = FeedMonth.objects.filter(feed=feed, month__range=self._span)
            held = [(month_name(one.month), one.rows) for one in months.order_by("month")]
        return {
            **kwargs,
            "feed": feed,
            "file": self.sent(),
            "crumbs": feed_crumbs(feed, (_("Send a file"), send)),
            "preview": found,
            "problems": problems,
            "notes": [*self._head.notes, *self._notes],
            "saved": self._saved,
            "held": held,
        }
