"""Build a quarterly progress report from the command line: the same job as on the page."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from core.errors import Refused
from core.files import path_of
from core.jobs import run_now
from core.management.base import HouseCommand
from programmes.models import Location, Programme
from reports.models import ProgressReport
from reports.quarters import Quarter
from reports.services import request_report


class Command(HouseCommand):
    """Builds a report for a location or a programme and a financial quarter."""

    help = "Build the progress report (PDF) of a location or a programme for a financial quarter."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the subject, the quarter and where the PDF goes."""
        parser.add_argument("subject", help="Address name of a location or a programme.")
        parser.add_argument("--quarter", required=True, metavar="2023-24-Q4")
        parser.add_argument("--out", metavar="FILE", help="Where the PDF is written.")

    def run(self, **options: Any) -> dict[str, Any]:
        """Ask for the report, run its job here, copy the PDF."""
        slug = options["subject"]
        subject: Location | Programme | None = (
            Location.objects.select_related("programme").filter(slug=slug).first()
            or Programme.objects.filter(slug=slug).first()
        )
        if subject is None:
            raise Refused(
                _("There is no location or programme “%(slug)s”. There are: %(known)s.")
                % {
                    "slug": slug,
                    "known": _known(),
                }
            )
        done = run_now(
            request_report(
                subject=subject,
                quarter=Quarter.parse(options["quarter"]),
                by=options["by"],
                deliver=False,
            )
        )
        summary = dict(done.result)
        if options["out"]:
            report = ProgressReport.objects.select_related("pdf").get(pk=summary["report"])
            target = Path(options["out"])
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path_of(report.pdf), target)
            summary["file"] = str(target)
        return summary


def _known() -> str:
    slugs = [
        *Location.objects.order_by("slug").values_list("slug", flat=True),
        *Programme.objects.order_by("slug").values_list("slug", flat=True),
    ]
    return ", ".join(slugs) or _("none")
