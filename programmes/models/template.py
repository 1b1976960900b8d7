"""Steps are data: versioned templates of the method's eight steps."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import Record


class StepTemplateQuerySet(ScopedQuerySet):
    """Step templates: everyone who is signed in may read them, nobody changes them."""

    def visible_to(self, user: Any, permission: str = Permission.VIEW) -> Any:
        """Return all to read, none for anything else."""
        known = user is not None and user.is_authenticated and user.is_active
        return self.all() if known and permission == Permission.VIEW else self.none()

    def newest(self) -> Any:
        """Return the newest edition of each list, for whoever begins something."""
        newest = self.model._default_manager.order_by("slug", "-edition").distinct("slug")
        return self.filter(pk__in=newest.values("pk"))


@tracked()
class StepTemplate(Record):
    """A version of the method's list of steps; a programme keeps the version it began with."""

    slug = models.SlugField()
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    name = models.CharField(_("name"), max_length=150)
    source = models.TextField(_("source"), blank=True)

    impersonal: ClassVar[tuple[str, ...]] = ("slug", "name", "source")

    objects = StepTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("step template")
        ordering = ["name", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "edition"], name="one_template_per_edition")
        ]

    def __str__(self) -> str:
        return f"{self.name} (edition {self.edition})"


@tracked()
class StepDefinition(Record):
    """One step of a template: its question, what it delivers, who leads, and when it is planned.

    Weeks count from the programme's start; week 1 begins on that day.
    """

    template = models.ForeignKey(StepTemplate, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=150)
    question = models.TextField(_("guiding question"), blank=True)
    guidance = models.TextField(_("what to do"), blank=True)
    deliverables = models.JSONField(_("deliverables"), default=list)
    lead = models.CharField(_("lead"), max_length=150, blank=True)
    first_week = models.PositiveSmallIntegerField(_("planned from week"))
    last_week = models.PositiveSmallIntegerField(_("planned to week"))

    impersonal: ClassVar[tuple[str, ...]] = ("name", "question", "guidance", "deliverables", "lead")

    class Meta:
        verbose_name = _("step")
        ordering = ["template", "number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="one_step_per_number"),
            models.CheckConstraint(
                condition=models.Q(last_week__gte=models.F("first_week")), name="weeks_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


@tracked()
class EvidenceWanted(Record):
    """One kind of evidence that shows a step to be done.

    ``provider`` names a registered evidence provider that can count it from other records; blank
    where people record it by hand.
    """

    step = models.ForeignKey(
        StepDefinition, on_delete=models.CASCADE, related_name="evidence_wanted"
    )
    key = models.SlugField()
    label = models.CharField(_("evidence"), max_length=200)
    help_text = models.TextField(_("help"), blank=True)
    required = models.BooleanField(_("required for sign-off"), default=True)
    provider = models.CharField(max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    impersonal: ClassVar[tuple[str, ...]] = ("key", "label", "help_text", "provider")

    class Meta:
        verbose_name = _("evidence wanted")
        ordering = ["step", "order"]
        constraints = [
            models.UniqueConstraint(fields=["step", "key"], name="evidence_key_once_a_step")
        ]

    def __str__(self) -> str:
        return self.label
