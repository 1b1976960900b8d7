"""Somebody in front of a browser: what they do, and what the browser complained of meanwhile."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, expect

from tests.browser.stack import Stack

STEP, STILL_FOR = 20, 60  # milliseconds


class Visitor:
    """One person's browser, with every error of console, script and server kept."""

    def __init__(self, context: BrowserContext, stack: Stack, *, scripts: bool = True) -> None:
        self.context = context
        self.scripts = scripts
        self.stack = stack
        self.complaints: list[str] = []
        self.may_be_refused = False  # an answer 403, 404 or 422 shows up in the console too
        self.page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("response", self._answered)
        self.under_way: set[Request] = set()
        self.page.on("request", self._asked)
        self.page.on("requestfinished", self._ended)
        self.page.on("requestfailed", self._ended)

    def _asked(self, request: Request) -> None:
        self.under_way.add(request)

    def _ended(self, request: Request) -> None:
        self.under_way.discard(request)

    def settle(self) -> None:
        """Wait until the page asks for nothing more: what scripts fetch is there, fonts too.

        Playwright's own wait for an idle network always takes half a second, on each of hundreds of
        pages.
        """
        self.page.evaluate("document.fonts.ready.then(() => true)")
        still = 0
        while still < STILL_FOR:
            self.page.wait_for_timeout(STEP)
            still = 0 if self.under_way else still + STEP

    def _heard(self, message: ConsoleMessage) -> None:
        # Violations of the content security policy arrive here as errors.
        if message.type not in ("error", "warning"):
            return
        if self.may_be_refused and "status of 4" in message.text:
            return
        self.complaints.append(f"{message.type} on {self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} at {response.url}")

    def sign_in(self, who: str) -> None:
        """Sign in through the form, as anybody does."""
        account = self.stack.accounts[who]
        self.page.goto("/accounts/login/")
        self.page.locator("input[name=login]").fill(account["email"])
        self.page.locator("input[name=password]").fill(account["password"])
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page).not_to_have_url(re.compile("/accounts/login/"))

    def status_of(self, path: str) -> int:
        """Open an address; return the status of the answer."""
        self.may_be_refused = True
        answer = self.page.goto(path)
        self.may_be_refused = False
        assert answer is not None
        return answer.status
