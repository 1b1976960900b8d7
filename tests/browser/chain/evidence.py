"""What was done becomes evidence on a step; the analyst's package and a survey wave beside it."""

from __future__ import annotations

import io
import re
from uuid import uuid4

from PIL import Image
from playwright.sync_api import expect

from tests.browser.chain.partner import DONE
from tests.browser.chain.town import HERE, TOWN
from tests.browser.chain.workshop import ACTION
from tests.browser.keyboard import Keyboard
from tests.browser.test_journey import LONG

STEP = "7. Agree interventions and evaluation"
WHY_EARLY = "The lamps could not wait; the earlier steps are being caught up on."
OTHERS = {"very-unsafe": 11, "bit-unsafe": 12, "fairly-safe": 24, "very-safe": 12}
APRIL = "12"  # reports of ASB in the town, as published; May and June were never received
SURVEY = f"Feeling safe in {TOWN}"


def use_the_action(coordinator: Keyboard) -> None:
    """Record the finished action, with words and photo, as evidence on step 7."""
    page = coordinator.page
    page.goto("/")
    coordinator.press(ACTION)
    coordinator.sees(DONE)
    coordinator.press("Use it as evidence")
    coordinator.pick("Step", STEP)
    coordinator.fill("Why out of order?", WHY_EARLY)
    coordinator.press("Record it as evidence")
    coordinator.press("Evidence on step 7")
    coordinator.sees("Done out of order.")
    coordinator.sees(DONE)
    photo = page.get_by_role("link", name="lamps.jpg").get_attribute("href")
    assert photo
    kept = Image.open(io.BytesIO(page.request.get(photo).body()))
    assert kept.size == (800, 600)
    assert not kept.getexif(), "the photo still says where it was taken"


def build_the_package(analyst: Keyboard) -> None:
    """Build the town's package of January to June 2024; two months are not received yet."""
    page = analyst.page
    page.goto(HERE)
    analyst.press("ASB data", exact=True)
    analyst.pick("From", "January 2024")
    analyst.pick(re.compile("^To$"), "June 2024")
    analyst.press("Build the package")
    expect(page).to_have_url(re.compile("/jobs/"))
    result = page.get_by_role("button", name="See the result")
    expect(result.or_(page.get_by_role("link", name="See the result"))).to_be_visible(timeout=LONG)
    analyst.press("See the result")
    expect(page).to_have_url(re.compile(f"{HERE}data/packages/"))
    row = page.get_by_role("row").filter(has_text="April 2024")
    expect(row.first).to_contain_text(APRIL)
    analyst.sees("May and June 2024 are missing")


def open_a_wave(analyst: Keyboard) -> str:
    """Make a survey of the standard questions, open its first wave; return its public address."""
    page = analyst.page
    page.goto(HERE)
    analyst.press("Surveys", exact=True)
    analyst.press("Make a survey")
    analyst.fill("Title", SURVEY)
    analyst.fill("Why we ask", "To see whether people feel safer once the lamps are repaired.")
    analyst.fill("Who asks", f"The delivery group of {TOWN}")
    analyst.press("Make the survey")
    analyst.press("Open the first wave")
    analyst.date("Last day to answer", 30, 6, 2024)
    analyst.press("Open the wave and lock its wording")
    analyst.sees(re.compile("/s/ludlow-"))
    found = re.search(r"/s/ludlow-[a-z0-9]+/", page.locator("main").inner_text())
    assert found
    return found[0]


def answer(resident: Keyboard, address: str) -> None:
    """Answer one question, look at it once more, and send it."""
    resident.page.goto(address)
    resident.press("Start", exact=True)
    resident.choose("Very unsafe", exact=True)
    resident.press("Check my answers")
    resident.sees("Very unsafe")
    resident.press("Send my answers")
    resident.sees("Your answers have arrived.")


def others_answer(resident: Keyboard, address: str) -> None:
    """Send what 59 other residents answer to that question, as their browsers would."""
    for value, times in OTHERS.items():
        for _time in range(times):
            form = {"id": str(uuid4()), "do": "send", "q-safe-after-dark": value}
            sent = resident.page.request.post(f"{address}answer/", form=form)
            assert "Your answers have arrived" in sent.text()


def finish_the_wave(analyst: Keyboard) -> None:
    """Say that the wave, whose last day is over, is finished: 24 of 60 feel unsafe."""
    page = analyst.page
    page.goto("/")
    analyst.press(re.compile(SURVEY))
    analyst.press(re.compile("[Ff]inish"))
    analyst.sees("Its results are shown now.")
    analyst.press("See the results")
    row = page.get_by_role("row").filter(has_text="Feel a bit or very unsafe after dark").first
    for figure in ("40.0%", "24", "60"):
        expect(row.get_by_role("cell", name=figure, exact=True)).to_be_visible()
