"""axe finds nothing on any page, at phone and desk width, and no page scrolls sideways."""

from __future__ import annotations

from itertools import groupby

import pytest

from tests.browser.barriers import barriers
from tests.browser.conftest import DESK, PHONE
from tests.browser.pages import LOOKED_AT_ELSEWHERE, NO_PAGE, PAGES, looks, names_of_pages


def test_every_page_of_the_product_is_looked_at():
    there = set(names_of_pages())
    listed = set(PAGES) | LOOKED_AT_ELSEWHERE | NO_PAGE
    assert there - listed == set()
    assert listed - there == set()


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
        visitor.settle()
        found += barriers(visitor.page)
    assert found == []
