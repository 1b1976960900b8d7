"""The printed handover pack: asked for by its reader, made as a job, good while nothing changes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.mail import address_of
from core import clock, files
from core.choices import JobState, Marking
from core.errors import NotAllowed
from core.files import Kinds
from core.jobs import JobHandle, JobResult, request_job
from core.models import JobRun, StoredFile
from core.pdf import render_pdf
from core.screen import day
from delivery.selectors.handover import MAY_OPEN, HandoverPack, handover_pack
from programmes import policy
from programmes.models import Location

KIND = "delivery.handover_pack"


def may_open(reader: Any, location: Location) -> bool:
    """Say whether a person may open the pack: whoever manages the location or its roles."""
    return any(policy.holds(reader, right, location) for right in MAY_OPEN)


def request_pack(*, location: Location, by: Any, deliver: bool = True) -> JobRun:
    """Ask for the printed pack as one person may see it; return the job. Raises NotAllowed."""
    if not may_open(by, location):
        raise NotAllowed(_("Your role does not open the handover pack."))
    return request_job(
        kind=KIND,
        key=f"{location.pk}:{by.pk}",
        params={"location": str(location.pk)},
        by=by,
        title=_("Handover pack: %(place)s") % {"place": location.name},
        deliver=deliver,
    )


def make_pack(run: JobHandle) -> JobResult:
    """Print the pack; the reader's right is read anew."""
    rows: Any = Location.objects.select_related("programme__lead_agency")
    reader = run.requested_by
    location = run.require(rows.visible_to(reader).filter(pk=run.params["location"]))
    if not may_open(reader, location):
        raise NotAllowed(_("Your role does not open the handover pack."))
    with translation.override(settings.LANGUAGE_CODE):
        run.progress(0, 2, _("Reading what is recorded"))
        pack = handover_pack(location=location, reader=reader)
        run.progress(1, 2, _("Printing"))
        path = run.folder / "handover.pdf"
        path.write_bytes(pdf_of(pack))
        name = f"handover-{location.slug}-{pack.on:%Y-%m-%d}.pdf"
        kept = run.once("kept", lambda: str(files.store(path, name=name, accept=Kinds.PDF).pk))
        run.progress(2, 2, _("Done"))
    return JobResult(
        summary={
            "location": location.slug,
            "reader": str(reader.pk) if reader else "",
            "digest": pack.digest,
            "promises": pack.promises,
        },
        url=reverse("delivery:handover", args=[location.slug]),
        file=StoredFile.objects.get(pk=kept),
    )


def pdf_of(pack: HandoverPack) -> bytes:
    """Return the pack as a tagged PDF; its links lead to the records."""
    html = render_to_string(
        "delivery/help/handover_pdf.html",
        {
            "title": _("Handover pack: %(place)s") % {"place": pack.location},
            "subtitle": pack.programme,
            "marking": Marking.OFFICIAL.label,
            "produced_line": _("As recorded on %(day)s") % {"day": day(clock.today())},
            "pack": pack,
            "site": address_of(""),
        },
    )
    return render_pdf(html, marking=Marking.OFFICIAL.label)


def latest_print(*, location: Location, reader: Any) -> JobRun | None:
    """Return the reader's own last print of a location's pack, None if there is none."""
    run: JobRun | None = (
        JobRun.objects.filter(
            kind=KIND,
            requested_by=reader,
            state=JobState.SUCCEEDED,
            params__location=str(location.pk),
        )
        .select_related("result_file")
        .order_by("-created_at")
        .first()
    )
    return run


def still_says(run: JobRun, pack: HandoverPack) -> bool:
    """Say whether a print holds what the pack holds now.

    What was printed before anything changed (a consent withdrawn, a promise kept, another day) is
    not given out any more.
    """
    return bool(run.result.get("digest") == pack.digest)
