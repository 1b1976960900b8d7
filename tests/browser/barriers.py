"""What stands in somebody's way on a page: rules of axe that it breaks, and scrolling sideways."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def barriers(page: Page) -> list[str]:
    """Return what is found on the page that is open, a line each, with its address."""
    result = Axe().run(page)
    found = [
        f"{page.url}: {violation['id']}: {violation['help']}: "
        f"{[node['html'][:200] for node in violation['nodes'][:3]]}"
        for violation in result.response["violations"]
    ]
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if wide > 0:
        found.append(f"{page.url}: scrolls {wide} px sideways")
    return found
