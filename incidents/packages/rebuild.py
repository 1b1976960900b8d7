"""Packages that the house builds by itself when new months arrive, and who is told of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import mail
from accounts.backends import may_sign_in
from accounts.permissions import Permission
from core.choices import JobState
from core.due import due
from core.models import JobRun
from core.screen import month_name
from delivery.models import MailChoice, SentNotice
from delivery.selectors.help import holders_of
from incidents import selectors
from incidents.choices import FileKind, PackageState
from incidents.models import DataPackage, Force, ForceMonth
from incidents.packages.recipe import month_text
from incidents.packages.services import KIND, request_package
from programmes.models import Location

MONTHS = 12
TOLD_WITHIN = dt.timedelta(days=14)


@due("package-rebuild", order=80)
def rebuild(on: dt.date) -> str:
    """Ask for the packages that new data have made old."""
    return f"{len(ask_for_stale(on))} packages asked for"


@due("package-news", order=85)
def news(on: dt.date) -> str:
    """Tell people of packages that the house has built."""
    return f"{tell_of_new(on)} mails sent"


@transaction.atomic
def ask_for_stale(on: dt.date) -> list[JobRun]:
    """Ask for the last twelve months of every location whose data are newer than its package.

    Of a location in a running or past programme that has an area; up to the last month that its
    police force's files hold by the business date. Nothing is asked for while the same package is
    being built, and nothing again for files that were there when it was built: harmless to repeat.
    """
    asked = []
    newest = _newest_months(on)
    being_built = set(
        JobRun.objects.filter(kind=KIND, state__in=JobState.open_states()).values_list(
            "params__location", flat=True
        )
    )
    locations = (
        Location.objects.filter(area__isnull=False)
        .select_related("programme", "area")
        .order_by("slug")
    )
    for location in locations:
        window = _window(location, newest)
        if window is None or str(location.pk) in being_built:
            continue
        if _is_stale(location, *window):
            asked.append(
                request_package(
                    location=location, first_month=window[0], last_month=window[1], by=None
                )
            )
    return asked


def _newest_months(on: dt.date) -> dict[Any, dt.date]:
    """Return the last month held of each force by a day."""
    rows = (
        ForceMonth.objects.filter(kind=FileKind.STREET, month__lte=on.replace(day=1))
        .values("force")
        .annotate(last=Max("month"))
    )
    return {row["force"]: row["last"] for row in rows}


def _forces(location: Location) -> list[Force]:
    assert location.area is not None, "locations without an area are left out before"
    return selectors.forces_of(location.area)


def _window(location: Location, newest: dict[Any, dt.date]) -> tuple[dt.date, dt.date] | None:
    last = max(
        (newest[force.pk] for force in _forces(location) if force.pk in newest), default=None
    )
    if last is None:
        return None
    n = last.year * 12 + last.month - MONTHS
    return dt.date(n // 12, n % 12 + 1, 1), last


def _is_stale(location: Location, first: dt.date, last: dt.date) -> bool:
    """Say whether a file of these months came in after the package was last asked for.

    By whomever, and whatever became of it: a package that could not be built, or came out the
    same, is not tried again before other data are there. One that was withdrawn is not built again
    by itself: a person said that it must not be used.
    """
    withdrawn = DataPackage.objects.filter(
        location=location, first_month=first, last_month=last, state=PackageState.WITHDRAWN
    )
    if withdrawn.exists():
        return False
    asked = JobRun.objects.filter(
        kind=KIND,
        params__location=str(location.pk),
        params__first_month=month_text(first),
        params__last_month=month_text(last),
    ).aggregate(at=Max("created_at"))["at"]
    if asked is None:
        return True
    return ForceMonth.objects.filter(
        kind=FileKind.STREET,
        force__in=_forces(location),
        month__range=(first, last),
        data_import__created_at__gt=asked,
    ).exists()


@transaction.atomic
def tell_of_new(on: dt.date) -> int:
    """Send one mail to each person who builds packages, naming those built since; say how many.

    Told are coordinators, analysts and managers of a location, unless they switched the weekly
    mail off; of each package once, within a fortnight of its building.
    """
    packages = list(
        DataPackage.objects.filter(
            state=PackageState.CURRENT,
            built_on__range=(on - TOLD_WITHIN, on),
            job__isnull=False,
            job__requested_by__isnull=True,
        )
        .select_related("location__programme")
        .order_by("location__name", "last_month")
    )
    mine: dict[Any, list[DataPackage]] = defaultdict(list)
    people: dict[Any, Any] = {}
    for package in packages:
        for person in holders_of(package.location, Permission.PACKAGE_BUILD):
            people[person.pk] = person
            mine[person.pk].append(package)
    off = set(MailChoice.objects.filter(weekly_digest=False).values_list("user", flat=True))
    sent = 0
    for key, person in people.items():
        if key in off or not may_sign_in(person):
            continue
        told = set(
            SentNotice.objects.filter(
                user=person, key__in=[_key(package) for package in mine[key]]
            ).values_list("key", flat=True)
        )
        fresh = [package for package in mine[key] if _key(package) not in told]
        if fresh:
            SentNotice.objects.bulk_create(
                SentNotice(user=person, key=_key(package), sent_on=on) for package in fresh
            )
            mail.send(to=person.email, subject=_subject(fresh), text=_text(person, fresh))
            sent += 1
    return sent


def _key(package: DataPackage) -> str:
    return f"package:{package.pk}"


def _subject(packages: list[DataPackage]) -> str:
    if len(packages) == 1:
        return _("New data package: %(location)s") % {"location": packages[0].location.name}
    return _("%(count)s new data packages") % {"count": len(packages)}


def _text(person: Any, packages: list[DataPackage]) -> str:
    lines = [
        _("Dear %(name)s,") % {"name": person.name},
        "",
        _("New police data have arrived, and these data packages were built from them:"),
        "",
    ]
    for package in packages:
        lines += [
            _("%(location)s, %(first)s to %(last)s")
            % {
                "location": package.location.name,
                "first": month_name(month_text(package.first_month)),
                "last": month_name(month_text(package.last_month)),
            },
            mail.address_of(package.get_absolute_url()),
            "",
        ]
    return "\n".join(lines)
