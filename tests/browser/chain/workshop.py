"""The workshop: the concern is raised, something is decided, and somebody is asked to do it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.chain.town import HERE
from tests.browser.chain.voice import PUBLISHED
from tests.browser.keyboard import Keyboard

DECISION = "Light comes first: the lamps in the station car park are repaired this week."
ACTION = "Repair the lamps in the station car park"
WORKSHOP = "Local leader workshop"


def plan(coordinator: Keyboard) -> None:
    """Plan the workshop for today, and mail those who usually come."""
    page = coordinator.page
    page.goto(HERE)
    coordinator.press("Meetings", exact=True)
    coordinator.press("Plan a meeting")
    coordinator.choose(re.compile(f"^{WORKSHOP}"))
    coordinator.press("Continue")
    coordinator.date("Day", 25, 6, 2024)
    coordinator.press("Plan the meeting")
    coordinator.heading(WORKSHOP)
    coordinator.press(re.compile("^Send the invitations|^Send .*invitation"))
    coordinator.sees("5 invitations are sent.")


def write_down(coordinator: Keyboard) -> None:
    """Write down the issue, the decision and the action while it runs, on one screen."""
    page = coordinator.page
    coordinator.press("Write the meeting down")
    for number, person in enumerate(("Community coordinator", "Partner", "Leader"), start=1):
        coordinator.press(f"Present : {person}")
        expect(page.get_by_role("heading", name=f"Who is here ({number})")).to_be_visible()
    coordinator.pick("From a resident’s concern?", PUBLISHED[:60])
    coordinator.press("Add the issue")
    coordinator.sees("The issue is written down.")
    expect(page.locator("#captured").get_by_text(PUBLISHED)).to_be_visible()
    coordinator.fill("What was decided?", DECISION)
    coordinator.pick("On which issue?", PUBLISHED[:60])
    coordinator.press("Add the decision")
    coordinator.sees("The decision is written down.")
    coordinator.fill("What is to be done?", ACTION)
    coordinator.pick("Who does it?", "Partner (")
    coordinator.date("By when?", 28, 6, 2024)
    coordinator.pick("From which decision?", DECISION[:60])
    coordinator.press("Add the action")
    coordinator.sees("The action is asked for. Its owner gets a mail.")
    for heading in ("Issues raised (1)", "Decisions (1)", "Actions (1)"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    coordinator.press("Close the meeting")
    coordinator.fill(
        "Summary and other business", "The concern of a resident decided what comes first."
    )
    coordinator.press("Close the meeting")
    coordinator.heading(WORKSHOP)
    coordinator.sees("From a resident: A concern heard on 25 June 2024")
    coordinator.sees(f"On: {PUBLISHED}")
    coordinator.sees(ACTION)
