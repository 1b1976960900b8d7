"""Job kinds of surveys, and what falls due by date."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core import files
from core.due import due
from core.jobs import JobHandle, JobResult, job
from core.models import StoredFile
from surveys import posters
from surveys.charts import draw_chart
from surveys.models import Wave
from surveys.services.waves import forget_codes

RECENT = dt.timedelta(days=60)


@job(kind=posters.KIND, title=_("Poster"))
def make_poster(run: JobHandle) -> JobResult:
    """Make a wave's poster for the person who asked for it."""
    waves = Wave.objects.select_related("survey__location")
    if run.requested_by is not None:
        waves = waves.visible_to(run.requested_by, Permission.SURVEY_MANAGE)
    wave = run.require(waves.filter(pk=run.params["wave"]))
    pdf = run.file(
        "poster.pdf",
        lambda path: path.write_bytes(posters.poster_pdf(wave, run.params["address"])),
    )
    kept = run.once(
        "kept",
        lambda: str(files.store(pdf, name=f"poster-{wave.code}.pdf", accept=files.Kinds.PDF).pk),
    )
    return JobResult(
        summary={"wave": str(wave.pk), "file": kept},
        url=wave.get_absolute_url(),
        file=StoredFile.objects.get(pk=kept),
    )


@due("survey-waves", order=60)
def see_to_waves(on: dt.date) -> str:
    """Draw the charts of waves that finished lately, and forget single-use codes of closed ones.

    A demonstration's date goes back and forth: there the codes stay.
    """
    drawn = sum(
        draw_chart(wave)
        for wave in Wave.objects.select_related("survey__location").filter(
            closes_on__gte=on - RECENT, closes_on__lt=on
        )
    )
    forgotten = 0 if settings.DEMONSTRATION else forget_codes(on)
    return f"{drawn} charts drawn, {forgotten} codes forgotten"
