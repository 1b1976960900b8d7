"""Mail to people: plain text, our own address in every link, sent when the change is stored."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction


def address_of(path: str) -> str:
    """Return the full address of a page, under the configured address of the service alone."""
    return f"{settings.SITE_URL}{path}"


def send(*, to: str, subject: str, text: str) -> None:
    """Send a plain text when the surrounding transaction commits; nothing if it does not.

    A mail server that is away costs the mail, not the change: the failure goes to the log, and
    whoever sent an invitation can send it again.
    """
    message = EmailMessage(subject=" ".join(subject.split())[:150], body=text, to=[to])
    transaction.on_commit(partial(message.send), robust=True)
