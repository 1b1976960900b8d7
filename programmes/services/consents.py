"""Recording that somebody consented to something, and that they changed their mind."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.choices import Marking
from core.errors import Refused
from core.history import because
from core.marking import refuse_unhandled
from programmes import policy
from programmes.consents import HANDLING
from programmes.models import Consent, Location
from programmes.services.repeats import create_once, earlier, is_demonstration
from programmes.services.steps import refuse_future


@transaction.atomic
def record_consent(
    *,
    location: Location,
    name: str,
    purpose: str,
    wording: str,
    given_on: dt.date,
    given_how: str,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    contact: str = "",
    ends_on: dt.date | None = None,
    user: Any = None,
    marking: str = Marking.OFFICIAL_SENSITIVE,
    handling: str | None = None,
    demonstration: bool | None = None,
) -> Consent:
    """Record one person's consent to one purpose, in the words they were told.

    It is the information of the recorder's agency. ``user`` is the person's account, where they
    have one. ``handling`` None means the usual instruction for contact details. Sending the same
    ``id`` again with the same content is harmless. Raises core.errors.NotAllowed, Refused (future
    date, end before the beginning, no name or words, OFFICIAL-SENSITIVE without handling,
    conflicting repeat).
    """
    policy.require(by, Permission.PEOPLE_RECORD, location)
    same = {
        "location": location,
        "name": name.strip(),
        "contact": contact.strip(),
        "purpose": purpose,
        "wording": wording.strip(),
        "given_on": given_on,
        "given_how": given_how,
        "ends_on": ends_on,
        "recorded_by": by,
        "user": user,
        "marking": marking,
        "handling": str(HANDLING) if handling is None else handling,
    }
    repeat = earlier(Consent, id, same)
    if repeat is not None:
        return repeat
    if not same["name"]:
        raise Refused(_("Say who consented."))
    if not same["wording"]:
        raise Refused(_("Keep the words they were told: consent is to those."))
    refuse_future(given_on)
    if ends_on is not None and ends_on < given_on:
        raise Refused(_("A consent cannot end before it was given."))
    refuse_unhandled(marking, same["handling"])
    with because(by=by):
        made, _new = create_once(
            Consent,
            id,
            same,
            agency_id=by.agency_id,
            is_demonstration=is_demonstration(demonstration),
        )
    return made


@transaction.atomic
def withdraw_consent(
    *,
    consent: Consent,
    version: int,
    by: Any,
    withdrawn_on: dt.date | None = None,
    note: str = "",
) -> Consent:
    """Keep that somebody changed their mind: from that day on the consent counts no more.

    Whoever records people here may do it, and the person themselves. Withdrawing twice is harmless:
    the first day stands. Raises core.errors.NotAllowed, Refused (a day in the future or before it
    was given), Conflict (changed since it was read).
    """
    current = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    if by is None or current.user_id != by.pk:
        policy.require(by, Permission.PEOPLE_RECORD, current)
    if current.withdrawn_on is not None:
        return current
    withdrawn_on = withdrawn_on or clock.today()
    refuse_future(withdrawn_on)
    if withdrawn_on < current.given_on:
        raise Refused(_("A consent cannot be withdrawn before it was given."))
    current.withdrawn_on = withdrawn_on
    current.withdrawn_by = by
    current.withdrawn_note = note.strip()
    with because(by=by):
        current.save_version(
            version,
            update_fields=[
                "withdrawn_on",
                "withdrawn_by",
                "withdrawn_note",
                "version",
                "updated_at",
            ],
        )
    return current
