"""What the resident tells, how it is read, and how it is answered."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.chain.town import HERE, PLACE, TOWN
from tests.browser.keyboard import Keyboard

PUBLIC = "/p/ludlow/"
WORDS = "The lamps in the station car park are out, and we do not dare to walk to the last train."
PUBLISHED = (
    "The lamps in the station car park are out; people do not dare to walk to the last train."
)
WHERE = "Between the ticket machine and the far row"
REFERENCE = re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}$")


def tell(resident: Keyboard) -> str:
    """Tell a concern on the public page; return the reference that is given for it."""
    page = resident.page
    page.goto(PUBLIC)
    resident.sees("Nothing is answered here yet.")
    resident.press("Tell us something")
    for number in ("999", "101"):
        resident.sees(re.compile(number))
    resident.choose(re.compile("A concern"))
    resident.fill("In your own words", WORDS)
    resident.choose(PLACE)
    resident.fill("The spot, in words", WHERE)
    resident.press("Send it")
    resident.heading("Thank you. We have it")
    resident.sees("You get an answer on this page by 15 July 2024.")
    reference = page.locator("main .app-key").inner_text()
    assert REFERENCE.match(reference), reference
    return reference


def read(community: Keyboard) -> None:
    """Read what was told, and publish it in words that show nobody."""
    page = community.page
    page.goto("/")
    community.press(f"{TOWN}: 1 thing to read from residents")
    community.press(re.compile(WORDS[:40]))
    community.sees(WHERE)
    community.press("Read and decide")
    community.choose("A concern")
    community.fill("What residents may read of it", PUBLISHED)
    community.choose("Yes, in these words")
    community.press("Save", exact=True)
    community.sees(PUBLISHED)
    community.sees("15 July 2024")


def look_up(resident: Keyboard, reference: str) -> None:
    """Look up what became of it: it was read, and an answer is promised."""
    page = resident.page
    page.goto(PUBLIC)
    resident.press("Look up what became of what you told us")
    resident.fill("Your reference", reference)
    resident.press("Look it up")
    resident.sees("It was read, and is being looked at.")
    resident.sees(re.compile("The answer is promised by 15 July 2024."))


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
    coordinator.sees("The priority is agreed.")


ANSWER = "The housing provider repaired both lamps on 25 June, and looks after them every Friday."


def draft_answer(community: Keyboard) -> None:
    """Draft the answer to everybody who asked for the priority."""
    page = community.page
    page.goto(HERE)
    community.press("Residents’ voice", exact=True)
    community.press(PRIORITY)
    community.press("Draft an answer")
    community.choose(re.compile("You said, we did"))
    community.fill("The answer", ANSWER)
    community.press("Keep the draft")
    community.sees(ANSWER)


def approve_answer(coordinator: Keyboard) -> None:
    """Approve it: from now on it stands on the public page."""
    page = coordinator.page
    page.goto("/")
    coordinator.press(f"{TOWN}: 1 answer to approve")
    coordinator.press(re.compile(ANSWER[:40]))
    coordinator.press(re.compile("^Approve"))
    coordinator.sees("Published")


def read_answer(resident: Keyboard, reference: str) -> None:
    """Read the answer on the public page, and look it up with the reference."""
    page = resident.page
    page.goto(PUBLIC)
    resident.sees(ANSWER)
    expect(page.get_by_text(WORDS)).to_have_count(0)  # what they wrote is read by few
    resident.sees("Heard so far: 1. Answered: 1. Waiting for an answer: 0.")
    resident.sees("Actions: 0 under way, 1 done.")
    resident.press("Look up what became of what you told us")
    resident.fill("Your reference", reference)
    resident.press("Look it up")
    resident.sees("You told us on 25 June 2024.")
    resident.sees(ANSWER)
