"""What the pages of a location's surveys have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from programmes.models import Location
from programmes.pages import Crumb, location_crumbs, location_page, note_programme
from surveys.models import Question, Survey, Wave

LOCATIONS = Location.objects.select_related("programme", "area")
SURVEYS = Survey.objects.select_related("location__programme")
WAVES = Wave.objects.select_related("survey__location__programme", "released_by")
QUESTIONS = Question.objects.select_related("location__programme")


def surveys_url(location: Location) -> str:
    """Return the address of a location's surveys."""
    return reverse("surveys:survey-list", args=[location.slug])


def crumbs(location: Location, *more: Crumb) -> list[Crumb]:
    """Return the way to a page about surveys."""
    return [(_("Surveys"), surveys_url(location)), *more]


def survey_crumb(survey: Survey) -> Crumb:
    """Return the way to a survey."""
    return (survey.title, survey.get_absolute_url())


def wave_crumb(wave: Wave) -> Crumb:
    """Return the way to a wave."""
    return (_("Wave %(number)s") % {"number": wave.number}, wave.get_absolute_url())


def page_of(
    request: HttpRequest, location: Location, *more: Crumb, under: bool = True
) -> dict[str, Any]:
    """Return the context of a page in a location's frame."""
    way = crumbs(location, *more) if under else []
    return location_page(request, location, current="surveys", crumbs=way)


def form_of(
    request: HttpRequest,
    location: Location,
    *,
    heading: Any,
    submit_label: Any,
    cancel_url: str,
    way: Sequence[Crumb] = (),
    caption: str = "",
    intro: Any = "",
) -> dict[str, Any]:
    """Return the context of a plain form page."""
    note_programme(request, location.programme)
    return {
        "heading": heading,
        "caption": caption or location.name,
        "intro": intro,
        "submit_label": submit_label,
        "cancel_url": cancel_url,
        "crumbs": location_crumbs(location, *crumbs(location, *way)),
    }


class SurveyLookup:
    """Finds a survey under its location."""

    kwargs: dict[str, Any]

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["survey"]}


class WaveLookup:
    """Finds a wave under its location."""

    kwargs: dict[str, Any]

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"survey__location__slug": self.kwargs["slug"], "pk": self.kwargs["wave"]}
