"""Two versions of a package side by side: what was added, what was revised, what was read."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from core.files import path_of
from incidents.models import DataPackage
from incidents.packages.findings import months_words


@dataclass(frozen=True, slots=True)
class MonthPair:
    """A month in both versions; None where a version does not hold it, "" where not asked for."""

    month: str
    before: int | None
    before_status: str
    after: int | None
    after_status: str

    @property
    def changed(self) -> bool:
        """Whether anything about the month differs."""
        return (self.before, self.before_status) != (self.after, self.after_status)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs from an earlier version to a later one, in reports of ASB of the location.

    ``added`` are months that the later one holds and the earlier did not, ``lost`` the other way,
    ``revised`` months held in both with other counts. ``files`` are months whose source file is
    another (told only where both packages' files are at hand).
    """

    months: tuple[MonthPair, ...]
    added: tuple[str, ...]
    lost: tuple[str, ...]
    revised: tuple[str, ...]
    files: tuple[str, ...]
    methods: tuple[int, int]
    editions: tuple[str, str]

    @property
    def same(self) -> bool:
        """Whether both say the same by the same method."""
        return not (
            self.added
            or self.lost
            or self.revised
            or self.files
            or self.methods[0] != self.methods[1]
        )


def compare(before: DataPackage, after: DataPackage, *, with_files: bool = False) -> Comparison:
    """Return what differs; ``with_files`` also looks into both zips for the source files."""
    first, second = _months(before), _months(after)
    pairs = tuple(
        MonthPair(month, *first.get(month, (None, "")), *second.get(month, (None, "")))
        for month in sorted(first.keys() | second.keys())
    )
    return Comparison(
        months=pairs,
        added=tuple(p.month for p in pairs if p.before is None and p.after is not None),
        lost=tuple(p.month for p in pairs if p.before is not None and p.after is None),
        revised=tuple(
            p.month
            for p in pairs
            if p.before is not None and p.after is not None and p.before != p.after
        ),
        files=_other_files(before, after) if with_files else (),
        methods=(before.recipe.get("method", 0), after.recipe.get("method", 0)),
        editions=(_edition(before), _edition(after)),
    )


def _edition(package: DataPackage) -> str:
    return "partner" if package.restricted else "public"


def _months(package: DataPackage) -> dict[str, tuple[int | None, str]]:
    return {
        row["month"]: (row["count"], row["status"]) for row in package.summary.get("months", [])
    }


def _other_files(before: DataPackage, after: DataPackage) -> tuple[str, ...]:
    first, second = _hashes(before), _hashes(after)
    both = first.keys() & second.keys()
    return tuple(
        sorted({month for force, month in both if first[force, month] != second[force, month]})
    )


def _hashes(package: DataPackage) -> Mapping[tuple[str, str], str]:
    """Return the sha-256 of the file of each force and month, from the package's own table."""
    with zipfile.ZipFile(path_of(package.file)) as archive:
        if "data_quality.csv" not in archive.namelist():
            return {}
        text = archive.read("data_quality.csv").decode()
    rows = csv.DictReader(io.StringIO(text))
    return {(row["force"], row["month"]): row["sha256"] for row in rows if row["sha256"]}


def comparison_words(found: Comparison) -> list[str]:
    """Say what differs, a sentence each; one sentence if nothing does."""
    said: list[str] = []
    if found.added:
        said.append(
            ngettext("New month: %(months)s.", "New months: %(months)s.", len(found.added))
            % {"months": months_words(found.added)}
        )
    if found.lost:
        said.append(_("No longer in it: %(months)s.") % {"months": months_words(found.lost)})
    said += [
        _("%(month)s was revised from %(before)s to %(after)s reports.")
        % {"month": months_words([pair.month]), "before": pair.before, "after": pair.after}
        for pair in found.months
        if pair.month in found.revised
    ]
    if found.files:
        said.append(
            _("The source file is another for %(months)s.") % {"months": months_words(found.files)}
        )
    if found.methods[0] != found.methods[1]:
        said.append(
            _(
                "The method changed from version %(before)s to %(after)s: figures that are read "
                "from the same counts may differ."
            )
            % {"before": found.methods[0], "after": found.methods[1]}
        )
    if found.editions[0] != found.editions[1]:
        said.append(
            _(
                "One is for partners and one for everybody: the months below are published data in "
                "both, what agencies supply differs."
            )
        )
    if not said:
        said.append(_("Both say the same of every month, by the same method."))
    return said


def others(package: DataPackage, reader: Any) -> list[DataPackage]:
    """Return the other versions of the location that a person may read, the latest first."""
    return list(
        DataPackage.objects.filter(location=package.location_id)
        .visible_to(reader, Permission.DATA_READ)
        .exclude(pk=package.pk)
        .select_related("file", "location")
        .order_by("-created_at")
    )


def earlier_version(package: DataPackage, versions: list[DataPackage]) -> DataPackage | None:
    """Return the latest of the versions that was built before, of the same edition."""
    return next(
        (
            one
            for one in versions
            if one.created_at < package.created_at and one.restricted == package.restricted
        ),
        None,
    )
