"""The list of steps."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.exports import Column, Export
from core.personal import Personal
from programmes.exports.common import DATE, NUMBER, SCOPES, YES_NO, locations_in
from programmes.models import StepRecord
from programmes.selectors.facts import StepFacts, facts_for


def _facts(rows: list[StepRecord]) -> Iterable[StepFacts]:
    places = {row.location_id: row.location for row in rows}
    facts = {one.record_id: one for found in facts_for(places.values()).values() for one in found}
    return (facts[row.pk] for row in rows)


STEPS = Export(
    key="programmes.steps",
    title=_("Steps"),
    description=_("Every step with its plan, when it began, how it stands and who signed it off."),
    model=StepRecord,
    scopes=SCOPES,
    permissions=(Permission.EXPORT,),
    queryset=lambda user, scope: (
        StepRecord.objects.filter(location__in=locations_in(user, scope))
        .select_related("location__programme", "definition")
        .order_by("location__name", "location", "definition__number")
    ),
    prepare=_facts,
    marking=lambda row: "",  # how a step stands is open; its notes are not in the list
    date="planned_end",
    date_label=_("planned end"),
    order=20,
    columns=(
        Column(
            key="location",
            title=_("Location"),
            description=_("The town."),
            value="location_name",
        ),
        Column(key="number", title=_("Step"), description=_("The step's number."), type=NUMBER),
        Column(key="name", title=_("Name"), description=_("What the step is called.")),
        Column(
            key="planned_start",
            title=_("Planned start"),
            description=_("First planned day."),
            type=DATE,
        ),
        Column(
            key="planned_end",
            title=_("Planned end"),
            description=_("Last planned day."),
            type=DATE,
        ),
        Column(
            key="started_on",
            title=_("Started on"),
            description=_("When work began; empty if it has not."),
            type=DATE,
        ),
        Column(
            key="standing",
            title=_("Standing"),
            description=_("How it stands on the business date."),
            value=lambda row: f"{row.reason_short}",
        ),
        Column(
            key="done",
            title=_("Evidence in place"),
            description=_("Kinds of required evidence that are there."),
            type=NUMBER,
        ),
        Column(
            key="wanted",
            title=_("Evidence wanted"),
            description=_("Kinds of evidence required for the sign-off."),
            type=NUMBER,
        ),
        Column(
            key="late",
            title=_("Late"),
            description=_("Whether the planned end has passed without a sign-off."),
            type=YES_NO,
            value="is_late",
        ),
        Column(
            key="forecast_week",
            title=_("Forecast week"),
            description=_("Week of the programme in which it is likely to be done; empty if none."),
            type=NUMBER,
            value="forecast.week",
        ),
        Column(
            key="signed_on",
            title=_("Signed off on"),
            description=_("The day of the sign-off that stands."),
            type=DATE,
        ),
        Column(
            key="signed_by",
            title=_("Signed off by"),
            description=_("Who signed it off."),
            personal=Personal.AUTHOR,
        ),
        Column(
            key="out_of_order",
            title=_("Why out of order"),
            description=_("The reason kept where work went ahead of an earlier step."),
            value="out_of_order_reason",
            personal=Personal.FREE_TEXT,
        ),
        Column(
            key="demonstration",
            title=_("Invented"),
            description=_("Whether its dates are invented for demonstration."),
            type=YES_NO,
            value="is_demonstration",
        ),
    ),
)
