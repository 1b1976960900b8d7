"""The problem and its plan: what it cites, what is done, what is compared, what came of it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.chain.town import HERE, PLACE, TOWN
from tests.browser.chain.voice import PUBLISHED
from tests.browser.chain.workshop import ACTION
from tests.browser.keyboard import Keyboard
from tests.browser.test_journey import LONG

PROBLEM = "Nobody dares to cross the unlit station car park"
RESPONSE = "Light and sight in the station car park"
CITED = (
    ("Data package", "all 42 reports", "42"),
    ("Survey results", "24 of 60", "24 of 60 (40%)"),
    ("What residents said", PUBLISHED, PUBLISHED),
    ("Evidence on a step", ACTION, ACTION),
)
HYPOTHESIS = "People stay away because nobody can see who is there after dark."


def take_up(coordinator: Keyboard) -> None:
    """Take up the problem with one hypothesis."""
    page = coordinator.page
    page.goto(HERE)
    coordinator.press("Problems", exact=True)
    coordinator.press("Open a problem")
    coordinator.fill("The problem in a few words", PROBLEM)
    coordinator.fill("What happens?", "The lamps are broken; people walk a long way round.")
    coordinator.pick("Target place", PLACE)
    coordinator.fill("Objective", "By summer 2025 fewer people feel unsafe there after dark.")
    coordinator.press("Open the problem")
    coordinator.heading(PROBLEM)
    coordinator.press("Write down a hypothesis")
    coordinator.fill("What do you think is behind the problem?", HYPOTHESIS)
    coordinator.press("Add the hypothesis")
    coordinator.sees(HYPOTHESIS)


def cite_evidence(coordinator: Keyboard) -> None:
    """Link package, survey, what the resident said and what was done to the hypothesis."""
    page = coordinator.page
    for kind, what, figure in CITED:
        coordinator.press(re.compile("^Link evidence " + re.escape(HYPOTHESIS[:30])))
        coordinator.press(kind)
        coordinator.choose(re.compile(re.escape(what)))
        coordinator.press("Link the evidence")
        coordinator.sees("The evidence is linked.")
        linked = page.locator("section.app-hypothesis").get_by_role("listitem")
        expect(linked.filter(has_text=figure).first).to_be_visible()


def respond(coordinator: Keyboard) -> None:
    """Plan an intervention, lock what is compared before it begins, and say that it has begun."""
    page = coordinator.page
    coordinator.press("Plan an intervention")
    coordinator.fill("What we do, in a few words", RESPONSE)
    coordinator.fill("What exactly is done?", "Lamps with covers, checked every Friday.")
    coordinator.pick("Which technique is it?", re.compile("[Ss]urveillance"))
    coordinator.fill("How should it work?", "Light lets people see who is there.")
    coordinator.tick(re.compile(re.escape(HYPOTHESIS[:30])))
    coordinator.date("Planned start", 2, 7, 2024)
    coordinator.press("Plan the intervention", within=page.locator("main form"))
    coordinator.press("Set what is compared")
    coordinator.fill("What would success look like?", "Reports fall by more than in Evesham.")
    coordinator.pick("Where we act", TOWN)
    coordinator.pick("Similar place", "Evesham, all of it")
    coordinator.press("Save what is compared")
    coordinator.press("Lock what is compared")
    coordinator.press("The work has begun")
    coordinator.press("Say that it has begun")
    coordinator.sees("The intervention runs.")


def evaluate(coordinator: Keyboard) -> None:
    """Ask for an evaluation on the first day: it is too early to tell, and says so."""
    page = coordinator.page
    coordinator.press("Evaluate as at today")
    expect(page.get_by_text(re.compile("Finished on"))).to_be_visible(timeout=LONG)
    coordinator.press("See the result")
    coordinator.sees(
        "Too early to tell, because the months to compare run to July 2025 and 0 of 12 are held"
        " so far."
    )
    page.goto(f"{HERE}problems/")
    coordinator.press(PROBLEM)
    coordinator.sees(re.compile("Too early to tell, because"))
