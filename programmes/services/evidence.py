"""Recording what was done on a step, and taking back what should not stand."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock, files
from core.choices import Marking
from core.errors import Refused
from core.history import because
from core.marking import refuse_unhandled
from programmes import policy
from programmes.models import Evidence, EvidenceWanted, StepRecord
from programmes.services.repeats import create_once, earlier, is_demonstration
from programmes.services.steps import begin, locked, refuse_future, refuse_if_signed_off
from programmes.sharing import require_open_evidence

ACCEPTED = files.Kinds.IMAGES | files.Kinds.DOCUMENTS | files.Kinds.TABLES


@transaction.atomic
def record_evidence(
    *,
    record: StepRecord,
    title: str,
    done_on: dt.date,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    wanted: EvidenceWanted | None = None,
    note: str = "",
    link: str = "",
    upload: UploadedFile | None = None,
    out_of_order_reason: str = "",
    marking: str = Marking.OFFICIAL,
    handling: str = "",
    demonstration: bool | None = None,
) -> Evidence:
    """Record one piece of evidence on a step; the first one begins the step on its day.

    ``wanted`` is the kind of evidence it shows, None for anything else worth keeping. It is the
    information of the recorder's agency, else of the lead agency. Sending the
    same ``id`` again with the same content is harmless. Raises core.errors.NotAllowed, Refused
    (future date, signed off, out of order without a reason, kind of another step, nothing but a
    title, OFFICIAL-SENSITIVE without handling, conflicting repeat, a file that cannot be taken).
    """
    policy.require(by, Permission.STEP_RECORD, record)
    stored = locked(record)
    same = {
        "step_record": stored,
        "wanted": wanted,
        "title": title,
        "note": note,
        "link": link,
        "done_on": done_on,
        "recorded_by": by,
        "upload_sha256": _digest(upload),
        "marking": marking,
        "handling": handling,
    }
    repeat = earlier(Evidence, id, same)
    if repeat is not None:
        return repeat
    refuse_if_signed_off(stored)
    refuse_future(done_on)
    refuse_unhandled(marking, handling)
    if wanted is not None and wanted.step_id != stored.definition_id:
        raise Refused(_("That kind of evidence belongs to another step."))
    if not (note.strip() or link or upload):
        raise Refused(_("Add a note, a link or a file that shows what was done."))
    with because(by=by, reason=out_of_order_reason):
        begin(stored, on=done_on, by=by, reason=out_of_order_reason)
        evidence, _new = create_once(
            Evidence,
            id,
            same,
            file=files.store(upload, name=upload.name or "file", accept=ACCEPTED)
            if upload
            else None,
            agency_id=getattr(by, "agency_id", None) or stored.location.programme.lead_agency_id,
            is_demonstration=is_demonstration(demonstration),
        )
    return evidence


@transaction.atomic
def withdraw_evidence(*, evidence: Evidence, reason: str, by: Any) -> Evidence:
    """Take a piece of evidence back: it stays on the record with the reason, but counts no more.

    Withdrawing twice is harmless. Raises core.errors.NotAllowed, Refused (no reason, step signed
    off).
    """
    policy.require(by, Permission.STEP_RECORD, evidence)
    require_open_evidence(by, evidence)
    if not reason.strip():
        raise Refused(_("Say why this evidence is withdrawn."))
    record = locked(evidence.step_record)
    current = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    if current.withdrawn_on is not None:
        return current
    refuse_if_signed_off(record)
    current.withdrawn_on = clock.today()
    current.withdrawn_by = by
    current.withdrawn_reason = reason
    with because(by=by, reason=reason):
        current.save(
            update_fields=["withdrawn_on", "withdrawn_by", "withdrawn_reason", "updated_at"]
        )
    return current


def _digest(upload: UploadedFile | None) -> str:
    if upload is None:
        return ""
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    upload.seek(0)
    return found.hexdigest()
