"""Export the figures of a quarter from the command line: the same job as on the page."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from core.errors import Refused
from core.exports.services import FORMATS, request_export
from core.files import path_of
from core.jobs import run_now
from core.management.base import HouseCommand
from programmes.models import Programme
from reports.exports import FIGURES
from reports.quarters import Quarter


class Command(HouseCommand):
    """Exports what was done in a quarter at every location of a programme."""

    help = "Export the figures of a programme's financial quarter, with their data dictionary."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the programme, the quarter, the form and where the file goes."""
        parser.add_argument("programme", help="Address name of a programme.")
        parser.add_argument("--quarter", required=True, metavar="2023-24-Q4")
        parser.add_argument("--form", default="xlsx", choices=list(dict(FORMATS)))
        parser.add_argument("--out", metavar="FILE", help="Where the file is written.")

    def run(self, **options: Any) -> dict[str, Any]:
        """Ask for the export in the person's name, run its job here, copy the file."""
        if options["by"] is None:
            raise Refused(_("Say in whose name it is exported: --by EMAIL."))
        programme = Programme.objects.filter(slug=options["programme"]).first()
        if programme is None:
            known = ", ".join(Programme.objects.order_by("slug").values_list("slug", flat=True))
            raise Refused(
                _("There is no programme “%(slug)s”. There are: %(known)s.")
                % {"slug": options["programme"], "known": known or _("none")}
            )
        quarter = Quarter.parse(options["quarter"])
        done = run_now(
            request_export(
                export=FIGURES,
                scope=programme,
                form=options["form"],
                reason=_("Figures of %(quarter)s, from the command line") % {"quarter": quarter},
                by=options["by"],
                first=quarter.first_day,
                last=quarter.first_day,
            )
        )
        done.refresh_from_db()
        summary = {"programme": programme.slug, "quarter": str(quarter), **dict(done.result)}
        if options["out"] and done.result_file is not None:
            target = Path(options["out"])
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path_of(done.result_file), target)
            summary["file"] = str(target)
        return summary
