"""How long the printed briefing is: something that a group reads before a meeting."""

from __future__ import annotations

from dataclasses import replace

import pytest

from incidents.packages import briefing
from incidents.packages.build import draw
from incidents.packages.figures import PlaceCount, SimilarRow
from incidents.packages.gather import gather
from incidents.packages.patterns import MixRow
from incidents.packages.recipe import Recipe
from incidents.packages.season import season_from
from programmes.models import Location
from tests.core.test_pdf import failures, text_of
from tests.incidents.streets import CODES, hold_month, make_areas

pytestmark = pytest.mark.django_db
A, B, REST = CODES
LEAST, MOST = 4, 8


@pytest.fixture
def figures(people):
    make_areas(people.location)
    for year in (2022, 2023):
        for month in range(1, 13):
            hold_month(f"{year}-{month:02}", {A: 10 + month, B: 5, REST: 30}, other=4)
    location = Location.objects.select_related("programme", "area").get(slug="leominster")
    return gather(Recipe("leominster", "2022-07", "2023-12"), location)


def pages_of(figures, tmp_path):
    pdf = briefing.as_pdf(figures, draw(figures, lambda _name, make: make()))
    return pdf, text_of(pdf, tmp_path, "-layout").split("\f")[:-1]


def test_a_briefing_with_everything_published_has_four_to_eight_pages(figures, tmp_path):
    """Eighteen months, three years of season, ten places, twenty like LSOAs, all categories."""
    full = replace(
        figures,
        season=season_from(
            {f"{y}-{m:02}": 20 + m % 5 for y in (2021, 2022, 2023) for m in range(1, 13)}
        ),
        similar=tuple(
            SimilarRow(n, f"E0100{n:04}", f"Herefordshire {n:03}B", 20 + n / 7, 1500 + n, n / 40)
            for n in range(1, 21)
        ),
        mix=tuple(
            MixRow(f"Category number {n}", 40 - n, 7.0, 300, 7.0, 1.0, 0.9, 1.1) for n in range(14)
        ),
        places=tuple(
            PlaceCount(n, f"On or near Street {n}", -2.8, 52.2, A, 40 - n, 3.0, 3.0 * n)
            for n in range(1, 31)
        ),
    )
    pdf, pages = pages_of(full, tmp_path)
    assert LEAST <= len(pages) <= MOST
    assert failures(pdf) == []
    assert "Herefordshire 020B" in "".join(pages)
    assert "Years above" in "".join(pages)


def test_a_short_briefing_still_says_everything_on_page_one(figures, tmp_path):
    __, pages = pages_of(figures, tmp_path)
    assert LEAST <= len(pages) <= MOST
    for question in ("What?", "When?", "Where?", "Changing?", "Missing?", "Who?", "Why?", "How?"):
        assert question in pages[0]
