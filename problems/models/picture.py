"""Rich pictures: drawn together, marked in regions, read into themes."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import Record, StoredFile
from core.personal import Personal
from problems.choices import PictureKind
from problems.models.intervention import Intervention
from problems.models.plan import Hypothesis
from problems.models.problem import Problem, SensitiveQuerySet
from programmes.models import Location


class RichPictureQuerySet(SensitiveQuerySet):
    """Rich pictures: as their location; marked ones as far as sensitive notes are shared."""


@tracked()
class RichPicture(Record):
    """A photo or scan of what a group drew, with its description in words.

    ``viewpoint`` is whose picture it is. A later drawing of the same group ``follows`` an earlier
    one, so that both stay to be compared. What it shows is told by its regions and themes; the
    list is the source, the picture an illustration.
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="rich_pictures")
    problem = models.ForeignKey(
        Problem, on_delete=models.SET_NULL, null=True, blank=True, related_name="rich_pictures"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=PictureKind.choices)
    title = models.CharField(_("title"), max_length=150)
    viewpoint = models.CharField(_("whose view it is"), max_length=150)
    drawn_on = models.DateField(_("drawn on"))
    text_alternative = models.TextField(_("what it shows, in words"))
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    upload_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    follows = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("whose information"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {
        "title": Personal.FREE_TEXT,
        "viewpoint": Personal.FREE_TEXT,
        "text_alternative": Personal.FREE_TEXT,
        "file": Personal.FILE,
        "recorded_by": Personal.AUTHOR,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("upload_sha256",)

    objects = RichPictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("rich picture")
        ordering = ["-drawn_on", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page under its location."""
        return reverse("problems:picture-detail", args=[self.location.slug, self.pk])


class OfPictureQuerySet(ScopedQuerySet):
    """As the picture."""

    scope_paths = ("picture",)


def _percent(name: object) -> models.DecimalField:
    return models.DecimalField(
        name,  # type: ignore[arg-type]  # a lazy text, which Django takes
        max_digits=4,
        decimal_places=1,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )


@tracked()
class PictureRegion(Record):
    """A rectangle of a picture; numbers are per cent of its width and height."""

    picture = models.ForeignKey(RichPicture, on_delete=models.CASCADE, related_name="regions")
    label = models.CharField(_("what is there"), max_length=100)
    words = models.TextField(_("what people said of it"), blank=True)
    left = _percent(_("from the left"))
    top = _percent(_("from the top"))
    width = _percent(_("width"))
    height = _percent(_("height"))

    personal: ClassVar[dict[str, Personal]] = {
        "label": Personal.FREE_TEXT,
        "words": Personal.FREE_TEXT,
    }

    objects = OfPictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("region of a picture")
        verbose_name_plural = _("regions of pictures")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(left__gte=0, top__gte=0, width__gt=0, height__gt=0)
                & Q(left__lte=100 - F("width"), top__lte=100 - F("height")),
                name="a_region_lies_in_its_picture",
            )
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """Return its picture's page."""
        return self.picture.get_absolute_url()


@tracked()
class Theme(Record):
    """What a picture says, in a sentence; it may become a hypothesis or an intervention."""

    picture = models.ForeignKey(RichPicture, on_delete=models.CASCADE, related_name="themes")
    region = models.ForeignKey(
        PictureRegion,
        verbose_name=_("where in the picture"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="themes",
    )
    words = models.CharField(_("theme"), max_length=300)
    hypothesis = models.ForeignKey(
        Hypothesis, on_delete=models.SET_NULL, null=True, blank=True, related_name="themes"
    )
    intervention = models.ForeignKey(
        Intervention, on_delete=models.SET_NULL, null=True, blank=True, related_name="themes"
    )

    personal: ClassVar[dict[str, Personal]] = {"words": Personal.FREE_TEXT}

    objects = OfPictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme of a picture")
        verbose_name_plural = _("themes of pictures")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.words

    def get_absolute_url(self) -> str:
        """Return its picture's page."""
        return self.picture.get_absolute_url()
