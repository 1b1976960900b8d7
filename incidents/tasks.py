"""Job kinds of incidents."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core import files
from core.errors import BadInput, Refused
from core.jobs import JobHandle, JobResult, job
from core.models import StoredFile
from core.records import from_plain, to_plain
from incidents.feeds import jobs  # noqa: F401  # its job and what falls due are registered
from incidents.ingest import import_street_crime, sending
from incidents.models import DataPackage, Feed
from incidents.packages import rebuild as _rebuild  # noqa: F401  # what falls due with new data
from incidents.packages import services
from incidents.packages.figures import Figures
from incidents.packages.recipe import PUBLIC, Recipe
from places.choices import DefinitionKind
from programmes.models import Location

STAGES = 6
ACCOUNT_ROWS = 100  # of force-months and of skipped files that a job's result lists


@job(kind=services.KIND, title=gettext_lazy("Data package"))
def build_data_package(run: JobHandle) -> JobResult:
    """Build a data package in stages, each kept, so that a killed worker loses one stage at most.

    The figures are read once and kept with the job: what an attempt after this one writes is made
    from the same figures. The files' language is always the house's, whoever asked.
    """
    locations = Location.objects.select_related("programme", "area")
    if run.requested_by is not None:
        locations = locations.visible_to(run.requested_by, Permission.PACKAGE_BUILD)
    location = run.require(locations.filter(pk=run.params["location"]))
    recipe = Recipe(
        location.slug,
        run.params["first_month"],
        run.params["last_month"],
        edition=run.params.get("edition", PUBLIC),  # asked for before there were editions
    )
    with translation.override(settings.LANGUAGE_CODE):
        run.progress(0, STAGES, _("Reading the figures"))
        feeds = services.feeds_for(location=location, edition=recipe.edition, by=run.requested_by)
        figures = _figures(run, recipe, location, feeds)
        there = services.existing_package(location=location, fingerprint=figures.fingerprint)
        if there is None:
            files = _files(run, figures)
            key = run.once(
                "kept",
                lambda: str(
                    services.keep_package(
                        location=location,
                        figures=figures,
                        job_id=run.id,
                        by=run.requested_by,
                        supplied_by=_suppliers(figures, feeds),
                        **files,
                    ).pk
                ),
            )
            there = DataPackage.objects.select_related("file", "location").get(pk=key)
        run.progress(STAGES, STAGES, _("Done"))
    # A job's result is its asker's for good: what an agreement opens for a time is not in it.
    shared_only = there.restricted or figures.area_kind == DefinitionKind.DRAWN
    return JobResult(
        summary={
            **({} if shared_only else there.summary),
            "package": str(there.pk),
            "sha256": there.file.sha256,
            "size": there.file.size,
        },
        url=there.get_absolute_url(),
        file=None if shared_only else StoredFile.objects.get(pk=there.file_id),
    )


def _suppliers(figures: Figures, feeds: Sequence[Feed]) -> list[UUID]:
    """Return the agencies of what is not published, in a partner edition."""
    if figures.recipe.edition == PUBLIC:
        return []
    held = {one.slug for one in figures.supplied if not one.published}
    return list({feed.agency_id for feed in feeds if feed.slug in held})


def _figures(run: JobHandle, recipe: Recipe, location: Location, feeds: Sequence[Feed]) -> Figures:
    from incidents.packages.gather import gather

    def write(path: Path) -> None:
        path.write_text(json.dumps(to_plain(gather(recipe, location, feeds))), encoding="utf-8")

    kept = run.file("figures.json", write)
    return from_plain(Figures, json.loads(kept.read_text(encoding="utf-8")))


def _files(run: JobHandle, figures: Figures) -> dict[str, Path]:
    """Draw, print and pack; every stage is a file of the job's folder."""
    from incidents.packages import briefing, build

    run.progress(1, STAGES, _("Drawing charts and map"))
    drawn = build.draw(
        figures,
        lambda name, make: run.file(name, lambda path: path.write_bytes(make())).read_bytes(),
    )
    run.progress(2, STAGES, _("Writing the briefing"))
    html = run.file(
        "briefing.html", lambda path: path.write_bytes(briefing.as_html(figures, drawn))
    )
    run.progress(3, STAGES, _("Making the PDF"))
    pdf = run.file("briefing.pdf", lambda path: path.write_bytes(briefing.as_pdf(figures, drawn)))
    run.progress(4, STAGES, _("Packing the files"))
    zipped = run.file(
        "package.zip",
        lambda path: path.write_bytes(
            build.assemble(figures, build.tables(figures), html.read_bytes(), pdf.read_bytes())
        ),
    )
    run.progress(5, STAGES, _("Keeping the package"))
    return {"zipped": zipped, "html": html, "pdf": pdf}


@job(kind=sending.KIND, title=gettext_lazy("Street data"))
def import_street_data(run: JobHandle) -> JobResult:
    """Take in a street file that was sent from a page; a month that is held is not replaced.

    Other programmes count by the same rows: changing a held month is for whoever runs the system.
    """
    locations = Location.objects.all()
    if run.requested_by is not None:
        locations = locations.visible_to(run.requested_by, Permission.DATA_IMPORT)
    location = run.require(locations.filter(pk=run.params["location"]))
    try:
        # May run again after a kill: the same file again is no change.
        account = run.checkpoint("account", lambda: _take_street(run))
    except BadInput:
        sending.drop_file(run.params["file"])
        raise
    sending.drop_file(run.params["file"])
    page = reverse("incidents:import", args=[location.slug])
    return JobResult(summary=account, url=f"{page}?job={run.id}")


def _take_street(run: JobHandle) -> dict[str, Any]:
    """Import the file and return its account, as long as a page shows it."""
    stored = StoredFile.objects.filter(pk=run.params["file"]).first()
    if stored is None:
        raise Refused(_("The file is not kept any more. Send it again."))
    run.progress(0, 1, _("Looking at the file"))
    # Force and month are told from the file's own name, which the room of files does not keep.
    path = run.file(stored.name, lambda half: shutil.copyfile(files.path_of(stored), half))
    account = import_street_crime(
        [path],
        by=run.requested_by,
        keep_good=run.params["keep_good"],
        replace=False,
        progress=run.progress,
    ).as_summary()
    return {
        "totals": account["totals"],
        "months": account["force_months"][:ACCOUNT_ROWS],
        "more_months": max(0, len(account["force_months"]) - ACCOUNT_ROWS),
        "added": account["changed"]["inserted"],
        "outcomes": {
            name: account["outcomes"][name] for name in ("files", "read", "rejected", "inserted")
        },
        "skipped": account["skipped"][:ACCOUNT_ROWS],
        "more_skipped": max(0, len(account["skipped"]) - ACCOUNT_ROWS),
    }
