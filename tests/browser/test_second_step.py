"""Setting up the second step, signing in with it, a forgotten password, and a link from a mail.

Every page on the way is looked at for barriers too: they cannot be opened without what came before.
"""

from __future__ import annotations

import base64
import hmac
import re
import struct
import time
from itertools import count

from playwright.sync_api import Page, expect

from tests.browser.barriers import barriers
from tests.browser.conftest import PHONE
from tests.browser.mails import link_in_mail, text_of_mail

PASSWORD = "velvet-anchor-drizzle-42"
ANOTHER = "copper-lantern-meadow-17"
MAKE = """
from accounts.models import User
User.objects.create_user("{email}", "{password}", name="New colleague", is_demonstration=True)
"""
SEND = """
from accounts.links import send_link
from accounts.models import User
send_link(user=User.objects.get(email="{email}"), target="/", subject="Something to do",
          lead_text="There is something for you.")
"""
_people = count()


def codes_of(secret: str):
    """Yield the codes of an app, each from another half minute: a code works once (RFC 6238)."""
    used = None
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    while True:
        step = int(time.time() // 30)
        if step != used:
            used = step
            mac = hmac.digest(key, struct.pack(">Q", step), "sha1")
            start = mac[-1] & 15
            number = struct.unpack(">I", mac[start : start + 4])[0] & 0x7FFFFFFF
            yield f"{number % 1_000_000:06}"
        time.sleep(0.5)


def somebody(stack) -> str:
    """Make an account and return its e-mail address."""
    email = f"colleague{next(_people)}@new.example"
    stack.command("shell", "-v", "0", "-c", MAKE.format(email=email, password=PASSWORD))
    return email


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("main").get_by_role("button", name="Sign in").click()


def look(page: Page, heading: str) -> None:
    """Expect a page by its heading, and nothing in anybody's way on it."""
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(heading))
    assert barriers(page) == []


def enter(page: Page, code: str) -> None:
    """Enter a code into the form that asks for one."""
    page.locator("main input[name=code]").fill(code)
    page.locator("main form button[type=submit]").first.click()


def test_the_second_step_is_set_up_asked_for_renewed_and_removed(stack, visit):
    email = somebody(stack)
    page = visit(viewport=PHONE).page
    sign_in(page, email, PASSWORD)
    page.goto("/accounts/security/second-step/")
    codes = codes_of(page.locator("code.app-key").inner_text().replace(" ", ""))
    enter(page, next(codes))
    look(page, "Your recovery codes")
    recovery = page.locator(".app-codes code").all_inner_texts()
    assert len(recovery) == 10

    page.get_by_role("button", name="Sign out").click()
    sign_in(page, email, PASSWORD)
    expect(page).to_have_url(re.compile("/accounts/login/code/"))
    assert barriers(page) == []
    enter(page, next(codes))
    look(page, "My week")

    page.get_by_role("button", name="Sign out").click()
    sign_in(page, email, PASSWORD)
    enter(page, recovery[0].replace(" ", ""))  # without the phone
    look(page, "My week")

    page.goto("/accounts/confirm/code/")
    assert barriers(page) == []
    page.goto("/accounts/security/recovery-codes/new/")
    look(page, "Make new recovery codes")
    page.get_by_role("button", name="Make new codes").click()
    look(page, "Your recovery codes")
    assert set(page.locator(".app-codes code").all_inner_texts()).isdisjoint(recovery)

    page.goto("/accounts/security/second-step/remove/")
    look(page, "Remove your second step")
    page.get_by_role("button", name="Remove the second step").click()
    page.goto("/accounts/security/")
    expect(page.get_by_text("Off", exact=True)).to_be_visible()


def test_a_forgotten_password_is_set_anew_through_a_mail(stack, visit):
    email = somebody(stack)
    visitor = visit()
    page = visitor.page
    page.goto("/accounts/login/")
    page.get_by_role("link", name="I have forgotten my password").click()
    page.locator("main input[type=email]").fill(email)
    page.locator("main form button[type=submit]").first.click()
    page.goto(link_in_mail(stack.var, email, wait=60))
    expect(page.locator("main input[type=password]").first).to_be_visible()
    assert barriers(page) == []
    for box in page.locator("main input[type=password]").all():
        box.fill(ANOTHER)
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/accounts/password/reset/done/"))
    sign_in(page, email, ANOTHER)
    look(page, "My week")


def test_a_link_from_a_mail_opens_what_concerns_one_and_no_more(stack, visit):
    email = somebody(stack)
    stack.command("shell", "-v", "0", "-c", SEND.format(email=email))
    visitor = visit(viewport=PHONE)
    page = visitor.page
    page.goto(link_in_mail(stack.var, email))
    look(page, "Is it you")
    page.get_by_role("button", name="Send me the code").click()
    look(page, "Enter the code")
    enter(page, re.search(r"\b\d{6}\b", text_of_mail(stack.var, email))[0])
    look(page, "My week")
    page.goto("/accounts/tokens/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
