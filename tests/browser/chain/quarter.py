"""The quarter's report: written by the coordinator, approved by the leader, frozen by a job."""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.chain.evidence import APRIL
from tests.browser.chain.town import HERE, TOWN
from tests.browser.keyboard import Keyboard
from tests.browser.test_journey import LONG

QUARTER = "Quarter 1 of 2024-25, April to June 2024"
WORDS = {
    "What was delivered": "A workshop, one decision, and the lamps of the car park repaired.",
    "Impact": "24 of 60 people feel unsafe after dark; whether that changes cannot be said yet.",
    "What was learned": "One person with a date did in a day what a year of talking had not.",
    "Next quarter": "The housing provider checks the lamps every Friday.",
}
FIGURES = {
    "Times people were heard": 1,
    "Meetings held": 1,
    "Decisions": 1,
    "Actions done": 1,
    "Training sessions": 0,
}


def write(coordinator: Keyboard) -> None:
    """Write the words of the quarter beside the figures that the records give."""
    page = coordinator.page
    page.goto(HERE)
    coordinator.press("Reports", exact=True)
    coordinator.press(QUARTER)
    expect_figures(coordinator)
    coordinator.press("Write the words")
    for label, text in WORDS.items():
        coordinator.fill(label, text)
    coordinator.press("Save the draft")
    coordinator.sees("Everything that approval needs is there.")


def expect_figures(reader: Keyboard) -> None:
    """Expect the page's figures to be those that were recorded on the way."""
    for name, count in FIGURES.items():
        row = reader.page.get_by_role("row").filter(has_text=re.compile(f"^{name}"))
        expect(row.get_by_role("cell").first).to_have_text(str(count))


def approve(leader: Keyboard) -> None:
    """Approve the quarter; read the frozen report, and that its figures are the same."""
    page = leader.page
    page.goto("/")
    leader.press(f"{TOWN}: {QUARTER}")
    expect_figures(leader)
    leader.press("Approve and freeze")
    report = page.get_by_role("link", name="Read the report")
    follow = page.get_by_role("link", name="Follow its progress")
    expect(report.or_(follow).first).to_be_visible()
    if follow.is_visible():
        leader.press("Follow its progress")
        expect(page.get_by_text(re.compile("Finished on"))).to_be_visible(timeout=LONG)
        leader.press("See the result")
    else:
        leader.press("Read the report")
    leader.heading(f"Progress report: {TOWN}")
    leader.sees("Edition 1, approved.")
    expect_figures(leader)
    for said in (*WORDS.values(), "24 of 60 (40%", f"{APRIL} (1 of 3 months)"):
        leader.sees(re.compile(re.escape(said)))
    download(leader)


def download(leader: Keyboard) -> None:
    """Download the PDF: it is the file whose digest the quarter's page shows, with the figures."""
    page = leader.page
    with page.expect_download() as waiting:
        leader.press("Download the report (PDF)")
    content = Path(waiting.value.path()).read_bytes()
    told = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    text = " ".join(told.stdout.decode().split())
    for said in ("24 of 60", f"{APRIL} (1 of 3 months)", WORDS["Next quarter"]):
        assert said in text, said
    page.goto(f"{HERE}reports/2024-25-Q1/")
    leader.sees(f"SHA-256 of the PDF: {hashlib.sha256(content).hexdigest()}")
