"""What was done on the steps of a town, told to the services day by day.

The services check each record as they would a person's: the day it was done is the business
date while it is recorded, so the gates see the town as it stood on that day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from core import clock
from demo.content import EvidenceEntry, LocationEntry, ProgrammeEntry, StepEntry
from demo.loading.programmes import identity, user_of
from programmes import services
from programmes.models import Evidence, EvidenceWanted, Location, StepRecord

SIGNER = {"west-mercia": "leader", "redditch": "neighbour-manager"}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: on a day, in an order within the day."""

    on: dt.date
    order: int
    step: int
    happen: Callable[[], object]


def are_there(entry: LocationEntry) -> bool:
    """Say whether a town's records were loaded (all of them, in one transaction)."""
    return Evidence.objects.filter(step_record__location__slug=entry.slug).exists()


@transaction.atomic
def load(programme: ProgrammeEntry, entry: LocationEntry) -> int:
    """Record everything that was done in a town, in the order of its days.

    Returns how many events that were.
    """
    location = Location.objects.get(slug=entry.slug)
    records = {
        record.definition.number: record
        for record in StepRecord.objects.filter(location=location).select_related("definition")
    }
    events: list[Event] = []
    for step in programme.steps:
        events += _events(programme, entry, step, records[step.number])
    events.sort(key=lambda event: (event.on, event.order, event.step))
    for event in events:
        with clock.business_date(event.on):
            event.happen()
    return len(events)


def _events(
    programme: ProgrammeEntry, entry: LocationEntry, step: StepEntry, record: StepRecord
) -> list[Event]:
    by = user_of(entry.recorder)
    signer = user_of(SIGNER[programme.slug])
    events = [
        Event(day, 1, step.number, _recording(item, entry, record, day))
        for item in step.evidence
        if (day := item.done_on.get(entry.slug)) is not None
    ]
    if step.out_of_order_reason and events:
        first = min(event.on for event in events)
        events.append(
            Event(
                first,
                0,
                step.number,
                lambda: services.start_step(
                    record=record,
                    started_on=first,
                    by=by,
                    out_of_order_reason=step.out_of_order_reason,
                ),
            )
        )
    signed_on = step.signed_off.get(entry.slug)
    if signed_on is not None:
        events.append(
            Event(
                signed_on,
                2,
                step.number,
                lambda: services.sign_off(
                    record=record,
                    by=signer,
                    signed_on=signed_on,
                    statement=step.statement,
                    id=identity("sign-off", entry.slug, step.number),
                    demonstration=True,
                ),
            )
        )
    return events


def _recording(
    item: EvidenceEntry, entry: LocationEntry, record: StepRecord, day: dt.date
) -> Callable[[], object]:
    by = user_of(item.by or entry.recorder)
    wanted = None
    if item.wanted:
        wanted = EvidenceWanted.objects.get(step=record.definition, key=item.wanted)
    return lambda: services.record_evidence(
        record=record,
        wanted=wanted,
        title=item.title,
        note=item.note,
        done_on=day,
        by=by,
        id=identity("evidence", entry.slug, item.step, item.title),
        demonstration=True,
    )
