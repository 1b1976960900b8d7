"""The public page: open or closed; and what is said there about somebody at risk."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import mail
from accounts.permissions import Permission
from core import clock
from core.errors import Conflict, Refused
from core.history import because, by_nobody
from delivery.models import PublicPage, SafeguardingMessage
from delivery.selectors.voice_people import holders
from delivery.selectors.voice_public import open_page
from delivery.voice_words import clean_words
from programmes import policy
from programmes.models import Location
from programmes.services.repeats import create_once, earlier, is_demonstration
from programmes.services.steps import refuse_future

LEAST_DAYS, MOST_DAYS = 1, 90


@transaction.atomic
def set_public_page(
    *,
    location: Location,
    is_open: bool,
    promise_days: int,
    intro: str,
    indexed: bool,
    by: Any,
    version: int | None = None,
    demonstration: bool | None = None,
) -> PublicPage:
    """Open or close a location's public page and say what it promises.

    Closing takes effect at once: residents find nothing there any more; what was published stays
    published and shows again when the page is opened. ``version`` is that of the page the person
    saw, None where there was none. Raises core.errors.NotAllowed, Refused (a promise of no days),
    Conflict.
    """
    policy.require(by, Permission.LOCATION_MANAGE, location)
    if not LEAST_DAYS <= promise_days <= MOST_DAYS:
        raise Refused(_("Promise an answer within 1 to 90 days."))
    today = clock.today()
    said = {"promise_days": promise_days, "intro": clean_words(intro), "indexed": indexed}
    current = PublicPage.objects.select_for_update(of=("self",)).filter(location=location).first()
    with because(by=by):
        if current is None:
            return PublicPage.objects.create(
                location=location,
                opened_on=today,
                closed_on=None if is_open else today,
                is_demonstration=is_demonstration(demonstration),
                **said,
            )
        if version is None:
            raise Conflict(
                _("Someone else changed this while you were editing it."), current=current
            )
        for name, value in said.items():
            setattr(current, name, value)
        if is_open and not current.is_open_on(today):
            current.opened_on, current.closed_on = today, None
        elif not is_open and current.is_open_on(today):
            current.closed_on = today
        current.save_version(version)
    return current


@transaction.atomic
def take_safeguarding(
    *,
    id: UUID,  # noqa: A002  # the field's own name
    location: Location,
    text: str,
    contact: str = "",
    tell: bool = True,
    demonstration: bool | None = None,
) -> SafeguardingMessage:
    """Keep what somebody is worried about, for those who read safeguarding messages alone.

    They are mailed that there is one, and nothing of it (``tell`` False: no mail, for what was
    taken over from elsewhere). Sending the same ``id`` again with the
    same content is harmless. Raises core.errors.Refused (the page is closed, nothing was said,
    conflicting repeat).
    """
    if open_page(location.slug) is None:
        raise Refused(_("This page is closed. Nothing was stored."))
    same = {"location": location, "text": clean_words(text), "contact": clean_words(contact)}
    repeat = earlier(SafeguardingMessage, id, same)
    if repeat is not None:
        return repeat
    if not same["text"]:
        raise Refused(_("Say what worries you."))
    with by_nobody():
        message, is_new = create_once(
            SafeguardingMessage,
            id,
            same,
            received_on=clock.today(),
            received_at=clock.now(),
            is_demonstration=is_demonstration(demonstration),
        )
    if is_new and tell:
        mail_safeguarding(location)
    return message


def mail_safeguarding(location: Location) -> None:
    """Tell those who read safeguarding messages at a location that there is one; nothing more."""
    link = mail.address_of(reverse("delivery:safeguarding", args=[location.slug]))
    for person in holders(location, Permission.SAFEGUARDING_READ):
        mail.send(
            to=person.email,
            subject=_("A safeguarding message is waiting"),
            text=_(
                "There is a safeguarding message at %(location)s. Sign in and read it today:\n\n"
                "%(link)s\n\nThis mail says nothing of what it is about, on purpose."
            )
            % {"location": location.name, "link": link},
        )


@transaction.atomic
def pass_on_safeguarding(
    *, message: SafeguardingMessage, version: int, handled_on: dt.date, note: str, by: Any
) -> SafeguardingMessage:
    """Keep to whom a message was passed on, and how.

    Raises core.errors.NotAllowed, Refused (no words, a day in the future or before it came),
    Conflict.
    """
    policy.require(by, Permission.SAFEGUARDING_READ, message)
    rows = SafeguardingMessage.objects.select_for_update(of=("self",))
    current: SafeguardingMessage = rows.get(pk=message.pk)
    refuse_future(handled_on)
    if handled_on < current.received_on:
        raise Refused(_("It cannot have been passed on before it was received."))
    if not note.strip():
        raise Refused(_("Say to whom it was passed on, and how."))
    current.handled_on = handled_on
    current.handled_by = by
    current.handled_note = note.strip()
    with because(by=by):
        current.save_version(version)
    return current
