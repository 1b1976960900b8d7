"""What can be linked as evidence, what a link cites, and what of it a reader may see."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from assets.choices import AssetKind
from assets.models import Asset, Observation
from core.choices import Marking
from core.errors import Refused
from core.screen import day, month_name
from delivery.models import Action, Concern
from incidents.choices import PackageState
from incidents.models import DataPackage
from problems.choices import EvidenceKind
from problems.models import EvidenceLink
from problems.models.links import TARGETS
from programmes import policy
from programmes.models import Evidence, Location
from programmes.sharing import is_sensitive
from surveys.models import Wave
from surveys.selectors.results import results_of

MODELS: dict[str, type[Any]] = {
    EvidenceKind.PACKAGE: DataPackage,
    EvidenceKind.WAVE: Wave,
    EvidenceKind.OBSERVATION: Observation,
    EvidenceKind.ASSET: Asset,
    EvidenceKind.CONCERN: Concern,
    EvidenceKind.ACTION: Action,
    EvidenceKind.STEP_EVIDENCE: Evidence,
}
_AT = {
    EvidenceKind.WAVE: "survey__location",
    EvidenceKind.OBSERVATION: "audit__location",
    EvidenceKind.STEP_EVIDENCE: "step_record__location",
}
_WITH = {
    EvidenceKind.PACKAGE: ("location",),
    EvidenceKind.WAVE: ("survey__location",),
    EvidenceKind.OBSERVATION: ("audit__location",),
    EvidenceKind.ASSET: ("location",),
    EvidenceKind.CONCERN: ("location",),
    EvidenceKind.ACTION: ("location",),
    EvidenceKind.STEP_EVIDENCE: ("step_record__location", "step_record__definition"),
}


@dataclass(frozen=True, slots=True)
class Citation:
    """What is put down of evidence when it is linked."""

    words: str = ""
    fingerprint: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A piece of linked evidence as a reader sees it.

    ``title`` and ``url`` are empty where what it points to is withheld from them or gone:
    ``withheld`` then says so, and ``figure`` and ``note`` are left out too.
    """

    id: UUID
    kind: str
    kind_label: str
    bearing: str
    bearing_label: str
    title: str
    url: str
    figure: str
    note: str
    source: str
    cited_on: dt.date
    cited_by: str
    withheld: str
    newer: bool
    withdrawn_on: dt.date | None
    withdrawn_reason: str
    hypothesis_id: UUID | None


def seen(kind: str, reader: Any) -> QuerySet[Any]:
    """Return the rows of a kind that a reader may see, wherever they are."""
    rows: Any = MODELS[kind]._default_manager.all()
    if kind == EvidenceKind.PACKAGE:
        return rows.visible_to(reader, Permission.DATA_READ)
    if kind == EvidenceKind.CONCERN:
        return rows.visible_to(reader).filter(published_on__isnull=False)
    if kind == EvidenceKind.STEP_EVIDENCE:
        readable = Q()
        for right in policy.EVIDENCE_READERS:
            readable |= Q(pk__in=rows.visible_to(reader, right).order_by().values("pk"))
        # What is marked is read on the step's own page.
        return rows.filter(readable).exclude(marking=Marking.OFFICIAL_SENSITIVE)
    return rows.visible_to(reader)


def linkable(kind: str, *, location: Location, reader: Any) -> QuerySet[Any]:
    """Return what of a kind at a location a person can link, the newest first."""
    rows = seen(kind, reader).filter(**{_AT.get(EvidenceKind(kind), "location"): location})
    rows = rows.select_related(*_WITH[EvidenceKind(kind)])
    if kind == EvidenceKind.PACKAGE:
        rows = rows.exclude(state=PackageState.WITHDRAWN)
    if kind in (EvidenceKind.STEP_EVIDENCE, EvidenceKind.OBSERVATION, EvidenceKind.ASSET):
        rows = rows.filter(withdrawn_on__isnull=True)
    return rows.order_by("-created_at", "pk")


def cited(kind: str, target: Any, detail: str = "") -> Citation:
    """Return what is put down of a target when it is linked today.

    Nothing of people and of what residents said is copied. Raises core.errors.Refused for a month
    that the package lacks or a question that was not asked.
    """
    if kind == EvidenceKind.PACKAGE:
        return Citation(_package_words(target, detail), target.fingerprint)
    if kind == EvidenceKind.WAVE:
        return _wave_words(target, detail)
    return Citation()


def _package_words(package: DataPackage, month: str) -> str:
    summary = package.summary
    span = {"first": month_name(package.first_month), "last": month_name(package.last_month)}
    if not month:
        words = _("%(count)s reports of anti-social behaviour, %(first)s to %(last)s") % {
            **span,
            "count": f"{summary.get('reports', 0):,}",
        }
        missing = len(summary.get("missing", []))
        return (
            words
            if not missing
            else _("%(words)s (%(n)d months missing)")
            % {
                "words": words,
                "n": missing,
            }
        )
    found = next((row for row in summary.get("months", []) if row["month"] == month), None)
    if found is None:
        raise Refused(_("The package does not hold that month."))
    if found["count"] is None:
        return _("%(month)s: missing") % {"month": month_name(month)}
    return _("%(count)s reports of anti-social behaviour in %(month)s") % {
        "count": f"{found['count']:,}",
        "month": month_name(month),
    }


def _wave_words(wave: Wave, code: str) -> Citation:
    results = results_of(wave)
    if not code:
        words = _("%(answers)s answers, %(first)s to %(last)s") % {
            "answers": results.answers,
            "first": day(wave.opens_on),
            "last": day(wave.closes_on),
        }
        return Citation(words, wave.wording_hash)
    measure = results.measure(code)
    if measure is None:
        raise Refused(_("That question was not asked in this wave, or there are no results yet."))
    return Citation(share_words(measure), wave.wording_hash, code)


def share_words(measure: Any) -> str:
    """Return "Feel unsafe after dark: 81 of 212 (38%)", or that it is hidden."""
    figure = measure.figure
    if figure.state != "shown":
        return _("%(what)s: hidden to protect privacy (%(base)d answered)") % {
            "what": measure.title,
            "base": figure.base,
        }
    return _("%(what)s: %(count)d of %(base)d (%(percent)d%%)") % {
        "what": measure.title,
        "count": figure.count,
        "base": figure.base,
        "percent": round(100 * figure.share),
    }


def title_of(kind: str, target: Any) -> str:
    """Return what a target is called on a plan; a person among the assets is not named here."""
    if kind == EvidenceKind.PACKAGE:
        return _("Data package, %(first)s to %(last)s") % {
            "first": month_name(target.first_month),
            "last": month_name(target.last_month),
        }
    if kind == EvidenceKind.OBSERVATION:
        words = _("%(kind)s, seen on the walk of %(date)s") % {
            "kind": target.get_kind_display(),
            "date": day(target.audit.walked_on),
        }
        return words if is_sensitive(target) else f"{words}: {target.text}"[:200]
    if kind == EvidenceKind.ASSET and target.kind == AssetKind.PERSON:
        return _("A local contributor")
    if kind == EvidenceKind.CONCERN:
        return str(target.public_text or target.get_kind_display())[:200]
    return str(target)


def lines_of(links: Iterable[EvidenceLink], reader: Any) -> list[LinkLine]:
    """Return links as a reader sees them: one query for each kind that is there."""
    rows = list(links)
    ids: dict[str, set[UUID]] = defaultdict(set)
    for link in rows:
        field = TARGETS.get(link.kind)
        target = getattr(link, f"{field}_id") if field else None
        if target is not None:
            ids[link.kind].add(target)
    found = {
        kind: {
            row.pk: row
            for row in seen(kind, reader)
            .filter(pk__in=keys)
            .select_related(*_WITH[EvidenceKind(kind)])
        }
        for kind, keys in ids.items()
    }
    moderates = bool(found.get(EvidenceKind.CONCERN)) and policy.holds(
        reader, Permission.VOICE_MODERATE, rows[0].problem.location
    )
    return [_line(link, found, moderates=moderates) for link in rows]


def _line(link: EvidenceLink, found: dict[str, dict[UUID, Any]], *, moderates: bool) -> LinkLine:
    field = TARGETS.get(link.kind)
    key = getattr(link, f"{field}_id") if field else None
    target = found.get(link.kind, {}).get(key) if key else None
    withheld = ""
    if field and key is None:
        withheld = _("It has been taken away since.")
    elif field and target is None:
        withheld = _("Withheld: you do not have access to what it points to.")
    shown = not withheld
    return LinkLine(
        id=link.pk,
        kind=link.kind,
        kind_label=link.get_kind_display(),
        bearing=link.bearing,
        bearing_label=link.get_bearing_display(),
        title=title_of(link.kind, target) if target is not None else "",
        url=_url(link.kind, target, moderates) if target is not None else "",
        figure=link.figure if shown else "",
        note=link.note if shown else "",
        source=link.source if shown else "",
        cited_on=link.cited_on,
        cited_by=str(link.recorded_by),
        withheld=withheld,
        newer=link.kind == EvidenceKind.PACKAGE
        and target is not None
        and target.state != PackageState.CURRENT,
        withdrawn_on=link.withdrawn_on,
        withdrawn_reason=link.withdrawn_reason if shown else "",
        hypothesis_id=link.hypothesis_id,
    )


def _url(kind: str, target: Any, moderates: bool) -> str:
    """Return where it is read; a concern's own page is for those who moderate."""
    if kind == EvidenceKind.CONCERN and not moderates:
        return ""
    return str(target.get_absolute_url())
