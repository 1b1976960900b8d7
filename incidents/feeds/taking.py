"""Takes a feed's file in: whole or not at all, for whole months, and the same again is no change.

The months that a file answers for become exactly what the file says, by difference. A month
without rows in it is held with none: that is zero, not missing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from core import clock
from core.errors import BadInput, RowError
from core.history import because
from core.models import DataImport, RejectedRow
from core.screen import month_name
from incidents.feeds import staging
from incidents.feeds.mapping import Mapping
from incidents.feeds.rows import HIDDEN, Reader, Rejected, Row, opened
from incidents.models import Feed, FeedCategory, FeedFile, FeedMonth
from incidents.selectors.base import months_between
from programmes.policy import require

KIND = "feed"
MOST_MONTHS = 240
MOST_CATEGORIES = 300
SHOWN_ERRORS = 20

Progress = Callable[[int, int, str], None]
Span = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was sent, and how it is read."""

    name: str
    content: bytes
    mapping: Mapping


@dataclass(slots=True)
class Taken:
    """The account of a file: ``read`` rows are ``stored`` + ``rejected``.

    ``twice`` are rows with a time that came twice when the clock went back: the earlier was taken.
    """

    source: str
    file: FeedFile | None = None
    months: dict[dt.date, tuple[int, int, int, int]] = field(default_factory=dict)
    read: int = 0
    stored: int = 0
    rejected: int = 0
    without_location: int = 0
    without_time: int = 0
    twice: int = 0
    new_categories: list[str] = field(default_factory=list)
    inserted: int = 0
    deleted: int = 0

    def as_summary(self) -> dict[str, Any]:
        """Return the account as the command prints it; no row's content is in it."""
        return {
            "source": self.source,
            "months": [
                {
                    "month": f"{month:%Y-%m}",
                    "stored": rows,
                    "incidents": incidents,
                    "without_location": rows - located,
                    "without_time": rows - timed,
                }
                for month, (rows, incidents, located, timed) in self.months.items()
            ],
            "totals": {
                "read": self.read,
                "stored": self.stored,
                "rejected": self.rejected,
                "without_location": self.without_location,
                "without_time": self.without_time,
            },
            "changed": {"inserted": self.inserted, "deleted": self.deleted},
            "twice": self.twice,
            "new_categories": self.new_categories,
        }


def span_of(feed: Feed, content: bytes, name: str, mapping: Mapping) -> tuple[dt.date, dt.date]:
    """Return the first and the last month of a file's good rows. Raises BadInput if there is none.

    Its own months are only what a file is likely to answer for: a quiet month at either end does
    not show in it.
    """
    low, high = dt.date.max, dt.date.min
    with hiding(name), opened(content, name) as file:
        reader = Reader(feed=feed, mapping=mapping, file=file)
        errors: list[RowError] = []
        for line in file.lines:
            row = reader.read(line)
            if isinstance(row, Row):
                low, high = min(low, row.month), max(high, row.month)
            elif len(errors) < SHOWN_ERRORS:
                errors.append(row.error)
    if low > high:
        raise BadInput(errors or [RowError(name, None, None, _("no rows"), _("at least one row"))])
    return low, high


@transaction.atomic
def take_feed_file(
    *,
    feed: Feed,
    name: str,
    content: bytes,
    mapping: Mapping,
    first_month: dt.date,
    last_month: dt.date,
    by: Any,
    keep_good: bool = False,
    progress: Progress | None = None,
) -> Taken:
    """Take a file in for the months it answers for, both included; return its account.

    With ``keep_good`` wrong rows are left out, kept (without what is not stored of them) and
    counted; otherwise one of them refuses the file. Raises NotAllowed without the right to import
    into the programme, BadInput naming row and column; nothing has changed then.
    """
    require(by, Permission.DATA_IMPORT, feed.programme)
    check_months(name, first_month, last_month)
    feed = Feed.objects.select_for_update(of=("self",)).select_related("programme").get(pk=feed.pk)
    taken = Taken(feed.slug)
    with hiding(name), opened(content, name) as file:
        sha256 = file.sha256
        reader = Reader(feed=feed, mapping=mapping, file=file, first=first_month, last=last_month)
        staging.make_staging()
        rejected = _stage(feed, reader, file.lines, taken, progress or _silent)
    staging.settle_points()
    span = (first_month, last_month)
    rejected += _held_elsewhere(feed, Source(name, content, mapping), span, taken)
    if rejected and (not keep_good or not taken.stored):
        errors = [one.error for one in rejected]
        raise BadInput(errors[:SHOWN_ERRORS], more=taken.rejected - len(errors[:SHOWN_ERRORS]))
    _categories(feed, name, taken, by)
    taken.inserted, taken.deleted = staging.write(feed, first_month, last_month)
    sums = staging.sums_by_month()
    taken.months = {
        month: sums.get(month, (0, 0, 0, 0)) for month in months_between(first_month, last_month)
    }
    taken.without_location = taken.stored - sum(one[2] for one in taken.months.values())
    taken.without_time = taken.stored - sum(one[3] for one in taken.months.values())
    with because(by=by, reason=_("File of a feed: %(name)s") % {"name": name}):
        _account(feed, (name, sha256), rejected, taken, span=span, by=by)
    return taken


def check_months(name: str, first: dt.date, last: dt.date) -> None:
    """Raise BadInput for months that no file answers for: out of order, to come, too many."""
    words = f"{first:%Y-%m} – {last:%Y-%m}"
    today = max(clock.today(), clock.now().date())
    if first > last:
        raise BadInput([RowError(name, None, None, words, _("a first month before the last"))])
    if last > today:
        raise BadInput([RowError(name, None, None, words, _("months that are not to come"))])
    if len(months_between(first, last)) > MOST_MONTHS:
        raise BadInput(
            [RowError(name, None, None, words, _("at most %(n)s months") % {"n": MOST_MONTHS})]
        )


class hiding:  # noqa: N801  # read as a word: with hiding(name)
    """Keeps what stands in a file that cannot be read out of the error: it may hold names."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        """Hide the content of rows in errors of the file's form."""
        if isinstance(error, BadInput):
            hidden = [
                RowError(one.file, one.row, one.column, HIDDEN, one.expected, one.advice)
                if one.row is not None and one.row > 1
                else one
                for one in error.errors
            ]
            raise BadInput(hidden, more=error.more) from None


def _silent(done: int, total: int, stage: str) -> None:
    """Tell nobody."""


def _stage(
    feed: Feed, reader: Reader, lines: Iterator[Any], taken: Taken, progress: Progress
) -> list[Rejected]:
    """Read all rows and stage the good ones in chunks; return the others."""
    identities = staging.Identities(feed)
    rejected: list[Rejected] = []
    chunk: list[tuple[uuid.UUID, Row]] = []
    for line in lines:
        row = reader.read(line)
        taken.read += 1
        if isinstance(row, Rejected):
            taken.rejected += 1
            rejected.append(row)
            continue
        taken.stored += 1
        taken.twice += row.twice
        chunk.append((identities.of(row), row))
        if len(chunk) >= staging.CHUNK:
            staging.stage(chunk)
            chunk.clear()
            words = ngettext("%(n)s row read", "%(n)s rows read", taken.read)
            progress(taken.read, 0, words % {"n": f"{taken.read:,}"})
    staging.stage(chunk)
    return rejected


def _held_elsewhere(feed: Feed, source: Source, span: Span, taken: Taken) -> list[Rejected]:
    """Take out rows whose record is held in a month this file does not answer for; return them."""
    held = dict(staging.held_elsewhere(feed, *span))
    if not held:
        return []
    expected = _("a record that is not held in another month; this one is in %(month)s")
    advice = _("If its date was put right, send a file that answers for both months.")
    with opened(source.content, source.name) as file:
        reader = Reader(feed=feed, mapping=source.mapping, file=file)
        found = [
            reader.rejected(
                line, "reference", expected % {"month": month_name(held[line.number])}, advice
            )
            for line in file.lines
            if line.number in held
        ]
    staging.drop_lines(list(held))
    taken.stored -= len(found)
    taken.rejected += len(found)
    return found


def _categories(feed: Feed, name: str, taken: Taken, by: Any) -> None:
    """Make the categories that are new. Raises BadInput if they are too many to be categories."""
    known = set(feed.categories.values_list("name", flat=True))
    new = [one for one in staging.category_names() if one not in known]
    if len(known) + len(new) > MOST_CATEGORIES:
        raise BadInput(
            [
                RowError(
                    name,
                    None,
                    None,
                    _("%(count)s different categories") % {"count": len(known) + len(new)},
                    _("at most %(limit)s") % {"limit": MOST_CATEGORIES},
                    _("Is this the right column?"),
                )
            ]
        )
    with because(by=by, reason=_("File of a feed: %(name)s") % {"name": name}):
        for one in new:
            FeedCategory.objects.create(feed=feed, name=one)
    taken.new_categories = new


def _account(
    feed: Feed,
    file: tuple[str, str],
    rejected: list[Rejected],
    taken: Taken,
    *,
    span: Span,
    by: Any,
) -> None:
    """Keep the file's account and say which months it holds; the same again leaves all as it is."""
    name, sha256 = file
    held = {one.month: one for one in feed.months.select_related("file__data_import")}
    files = {held[month].file for month in taken.months if month in held}
    if len(files) == 1 and not taken.inserted and not taken.deleted:
        (there,) = files
        same = there.data_import.sha256 == sha256 and there.rows_rejected == taken.rejected
        if same and (there.first_month, there.last_month) == span:
            taken.file = there
            return
    account = DataImport.objects.create(
        kind=KIND,
        file_name=name[-255:],
        sha256=sha256,
        title=feed.title,
        licence=feed.terms,
        imported_by=by,
        imported_on=clock.today(),
        summary=taken.as_summary(),
    )
    taken.file = FeedFile.objects.create(
        feed=feed,
        data_import=account,
        first_month=span[0],
        last_month=span[1],
        received_on=clock.today(),
        rows_read=taken.read,
        rows_stored=taken.stored,
        rows_rejected=taken.rejected,
        rows_located=taken.stored - taken.without_location,
        rows_timed=taken.stored - taken.without_time,
    )
    for month, (rows, incidents, located, timed) in taken.months.items():
        FeedMonth.objects.update_or_create(
            feed=feed,
            month=month,
            defaults={
                "file": taken.file,
                "rows": rows,
                "incidents": incidents,
                "located": located,
                "timed": timed,
            },
        )
    RejectedRow.objects.bulk_create(
        [
            RejectedRow(
                data_import=account,
                file=one.error.file[-255:],
                row=one.error.row or 0,
                column=(one.error.column or "")[:100],
                found=one.error.found,
                expected=one.error.expected,
                raw=one.raw,
            )
            for one in rejected
        ],
        batch_size=1000,
    )
