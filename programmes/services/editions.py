"""Moving a programme to a newer edition of its steps, keeping everything that was recorded."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.errors import Refused
from core.history import because
from programmes import policy
from programmes.models import (
    Evidence,
    Location,
    Programme,
    StepDefinition,
    StepRecord,
    StepTemplate,
)
from programmes.selectors.editions import kinds_of
from programmes.steps import numbers_words, planned_dates


@transaction.atomic
def move_to_edition(*, programme: Programme, template: StepTemplate, by: Any) -> Programme:
    """Let a programme follow a newer edition of its own steps, in all of its locations.

    Dates, notes, reasons, sign-offs and every piece of evidence stay; a piece stands for the kind
    with the same key of the same step, or as other evidence where the edition asks for it no more.
    A step signed off stays so, whatever the edition asks for besides. Steps that are new get a
    record with planned dates. Moving to where it is changes nothing. Raises
    core.errors.NotAllowed, Refused (another list of steps, an older edition, one without a step
    that the programme has).
    """
    policy.require(by, Permission.PROGRAMME_MANAGE, programme)
    stored = (
        Programme.objects.select_for_update(of=("self",))
        .select_related("template")
        .get(pk=programme.pk)
    )
    if stored.template_id == template.pk:
        return stored
    _refuse_other(stored.template, template)
    new_steps = {row.number: row for row in template.steps.all()}
    records = list(
        StepRecord.objects.select_for_update(of=("self",))
        .filter(location__programme=stored)
        .select_related("definition")
    )
    lacking = sorted({row.definition.number for row in records} - set(new_steps))
    if lacking:
        raise Refused(
            _("%(edition)s has no %(steps)s, which this programme works on.")
            % {"edition": template, "steps": numbers_words(lacking)}
        )
    with because(by=by, reason=str(_("%(edition)s of the steps") % {"edition": template})):
        _move_evidence(stored, template)
        for number in sorted({row.definition.number for row in records}):
            StepRecord.objects.filter(location__programme=stored, definition__number=number).update(
                definition=new_steps[number],
                version=F("version") + 1,
                updated_at=clock.now(),
            )
        _add_steps(stored, new_steps, {row.definition.number for row in records})
        stored.template = template
        stored.version += 1
        stored.save(update_fields=["template", "version", "updated_at"])
    return stored


def _refuse_other(old: StepTemplate, new: StepTemplate) -> None:
    if old.slug != new.slug:
        raise Refused(
            _("A programme keeps its list of steps: %(name)s is another.") % {"name": new.name}
        )
    if new.edition < old.edition:
        raise Refused(_("A programme does not go back to an older edition of its steps."))


def _move_evidence(programme: Programme, template: StepTemplate) -> None:
    """Let each piece stand for the kind with the same key; withdrawn pieces too."""
    old, new = kinds_of(programme.template), kinds_of(template)
    for key, kind in old.items():
        Evidence.objects.filter(step_record__location__programme=programme, wanted=kind).update(
            wanted=new.get(key), version=F("version") + 1, updated_at=clock.now()
        )


def _add_steps(programme: Programme, steps: dict[int, StepDefinition], have: set[int]) -> None:
    added = [step for number, step in sorted(steps.items()) if number not in have]
    StepRecord.objects.bulk_create(
        StepRecord(
            location=location,
            definition=definition,
            planned_start=start,
            planned_end=end,
            is_demonstration=location.is_demonstration,
        )
        for location in Location.objects.filter(programme=programme)
        for definition in added
        for start, end in [
            planned_dates(programme.starts_on, definition.first_week, definition.last_week)
        ]
    )
