"""Pages of what agencies supply: feeds of a programme, a feed, its files and categories."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.permissions import Permission
from accounts.sharing import Category as Shared
from core.choices import LedgerAction
from core.exports.cells import neutral
from core.views import CreateView, DetailView, UpdateView
from core.views.base import ScopedView
from incidents.feeds import forms, services
from incidents.feeds.sending import keep_file, sent_by
from incidents.models import Feed, FeedFile, FeedMonth
from programmes.models import Programme
from programmes.pages import note_programme, programme_crumbs
from programmes.sharing import shared_for

PROGRAMMES = Programme.objects.select_related("lead_agency")
FEEDS = Feed.objects.select_related("programme", "agency", "agreement")
SHOWN_REJECTED = 100


def feeds_crumb(programme: Programme) -> tuple[Any, str]:
    """Return the way back to the feeds of a programme."""
    return (_t("Data from agencies"), reverse("incidents:feeds", args=[programme.slug]))


def feed_crumbs(feed: Feed, *more: Any) -> list[Any]:
    """Return the way to a page of a feed."""
    own = (feed.title, feed.get_absolute_url())
    return programme_crumbs(feed.programme, feeds_crumb(feed.programme), own, *more)


class FeedListView(DetailView):
    """The feeds of a programme: who supplies what, under which terms, and what is held."""

    queryset = PROGRAMMES
    permission = Permission.DATA_READ
    template_name = "incidents/feeds/list.html"
    also_shows = (Feed,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the feeds that are open to the person, with their months."""
        programme = self.object
        note_programme(self.request, programme)
        feeds = FEEDS.filter(programme=programme).visible_to(self.request.user)
        return {
            **kwargs,
            "programme": programme,
            "crumbs": programme_crumbs(programme),
            "rows": held_of(list(feeds.order_by("title"))),
            "sends": self.may(programme, Permission.DATA_IMPORT),
        }


def held_of(feeds: list[Feed]) -> list[dict[str, Any]]:
    """Return each feed with its months held, shares and the day the last file came."""
    months: dict[Any, list[FeedMonth]] = {feed.pk: [] for feed in feeds}
    for month in FeedMonth.objects.filter(feed__in=feeds).order_by("month"):
        months[month.feed_id].append(month)
    came = FeedFile.objects.filter(feed__in=feeds).order_by("received_on")
    last = dict(came.values_list("feed_id", "received_on"))  # the latest of each stays
    return [
        {"feed": feed, "received_on": last.get(feed.pk), **sums(months[feed.pk])} for feed in feeds
    ]


def sums(months: list[FeedMonth]) -> dict[str, Any]:
    """Return from when to when months are held, how many, and the shares located and timed."""
    rows = sum(one.rows for one in months)
    return {
        "first": months[0].month if months else None,
        "last": months[-1].month if months else None,
        "months": len(months),
        "rows": rows,
        "located": round(100 * sum(one.located for one in months) / rows) if rows else None,
        "timed": round(100 * sum(one.timed for one in months) / rows) if rows else None,
    }


class FeedCreateView(CreateView):
    """Makes a feed."""

    queryset = PROGRAMMES
    permission = Permission.DATA_IMPORT
    template_name = "programmes/form.html"
    form_class = forms.FeedForm
    success_message = _("The feed is made. Send its first file.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the agencies whose records are open to the person."""
        shared = shared_for(self.request, self.object)
        open_to = [
            key
            for key in Agency.objects.values_list("pk", flat=True)
            if shared.covers(Shared.FORCE_EXTRACTS, key)
        ]
        agencies = Agency.objects.filter(pk__in=open_to).order_by("name")
        return {"programme": self.object, "agencies": agencies}

    def perform(self, form: Any) -> str:
        """Make it."""
        return services.create_feed(
            programme=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        note_programme(self.request, self.object)
        return {
            **kwargs,
            "heading": _("Add a feed"),
            "caption": self.object.name,
            "submit_label": _("Add the feed"),
            "cancel_url": reverse("incidents:feeds", args=[self.object.slug]),
            "crumbs": programme_crumbs(self.object, feeds_crumb(self.object)),
        }


class FeedScope(ScopedView):
    """A feed under its programme's address."""

    abstract = True
    ledger_touches = (Shared.FORCE_EXTRACTS,)

    def lookup_filter(self) -> dict[str, Any]:
        """Find the feed by its own address name and its programme's."""
        return {"programme__slug": self.kwargs["slug"], "slug": self.kwargs["feed"]}


class FeedView(FeedScope, DetailView):
    """One feed: months held, files received, categories."""

    queryset = FEEDS
    permission = Permission.DATA_READ
    template_name = "incidents/feeds/feed.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is held."""
        feed, user = self.object, self.request.user
        note_programme(self.request, feed.programme)
        months = list(feed.months.order_by("-month"))
        sends = self.may(feed, Permission.DATA_IMPORT)
        categories = list(feed.categories.all())
        return {
            **kwargs,
            "feed": feed,
            "crumbs": programme_crumbs(feed.programme, feeds_crumb(feed.programme)),
            "months": months,
            "incidents": feed.months.aggregate(n=Sum("incidents"))["n"] or 0,
            "held": sums(months[::-1]),
            "files": feed.files.select_related("data_import__imported_by"),
            "categories": categories,
            "unmapped": sum(not one.theme for one in categories),
            "sends": sends,
            "waiting": sent_by(feed, user).first() if sends else None,
        }


class FeedEditView(FeedScope, UpdateView):
    """Changes what is said of a feed."""

    queryset = FEEDS
    permission = Permission.DATA_IMPORT
    template_name = "programmes/form.html"
    form_class = forms.FeedForm
    success_message = _("Saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill the form with the feed."""
        return {"programme": self.object.programme, "agencies": None, "feed": self.object}

    def perform(self, form: Any) -> str:
        """Save it."""
        return services.edit_feed(
            feed=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        note_programme(self.request, self.object.programme)
        return {
            **kwargs,
            "heading": _("Change the feed"),
            "caption": f"{self.object.title} · {self.object.agency}",
            "submit_label": _("Save"),
            "cancel_url": self.object.get_absolute_url(),
            "crumbs": feed_crumbs(self.object),
        }


class CategoriesView(FeedScope, UpdateView):
    """Says what the agency's categories are in common words, all in one go."""

    queryset = FEEDS
    permission = Permission.DATA_IMPORT
    template_name = "incidents/feeds/categories.html"
    form_class = forms.CategoriesForm
    success_message = _("The categories are saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Show those that nobody has said first."""
        found = sorted(self.object.categories.all(), key=lambda one: (bool(one.theme), one.name))
        return {"categories": found}

    def perform(self, form: Any) -> str:
        """Save them."""
        services.map_categories(feed=self.object, said=form.said(), by=self.request.user)
        return str(self.object.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        note_programme(self.request, self.object.programme)
        return {**kwargs, "feed": self.object, "crumbs": feed_crumbs(self.object)}


class SendView(FeedScope, CreateView):
    """Takes a file of a feed, to be looked at before anything is stored of it."""

    queryset = FEEDS
    permission = Permission.DATA_IMPORT
    template_name = "incidents/feeds/send.html"
    form_class = forms.FeedFileForm

    def perform(self, form: Any) -> str:
        """Keep the file and go to what it would become."""
        feed = self.object
        sent = keep_file(feed=feed, file=form.cleaned_data["file"], by=self.request.user)
        return reverse("incidents:feed-sent", args=[feed.programme.slug, feed.slug, sent.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form, and a file that waits."""
        note_programme(self.request, self.object.programme)
        return {
            **kwargs,
            "feed": self.object,
            "crumbs": feed_crumbs(self.object),
            "waiting": sent_by(self.object, self.request.user).first(),
        }


class FileScope(ScopedView):
    """A file of a feed under the feed's address."""

    abstract = True
    ledger_touches = (Shared.FORCE_EXTRACTS,)

    def lookup_filter(self) -> dict[str, Any]:
        """Find the file by its own id, its feed's address name and its programme's."""
        return {
            "feed__programme__slug": self.kwargs["slug"],
            "feed__slug": self.kwargs["feed"],
            "pk": self.kwargs["pk"],
        }


FILES = FeedFile.objects.select_related("feed__programme", "data_import__imported_by")


class FileView(FileScope, DetailView):
    """What a file brought."""

    queryset = FILES
    permission = Permission.DATA_READ
    template_name = "incidents/feeds/file.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add its account and the rows that were not taken."""
        feed = self.object.feed
        note_programme(self.request, feed.programme)
        categories = [one for one in feed.categories.all() if not one.theme]
        sends = self.may(self.object, Permission.DATA_IMPORT)
        return {
            **kwargs,
            "file": self.object,
            "feed": feed,
            "account": self.object.data_import.summary,
            "crumbs": feed_crumbs(feed),
            "unmapped": categories,
            "rejected": self.object.data_import.rejected.all()[:SHOWN_REJECTED] if sends else (),
            "sends": sends,
        }


class RejectedView(FileScope, DetailView):
    """The rows of a file that were not taken, as a table to mend them by."""

    queryset = FILES
    permission = Permission.DATA_IMPORT
    ledger_action = LedgerAction.DOWNLOAD

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the table; cells that a spreadsheet would run are made plain text."""
        self.object = self.fetch()
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(
            [_t("Row"), _t("Column"), _t("Found"), _t("Expected"), _t("The row, without names")]
        )
        for one in self.object.data_import.rejected.order_by("row"):
            cells = [one.column, one.found, one.expected, one.raw]
            writer.writerow([one.row, *(neutral(cell) for cell in cells)])
        answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
        name = f"{self.object.feed.slug}-rejected.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Cache-Control"] = "private, no-store"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
