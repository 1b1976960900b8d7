"""The date of the demonstration, which the administrator moves and puts back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.keyboard import Keyboard


def move(admin: Keyboard, day: int, month: int, words: str) -> None:
    """Move the business date of 2024; what fell due meanwhile is done."""
    page = admin.page
    page.goto("/demo/date/")
    for label, value in (("Day", day), ("Month", month), ("Year", 2024)):
        admin.fill(label, str(value))
    admin.press("Move the date", within=page.locator("main"))
    expect(page.get_by_text(f"The business date is now {words}.")).to_be_visible(timeout=60_000)
