"""Linking evidence to a problem or a hypothesis, and taking a link back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refused
from core.history import because
from problems.choices import Bearing, EvidenceKind
from problems.models import EvidenceLink, Hypothesis, Problem
from problems.models.links import TARGETS
from problems.selectors.evidence import cited, linkable
from problems.services.common import locked, require_open
from programmes.services.repeats import create_once, earlier, is_demonstration


@transaction.atomic
def link_evidence(
    *,
    problem: Problem,
    kind: str,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    hypothesis: Hypothesis | None = None,
    target: UUID | None = None,
    detail: str = "",
    bearing: str = Bearing.FOR,
    note: str = "",
    source: str = "",
    demonstration: bool | None = None,
) -> EvidenceLink:
    """Link evidence of a kind; ``target`` is the id of what it points to.

    ``detail`` narrows what is cited: a month of a data package ("2024-01"), a question of a survey
    (its code). What is cited is put down in words as it reads today. Only what whoever links may
    see themselves can be linked. Sending the same ``id`` again with the same content is harmless.

    Raises core.errors.NotAllowed, Refused (what is not there for them, a note without a source,
    a hypothesis of another problem, closed, conflicting repeat).
    """
    require_open(problem, by)
    if hypothesis is not None and hypothesis.problem_id != problem.pk:
        raise Refused(_("Choose a hypothesis of this problem."))
    field = TARGETS.get(kind)
    found = None
    if field is not None:
        found = linkable(kind, location=problem.location, reader=by).filter(pk=target).first()
        if found is None:
            raise Refused(_("Choose one from the list: it may have been taken back since."))
    elif kind != EvidenceKind.NOTE:
        raise Refused(_("Choose what kind of evidence it is."))
    elif not (note.strip() and source.strip()):
        raise Refused(_("Say what it tells us, and where it comes from."))
    citation = cited(kind, found, detail)
    same = {
        "problem": problem,
        "hypothesis": hypothesis,
        "kind": kind,
        "bearing": bearing,
        "note": note.strip(),
        "source": source.strip(),
        "recorded_by": by,
        **({field: found} if field else {}),
        "question": citation.question,
    }
    repeat = earlier(EvidenceLink, id, same)
    if repeat is not None:
        return repeat
    with because(by=by):
        made, _new = create_once(
            EvidenceLink,
            id,
            same,
            figure=citation.words,
            fingerprint=citation.fingerprint,
            cited_on=clock.today(),
            is_demonstration=is_demonstration(demonstration),
        )
    return made


@transaction.atomic
def withdraw_link(*, link: EvidenceLink, reason: str, by: Any) -> EvidenceLink:
    """Take a link back; it stays on the record with the reason. Twice is harmless.

    Raises core.errors.NotAllowed, Refused (no reason, closed).
    """
    require_open(link.problem, by)
    if not reason.strip():
        raise Refused(_("Say why this evidence is taken back."))
    stored = locked(link)
    if stored.withdrawn_on is not None:
        return stored
    stored.withdrawn_on, stored.withdrawn_reason = clock.today(), reason.strip()
    with because(by=by, reason=reason.strip()):
        stored.save(update_fields=["withdrawn_on", "withdrawn_reason", "updated_at"])
    return stored
