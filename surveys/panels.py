"""Passages that surveys add to other pages: My week, a location's overview, the public page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.screen import day
from programmes.models import Location
from programmes.registry import HandoverChapter, HandoverLine
from surveys.choices import WaveMode, WaveState
from surveys.limits import PAPER_DAYS
from surveys.models import Wave
from surveys.selectors.headlines import HEADLINE, headlines
from surveys.selectors.lists import WaveLine, lines_in
from surveys.selectors.results import SCORE_CODE, results_of

SOON = dt.timedelta(days=14)
PUBLIC_FIRST = (HEADLINE, SCORE_CODE, "asb-experienced", "dealing-with-issues")
PUBLIC_MEASURES = 4
UNFINISHED = (WaveState.PLANNED, WaveState.OPEN, WaveState.ENTERING)


def _unfinished(waves: Any) -> list[WaveLine]:
    """Return the waves that run, are about to, or wait for their last sheets."""
    since = clock.today() - dt.timedelta(days=PAPER_DAYS)
    rows = (
        waves.filter(closes_on__gte=since, finished_on__isnull=True)
        .select_related("survey__location")
        .order_by("closes_on", "pk")
    )
    return [line for line in lines_in(rows) if line.state in UNFINISHED]


def week(request: HttpRequest) -> dict[str, Any] | None:
    """Return the waves that somebody who makes surveys or types in sheets has to see to."""
    waves = Wave.objects.all().visible_to(request.user, Permission.SURVEY_ENTER)
    lines = _unfinished(waves)
    if not lines:
        return None
    on = clock.today()
    return {
        "lines": [
            {"line": line, "soon": on <= line.wave.closes_on <= on + SOON} for line in lines[:10]
        ],
        "more": max(len(lines) - 10, 0),
    }


def overview(request: HttpRequest, location: Location) -> dict[str, Any] | None:
    """Return a location's headline for its overview; None where no wave is finished."""
    found = headlines([location]).get(location.pk)
    if found is None:
        return None
    return {
        "location": location,
        "verdict": found,
        "surveys_url": reverse("surveys:survey-list", args=[location.slug]),
    }


def _waves(location: Location) -> list[Wave]:
    rows = Wave.objects.filter(survey__location=location).select_related("survey__location")
    return list(rows.order_by("-closes_on", "-number"))


def public(location: Location) -> dict[str, Any] | None:
    """Return what the public page shows: open waves, and the main figures that were released."""
    on = clock.today()
    waves = _waves(location)
    opened = [
        wave
        for wave in waves
        if wave.state_on(on) == WaveState.OPEN and wave.mode != WaveMode.PAPER
    ]
    released = [wave for wave in waves if wave.released_on is not None and wave.released_on <= on]
    if not opened and not released:
        return None
    told = released[0] if released else None
    figures = results_of(told).measures if told is not None else ()
    shown = [one for one in figures if one.figure.state == "shown"]
    first = [one for code in PUBLIC_FIRST for one in shown if one.code == code]
    others = [one for one in shown if one.code not in PUBLIC_FIRST]
    return {
        "location": location,
        "open_waves": opened,
        "released": told,
        "measures": [*first, *others][:PUBLIC_MEASURES],
    }


def handover(location: Location, reader: Any) -> HandoverChapter | None:
    """Return the chapter of a handover pack: waves that run, and what they wait for."""
    waves = Wave.objects.filter(survey__location=location).visible_to(reader, Permission.VIEW)
    rows = [_line(line) for line in _unfinished(waves)]
    intro = "" if rows else _("No survey wave is running or about to.")
    return HandoverChapter(title=_("Survey waves"), intro=intro, rows=rows)


def _line(line: WaveLine) -> HandoverLine:
    wave = line.wave
    words = {
        WaveState.PLANNED: _("It opens on %(day)s.") % {"day": day(wave.opens_on)},
        WaveState.OPEN: _("%(n)d answers so far. Spread the address until the last day.")
        % {"n": line.answers},
        WaveState.ENTERING: _("Closed. Type in the last sheets, then finish it."),
    }
    due = {
        WaveState.PLANNED: wave.opens_on,
        WaveState.OPEN: wave.closes_on,
        WaveState.ENTERING: wave.entry_ends_on,
    }
    return HandoverLine(
        title=str(wave),
        text=str(words[line.state]),
        who=wave.survey.asked_by,
        due=due[line.state],
        url=wave.get_absolute_url(),
    )
