"""Mail to people: plain text, our own address in every link, sent when the change is stored."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction


def address_of(path: str) -> str:
    """Return the full address of a page, under the configured address of the service alone."""
    return f"{settings.SITE_URL}{path}"


def send(
    *,
    to: str,
    subject: str,
    text: str,
    attachments: Sequence[tuple[str, bytes, str]] = (),
    alternatives: Sequence[tuple[str, str]] = (),
) -> None:
    """Send a plain text when the surrounding transaction commits; nothing if it does not.

    ``attachments`` are (file name, content, content type); ``alternatives`` the same message in
    another form (text, content type), such as the invitation that a calendar reads.
    A mail server that is away costs the mail, not the change: the failure goes to the log, and
    whoever sent an invitation can send it again.
    """
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split())[:150], body=text, to=[to], attachments=list(attachments)
    )
    for content, content_type in alternatives:
        message.attach_alternative(content, content_type)
    transaction.on_commit(partial(message.send), robust=True)
