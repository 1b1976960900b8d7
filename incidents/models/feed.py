"""What agencies supply under an agreement: feeds, their categories, files and rows.

Published street data lives in ``incidents.models.incident``; what is not published lives here and
nowhere else, so that a reader of the one can never meet the other by accident.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.gis.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.permissions import Permission
from accounts.scoping import ScopedQuerySet
from accounts.sharing import Category as Shared
from core.history import tracked
from core.models import DataImport, Record
from core.personal import Personal
from incidents.choices import FeedKind, Grain, Qualifier, Theme
from programmes.models import Programme, SharingAgreement
from programmes.sharing import covered_rows


class FeedQuerySet(ScopedQuerySet):
    """Feeds: as their programme, for those whom the supplying agency's agreement covers.

    Rows name places, so a feed is for those who see the programme, not for research partners.
    """

    scope_paths = ("programme",)

    def granted(self, user: Any, permission: str) -> Q:
        """As the programme, and of one's own agency or covered by an agreement with its owner."""
        return (
            super().granted(user, permission)
            & super().granted(user, Permission.VIEW)
            & covered_rows(
                user, Shared.FORCE_EXTRACTS, owner_path="agency", programme_path="programme"
            )
        )


@tracked()
class Feed(Record):
    """One kind of record that one agency supplies to a programme, and how its files are read.

    ``mapping`` says what each column of its files becomes (incidents.feeds.mapping). ``published``
    marks what the agency publishes itself: it is shown as it is. ``public_figures`` lets counts of
    what is not published into public versions, with small ones hidden. ``salt`` goes into the keys
    by which repeats are told: callers and victims are kept as keys only, never by name.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="feeds")
    agency = models.ForeignKey(
        Agency, verbose_name=_("supplied by"), on_delete=models.PROTECT, related_name="+"
    )
    slug = models.SlugField(_("address name"), unique=True)
    title = models.CharField(_("title"), max_length=150)
    kind = models.CharField(_("kind"), max_length=12, choices=FeedKind.choices)
    grain = models.CharField(
        _("a row stands for"), max_length=10, choices=Grain.choices, default=Grain.INCIDENT
    )
    terms = models.CharField(
        _("how it may be used"),
        max_length=200,
        help_text=_("The agreement or licence under which it is supplied."),
    )
    agreement = models.ForeignKey(
        SharingAgreement, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published = models.BooleanField(_("the agency publishes it"), default=False)
    public_figures = models.BooleanField(
        _("counts may be in public versions, small ones hidden"), default=False
    )
    mapping = models.JSONField(_("columns"), default=dict, blank=True)
    salt = models.CharField(max_length=64, editable=False)

    impersonal: ClassVar[tuple[str, ...]] = ("title", "terms", "mapping", "slug", "salt")

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("feed")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page under its programme."""
        return reverse("incidents:feed-detail", args=[self.programme.slug, self.slug])


class OfFeedQuerySet(ScopedQuerySet):
    """What belongs to a feed: as the feed."""

    scope_paths = ("feed",)


@tracked()
class FeedCategory(Record):
    """A category as the agency names it, and what it is in the programme's common words."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="categories")
    name = models.CharField(_("as supplied"), max_length=150)
    is_asb = models.BooleanField(_("anti-social behaviour"), default=True)
    qualifier = models.CharField(
        _("qualifier"), max_length=14, choices=Qualifier.choices, blank=True
    )
    theme = models.CharField(_("theme"), max_length=12, choices=Theme.choices, blank=True)

    impersonal: ClassVar[tuple[str, ...]] = ("name",)

    objects = OfFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("category of a feed")
        verbose_name_plural = _("categories of a feed")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["feed", "name"], name="feed_category_once")]

    def __str__(self) -> str:
        return self.name


@tracked()
class FeedFile(Record):
    """One file of a feed that was taken in; it answers for whole months.

    A later file of the same months replaces their rows. ``rows_read`` is all rows of the file,
    ``rows_stored`` + ``rows_rejected``; located and timed are among the stored.
    """

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="files")
    data_import = models.ForeignKey(DataImport, on_delete=models.PROTECT, related_name="+")
    first_month = models.DateField(_("from"))
    last_month = models.DateField(_("to"))
    received_on = models.DateField(_("received on"))
    rows_read = models.PositiveIntegerField(default=0)
    rows_stored = models.PositiveIntegerField(default=0)
    rows_rejected = models.PositiveIntegerField(default=0)
    rows_located = models.PositiveIntegerField(default=0)
    rows_timed = models.PositiveIntegerField(default=0)

    objects = OfFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a feed")
        verbose_name_plural = _("files of a feed")
        ordering = ["-received_on", "-created_at"]

    def __str__(self) -> str:
        return f"{self.first_month:%Y-%m} to {self.last_month:%Y-%m}"


class FeedMonth(models.Model):
    """What is held of a feed for a month, and by which file. A month without a row is missing.

    ``incidents`` is the sum of the rows' counts; ``located`` and ``timed`` are rows.
    """

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="months")
    month = models.DateField(_("month"), help_text=_("The first day of the month."))
    file = models.ForeignKey(FeedFile, on_delete=models.PROTECT, related_name="months")
    rows = models.PositiveIntegerField()
    incidents = models.PositiveIntegerField()
    located = models.PositiveIntegerField()
    timed = models.PositiveIntegerField()

    class Meta:
        ordering = ["feed", "month"]
        constraints = [models.UniqueConstraint(fields=["feed", "month"], name="feed_month_once")]

    def __str__(self) -> str:
        return f"{self.feed} {self.month:%Y-%m}"


class FeedIncident(models.Model):
    """One row of a feed. Written by incidents.feeds alone, read by its selectors alone.

    ``id`` is derived from the feed, the row's own reference or, without one, its content and its
    occurrence among identical rows. ``month`` is the local month in which it happened (``from_at``,
    else ``opened_at``, else as supplied). ``from_at`` and ``to_at`` bound when it happened; equal
    where the moment is known, both None where no time is given. ``count`` is 1 but for counts by
    area. Keys of callers, victims and premises are keyed hashes: they tell a repeat and nothing
    else. ``repeat_*`` and ``vulnerable`` are what the agency itself flagged; None: it did not say.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    category = models.ForeignKey(FeedCategory, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField(default=1)
    reference = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField(null=True)
    from_at = models.DateTimeField(null=True)
    to_at = models.DateTimeField(null=True)
    qualifier = models.CharField(max_length=14, choices=Qualifier.choices, blank=True)
    point = models.PointField(srid=4326, null=True)
    place = models.CharField(max_length=200, blank=True)
    lsoa_code = models.CharField(max_length=9, blank=True)
    place_key = models.CharField(max_length=32, blank=True)
    caller_key = models.CharField(max_length=32, blank=True)
    victim_key = models.CharField(max_length=32, blank=True)
    repeat_caller = models.BooleanField(null=True)
    repeat_victim = models.BooleanField(null=True)
    repeat_place = models.BooleanField(null=True)
    vulnerable = models.BooleanField(null=True)
    outcome = models.CharField(max_length=150, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "point": Personal.LOCATION,
        "place": Personal.LOCATION,
        "place_key": Personal.LOCATION,
        "caller_key": Personal.IDENTITY,
        "victim_key": Personal.IDENTITY,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("reference", "lsoa_code", "outcome")

    class Meta:
        indexes = [
            models.Index(fields=["feed", "month"], name="feed_incident_month"),
            models.Index(fields=["lsoa_code", "month"], name="feed_incident_lsoa"),
        ]
