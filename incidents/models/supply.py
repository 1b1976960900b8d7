"""What was asked of which agency, what is still wanting, and what data were used for."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import Record
from core.personal import Personal
from delivery.models import Action, Meeting
from incidents.choices import GapKind, RequestState
from incidents.models.feed import Feed
from incidents.models.incident import Force
from incidents.models.package import DataPackage
from programmes.models import Location, Programme, SharingAgreement


class OfProgrammeQuerySet(ScopedQuerySet):
    """What belongs to a programme: as the programme."""

    scope_paths = ("programme",)


@tracked()
class DataRequest(Record):
    """Data asked of an agency for a period. Whether it came, in part or late, is computed.

    ``state`` says what people said (refused, cancelled); came is set when somebody closes it, and
    otherwise told from the feed's months.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="data_requests")
    agency = models.ForeignKey(
        Agency, verbose_name=_("asked of"), on_delete=models.PROTECT, related_name="+"
    )
    feed = models.ForeignKey(
        Feed, on_delete=models.SET_NULL, null=True, blank=True, related_name="requests"
    )
    agreement = models.ForeignKey(
        SharingAgreement,
        verbose_name=_("under which agreement"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    wanted = models.CharField(_("what was asked for"), max_length=200)
    first_month = models.DateField(_("from"))
    last_month = models.DateField(_("to"))
    asked_on = models.DateField(_("asked on"))
    due_on = models.DateField(_("due on"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=RequestState.choices, default=RequestState.ASKED
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    answer = models.TextField(_("what the agency answered"), blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "asked_by": Personal.AUTHOR,
        "answer": Personal.FREE_TEXT,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("wanted",)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("data request")
        ordering = ["-asked_on", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_month__lte=models.F("last_month")), name="request_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.wanted

    def get_absolute_url(self) -> str:
        """Return its page under its programme."""
        return reverse("incidents:request-detail", args=[self.programme.slug, self.pk])


class OfLocationQuerySet(ScopedQuerySet):
    """What belongs to a location: as the location."""

    scope_paths = ("location",)


@tracked()
class DataGap(Record):
    """A gap in data that a location needs, made somebody's: the action says whose and by when.

    Of a feed, or of a force's published files, or of a request. Whether it is closed is the
    action's state and, once the months are held, the data themselves.
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="data_gaps")
    kind = models.CharField(_("kind"), max_length=10, choices=GapKind.choices)
    feed = models.ForeignKey(
        Feed, on_delete=models.CASCADE, null=True, blank=True, related_name="gaps"
    )
    force = models.ForeignKey(
        Force, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    request = models.ForeignKey(
        DataRequest, on_delete=models.CASCADE, null=True, blank=True, related_name="gaps"
    )
    first_month = models.DateField(_("from"))
    last_month = models.DateField(_("to"))
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="+")

    objects = OfLocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("gap in the data")
        verbose_name_plural = _("gaps in the data")
        ordering = ["first_month", "kind"]
        constraints = [
            models.CheckConstraint(
                condition=Q(feed__isnull=False) | Q(force__isnull=False) | Q(request__isnull=False),
                name="a_gap_is_of_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.first_month:%Y-%m} to {self.last_month:%Y-%m}"


class PackageUseQuerySet(ScopedQuerySet):
    """Uses of packages: as the meeting's location."""

    scope_paths = ("meeting__location",)


@tracked()
class PackageUse(Record):
    """A package that a meeting used, and what for; what was decided are the meeting's decisions."""

    package = models.ForeignKey(DataPackage, on_delete=models.PROTECT, related_name="uses")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    used_for = models.TextField(_("what it was used for"), blank=True)

    personal: ClassVar[dict[str, Personal]] = {"used_for": Personal.FREE_TEXT}

    objects = PackageUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a data package")
        verbose_name_plural = _("uses of data packages")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["package", "meeting"], name="package_used_once")
        ]

    def __str__(self) -> str:
        return f"{self.package} at {self.meeting}"
