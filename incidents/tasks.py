"""Job kinds of incidents."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core.jobs import JobHandle, JobResult, job
from core.models import StoredFile
from core.records import from_plain, to_plain
from incidents.models import DataPackage
from incidents.packages import services
from incidents.packages.figures import Figures
from incidents.packages.recipe import Recipe, month_start
from incidents.selectors import restricted_held, with_restricted
from places.choices import DefinitionKind
from programmes.models import Location

STAGES = 6


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
    recipe = Recipe(location.slug, run.params["first_month"], run.params["last_month"])
    with translation.override(settings.LANGUAGE_CODE):
        run.progress(0, STAGES, _("Reading the figures"))
        restricted = run.once("restricted", lambda: _restricted(run, recipe, location))
        with with_restricted(restricted):
            figures = _figures(run, recipe, location)
        there = services.existing_package(location=location, fingerprint=figures.fingerprint)
        if there is not None and there.restricted and not restricted:
            there = services.release(there)
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
                        restricted=restricted,
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


def _restricted(run: JobHandle, recipe: Recipe, location: Location) -> bool:
    """Say whether force extracts have part in this package: open to the asker, and held."""
    if location.area is None:
        return False
    held = restricted_held(location.area, month_start(recipe.last_month))
    return held and services.may_read_restricted(location=location, by=run.requested_by)


def _figures(run: JobHandle, recipe: Recipe, location: Location) -> Figures:
    from incidents.packages.gather import gather

    def write(path: Path) -> None:
        path.write_text(json.dumps(to_plain(gather(recipe, location))), encoding="utf-8")

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
