"""What the resident tells, how it is read, and how it is answered."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.chain.town import HERE, PLACE, TOWN
from tests.browser.keyboard import Keyboard

PUBLIC = "/p/ludlow/"
WORDS = "The lamps in the station car park are out, and we do not dare to walk to the last train."
PUBLISHED = "The lamps in the station car park are out; people do not dare to walk to the last train."
WHERE = "Between the ticket machine and the far row"
REFERENCE = re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}$")


def tell(resident: Keyboard) -> str:
    """Tell a concern on the public page; return the reference that is given for it."""
    page = resident.page
    page.goto(PUBLIC)
    expect(page.get_by_text("Nothing is answered here yet.")).to_be_visible()
    resident.press("Tell us something")
    for number in ("999", "101"):
        expect(page.get_by_text(re.compile(number)).first).to_be_visible()
    resident.choose(re.compile("A concern"))
    resident.fill("In your own words", WORDS)
    resident.choose(PLACE)
    resident.fill("The spot, in words", WHERE)
    resident.press("Send it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. We have it")
    expect(page.get_by_text("You get an answer on this page by 15 July 2024.")).to_be_visible()
    reference = page.locator("main .app-key").inner_text()
    assert REFERENCE.match(reference), reference
    return reference


def read(community: Keyboard) -> None:
    """Read what was told, and publish it in words that show nobody."""
    page = community.page
    page.goto("/")
    community.press(f"{TOWN}: 1 thing to read from residents")
    community.press(re.compile(WORDS[:40]))
    expect(page.get_by_text(WHERE)).to_be_visible()
    community.press("Read and decide")
    community.choose("A concern")
    community.fill("What residents may read of it", PUBLISHED)
    community.choose("Yes, in these words")
    community.press("Save", exact=True)
    expect(page.locator("main").get_by_text(PUBLISHED)).to_be_visible()
    expect(page.locator("main").get_by_text("15 July 2024")).to_be_visible()


PRIORITY = "Light in the station car park"
DOING = "The housing provider repairs its lamps there."


def agree_priority(coordinator: Keyboard) -> None:
    """Make a priority of the concern: place, decision and action come along by themselves."""
    page = coordinator.page
    page.goto(HERE)
    coordinator.press("Residents’ voice", exact=True)
    coordinator.press(re.compile(WORDS[:40]))
    coordinator.press("Make it a priority")
    coordinator.fill("What is the priority?", PRIORITY)
    chosen = page.get_by_label("Target place").locator("option:checked")
    expect(chosen).to_have_text(PLACE)
    coordinator.fill("What we do about it", DOING)
    coordinator.choose("Yes", exact=True)
    coordinator.press("Agree it")
    expect(page.get_by_text("The priority is agreed.")).to_be_visible()
