"""Results that are there from the start: data packages and two progress reports.

Made by the same jobs that a button starts, asked for by the people of the demonstration.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from core import clock
from core.jobs import run_now
from demo.loading import supply
from demo.loading.meetings import minutes_parts
from demo.loading.open_data import late_month_is_held, late_parts
from demo.loading.part import Part
from demo.loading.problems import result_parts
from demo.loading.programmes import user_of
from incidents.models import DataPackage
from incidents.packages.services import request_package
from programmes.models import Location, Programme
from reports.models import ProgressReport
from reports.quarters import Quarter
from reports.services import request_report

TOWN = "leominster"
PROGRAMME = "west-mercia"
FIRST, LAST = dt.date(2024, 1, 1), dt.date(2024, 6, 1)
# The analyst builds January to April when her action is done, though April has not arrived, and
# again when it has: the second version replaces the first.
SPRING_LAST = dt.date(2024, 4, 1)
BEFORE_APRIL, AFTER_APRIL = dt.date(2024, 5, 23), dt.date(2024, 6, 17)
QUARTER = "2023-24-Q4"  # January to March 2024, of which the published account tells


def version_parts() -> Iterator[Part]:
    """Yield the analyst's two versions of one package, and between them the month that was late.

    A demonstration that was loaded before there were two of them stays as it is.
    """
    title = "Data package for Leominster, January to April"
    yield Part(
        f"package-{TOWN}-before-april",
        title,
        lambda: late_month_is_held() or bool(_versions()),
        partial(_make_package, SPRING_LAST, by="analyst", on=BEFORE_APRIL),
    )
    yield from late_parts()
    yield Part(
        f"package-{TOWN}-after-april",
        f"{title}, with April",
        lambda: _versions() != 1,
        partial(_make_package, SPRING_LAST, by="analyst", on=AFTER_APRIL),
    )


def _versions() -> int:
    return DataPackage.objects.filter(
        location__slug=TOWN, first_month=FIRST, last_month=SPRING_LAST
    ).count()


def parts() -> Iterator[Part]:
    """Yield the package, then the reports (which show what the package holds)."""
    yield Part(
        f"package-{TOWN}",
        "Data package for Leominster, January to June",
        _package_is_there,
        partial(_make_package, LAST, by="coordinator"),
    )
    yield from supply.use_parts()
    yield from result_parts()
    for kind in (Location, Programme):
        slug = TOWN if kind is Location else PROGRAMME
        yield Part(
            f"report-{slug}",
            f"Progress report, {slug}",
            partial(_report_is_there, kind, slug),
            partial(_make_report, kind, slug),
        )
    yield from minutes_parts()


def _package_is_there() -> bool:
    return DataPackage.objects.filter(
        location__slug=TOWN, first_month=FIRST, last_month=LAST
    ).exists()


def _make_package(last: dt.date, *, by: str, on: dt.date | None = None) -> None:
    """Build the package from January to ``last`` for a person, on their day if one is given."""
    with clock.business_date(on):
        run_now(
            request_package(
                location=Location.objects.get(slug=TOWN),
                first_month=FIRST,
                last_month=last,
                by=user_of(by),
                deliver=False,
            )
        )


def _report_is_there(kind: type[Location | Programme], slug: str) -> bool:
    field = "location__slug" if kind is Location else "programme__slug"
    return ProgressReport.objects.filter(**{field: slug}, quarter=QUARTER).exists()


def _make_report(kind: type[Location | Programme], slug: str) -> None:
    person = "coordinator" if kind is Location else "leader"
    run_now(
        request_report(
            subject=kind._default_manager.get(slug=slug),
            quarter=Quarter.parse(QUARTER),
            by=user_of(person),
            deliver=False,
        )
    )
