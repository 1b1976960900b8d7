"""Build a localised ASB data package from the command line: the same job as on the page."""

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
from incidents.models import DataPackage
from incidents.packages.recipe import parse_month
from incidents.packages.services import request_package
from programmes.models import Location


class Command(HouseCommand):
    """Builds a package for a location and a span of months."""

    help = "Build a localised ASB data package (a zip) for a location and a span of months."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the location, the months and where the zip goes."""
        parser.add_argument("location", help="The location's address name, for example leominster.")
        parser.add_argument("--from", dest="first", required=True, metavar="YYYY-MM")
        parser.add_argument("--to", dest="last", required=True, metavar="YYYY-MM")
        parser.add_argument("--out", metavar="DIR", help="A folder that receives the zip.")

    def run(self, **options: Any) -> dict[str, Any]:
        """Ask for the package, run its job here, copy the zip."""
        location = (
            Location.objects.select_related("programme", "area")
            .filter(slug=options["location"])
            .first()
        )
        if location is None:
            known = ", ".join(Location.objects.order_by("slug").values_list("slug", flat=True))
            raise Refused(
                _("There is no location “%(slug)s”. There are: %(known)s.")
                % {
                    "slug": options["location"],
                    "known": known or _("none"),
                }
            )
        done = run_now(
            request_package(
                location=location,
                first_month=parse_month(options["first"]),
                last_month=parse_month(options["last"]),
                by=options["by"],
                # Months named on the command line are asked for.
                include_later=True,
                deliver=False,
            )
        )
        summary = dict(done.result)
        if options["out"]:
            package = DataPackage.objects.select_related("file").get(pk=summary["package"])
            folder = Path(options["out"])
            folder.mkdir(parents=True, exist_ok=True)
            target = folder / package.file.name
            shutil.copyfile(path_of(package.file), target)
            summary["file"] = str(target)
        return summary
