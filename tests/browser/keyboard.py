"""A person at a keyboard: they Tab to a control, see that it has the focus, and type or press."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.visitor import Visitor

SHOWS_FOCUS = """
e => {
  const own = getComputedStyle(e);
  const next = e.nextElementSibling && getComputedStyle(e.nextElementSibling, "::before");
  const ring = style => style.outlineStyle + style.boxShadow;
  return (ring(own) + (next ? ring(next) : "")).replaceAll("none", "") !== "";
}
"""
Name = str | re.Pattern[str]
BUSY = 20_000  # milliseconds for a page on a busy machine


class Keyboard:
    """Works a visitor's page with keys alone; every control on the way is reached by Tab."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page: Page = visitor.page

    def reach(self, target: Locator, most: int = 300) -> Locator:
        """Press Tab until a control has the focus, past the page's navigation; it must show it."""
        keys = self.page.keyboard
        # Asked anew each time: the page may put a fresh control in its place meanwhile.
        in_main = target.evaluate("e => e.closest('main') !== null")
        if in_main and self.page.evaluate("document.activeElement === document.body"):
            keys.press("Tab")
            if self.page.evaluate("document.activeElement.matches('.govuk-skip-link')"):
                keys.press("Enter")
        for _press in range(most):
            if target.evaluate("e => e === document.activeElement"):
                assert target.evaluate(SHOWS_FOCUS), f"{target} does not show its focus"
                return target
            keys.press("Tab")
        raise AssertionError(f"{target} is not reached by {most} presses of Tab on {self.page.url}")

    def press(self, name: Name, *, within: Locator | None = None, exact: bool = False) -> None:
        """Press the first button or link of that name."""
        where: Any = within or self.page
        button = where.get_by_role("button", name=name, exact=exact)
        found = button.or_(where.get_by_role("link", name=name, exact=exact))
        self.reach(found.filter(visible=True).first)
        self.page.keyboard.press("Enter")

    def fill(self, label: Name, text: str, *, within: Locator | None = None) -> None:
        """Write into the first box of that label, over what stands there."""
        box = (within or self.page).get_by_label(label).filter(visible=True).first
        self.reach(box)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        expect(box).to_have_value(text)

    def date(self, legend: Name, day: int, month: int, year: int) -> None:
        """Fill the three boxes of a date."""
        group = self.page.get_by_role("group", name=legend)
        for label, value in (("Day", day), ("Month", month), ("Year", year)):
            self.fill(label, str(value), within=group)

    def tick(self, label: Name, *, within: Locator | None = None) -> None:
        """Tick a box that is not ticked."""
        box = (within or self.page).get_by_label(label).first
        self.reach(box)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def choose(self, label: Name, *, within: Locator | None = None, exact: bool = False) -> None:
        """Choose one of several radio buttons, with the arrows where Tab reaches another one."""
        wanted = (within or self.page).get_by_role("radio", name=label, exact=exact).first
        group = wanted.get_attribute("name")
        keys = self.page.keyboard
        if self.page.evaluate("document.activeElement === document.body"):
            keys.press("Tab")
            keys.press("Enter")
        for _press in range(300):
            if self.page.evaluate("n => document.activeElement.name === n", group):
                break
            keys.press("Tab")
        if not wanted.is_checked():
            keys.press("Space")
        for _press in range(40):
            if wanted.is_checked():
                break
            keys.press("ArrowDown")
        expect(wanted).to_be_checked()
        self.reach(wanted)

    def pick(self, label: Name, option: Name, *, within: Locator | None = None) -> None:
        """Pick the first option of a list that has these words, with the arrows."""
        box = (within or self.page).get_by_label(label).filter(visible=True).first
        self.reach(box)
        keys = self.page.keyboard
        keys.press("Home")
        chosen = "e => e.selectedOptions[0].textContent"
        words = re.compile(re.escape(option)) if isinstance(option, str) else option
        for _press in range(box.locator("option").count()):
            if words.search(box.evaluate(chosen)):
                return
            keys.press("ArrowDown")
        raise AssertionError(f"{option} is not offered: {box.locator('option').all_inner_texts()}")

    def attach(self, label: Name, name: str, content: bytes, kind: str) -> None:
        """Choose a file with the dialog that the key opens."""
        self.reach(self.page.get_by_label(label).first)
        with self.page.expect_file_chooser() as waiting:
            self.page.keyboard.press("Space")
        waiting.value.set_files(files=[{"name": name, "mimeType": kind, "buffer": content}])

    def unfold(self, words: str) -> None:
        """Open what stands folded under these words."""
        self.reach(self.page.locator("summary", has_text=words).first)
        self.page.keyboard.press("Enter")

    def sees(self, words: Name) -> None:
        """Expect words to stand on the page."""
        found = self.page.locator("main").get_by_text(words).filter(visible=True)
        expect(found.first).to_be_visible(timeout=BUSY)

    def heading(self, words: Name) -> None:
        """Expect the page's heading to hold these words."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words, timeout=BUSY)

    def sign_in(self, who: str) -> None:
        """Sign in through the form."""
        account = self.visitor.stack.accounts[who]
        self.page.goto("/accounts/login/")
        for name, text in (("login", account["email"]), ("password", account["password"])):
            self.reach(self.page.locator(f"input[name={name}]"))
            self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        expect(self.page).not_to_have_url(re.compile("/accounts/login/"))
