"""The step: what was missing is recorded, a third party checks it, the leader signs it off."""

from __future__ import annotations

import re

from tests.browser.chain.partner import DONE
from tests.browser.chain.town import HERE, TOWN
from tests.browser.keyboard import Keyboard

NAME = "Agree interventions and evaluation"
MECHANISM = "Light lets people see who is there, and be seen; the covers keep the lamps whole."
AGREED = "The comparison was locked before the work began, and the lamps burn."
STATEMENT = "Seen on site on 1 July: both lamps burn. The comparison area is agreed."


def complete(coordinator: Keyboard) -> None:
    """Record the one kind of evidence that no record counts for, and send it to the verifier."""
    page = coordinator.page
    page.goto(f"{HERE}steps/7/")
    coordinator.sees("4 of 5 kinds are in place")
    coordinator.press(re.compile("^Record it by hand.*How each intervention"))
    coordinator.fill("Note", MECHANISM)
    coordinator.press("Record the evidence")
    coordinator.sees("The evidence is recorded.")
    coordinator.sees("5 of 5 kinds are in place")
    coordinator.press("Send to the verifier")
    coordinator.press("Send the step")
    coordinator.sees(re.compile("[Ss]ent to the verifier|with the verifier"))


def verify(verifier: Keyboard) -> None:
    """Find the step in one's week, and agree to its depth."""
    page = verifier.page
    page.goto("/")
    verifier.press(f"{TOWN}, step 7: {NAME}")
    verifier.press("Verify or return this step")
    verifier.choose(re.compile("I verify it"))
    verifier.fill("Your reasons", AGREED)
    verifier.press("Save what you found")
    verifier.sees(AGREED)


def sign(leader: Keyboard) -> None:
    """Find the step in one's week, read what it rests on, and sign it off."""
    page = leader.page
    page.goto("/")
    leader.press(f"{TOWN}, step 7: {NAME}")
    leader.sees(AGREED)
    leader.press("Sign off", exact=True)
    leader.fill("Statement", STATEMENT)
    leader.press("Sign off", within=page.locator("main form"))
    leader.sees(STATEMENT)
    leader.sees("Signed off by Leader on 2 July 2024.")
    leader.sees(DONE)
