"""The mail that the product has sent, as it lies in its folder."""

from __future__ import annotations

import email
import re
import time
from collections.abc import Iterator
from email import policy
from pathlib import Path


def _mails(var: Path) -> Iterator[tuple[str, str]]:
    """Yield receiver and text of each mail, the latest first."""
    files = sorted((var / "mail").glob("*"), key=lambda path: path.stat().st_mtime)
    for file in reversed(files):
        for raw in reversed(re.split(rb"\n-{70,}\n", file.read_bytes())):
            message = email.message_from_bytes(raw, policy=policy.default)
            if message["to"]:
                text = message.get_body(("plain",))
                assert text is not None, f"The mail to {message['to']} says nothing."
                yield str(message["to"]), text.get_content()


def text_of_mail(var: Path, to: str, *, about: str = "", wait: float = 0) -> str:
    """Return the text of the latest mail to somebody; wait some seconds for it if asked.

    ``about`` are words that the mail has to hold.
    """
    deadline = time.monotonic() + wait
    while True:
        for receiver, text in _mails(var):
            if receiver == to and about in text:
                return text
        assert time.monotonic() < deadline, f"No mail to {to}: {about}"
        time.sleep(0.5)


def link_in_mail(var: Path, to: str, *, about: str = "", wait: float = 0) -> str:
    """Return the path of the link in the latest mail to somebody, with these words in it."""
    text = text_of_mail(var, to, about=about, wait=wait)
    found = re.search(r"https?://[^/\s]+(/accounts/\S+)", text)
    assert found, text
    return found[1]
