"""How steps stand, for one step or for every step of many locations, in the same few queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from programmes import registry
from programmes.choices import StepState, StepTiming
from programmes.counting import CountedRows, counted
from programmes.forecast import Forecast, Standing, forecasts
from programmes.models import Evidence, EvidenceWanted, Location, SignOff, StepRecord
from programmes.sharing import is_sensitive
from programmes.steps import label_of, look_of, reason_for, state_of, timing_of

NO_FORECAST = Forecast(None, None, 0, "")


@dataclass(frozen=True, slots=True)
class WantedEvidence:
    """One kind of evidence a step wants, and what is there for it.

    ``by_hand`` counts pieces recorded on the step, ``counted`` what a provider found elsewhere;
    ``url`` and ``words`` come from the ``provider`` (empty: no app counts this kind, people record
    it on the step).
    """

    id: UUID
    key: str
    label: str
    help_text: str
    required: bool
    by_hand: int
    counted: int = 0
    latest: dt.date | None = None
    url: str = ""
    words: str = ""
    provider: str = ""
    location_slug: str = ""

    @property
    def is_there(self) -> bool:
        """Whether anything stands for this kind."""
        return self.by_hand + self.counted > 0

    @property
    def see_permission(self) -> Permission:
        """What opening the counted records takes."""
        provider = registry.evidence_provider(self.provider)
        return getattr(provider, "see_permission", Permission.VIEW)

    @property
    def make(self) -> registry.NextRecord | None:
        """Where the next such record is made; None where it is recorded on the step itself."""
        return registry.next_record(self.provider, self.location_slug) if self.provider else None


@dataclass(frozen=True, slots=True)
class StepFacts:
    """How one step at one location stands on a day, and why.

    ``done`` of ``wanted`` are kinds of required evidence. ``look`` is the screen's status,
    ``look_label`` its wording where it differs from the screen's own; ``reason_short`` fits a cell,
    ``reason`` is a sentence. ``out_of_order_reason`` is empty for work in order. ``forecast`` says
    in which week it is likely to be done (programmes.forecast).
    """

    record_id: UUID
    location_id: UUID
    location_slug: str
    location_name: str
    number: int
    name: str
    planned_start: dt.date
    planned_end: dt.date
    started_on: dt.date | None
    state: StepState
    timing: StepTiming
    done: int
    wanted: int
    look: str
    look_label: str
    reason_short: str
    reason: str
    out_of_order_reason: str
    signed_on: dt.date | None
    signed_by: str
    is_demonstration: bool
    url: str
    forecast: Forecast
    evidence: tuple[WantedEvidence, ...] = field(repr=False)

    @property
    def is_signed_off(self) -> bool:
        """Whether a sign-off stands."""
        return self.state == StepState.SIGNED_OFF

    @property
    def is_begun(self) -> bool:
        """Whether any work is recorded."""
        return self.state != StepState.NOT_STARTED

    @property
    def is_late(self) -> bool:
        """Whether the planned end has passed without a sign-off."""
        return self.timing == StepTiming.LATE

    @property
    def missing(self) -> tuple[WantedEvidence, ...]:
        """Required kinds of which nothing is there."""
        return tuple(w for w in self.evidence if w.required and not w.is_there)


def facts_for(
    locations: Iterable[Location], *, on: dt.date | None = None
) -> dict[UUID, list[StepFacts]]:
    """Return the steps of each location in their order, keyed by the location's id.

    ``on`` is the day against which timing is judged (today by default). Four queries, and those of
    each registered provider that these steps name and of what holds steps up.
    """
    places = list(locations)
    on = on or clock.today()
    steps = sorted(
        StepRecord.objects.filter(location__in=places).select_related(
            "definition", "location__programme"
        ),
        key=lambda row: row.definition.number,
    )
    ids = [row.pk for row in steps]
    wanted = _wanted({row.definition_id for row in steps})
    recorded = _recorded(ids)
    signed = {
        row.step_record_id: row
        for row in SignOff.objects.filter(
            step_record__in=ids, reopened_on__isnull=True
        ).select_related("signed_by")
    }
    counted = _counted(places, wanted)
    evidence = {
        row.pk: tuple(
            _one(kind, recorded.get(row.pk, {}), counted, row.location)
            for kind in wanted.get(row.definition_id, [])
        )
        for row in steps
    }
    facts: dict[UUID, list[StepFacts]] = {place.pk: [] for place in places}
    for row in steps:
        facts[row.location_id].append(
            _facts(
                row,
                evidence[row.pk],
                signed=signed.get(row.pk),
                recorded=row.pk in recorded,
                on=on,
            )
        )
    holds = registry.step_holds(places, on)
    starts = {row.location_id: row.location.programme.starts_on for row in steps}
    return {
        pk: _forecast(found, starts_on=starts[pk], holds=holds, on=on) if found else []
        for pk, found in facts.items()
    }


def facts_of(record: StepRecord, *, on: dt.date | None = None) -> StepFacts:
    """Return how one step stands; the steps before it are read too, for its forecast."""
    steps = facts_for([record.location], on=on)[record.location_id]
    return next(step for step in steps if step.record_id == record.pk)


def _forecast(
    steps: list[StepFacts],
    *,
    starts_on: dt.date,
    holds: Mapping[UUID, registry.StepHold],
    on: dt.date,
) -> list[StepFacts]:
    """Return the steps of one location with the forecast of each."""
    none = registry.StepHold(0, 0)
    standings = [
        Standing(
            state=step.state,
            planned_start=step.planned_start,
            planned_end=step.planned_end,
            began_on=step.started_on,
            done=step.done,
            wanted=step.wanted,
            overdue_days=holds.get(step.record_id, none).days,
            overdue=holds.get(step.record_id, none).count,
            out_of_order=bool(step.out_of_order_reason),
        )
        for step in steps
    ]
    numbers = [step.number for step in steps]
    found = forecasts(standings, starts_on=starts_on, on=on, numbers=numbers)
    return [replace(step, forecast=one) for step, one in zip(steps, found, strict=True)]


def _wanted(definitions: set[UUID]) -> dict[UUID, list[EvidenceWanted]]:
    found: dict[UUID, list[EvidenceWanted]] = defaultdict(list)
    for row in EvidenceWanted.objects.filter(step__in=definitions).order_by("order", "key"):
        found[row.step_id].append(row)
    return found


def _recorded(records: list[UUID]) -> dict[UUID, dict[UUID | None, tuple[int, dt.date]]]:
    """Count standing evidence by step and kind, with the newest date."""
    found: dict[UUID, dict[UUID | None, tuple[int, dt.date]]] = defaultdict(dict)
    rows = (
        Evidence.objects.filter(step_record__in=records, withdrawn_on__isnull=True)
        .order_by()
        .values_list("step_record", "wanted")
        .annotate(count=Count("pk"), latest=Max("done_on"))
    )
    for step, kind, count, latest in rows:
        found[step][kind] = (count, latest)
    return found


def _counted(
    places: Sequence[Location], wanted: Mapping[UUID, list[EvidenceWanted]]
) -> dict[str, Mapping[UUID, registry.EvidenceCount]]:
    """Ask each provider that these steps name, once for all locations; most in one query."""
    named = {row.provider for rows in wanted.values() for row in rows if row.provider}
    providers = [registry.evidence_provider(key) for key in sorted(named)]
    rows = [one for one in providers if isinstance(one, CountedRows)]
    others = [one for one in providers if one is not None and not isinstance(one, CountedRows)]
    found: dict[str, Mapping[UUID, registry.EvidenceCount]] = {**counted(rows, places)}
    return found | {one.key: one.counts(places) for one in others}


def _facts(
    row: StepRecord,
    evidence: tuple[WantedEvidence, ...],
    *,
    signed: SignOff | None,
    recorded: bool,
    on: dt.date,
) -> StepFacts:
    location: Any = row.location
    required = [kind for kind in evidence if kind.required]
    done = sum(kind.is_there for kind in required)
    state = state_of(
        signed_off=signed is not None,
        started=row.started_on is not None,
        has_evidence=recorded or any(kind.is_there for kind in evidence),
        done=done,
        wanted=len(required),
    )
    timing = timing_of(
        state=state, planned_start=row.planned_start, planned_end=row.planned_end, on=on
    )
    look = look_of(state=state, timing=timing, planned_start=row.planned_start, on=on)
    reason = reason_for(
        look=look,
        done=done,
        wanted=len(required),
        planned_start=row.planned_start,
        planned_end=row.planned_end,
        on=on,
        signed_on=signed.signed_on if signed else None,
        signed_by=signed.signed_by if signed else "",
    )
    return StepFacts(
        record_id=row.pk,
        location_id=row.location_id,
        location_slug=location.slug,
        location_name=location.name,
        number=row.definition.number,
        name=row.definition.name,
        planned_start=row.planned_start,
        planned_end=row.planned_end,
        started_on=row.started_on,
        state=state,
        timing=timing,
        done=done,
        wanted=len(required),
        look=look,
        look_label=label_of(look),
        reason_short=reason.short,
        reason=reason.full,
        out_of_order_reason=reason_words(row),
        signed_on=signed.signed_on if signed else None,
        signed_by=str(signed.signed_by) if signed else "",
        is_demonstration=row.is_demonstration,
        url=row.get_absolute_url(),
        forecast=NO_FORECAST,
        evidence=evidence,
    )


def reason_words(record: StepRecord) -> str:
    """Return why a step was out of order; what is marked stays on the step's own page."""
    if record.out_of_order_reason and is_sensitive(record):
        return _("The reason is marked OFFICIAL-SENSITIVE.")
    return record.out_of_order_reason


def _one(
    kind: EvidenceWanted,
    recorded: Mapping[UUID | None, tuple[int, dt.date]],
    counted: Mapping[str, Mapping[UUID, registry.EvidenceCount]],
    location: Location,
) -> WantedEvidence:
    by_hand, latest = recorded.get(kind.pk, (0, None))
    found = counted.get(kind.provider, {}).get(location.pk)
    dates = [date for date in (latest, found.latest if found else None) if date is not None]
    return WantedEvidence(
        id=kind.pk,
        key=kind.key,
        label=kind.label,
        help_text=kind.help_text,
        required=kind.required,
        by_hand=by_hand,
        counted=found.count if found else 0,
        latest=max(dates) if dates else None,
        url=found.url if found else "",
        words=found.words if found else "",
        provider=kind.provider if kind.provider in counted else "",
        location_slug=location.slug,
    )
