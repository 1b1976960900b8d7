"""What goes out on paper: a poster with a QR code, and a sheet of single-use codes."""

from __future__ import annotations

import io
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core.choices import JobState, Marking
from core.errors import Refused
from core.jobs import request_job
from core.models import JobRun, StoredFile
from core.pdf import render_pdf
from core.screen import day
from programmes import policy
from surveys.choices import WaveMode
from surveys.models import Wave

KIND = "surveys.poster"
A_ROW = 3


def qr_svg(text: str) -> bytes:
    """Return a QR code as an SVG picture; a quarter of it may be hidden and it still reads."""
    import qrcode
    from qrcode.image.svg import SvgPathImage

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=2)
    code.add_data(text)
    out = io.BytesIO()
    code.make_image(image_factory=SvgPathImage).save(out)
    return out.getvalue()


def request_poster(*, wave: Wave, address: str, by: Any) -> JobRun:
    """Ask for a wave's poster. ``address`` is the whole address that its QR code holds.

    Raises core.errors.NotAllowed, Refused (the wave has no page to answer on).
    """
    policy.require(by, Permission.SURVEY_MANAGE, wave)
    if wave.mode == WaveMode.PAPER:
        raise Refused(_("This wave is answered on paper only: there is no address for a poster."))
    return request_job(
        kind=KIND,
        key=_poster_key(wave, address),
        params={"wave": str(wave.pk), "address": address},
        by=by,
        title=_("Poster: %(wave)s") % {"wave": wave},
    )


def latest_poster(*, wave: Wave, address: str) -> StoredFile | None:
    """Return the poster of a wave as it is now; None where none was made, or things changed."""
    run = (
        JobRun.objects.filter(kind=KIND, key=_poster_key(wave, address), state=JobState.SUCCEEDED)
        .select_related("result_file")
        .order_by("-finished_at")
        .first()
    )
    return run.result_file if run is not None else None


def _poster_key(wave: Wave, address: str) -> str:
    """Name everything that stands on a poster."""
    return f"{wave.pk}|{wave.version}|{wave.survey.version}|{address}"


def poster_pdf(wave: Wave, address: str) -> bytes:
    """Return the poster as a tagged PDF: title, why, QR code, the address, until when."""
    html = render_to_string(
        "surveys/poster_pdf.html",
        {
            **_document(wave, wave.survey.title),
            "shown_address": address.rsplit("://", maxsplit=1)[-1].rstrip("/"),
            "until": day(wave.closes_on),
        },
    )
    return render_pdf(html, marking=Marking.OFFICIAL.label, assets=_code(address))


def codes_pdf(wave: Wave, codes: list[str], address: str) -> bytes:
    """Return a sheet of single-use codes to cut, each with the address, as a tagged PDF."""
    html = render_to_string(
        "surveys/codes_pdf.html",
        {
            **_document(wave, _("Codes to answer: %(title)s") % {"title": wave.survey.title}),
            "shown_address": address.rsplit("://", maxsplit=1)[-1].rstrip("/"),
            "until": day(wave.closes_on),
            "rows": [codes[start : start + A_ROW] for start in range(0, len(codes), A_ROW)],
        },
    )
    return render_pdf(html, marking=Marking.OFFICIAL.label, assets=_code(address))


def _document(wave: Wave, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "subtitle": wave.survey.location.name,
        "marking": Marking.OFFICIAL.label,
        "wave": wave,
        "survey": wave.survey,
        "location": wave.survey.location,
        "is_demonstration": wave.is_demonstration,
    }


def _code(address: str) -> dict[str, tuple[bytes, str]]:
    return {"qr.svg": (qr_svg(address), "image/svg+xml")}
