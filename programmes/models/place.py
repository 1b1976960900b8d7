"""A location (a town) and the target places (spots) within it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import anchor_permissions
from accounts.scoping import ScopedQuerySet, granted_on
from core.history import tracked
from core.models import Record
from places.models import AreaDefinition
from programmes.models.programme import Programme


class LocationQuerySet(ScopedQuerySet):
    """Locations: granted directly or through their programme."""

    def granted(self, user: Any, permission: str) -> Q:
        """Take what ``granted_ids`` says."""
        return Q(pk__in=self.granted_ids(user, permission))

    def granted_ids(self, user: Any, permission: str) -> Any:
        """Let a role on a programme reach its locations: the one place that says so."""
        from programmes.models.permission import LocationUserPermission, ProgrammeUserPermission

        through_programme = granted_on(ProgrammeUserPermission, user, permission)
        return granted_on(LocationUserPermission, user, permission).united(
            through_programme.leading_to(Location, "programme")
        )


@tracked()
class Location(Record):
    """A town in which the programme runs its eight steps."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="locations")
    slug = models.SlugField(_("address name"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    summary = models.TextField(_("why this location"), blank=True)
    area = models.OneToOneField(
        AreaDefinition,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="location",
        verbose_name=_("area"),
    )

    impersonal: ClassVar[tuple[str, ...]] = ("slug", "name", "summary")

    objects = LocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("location")
        ordering = ["name"]
        default_permissions = ()
        permissions = anchor_permissions()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the location's page."""
        return reverse("programmes:location-detail", args=[self.slug])


class TargetPlaceQuerySet(ScopedQuerySet):
    """Target places: as their location."""

    scope_paths = ("location",)


@tracked()
class TargetPlace(Record):
    """A spot within a location on which work concentrates."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="target_places")
    slug = models.SlugField(_("address name"))
    name = models.CharField(_("name"), max_length=150)
    summary = models.TextField(_("why this place"), blank=True)
    area = models.OneToOneField(
        AreaDefinition,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="target_place",
        verbose_name=_("area"),
    )

    impersonal: ClassVar[tuple[str, ...]] = ("slug", "name", "summary")

    objects = TargetPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("target place")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["location", "slug"], name="one_place_slug_a_location")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the target place's page under its location."""
        return reverse("programmes:place-detail", args=[self.location.slug, self.slug])
