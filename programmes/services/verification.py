"""The checking of a step by a third party: sent, returned with reasons, sent again, agreed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.errors import Refused
from core.history import because
from programmes import policy
from programmes.choices import StepState, VerificationKind
from programmes.models import StepRecord, Verification
from programmes.services.repeats import create_once, earlier, is_demonstration
from programmes.services.steps import locked
from programmes.sharing import require_open_step


@transaction.atomic
def send_to_verifier(
    *,
    record: StepRecord,
    by: Any,
    text: str = "",
    id: UUID | None = None,  # noqa: A002  # the field's own name
    demonstration: bool | None = None,
) -> Verification:
    """Ask the verifier to check a step; after a return this says what was done about it.

    Raises core.errors.NotAllowed, Refused (evidence missing, with the verifier already, verified,
    nothing said about the reasons of a return, conflicting repeat).
    """
    from programmes.selectors.verification import WAITS, latest_word

    policy.require(by, Permission.STEP_RECORD, record)
    stored = locked(record)
    require_open_step(by, stored)
    latest = latest_word(stored)
    returned = latest is not None and latest.kind == VerificationKind.RETURNED
    kind = VerificationKind.RESENT if returned else VerificationKind.SENT
    repeat = earlier(Verification, id, {"step_record": stored, "said_by": by, "text": text})
    if repeat is not None:
        return repeat
    if latest is not None and latest.kind in WAITS:
        raise Refused(_("The verifier has this step already."))
    if latest is not None and latest.kind == VerificationKind.AGREED:
        raise Refused(_("This step is verified already."))
    if returned and not text.strip():
        raise Refused(_("Say what was done about the reasons of the return."))
    _refuse_unready(stored)
    return _say(stored, kind, text, by=by, id=id, demonstration=demonstration)


@transaction.atomic
def verify_step(
    *,
    record: StepRecord,
    agreed: bool,
    text: str,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    demonstration: bool | None = None,
) -> Verification:
    """State, as a third party, that a step is done in depth, or return it with reasons.

    Whoever recorded evidence on the step, or signed it off, cannot verify it. Raises
    core.errors.NotAllowed, Refused (own work, evidence missing, returned without reasons, verified
    already, waiting for the location's answer, conflicting repeat).
    """
    from programmes.selectors.verification import latest_word

    policy.require(by, Permission.STEP_VERIFY, record)
    stored = locked(record)
    require_open_step(by, stored)
    kind = VerificationKind.AGREED if agreed else VerificationKind.RETURNED
    repeat = earlier(
        Verification, id, {"step_record": stored, "said_by": by, "text": text, "kind": kind}
    )
    if repeat is not None:
        return repeat
    latest = latest_word(stored)
    if latest is not None and latest.kind == VerificationKind.AGREED:
        raise Refused(_("This step is verified already."))
    if latest is not None and latest.kind == VerificationKind.RETURNED:
        raise Refused(_("This step was returned; it waits for the location’s answer."))
    if not agreed and not text.strip():
        raise Refused(_("Say what is missing, so that the location can put it right."))
    own = stored.evidence.filter(recorded_by=by, withdrawn_on__isnull=True).exists()
    if own or stored.sign_offs.filter(signed_by=by, reopened_on__isnull=True).exists():
        raise Refused(_("You worked on this step. Somebody else has to verify it."))
    _refuse_unready(stored)
    return _say(stored, kind, text, by=by, id=id, demonstration=demonstration)


def _refuse_unready(record: StepRecord) -> None:
    from programmes.selectors.facts import facts_of

    facts = facts_of(record)
    if facts.state in (StepState.READY, StepState.SIGNED_OFF):
        return
    if facts.missing:
        raise Refused(
            _("Still missing: %(kinds)s.") % {"kinds": "; ".join(w.label for w in facts.missing)}
        )
    raise Refused(_("Nothing is recorded on this step. Start it first."))


def _say(
    record: StepRecord,
    kind: VerificationKind,
    text: str,
    *,
    by: Any,
    id: UUID | None,  # noqa: A002  # the field's own name
    demonstration: bool | None,
) -> Verification:
    with because(by=by, reason=text):
        made, _new = create_once(
            Verification,
            id,
            {"step_record": record, "said_by": by, "text": text, "kind": kind},
            said_on=clock.today(),
            is_demonstration=is_demonstration(demonstration),
        )
    return made
