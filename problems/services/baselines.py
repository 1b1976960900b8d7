"""Setting what is compared with what, and locking it before the work begins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refused
from core.history import because
from places import services as places
from places.choices import DefinitionKind
from places.models import AreaDefinition
from places.selectors import codes_for_counting
from problems.choices import AreaRole, InterventionState, MeasureKind
from problems.evaluation.outlook import outlook_of
from problems.models import Baseline, EvaluationArea, Intervention
from problems.services.common import locked, require_open
from programmes.models import Location, TargetPlace
from programmes.selectors.lsoas import lsoas_by_code
from programmes.services.repeats import is_demonstration
from surveys.models import Survey


@dataclass(frozen=True, slots=True)
class Chosen:
    """An area that was chosen: a location, a target place or LSOA codes; exactly one."""

    location: Location | None = None
    target_place: TargetPlace | None = None
    codes: tuple[str, ...] = ()


@transaction.atomic
def set_baseline(
    *,
    intervention: Intervention,
    measure: str,
    before: tuple[dt.date, dt.date],
    after: tuple[dt.date, dt.date],
    areas: Mapping[str, Chosen],
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    version: int | None = None,
    success_words: str = "",
    survey: Survey | None = None,
    question: str = "",
    reason: str = "",
    demonstration: bool | None = None,
) -> Baseline:
    """Set what is compared, as long as it is not locked; ``version`` is that of what was seen.

    Months are given by any of their days. Where a version is locked already, another is begun,
    which needs ``reason``; so does the first one of an intervention that has begun. Raises
    core.errors.Conflict, NotAllowed, Refused (months in no order, no area, an area twice, one that
    may not be seen, no reason).
    """
    require_open(intervention.problem, by)
    stored = locked(intervention)
    first, last, then, end = (day.replace(day=1) for day in (*before, *after))
    if not first <= last < then <= end:
        raise Refused(_("The months before must come first, then the months after."))
    problem = stored.problem
    _check_measure(measure, survey, question, areas, problem.location)
    rows = stored.baselines.order_by("-number")
    newest = rows.first()
    current = newest if newest is not None and newest.locked_on is None else None
    needs_reason = newest is not None and (current is None or current.number > 1)
    needs_reason = needs_reason or stored.state != InterventionState.PLANNED
    if needs_reason and not reason.strip():
        raise Refused(
            _("Say why what is compared is set or changed now. It is said with every result.")
        )
    fields = {
        "measure": measure,
        "survey": survey,
        "question": question,
        "success_words": success_words.strip(),
        "before_first": first,
        "before_last": last,
        "after_first": then,
        "after_last": end,
        "reason": reason.strip(),
    }
    with because(by=by, reason=reason.strip()):
        if current is None:
            baseline = Baseline.objects.create(
                **({"pk": id} if id else {}),
                intervention=stored,
                number=(newest.number if newest else 0) + 1,
                is_demonstration=is_demonstration(demonstration),
                **fields,
            )
        else:
            baseline = locked(current)
            for name, value in fields.items():
                setattr(baseline, name, value)
            baseline.save_version(baseline.version if version is None else version)
            baseline.areas.all().delete()
        for role, chosen in areas.items():
            _keep_area(baseline, role, chosen, by=by)
        baseline.outlook = outlook_of(baseline)
        baseline.save(update_fields=["outlook", "updated_at"])
    return baseline


def _check_measure(
    measure: str,
    survey: Survey | None,
    question: str,
    areas: Mapping[str, Chosen],
    location: Location,
) -> None:
    if measure == MeasureKind.SURVEY:
        if survey is None or not question or survey.location_id != location.pk:
            raise Refused(_("Choose a survey of this location, and the question that is compared."))
        return
    if measure != MeasureKind.ASB_REPORTS:
        raise Refused(_("Choose what shows whether it worked."))
    if AreaRole.RESPONSE not in areas:
        raise Refused(_("Choose where you act."))
    if (AreaRole.BUFFER in areas) != (AreaRole.BUFFER_COMPARISON in areas):
        raise Refused(
            _("A place nearby needs a similar place of its own, and the other way round.")
        )
    chosen = list(areas.values())
    if len(set(chosen)) < len(chosen):
        raise Refused(_("An area cannot be compared with itself. Choose another."))


def _keep_area(baseline: Baseline, role: str, chosen: Chosen, *, by: Any) -> None:
    if by is not None:
        for row in (chosen.location, chosen.target_place):
            if row is None:
                continue
            rows: Any = type(row)._default_manager.all()
            if not rows.visible_to(by).filter(pk=row.pk).exists():
                raise Refused(_("Choose an area that you may see."))
    definition = None
    if chosen.codes:
        found, unknown = lsoas_by_code(chosen.codes)
        if unknown or not found:
            raise Refused(
                _("These are no LSOA codes that are held: %(codes)s.")
                % {"codes": ", ".join(unknown or chosen.codes)}
            )
        definition = places.define_lsoa_set(
            areas=found,
            by=by,
            note=_("Chosen to be compared with."),
            demonstration=baseline.is_demonstration,
        )
    EvaluationArea.objects.create(
        baseline=baseline,
        role=role,
        location=chosen.location,
        target_place=chosen.target_place,
        definition=definition,
        is_demonstration=baseline.is_demonstration,
    )


@transaction.atomic
def lock_baseline(*, baseline: Baseline, version: int, by: Any) -> Baseline:
    """Lock what is compared: from now on it stays as it is, and counts.

    Raises core.errors.Conflict, NotAllowed, Refused (locked already, an area without a definition,
    overlapping areas).
    """
    intervention = baseline.intervention
    require_open(intervention.problem, by)
    stored = locked(baseline)
    if stored.locked_on is not None:
        raise Refused(_("It is locked already. Make another version to change it."))
    stored.frozen = frozen_of(stored.areas.select_related("location__area", "target_place__area"))
    if stored.measure == MeasureKind.ASB_REPORTS:
        _refuse_overlap(stored.frozen)
    begun = intervention.started_on
    stored.locked_on, stored.locked_by = clock.today(), by
    stored.locked_late = begun is not None and begun <= stored.locked_on
    with because(by=by):
        stored.save_version(version)
    return stored


def frozen_of(areas: Iterable[EvaluationArea]) -> dict[str, Any]:
    """Return what counts in each area: LSOA codes, or the drawn boundary's version."""
    frozen: dict[str, Any] = {}
    for area in areas:
        definition = area.area
        if definition is None:
            raise Refused(
                _("“%(role)s” has no area yet, so nothing can be counted there.")
                % {"role": area.get_role_display()}
            )
        frozen[area.role] = area_key(definition)
    return frozen


def area_key(definition: AreaDefinition) -> list[str]:
    """Return what an area counts by: its codes, or for a drawn one its id and version."""
    if definition.kind == DefinitionKind.LSOA_SET:
        return sorted(codes_for_counting(definition).codes)
    return [f"drawn:{definition.pk}:{definition.version}"]


def _refuse_overlap(frozen: Mapping[str, list[str]]) -> None:
    seen: dict[str, str] = {}
    for role, codes in frozen.items():
        for code in codes:
            if code in seen:
                raise Refused(
                    _("“%(one)s” and “%(other)s” have ground in common. Choose areas apart.")
                    % {
                        "one": AreaRole(seen[code]).label,
                        "other": AreaRole(role).label,
                    }
                )
            seen[code] = role
