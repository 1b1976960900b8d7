"""A problem: similar harmful events that keep coming back, and who says so."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.scoping import ScopedQuerySet
from accounts.sharing import Category
from core.choices import Marking
from core.history import tracked
from core.models import Record
from core.personal import Personal
from problems.choices import Outcome, ProblemState
from programmes.models import Location, TargetPlace
from programmes.sharing import covered_rows

CHEERS = ("community", "harm", "expectation", "events", "recurring", "similarity")
"""The six tests of a problem, in the order of their initials (Clarke and Eck, step 14)."""


def unless_sensitive(user: Any) -> Q:
    """Return the condition that a row is not marked, or that its agency's notes are open."""
    opened = covered_rows(
        user,
        Category.SENSITIVE_NOTES,
        owner_path="agency",
        programme_path="location__programme",
        recorder_path="recorded_by",
    )
    return ~Q(marking=Marking.OFFICIAL_SENSITIVE) | opened


class SensitiveQuerySet(ScopedQuerySet):
    """As the location; what is OFFICIAL-SENSITIVE only for whom an agreement covers."""

    scope_paths = ("location",)

    def granted(self, user: Any, permission: str) -> Q:
        """As the location, and not withheld."""
        return super().granted(user, permission) & unless_sensitive(user)


class ProblemQuerySet(SensitiveQuerySet):
    """Problems: as their location; marked ones as far as sensitive notes are shared."""


@tracked()
class Problem(Record):
    """What happens again and again, where, and who is harmed.

    The six tests of CHEERS are answered yes or no (None: not answered) with words beside each.
    ``agency`` is whose information it is.
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="problems")
    target_place = models.ForeignKey(
        TargetPlace,
        verbose_name=_("target place"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="problems",
    )
    title = models.CharField(_("the problem in a few words"), max_length=150)
    what = models.TextField(_("what happens"))
    where = models.TextField(_("where"), blank=True)
    who_harmed = models.TextField(_("who is harmed, and how"), blank=True)
    cheers_community = models.BooleanField(_("community"), null=True, blank=True)
    cheers_community_words = models.TextField(_("who in the community"), blank=True)
    cheers_harm = models.BooleanField(_("harm"), null=True, blank=True)
    cheers_harm_words = models.TextField(_("which harm"), blank=True)
    cheers_expectation = models.BooleanField(_("expectation"), null=True, blank=True)
    cheers_expectation_words = models.TextField(_("who expects what"), blank=True)
    cheers_events = models.BooleanField(_("events"), null=True, blank=True)
    cheers_events_words = models.TextField(_("which events"), blank=True)
    cheers_recurring = models.BooleanField(_("recurring"), null=True, blank=True)
    cheers_recurring_words = models.TextField(_("how often"), blank=True)
    cheers_similarity = models.BooleanField(_("similarity"), null=True, blank=True)
    cheers_similarity_words = models.TextField(_("what they have in common"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ProblemState.choices, default=ProblemState.OPEN
    )
    opened_on = models.DateField(_("opened on"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who leads the work"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    outcome = models.CharField(
        _("how it ended"), max_length=12, choices=Outcome.choices, blank=True
    )
    closing_words = models.TextField(_("what we learned"), blank=True)
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
        "what": Personal.FREE_TEXT,
        "where": Personal.FREE_TEXT,
        "who_harmed": Personal.FREE_TEXT,
        **{f"cheers_{test}_words": Personal.FREE_TEXT for test in CHEERS},
        "owner": Personal.AUTHOR,
        "closing_words": Personal.FREE_TEXT,
        "recorded_by": Personal.AUTHOR,
    }

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem")
        ordering = ["-opened_on", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page: where the plan stands."""
        return reverse("problems:problem-detail", args=[self.location.slug, self.pk])

    @property
    def unmet(self) -> list[str]:
        """The tests of CHEERS that are not answered with yes."""
        return [test for test in CHEERS if getattr(self, f"cheers_{test}") is not True]
