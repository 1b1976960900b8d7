"""Reads for the report pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.sharing import Category
from core import clock
from core.choices import JobState
from core.models import JobRun
from core.screen import number
from programmes.models import Location, Programme
from programmes.policy import EVIDENCE_READERS
from programmes.sharing import Shared
from reports.choices import ReportState
from reports.figures import WorkRow
from reports.models import ProgressReport, QuarterNarrative
from reports.models.narrative import TITLES
from reports.quarters import Quarter
from reports.services import KIND
from reports.services.narratives import NEEDED
from reports.work import work_of
from surveys.selectors.headlines import HEADLINE

MOST_QUARTERS = 20
TOO_EARLY = "too_early"  # as incidents.packages.figures.Change has it


def quarters_of(programme: Programme) -> list[Quarter]:
    """Return the quarters that can be reported on, the present one first.

    From the quarter in which the programme began to the one of the business date.
    """
    last, first = Quarter.of(clock.today()), Quarter.of(programme.starts_on)
    found: list[Quarter] = []
    while last >= first and len(found) < MOST_QUARTERS:
        found.append(last)
        last = last.previous
    return found


def reports_on(subject: Location | Programme) -> list[ProgressReport]:
    """Return the reports on a location or a programme, the latest first."""
    field = "programme" if isinstance(subject, Programme) else "location"
    return list(
        ProgressReport.objects.filter(**{field: subject})
        .select_related("pdf", "job__requested_by", "location", "programme")
        .order_by("-created_at")
    )


def may_read_annex(*, user: Any, report: ProgressReport, shared: Shared) -> bool:
    """Say whether a person may read a report's annex.

    Whoever reads evidence where the report belongs, and is covered for the sensitive notes of every
    agency whose information is in it. ``shared`` is what the person is covered for there.
    """
    if report.annex_id is None:
        return False
    rows = ProgressReport.objects.filter(pk=report.pk)
    reads = any(rows.visible_to(user, right).exists() for right in EVIDENCE_READERS)
    return reads and all(
        shared.covers(Category.SENSITIVE_NOTES, owner) for owner in report.annex_owners
    )


@dataclass(frozen=True, slots=True)
class QuarterLine:
    """A quarter in the list: how its report stands, and the approved edition, if there is one."""

    quarter: Quarter
    state: str
    words: str
    url: str
    frozen: ProgressReport | None


@dataclass(frozen=True, slots=True)
class Found:
    """Something a report found, in words; ``leads`` says whether it stands before the others."""

    title: str
    words: str
    leads: bool = True


@dataclass(frozen=True, slots=True)
class QuarterStanding:
    """A quarter on its page.

    ``work`` holds the figures of the work as they stand now, a row for each figure with its value
    at each of ``names``; ``found`` what the latest report says of ASB, of what residents answered
    and of evaluations, empty before one was built. ``frozen`` the approved editions, the latest
    first; ``draft`` the latest report built without approval; ``jobs`` what is being built;
    ``lacking`` the sections that approval needs and nobody has written; ``ends_on`` is set while
    the quarter runs.
    """

    names: tuple[str, ...]
    work: tuple[WorkRow, ...]
    found: tuple[Found, ...]
    frozen: tuple[ProgressReport, ...]
    draft: ProgressReport | None
    jobs: tuple[JobRun, ...]
    lacking: tuple[str, ...]
    ends_on: dt.date | None
    is_approved: bool

    @property
    def leading(self) -> tuple[Found, ...]:
        """What stands before the rest: reports of ASB, evaluations, the headline of a survey."""
        return tuple(one for one in self.found if one.leads)

    @property
    def further(self) -> tuple[Found, ...]:
        """The other measures of the surveys."""
        return tuple(one for one in self.found if not one.leads)

    @property
    def may_be_approved(self) -> bool:
        """Whether nothing is in the way of an approval."""
        return not self.is_approved and not self.lacking and self.ends_on is None


def quarter_lines(subject: Location | Programme) -> list[QuarterLine]:
    """Return every quarter that can be reported on, the present one first."""
    kind = "programme" if isinstance(subject, Programme) else "location"
    programme = subject if isinstance(subject, Programme) else subject.programme
    words = {row.quarter: row for row in QuarterNarrative.objects.filter(**{kind: subject})}
    frozen: dict[str, ProgressReport] = {}
    rows = ProgressReport.objects.filter(**{kind: subject}, edition__isnull=False)
    for report in rows.select_related("pdf").order_by("edition"):
        frozen[report.quarter] = report
    return [
        _line(quarter, words.get(str(quarter)), frozen.get(str(quarter)), kind, subject)
        for quarter in quarters_of(programme)
    ]


def _line(
    quarter: Quarter,
    words: QuarterNarrative | None,
    frozen: ProgressReport | None,
    kind: str,
    subject: Any,
) -> QuarterLine:
    if words is None:
        state, said = "not_started", _("Nothing written yet")
    elif words.state == ReportState.APPROVED:
        state, said = "done", _("Approved")
    elif frozen is not None:
        state, said = "under_way", _("Opened again")
    else:
        state, said = "under_way", _("Draft")
    return QuarterLine(
        quarter=quarter,
        state=state,
        words=said,
        url=reverse(f"reports:{kind}-quarter", args=[subject.slug, str(quarter)]),
        frozen=frozen,
    )


def quarter_standing(
    subject: Location | Programme, quarter: Quarter, narrative: QuarterNarrative | None
) -> QuarterStanding:
    """Return how a quarter stands; the same few queries, however many locations there are."""
    locations = (
        list(subject.locations.order_by("name")) if isinstance(subject, Programme) else [subject]
    )
    kind = "programme" if isinstance(subject, Programme) else "location"
    rows = list(
        ProgressReport.objects.filter(**{kind: subject}, quarter=str(quarter))
        .select_related("pdf", "approved_by")
        .order_by("-created_at")
    )
    lacking = [
        str(TITLES[key])
        for key in NEEDED
        if narrative is None or not getattr(narrative, key).strip()
    ]
    return QuarterStanding(
        names=tuple(location.name for location in locations),
        work=_work(locations, quarter),
        found=_found(rows[0]) if rows else (),
        frozen=tuple(row for row in rows if row.is_frozen),
        draft=next((row for row in rows if not row.is_frozen), None),
        jobs=tuple(run for run in open_jobs(subject) if run.params.get("quarter") == str(quarter)),
        lacking=tuple(lacking),
        ends_on=quarter.last_day if quarter.last_day >= clock.today() else None,
        is_approved=narrative is not None and narrative.state == ReportState.APPROVED,
    )


def _work(locations: list[Location], quarter: Quarter) -> tuple[WorkRow, ...]:
    counted = work_of(locations, quarter.first_day, min(quarter.last_day, clock.today()))
    columns = [counted[location.pk] for location in locations]
    return tuple(
        WorkRow(one.key, one.label, one.note, tuple(column[number].value for column in columns))
        for number, one in enumerate(columns[0] if columns else ())
    )


def _found(report: ProgressReport) -> tuple[Found, ...]:
    """Return the findings that a report printed; older ones hold fewer kinds of them."""
    parts = report.figures.get("locations", [])
    several = len(parts) > 1
    found = []
    for part in parts:
        place = f"{part['name']}: " if several else ""
        said = [_asb_words(part["asb"]), part["asb"]["words"] or part["asb"]["refused"]]
        if any(said):
            found.append(Found(place + _("Reports of ASB"), " ".join(filter(None, said))))
        found += [_finding(place, one, leads=True) for one in part.get("evaluations", ())]
        # A survey has a dozen measures: the one that stands for it everywhere leads.
        found += [
            _finding(place, one, leads=one.get("key") == HEADLINE)
            for one in part.get("perceptions", ())
        ]
    return tuple(found)


def _finding(place: str, finding: dict[str, Any], *, leads: bool) -> Found:
    words = f"{finding['words']} {finding['base']}".strip()
    return Found(place + finding["title"], words, leads)


def _asb_words(asb: dict[str, Any]) -> str:
    """Say how many reports of ASB a report printed for its quarter.

    Empty where it printed none, and where the words on change hold the number: they compare whole
    quarters only.
    """
    if asb["quarter"] is None or asb["status"] != TOO_EARLY:
        return ""
    return _("%(count)s in the quarter (months held: %(held)s of 3).") % {
        "count": number(asb["quarter"]),
        "held": asb["held"],
    }


def open_jobs(subject: Location | Programme) -> list[JobRun]:
    """Return the reports that are being built."""
    return list(
        JobRun.objects.filter(
            kind=KIND, params__id=str(subject.pk), state__in=JobState.open_states()
        ).order_by("created_at")
    )
