"""The partner's part: from the mail, with a code sent there too, to a finished action."""

from __future__ import annotations

import io
import re

from PIL import Image
from playwright.sync_api import expect

from tests.browser.chain.workshop import ACTION
from tests.browser.keyboard import Keyboard
from tests.browser.mails import link_in_mail, text_of_mail

DONE = "Both lamps burn again, with covers that cannot be opened by hand."


def photo() -> bytes:
    """Return a photo as a phone makes it, with the place where it was taken inside."""
    image = Image.new("RGB", (800, 600), (24, 32, 64))
    image.paste((255, 236, 170), (340, 80, 460, 200))
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (52.0, 22.0, 5.0), 3: "W", 4: (2.0, 43.0, 0.0)}
    stream = io.BytesIO()
    image.save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def finish(partner: Keyboard) -> None:
    """Open the link of the mail, accept, and say with a photo that it is done."""
    page, stack = partner.page, partner.visitor.stack
    address = stack.accounts["partner"]["email"]
    page.goto(link_in_mail(stack.var, address, about=ACTION, wait=60))
    partner.heading("Is it you?")
    partner.press("Send me the code")
    partner.heading("Enter the code")
    text = text_of_mail(stack.var, address, about="code", wait=60)
    found = re.search(r"\b\d{6}\b", text)
    assert found, text
    partner.fill("Code", found[0])
    partner.press("Go on")
    partner.heading(ACTION)
    partner.press("Yes, I will do it")
    partner.sees("Accepted")
    partner.fill("What was done?", DONE)
    partner.attach("Photo", "lamps.jpg", photo(), "image/jpeg")
    partner.press("It is done")
    partner.sees("Done on 25 June 2024. Thank you.")
    shown = page.get_by_role("img", name="What was done, as a photo")
    expect(shown).to_have_js_property("naturalWidth", 800)
