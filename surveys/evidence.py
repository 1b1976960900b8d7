"""Survey waves as evidence of a step: counted by themselves, never typed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from programmes.models import Location
from programmes.registry import EvidenceCount
from surveys.choices import WaveState


def _finished(locations: Sequence[Location]) -> dict[UUID, list[Any]]:
    """Return the finished waves of each location, with nobody's answers; one query."""
    from surveys.models import Wave

    on = clock.today()
    found: dict[UUID, list[Any]] = defaultdict(list)
    rows = Wave.objects.filter(survey__location__in=[one.pk for one in locations])
    for wave in rows.select_related("survey").defer("wording").order_by("closes_on"):
        if wave.state_on(on) == WaveState.FINISHED:
            found[wave.survey.location_id].append(wave)
    return found


def _url(location: Location) -> str:
    return reverse("surveys:survey-list", args=[location.slug])


class WaveEvidence:
    """Counts the finished survey waves of each location."""

    key = "survey-waves"
    at_a_glance = True

    def counts(self, locations: Sequence[Location]) -> Mapping[UUID, EvidenceCount]:
        """Return what stands at each location; one query."""
        found = _finished(locations)
        return {
            location.pk: EvidenceCount(
                len(waves),
                max(wave.closes_on for wave in waves),
                _url(location),
                ngettext("%(count)d survey wave", "%(count)d survey waves", len(waves))
                % {"count": len(waves)},
            )
            for location in locations
            if (waves := found.get(location.pk))
        }


class BeforeAfterEvidence:
    """Counts the surveys of each location that were asked at least twice: before and after."""

    key = "before-after-survey"

    def counts(self, locations: Sequence[Location]) -> Mapping[UUID, EvidenceCount]:
        """Return what stands at each location; one query."""
        counted: dict[UUID, EvidenceCount] = {}
        found = _finished(locations)
        for location in locations:
            days: dict[UUID, list[dt.date]] = defaultdict(list)
            for wave in found.get(location.pk, []):
                days[wave.survey_id].append(wave.closes_on)
            twice = [max(one) for one in days.values() if len(one) > 1]
            if twice:
                words = _("asked before and after, in the same survey")
                counted[location.pk] = EvidenceCount(len(twice), max(twice), _url(location), words)
        return counted
