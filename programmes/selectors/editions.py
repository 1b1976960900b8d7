"""What moving a programme to a newer edition of its steps would change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from programmes.models import Evidence, EvidenceWanted, Programme, StepTemplate

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind of evidence that the move touches: its step, its words, and how many pieces."""

    step: int
    label: str
    pieces: int = 0


@dataclass(frozen=True, slots=True)
class EditionMove:
    """What a newer edition brings to a programme.

    ``counted`` are kinds that records of the programme will stand for from now on, ``added`` are
    new, ``dropped`` are no longer asked for: their pieces of evidence stay as other evidence.
    ``lacking`` are numbers of steps that the edition does not have: then nobody can move.
    """

    template: StepTemplate
    counted: tuple[KindLine, ...]
    added: tuple[KindLine, ...]
    dropped: tuple[KindLine, ...]
    lacking: tuple[int, ...]


def newer_edition(programme: Programme) -> StepTemplate | None:
    """Return the newest stored edition of a programme's steps, None where it has that."""
    mine = programme.template
    found: StepTemplate | None = (
        StepTemplate.objects.filter(slug=mine.slug, edition__gt=mine.edition)
        .order_by("-edition")
        .first()
    )
    return found


def edition_move(programme: Programme, template: StepTemplate) -> EditionMove:
    """Return what moving a programme to an edition would change."""
    old, new = kinds_of(programme.template), kinds_of(template)
    recorded: dict[Any, int] = {}
    for pk in Evidence.objects.filter(
        step_record__location__programme=programme, withdrawn_on__isnull=True
    ).values_list("wanted", flat=True):
        recorded[pk] = recorded.get(pk, 0) + 1
    numbers = set(template.steps.values_list("number", flat=True))
    here = set(programme.template.steps.values_list("number", flat=True))
    return EditionMove(
        template=template,
        counted=tuple(
            KindLine(key[0], kind.label)
            for key, kind in new.items()
            if key in old and kind.provider and kind.provider != old[key].provider
        ),
        added=tuple(KindLine(key[0], kind.label) for key, kind in new.items() if key not in old),
        dropped=tuple(
            KindLine(key[0], kind.label, recorded.get(kind.pk, 0))
            for key, kind in old.items()
            if key not in new
        ),
        lacking=tuple(sorted(here - numbers)),
    )


def kinds_of(template: StepTemplate) -> dict[Key, EvidenceWanted]:
    """Return the kinds of evidence of a template by step number and key, in their order."""
    rows = EvidenceWanted.objects.filter(step__template=template).select_related("step")
    return {
        (row.step.number, row.key): row for row in rows.order_by("step__number", "order", "key")
    }
