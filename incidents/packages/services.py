"""Writes of data packages: asking for one, keeping what was built, withdrawing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.policy import require
from core import clock, files
from core.choices import Marking
from core.errors import Refused
from core.files import Kinds
from core.history import because
from core.jobs import request_job
from core.models import JobRun
from core.records import to_plain
from core.screen import day, month_name
from incidents.choices import PackageState
from incidents.feeds.selectors import feeds_open
from incidents.models import DataPackage, Feed
from incidents.packages.figures import Figures
from incidents.packages.recipe import (
    PARTNER,
    PUBLIC,
    Recipe,
    check_months,
    month_start,
    month_text,
)
from programmes.models import Location

KIND = "incidents.build_data_package"


def request_package(
    *,
    location: Location,
    first_month: dt.date,
    last_month: dt.date,
    by: Any,
    edition: str = PUBLIC,
    include_later: bool = False,
    deliver: bool = True,
) -> JobRun:
    """Ask for a package and return its job; the same request while one is open returns that one.

    Months after the business date are refused unless ``include_later`` asks for them. ``by`` is
    None for the command line, ``deliver`` False where the caller runs the job itself. ``edition``
    is partner for one that holds what agencies supply, as far as it is open to whoever asks.

    Raises NotAllowed without the right to build, Refused for months that cannot be asked for or a
    location without an area.
    """
    require(by, Permission.PACKAGE_BUILD, location)
    check_months(first_month, last_month)
    today = clock.today()
    if last_month > today and not include_later:
        raise Refused(
            _(
                "%(month)s lies after the business date, %(date)s. Later months are shown only "
                "when they are asked for."
            )
            % {"month": month_name(last_month), "date": day(today)}
        )
    if location.area_id is None:
        raise Refused(
            _(
                "%(location)s has no area yet, so nothing can be counted. Choose its LSOAs or draw "
                "its boundary first."
            )
            % {"location": location.name}
        )
    if edition == PARTNER and not feeds_for(location=location, edition=edition, by=by):
        raise Refused(
            _(
                "Nothing that agencies supply is open to you here, so there is no partner edition. "
                "Build the public one."
            )
        )
    recipe = Recipe(location.slug, month_text(first_month), month_text(last_month), edition=edition)
    return request_job(
        kind=KIND,
        key=f"{location.pk}:{recipe.first_month}:{recipe.last_month}:{edition}",
        params={
            "location": str(location.pk),
            "first_month": recipe.first_month,
            "last_month": recipe.last_month,
            "edition": edition,
        },
        by=by,
        title=_("Data package: %(location)s, %(first)s to %(last)s")
        % {
            "location": location.name,
            "first": month_name(first_month),
            "last": month_name(last_month),
        },
        deliver=deliver,
    )


def existing_package(*, location: Location, fingerprint: str) -> DataPackage | None:
    """Return the package of these very figures, if there is one.

    Raises Refused, with the reason, if it was withdrawn: the same figures would be wrong again.
    """
    found = DataPackage.objects.filter(location=location, fingerprint=fingerprint).first()
    if found is not None and found.state == PackageState.WITHDRAWN:
        raise Refused(
            _("A package with exactly these figures was withdrawn on %(date)s: %(reason)s")
            % {
                "date": day(found.withdrawn_on),
                "reason": found.withdrawn_reason,
            }
        )
    return found


@transaction.atomic
def keep_package(
    *,
    location: Location,
    figures: Figures,
    zipped: Path,
    html: Path,
    pdf: Path,
    job_id: UUID | None,
    by: Any,
    supplied_by: Sequence[UUID] = (),
) -> DataPackage:
    """Store a built package as the current one for its months; earlier ones are replaced.

    A partner edition never replaces a public one; ``supplied_by`` are the agencies whose data it
    holds. Idempotent by fingerprint: what is kept already is returned.
    """
    restricted = figures.recipe.edition == PARTNER
    name = f"asb-{figures.recipe.slug}"
    package = existing_package(location=location, fingerprint=figures.fingerprint)
    with because(by=by):
        if package is None:
            package = DataPackage.objects.create(
                location=location,
                first_month=month_start(figures.recipe.first_month),
                last_month=month_start(figures.recipe.last_month),
                recipe={
                    "location": figures.recipe.location,
                    "from": figures.recipe.first_month,
                    "to": figures.recipe.last_month,
                    "method": figures.recipe.method,
                    "edition": figures.recipe.edition,
                },
                fingerprint=figures.fingerprint,
                summary=summary_of(figures),
                restricted=restricted,
                supplied_by=sorted(supplied_by),
                built_on=clock.today(),
                job_id=job_id,
                marking=Marking.OFFICIAL_SENSITIVE if restricted else location.marking,
                handling=location.handling,
                is_demonstration=figures.is_demonstration,
                file=files.store(zipped, name=f"{name}.zip", accept=Kinds.ZIP),
                briefing_html=files.store(html, name=f"{name}.html", accept=Kinds.HTML),
                briefing_pdf=files.store(pdf, name=f"{name}.pdf", accept=Kinds.PDF),
            )
        elif package.state != PackageState.CURRENT:
            package.state = PackageState.CURRENT
            package.save(update_fields=["state", "updated_at"])
        DataPackage.objects.filter(
            location=location,
            first_month=package.first_month,
            last_month=package.last_month,
            state=PackageState.CURRENT,
            restricted=package.restricted,
        ).exclude(pk=package.pk).update(state=PackageState.SUPERSEDED)
    return package


def summary_of(figures: Figures) -> dict[str, Any]:
    """Return what lists and commands say of a package."""
    return {
        "location": figures.recipe.location,
        "location_name": figures.location,
        "from": figures.recipe.first_month,
        "to": figures.recipe.last_month,
        "area_kind": figures.area_kind,
        "fingerprint": figures.fingerprint,
        "reports": figures.total,
        "months": [
            {"month": row.month, "count": row.count, "status": row.status}
            for row in figures.monthly
        ],
        "missing": list(figures.missing),
        "partial": list(figures.partial),
        "change": figures.change.status,
        "usual": to_plain(replace(figures.usual, months=(), years=())),
        "attribution": list(dict.fromkeys(source.attribution for source in figures.sources)),
    }


def feeds_for(*, location: Location, edition: str, by: Any) -> list[Feed]:
    """Return the feeds that have part in an edition.

    In a partner one those open to whoever asks; the house itself, asking for nobody, builds public
    ones only. In a public one, whoever asks, those whose figures may be public.
    """
    if edition == PARTNER:
        return feeds_open(location.programme, by) if by is not None else []
    return feeds_open(location.programme, None)


@transaction.atomic
def withdraw_package(*, package: DataPackage, reason: str, by: Any, version: int) -> DataPackage:
    """Mark a package as not to be used; it stays visible with the reason.

    Raises NotAllowed without the right to build, Refused without a reason or if it is withdrawn
    already, Conflict if it changed since it was read.
    """
    require(by, Permission.PACKAGE_BUILD, package.location)
    if not reason.strip():
        raise Refused(_("Say why the package must not be used."))
    if package.state == PackageState.WITHDRAWN:
        raise Refused(_("This package is withdrawn already."))
    package.state = PackageState.WITHDRAWN
    package.withdrawn_on = clock.today()
    package.withdrawn_by = by
    package.withdrawn_reason = reason.strip()
    with because(by=by, reason=reason.strip()):
        package.save_version(version)
    return package
