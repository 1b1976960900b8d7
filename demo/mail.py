"""Mail of a demonstration is not sent: it lies in files, and is read from there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

from django.conf import settings

# What Django's file backend writes after each message.
END_OF_MESSAGE = b"\n" + b"-" * 79 + b"\n"
NEWEST = 100


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as its reader would see it; ``sent_at`` None where the date cannot be read."""

    subject: str
    sender: str
    to: str
    sent_at: dt.datetime | None
    text: str


def letters(*, to: str | None = None) -> list[Letter]:
    """Return the newest 100 messages (or those to one address), the newest first.

    A message that another process is just writing may show up only half; the next look is whole.
    """
    folder = Path(settings.EMAIL_FILE_PATH)
    found: list[Letter] = []
    for path in sorted(folder.glob("*.log"), reverse=True):
        try:
            parts = path.read_bytes().split(END_OF_MESSAGE)
        except OSError:
            continue  # removed while we read
        found += [_letter(part) for part in parts if part.strip()]
    if to is not None:
        found = [letter for letter in found if to.lower() in addresses(letter.to)]
    found.sort(key=lambda letter: letter.sent_at or _never, reverse=True)
    return found[:NEWEST]


def addresses(field: str) -> set[str]:
    """Return the addresses of a header such as ``To``, in small letters."""
    return {address.lower() for _name, address in getaddresses([field])}


_never = dt.datetime.min.replace(tzinfo=dt.UTC)


def _letter(raw: bytes) -> Letter:
    message = message_from_bytes(raw.lstrip(b"\n"), policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(preferencelist=("plain",))
    date = message["Date"]
    return Letter(
        subject=str(message["Subject"] or ""),
        sender=str(message["From"] or ""),
        to=str(message["To"] or ""),
        sent_at=date.datetime if date is not None else None,
        text=str(body.get_content()).strip() if body is not None else "",
    )
