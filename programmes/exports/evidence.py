"""The evidence register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.choices import Marking
from core.exports import Column, Export
from core.personal import Personal
from programmes.exports.common import (
    DATE,
    NUMBER,
    SCOPES,
    YES_NO,
    locations_in,
    programme_of,
    sees_personal,
)
from programmes.models import Evidence
from programmes.sharing import opens_evidence, shared_with


def _may_evidence(user: Any, scope: Any) -> Callable[[Any], bool]:
    shared, personal = shared_with(user, programme_of(scope)), sees_personal(user, scope)
    return lambda row: personal and opens_evidence(shared, row)


EVIDENCE = Export(
    key="programmes.evidence",
    title=_("Evidence register"),
    description=_("What was recorded on the steps, when and by whom; without notes and files."),
    model=Evidence,
    scopes=SCOPES,
    permissions=(Permission.EXPORT,),
    queryset=lambda user, scope: (
        Evidence.objects.filter(step_record__location__in=locations_in(user, scope))
        .select_related(
            "step_record__location",
            "step_record__definition",
            "wanted",
            "recorded_by",
            "agency",
        )
        .order_by("done_on", "created_at", "pk")
    ),
    may_sensitive=_may_evidence,
    date="done_on",
    date_label=_("done on"),
    order=30,
    columns=(
        Column(
            key="location",
            title=_("Location"),
            description=_("The town."),
            value="step_record.location.name",
        ),
        Column(
            key="step",
            title=_("Step"),
            description=_("The step's number."),
            type=NUMBER,
            value="step_record.definition.number",
        ),
        Column(
            key="wanted",
            title=_("What it shows"),
            description=_("The kind of evidence; empty for anything else worth keeping."),
            value="wanted.label",
        ),
        Column(
            key="title",
            title=_("Title"),
            description=_("What the recorder called it."),
            personal=Personal.FREE_TEXT,
        ),
        Column(
            key="done_on",
            title=_("Done on"),
            description=_("The day on which it was done."),
            type=DATE,
        ),
        Column(
            key="recorded_by",
            title=_("Recorded by"),
            description=_("Who recorded it."),
            personal=Personal.AUTHOR,
        ),
        Column(
            key="agency",
            title=_("Whose information"),
            description=_("The agency it belongs to; empty: the lead agency's."),
            value="agency.name",
        ),
        Column(
            key="withdrawn_on",
            title=_("Withdrawn on"),
            description=_("When it was withdrawn; empty while it counts."),
            type=DATE,
        ),
        Column(
            key="marking",
            title=_("Marking"),
            description=_("Security marking of the record."),
            value="get_marking_display",
            choices=[(label, label) for label in Marking.labels],
        ),
        Column(
            key="demonstration",
            title=_("Invented"),
            description=_("Whether the record is invented for demonstration."),
            type=YES_NO,
            value="is_demonstration",
        ),
    ),
)
