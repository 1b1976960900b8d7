"""axe finds nothing on any page, at phone and desk width, and no page scrolls sideways."""

from __future__ import annotations

from itertools import groupby

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESK, PHONE
from tests.browser.pages import NO_PAGE, PAGES, looks, names_of_pages


def test_every_page_of_the_product_is_looked_at():
    there = set(names_of_pages())
    assert there - set(PAGES) - NO_PAGE == set()
    assert (set(PAGES) | NO_PAGE) - there == set()


@pytest.mark.parametrize("width", ["desk", "phone"])
@pytest.mark.parametrize("who", sorted({look.who or "nobody" for look in looks()}))
def test_axe_finds_nothing(visit, made, who, width):
    mine = next(
        list(group)
        for key, group in groupby(looks(), key=lambda look: look.who or "")
        if (key or "nobody") == who
    )
    visitor = visit(None if who == "nobody" else who, viewport=DESK if width == "desk" else PHONE)
    found: list[str] = []
    for look in mine:
        path = look.path.format(**made)
        answer = visitor.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        visitor.page.wait_for_load_state("networkidle")
        result = Axe().run(visitor.page)
        found += [
            f"{path}: {violation['id']}: {violation['help']}: "
            f"{[node['html'][:200] for node in violation['nodes'][:3]]}"
            for violation in result.response["violations"]
        ]
        wide = visitor.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wide > 0:
            found.append(f"{path}: scrolls {wide} px sideways")
    assert found == []
