"""Take in a force or partner extract: the file of a feed, read by its saved mapping."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from core.errors import BadInput, Refused, RowError
from core.management.base import HouseCommand
from incidents.feeds.mapping import Mapping, mapping_from
from incidents.feeds.sending import save_mapping, saved_mapping
from incidents.feeds.taking import span_of, take_feed_file
from incidents.models import Feed
from incidents.packages.recipe import parse_month

log = logging.getLogger(__name__)


class Command(HouseCommand):
    """The months that the file answers for become what it says; the same again is no change."""

    help = "Import a force or partner extract (CSV, Excel or GeoJSON) into a feed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, the feed, how it is read and the months it answers for."""
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--source", required=True, metavar="SLUG", help="The feed's address.")
        parser.add_argument(
            "--mapping", metavar="FILE", help="A JSON mapping; it is saved with the feed."
        )
        parser.add_argument("--from", dest="first", metavar="YYYY-MM")
        parser.add_argument("--to", dest="last", metavar="YYYY-MM")
        parser.add_argument(
            "--keep-good",
            action="store_true",
            help="Store the good rows of a file that has bad ones; the bad ones are kept aside.",
        )

    def run(self, **options: Any) -> dict[str, Any]:
        """Import and return the account of each month."""
        feed = Feed.objects.select_related("programme").filter(slug=options["source"]).first()
        if feed is None:
            known = ", ".join(Feed.objects.order_by("slug").values_list("slug", flat=True))
            raise Refused(
                _("There is no feed “%(slug)s”. There are: %(known)s.")
                % {"slug": options["source"], "known": known or _("none")}
            )
        path = Path(options["file"])
        mapping = _mapping(options["mapping"]) if options["mapping"] else saved_mapping(feed)
        content = _bytes(path)
        if options["first"] and options["last"]:
            first, last = parse_month(options["first"]), parse_month(options["last"])
        else:
            low, high = span_of(feed, content, path.name, mapping)
            first = parse_month(options["first"]) if options["first"] else low
            last = parse_month(options["last"]) if options["last"] else high
        taken = take_feed_file(
            feed=feed,
            name=path.name,
            content=content,
            mapping=mapping,
            first_month=first,
            last_month=last,
            keep_good=options["keep_good"],
            by=options["by"],
            progress=lambda done, total, stage: log.info("%s", stage),
        )
        if options["mapping"]:
            feed.refresh_from_db()
            save_mapping(feed, mapping)
        return taken.as_summary()

    def describe(self, summary: dict[str, Any]) -> str:
        """Return a line for each month, then what changed."""
        lines = [
            f"{one['month']}: {one['stored']:,} stored, {one['without_location']:,} without "
            f"location, {one['without_time']:,} without time"
            for one in summary["months"]
        ]
        totals, changed = summary["totals"], summary["changed"]
        lines.append(
            f"Together {totals['read']:,} rows read, {totals['stored']:,} stored, "
            f"{totals['rejected']:,} rejected."
        )
        lines.append(
            f"Now: {changed['inserted']:,} rows added, {changed['deleted']:,} removed."
            if changed["inserted"] or changed["deleted"]
            else "All of it was held already: nothing changed."
        )
        if summary["new_categories"]:
            lines.append("New categories: " + ", ".join(summary["new_categories"]))
        return "\n".join(lines)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(
            [RowError(str(path), None, None, error.strerror or "", _("a file that can be read"))]
        ) from error


def _mapping(name: str) -> Mapping:
    path = Path(name)
    try:
        content = json.loads(_bytes(path))
    except (ValueError, RecursionError) as error:
        raise BadInput(
            [RowError(path.name, None, None, _("something else"), _("a mapping as JSON"))]
        ) from error
    return mapping_from(content, path.name)
