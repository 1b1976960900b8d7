"""axe finds nothing on any page, at phone and desk width, and no page scrolls sideways."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.browser.barriers import barriers
from tests.browser.conftest import DESK, PHONE
from tests.browser.pages import LOOKED_AT_ELSEWHERE, NO_PAGE, PAGES, looks, names_of_pages

AT_ONCE = 40


def test_every_page_of_the_product_is_looked_at():
    there = set(names_of_pages())
    listed = set(PAGES) | LOOKED_AT_ELSEWHERE | NO_PAGE
    assert there - listed == set()
    assert listed - there == set()


def parts() -> list[tuple[str, int]]:
    """Return everybody with the number of each run of pages of theirs: long ones are shared out."""
    many = Counter(look.who or "nobody" for look in looks())
    return [(who, part) for who, count in sorted(many.items()) for part in range(0, count, AT_ONCE)]


@pytest.mark.parametrize(("who", "part"), parts())
def test_axe_finds_nothing(visit, made, who, part):
    """Each page is opened once, on a desk, and then made as narrow as a phone."""
    mine = [look for look in looks() if (look.who or "nobody") == who]
    visitor = visit(None if who == "nobody" else who, viewport=DESK)
    found: list[str] = []
    for look in mine[part : part + AT_ONCE]:
        path = look.path.format(**made)
        answer = visitor.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        visitor.settle()
        found += barriers(visitor.page)
        visitor.page.set_viewport_size(PHONE)
        visitor.settle()
        found += [f"at {PHONE['width']} px: {one}" for one in barriers(visitor.page)]
        visitor.page.set_viewport_size(DESK)
    assert found == []
