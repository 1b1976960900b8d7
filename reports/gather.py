"""Read what a report says, as it stood on its day, by effective dates."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from core import clock
from core.choices import Marking
from core.errors import Refused
from core.marking import handling_of, highest
from core.statuses import status_look
from incidents.packages.series import asb_series
from incidents.selectors import source_of
from programmes import registry
from programmes.models import Evidence, EvidenceWanted, Location, Programme, SignOff, StepRecord
from programmes.selectors.facts import reason_words
from programmes.steps import label_of, look_of, reason_for, state_of, timing_of
from reports.annex import AnnexFigures, gather_annex
from reports.figures import (
    AsbMonth,
    AsbSeries,
    Delivered,
    Event,
    LocationPart,
    ReportFigures,
    StepLine,
)
from reports.quarters import Quarter
from reports.words import narrative_of
from reports.work import evaluations_of, perceptions_of, work_of


def gather(*, subject: Location | Programme, quarter: Quarter) -> ReportFigures:
    """Return the figures of a location's or a programme's quarter, as ``gather_all`` does."""
    return gather_all(subject=subject, quarter=quarter)[0]


def gather_all(
    *, subject: Location | Programme, quarter: Quarter, edition: int | None = None
) -> tuple[ReportFigures, AnnexFigures | None]:
    """Return the figures of a quarter, and what is sensitive in it (None: nothing).

    A quarter that is not over is reported up to the business date. ``edition`` asks for the words
    of that approved edition, None for those that stand now. Raises Refused for a quarter that has
    not begun, and for an edition that is not approved.
    """
    today = clock.today()
    if quarter.first_day > today:
        raise Refused(_("%(quarter)s has not begun yet.") % {"quarter": quarter.words})
    as_at = min(quarter.last_day, today)
    programme = subject if isinstance(subject, Programme) else subject.programme
    locations = (
        list(subject.locations.select_related("programme", "area").order_by("name"))
        if isinstance(subject, Programme)
        else [subject]
    )
    records = list(StepRecord.objects.filter(location__in=locations).select_related("definition"))
    evidence = _evidence(locations, as_at)
    annex = gather_annex(
        subject=subject,
        quarter=quarter,
        as_at=as_at,
        locations=locations,
        evidence=evidence,
        records=records,
    )
    parts = _parts(locations, quarter, as_at, records=records, evidence=evidence)
    source = source_of()
    marked = [(one.marking, one.handling) for one in (subject, *locations)]
    figures = ReportFigures(
        kind="programme" if isinstance(subject, Programme) else "location",
        slug=subject.slug,
        name=subject.name,
        programme=programme.name,
        steps_source=str(programme.template),
        week=programme.week_of(as_at),
        weeks=programme.weeks,
        quarter=str(quarter),
        as_at=as_at,
        is_demonstration=programme.is_demonstration or subject.is_demonstration,
        marking=str(highest(marking for marking, _handling in marked).label),
        handling=handling_of(marked) or subject.handling,
        locations=parts,
        attribution=(source.attribution,) if source else (),
        annex=annex.fingerprint if annex else "",
        narrative=narrative_of(subject, quarter, edition=edition),
    )
    return figures, annex


def _parts(
    locations: Sequence[Location],
    quarter: Quarter,
    as_at: dt.date,
    *,
    records: Sequence[StepRecord],
    evidence: Sequence[Evidence],
) -> tuple[LocationPart, ...]:
    steps_of = defaultdict(list)
    for record in records:
        steps_of[record.location_id].append(record)
    signed = list(
        SignOff.objects.filter(step_record__location__in=locations, signed_on__lte=as_at)
        .select_related("step_record__definition")
        .order_by("signed_on", "created_at")
    )
    wanted = defaultdict(list)
    for kind in EvidenceWanted.objects.filter(
        step__records__location__in=locations, required=True
    ).distinct():
        wanted[kind.step_id].append(kind)
    counted = _counted(locations, wanted, as_at)
    work = work_of(locations, quarter.first_day, as_at)
    parts = []
    for location in locations:
        steps = tuple(
            _step(
                record,
                evidence=evidence,
                signed=signed,
                wanted=wanted[record.definition_id],
                counted=counted,
                as_at=as_at,
            )
            for record in sorted(steps_of[location.pk], key=lambda r: r.definition.number)
        )
        pieces = [
            row
            for row in evidence
            if row.step_record.location_id == location.pk and row.done_on >= quarter.first_day
        ]
        open_pieces = [row for row in pieces if row.marking == Marking.OFFICIAL]
        parts.append(
            LocationPart(
                slug=location.slug,
                name=location.name,
                is_demonstration=location.is_demonstration,
                steps=steps,
                delivered=tuple(
                    Delivered(
                        row.done_on,
                        row.step_record.definition.number,
                        row.wanted.label if row.wanted else "",
                        row.title,
                        row.is_demonstration,
                    )
                    for row in open_pieces
                ),
                withheld=len(pieces) - len(open_pieces),
                events=_events(location, signed, quarter, as_at),
                next_steps=_next(steps, quarter),
                asb=asb_of(location, quarter, as_at),
                work=work[location.pk],
                perceptions=perceptions_of(location, as_at),
                evaluations=evaluations_of(location, as_at),
            )
        )
    return tuple(parts)


def _evidence(locations: Sequence[Location], as_at: dt.date) -> list[Evidence]:
    """Return the evidence that stood on the day, oldest first."""
    rows = Evidence.objects.filter(
        step_record__location__in=locations, done_on__lte=as_at
    ).select_related("step_record__definition", "wanted", "file")
    standing = [row for row in rows if row.withdrawn_on is None or row.withdrawn_on > as_at]
    return sorted(standing, key=lambda r: (r.done_on, r.step_record.definition.number, r.title))


def _counted(
    locations: Sequence[Location], wanted: dict[UUID, list[EvidenceWanted]], as_at: dt.date
) -> set[tuple[str, UUID]]:
    """Return (provider, location) where records of other apps stand as evidence on the day.

    A provider tells the day of its newest record only: evidence whose newest lies after the day is
    left out rather than dated back.
    """
    found = set()
    for key in sorted({kind.provider for rows in wanted.values() for kind in rows} - {""}):
        provider = registry.evidence_provider(key)
        if provider is None:
            continue
        for location_id, count in provider.counts(locations).items():
            if count.count and (count.latest is None or count.latest <= as_at):
                found.add((key, location_id))
    return found


def _step(
    record: Any,
    *,
    evidence: Sequence[Evidence],
    signed: Sequence[SignOff],
    wanted: Sequence[EvidenceWanted],
    counted: set[tuple[str, UUID]],
    as_at: dt.date,
) -> StepLine:
    own = [row for row in evidence if row.step_record_id == record.pk]
    kinds = {row.wanted_id for row in own}
    done = sum(
        kind.pk in kinds or (kind.provider, record.location_id) in counted for kind in wanted
    )
    standing = next(
        (
            row
            for row in signed
            if row.step_record_id == record.pk
            and (row.reopened_on is None or row.reopened_on > as_at)
        ),
        None,
    )
    started = record.started_on is not None and record.started_on <= as_at
    state = state_of(
        signed_off=standing is not None,
        started=started,
        has_evidence=bool(own or done),
        done=done,
        wanted=len(wanted),
    )
    timing = timing_of(
        state=state, planned_start=record.planned_start, planned_end=record.planned_end, on=as_at
    )
    look = look_of(state=state, timing=timing, planned_start=record.planned_start, on=as_at)
    reason = (
        reason_for(
            look=look,
            done=done,
            wanted=len(wanted),
            planned_start=record.planned_start,
            planned_end=record.planned_end,
            on=as_at,
            signed_on=None,
            signed_by="",
        ).full
        if standing is None
        else ""
    )
    out_of_order = bool(
        record.out_of_order_reason
        and (record.out_of_order_on is None or record.out_of_order_on <= as_at)
    )
    return StepLine(
        number=record.definition.number,
        name=record.definition.name,
        status=str(look),
        status_words=str(label_of(look) or status_look(look).label),
        colour=status_look(look).colour,
        reason=reason,
        planned_start=record.planned_start,
        planned_end=record.planned_end,
        done=done,
        wanted=len(wanted),
        signed_on=standing.signed_on if standing else None,
        out_of_order_reason=reason_words(record) if out_of_order else "",
    )


def _events(
    location: Location, signed: Sequence[SignOff], quarter: Quarter, as_at: dt.date
) -> tuple[Event, ...]:
    events = []
    for row in signed:
        if row.step_record.location_id != location.pk:
            continue
        step = row.step_record.definition
        if row.signed_on >= quarter.first_day:
            events.append(Event(row.signed_on, step.number, step.name, _("Signed off")))
        if row.reopened_on and quarter.first_day <= row.reopened_on <= as_at:
            events.append(Event(row.reopened_on, step.number, step.name, _("Opened again")))
    return tuple(sorted(events, key=lambda event: (event.on, event.step)))


def _next(steps: Sequence[StepLine], quarter: Quarter) -> tuple[StepLine, ...]:
    """Return the steps that are planned to be worked on in the next quarter."""
    after = quarter.next
    return tuple(
        step
        for step in steps
        if step.status != "signed_off" and step.planned_start <= after.last_day
    )


def asb_of(location: Location, quarter: Quarter, as_at: dt.date) -> AsbSeries:
    """Return the reports of ASB at a location up to a day of a quarter, as reports print them."""
    nothing = AsbSeries((), None, 0, "too_early", "", "", "")
    if location.area is None:
        return _refused(nothing, _("The location has no area yet, so nothing can be counted."))
    try:
        series = asb_series(
            location=location, first_month=quarter.first_day, last_month=as_at.replace(day=1)
        )
    except Refused as error:
        return _refused(nothing, str(error))
    months = {row.month: row.count for row in series.months}
    own = [m for m in months if m >= f"{quarter.first_day:%Y-%m}" and months[m] is not None]
    return AsbSeries(
        months=tuple(AsbMonth(row.month, row.count, row.status) for row in series.months),
        quarter=sum(months[m] or 0 for m in own) if own else None,
        held=len(own),
        status=series.change.status,
        words=series.words,
        area_words=series.area_words,
        refused="",
    )


def _refused(nothing: AsbSeries, reason: str) -> AsbSeries:
    return AsbSeries(
        nothing.months,
        nothing.quarter,
        nothing.held,
        nothing.status,
        nothing.words,
        nothing.area_words,
        reason,
    )
