"""Hearing residents: without an account, or by somebody for them; then reading what they said.

Priorities and answers: ``voice_answers``. The public page and safeguarding: ``voice_public``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.errors import Refused
from core.history import because, by_nobody
from delivery.choices import Channel, ConcernState, NotTaken
from delivery.models import Concern, PublicPage, SafeguardingMessage
from delivery.selectors.voice_public import open_page, page_of
from delivery.services.voice_public import mail_safeguarding
from delivery.voice_words import clean_words, code_for, digest_of_code
from programmes import policy
from programmes.models import Location, TargetPlace
from programmes.services.repeats import create_once, earlier, is_demonstration
from programmes.services.steps import refuse_future

USUAL_DAYS = 20


@dataclass(frozen=True, slots=True)
class Heard:
    """What was stored of somebody without an account, and the reference they are given."""

    code: str
    answer_by: dt.date | None


@transaction.atomic
def hear(
    *,
    id: UUID,  # noqa: A002  # the field's own name
    location: Location,
    kind: str,
    text: str,
    where: str = "",
    target_place: TargetPlace | None = None,
    demonstration: bool | None = None,
) -> Heard:
    """Take what somebody says on the public page; nothing of who or from where is kept.

    Sending the same ``id`` again with the same content is harmless and gives the same reference,
    also after it was read. Raises core.errors.Refused (the page is closed, nothing was said, a
    target place of another location, conflicting repeat).
    """
    page = open_page(location.slug)
    if page is None:
        raise Refused(_("This page is closed. Nothing was stored."))
    code = code_for(id)
    digest = digest_of_code(code)
    if SafeguardingMessage.objects.filter(pk=id).exists():
        return Heard(code, None)  # sent before, and moved since
    with by_nobody():
        concern = _store(
            id=id,
            location=location,
            page=page,
            kind=kind,
            text=text,
            where=where,
            target_place=target_place,
            channel=Channel.PUBLIC_PAGE,
            heard_on=None,
            by=None,
            code_digest=digest,
            demonstration=demonstration,
        )
    return Heard(code, concern.answer_by)


@transaction.atomic
def record_concern(
    *,
    id: UUID | None,  # noqa: A002  # the field's own name
    location: Location,
    kind: str,
    text: str,
    channel: str,
    heard_on: dt.date,
    by: Any,
    where: str = "",
    target_place: TargetPlace | None = None,
    demonstration: bool | None = None,
) -> Concern:
    """Enter for somebody what they said in person, by phone, by letter or at a meeting.

    Sending the same ``id`` again with the same content is harmless. Raises core.errors.NotAllowed,
    Refused (nothing was said, a day in the future, a target place of another location, the channel
    of the public page, conflicting repeat).
    """
    policy.require(by, Permission.VOICE_MODERATE, location)
    if channel == Channel.PUBLIC_PAGE:
        raise Refused(_("Say how it reached you: what comes by the public page enters itself."))
    refuse_future(heard_on)
    with because(by=by):
        return _store(
            id=id,
            location=location,
            page=page_of(location),
            kind=kind,
            text=text,
            where=where,
            target_place=target_place,
            channel=channel,
            heard_on=heard_on,
            by=by,
            code_digest=None,
            demonstration=demonstration,
        )


def _store(
    *,
    id: UUID | None,  # noqa: A002  # the field's own name
    location: Location,
    page: PublicPage | None,
    kind: str,
    text: str,
    where: str,
    target_place: TargetPlace | None,
    channel: str,
    heard_on: dt.date | None,
    by: Any,
    code_digest: str | None,
    demonstration: bool | None,
) -> Concern:
    same = {
        "location": location,
        "kind": kind,
        "text": clean_words(text),
        "where": clean_words(where),
        "channel": channel,
        "recorded_by": by,
        "code_digest": code_digest,
    }
    if heard_on is not None:
        same["heard_on"] = heard_on
    repeat = earlier(Concern, id, same)
    if repeat is not None:
        return repeat
    if not same["text"]:
        raise Refused(_("Say what it is about."))
    if target_place is not None and target_place.location_id != location.pk:
        raise Refused(_("That target place belongs to another location."))
    day = heard_on or clock.today()
    promised = day + dt.timedelta(days=page.promise_days if page is not None else USUAL_DAYS)
    concern, _new = create_once(
        Concern,
        id,
        same,
        **({} if "heard_on" in same else {"heard_on": day}),
        target_place=target_place,
        answer_by=promised,
        is_demonstration=is_demonstration(demonstration),
    )
    return concern


@transaction.atomic
def moderate(
    *,
    concern: Concern,
    version: int,
    by: Any,
    kind: str,
    target_place: TargetPlace | None,
    public_text: str,
    publish: bool,
    answer_by: dt.date | None,
) -> Concern:
    """Keep that a concern was read: what it is, where, what residents may read of it, until when.

    What they said stays as it is. ``publish`` False takes a published one from the public page at
    once. Raises core.errors.NotAllowed, Refused (to be published without words for it, a target
    place of another location, an answer promised before it was heard), Conflict.
    """
    policy.require(by, Permission.VOICE_MODERATE, concern)
    current: Concern = Concern.objects.select_for_update(of=("self",)).get(pk=concern.pk)
    words = clean_words(public_text)
    if publish and not words:
        raise Refused(_("Write what residents may read of it, without names."))
    if target_place is not None and target_place.location_id != current.location_id:
        raise Refused(_("That target place belongs to another location."))
    if answer_by is not None and answer_by < current.heard_on:
        raise Refused(_("An answer cannot be promised for a day before it was heard."))
    if answer_by is None and current.state in (ConcernState.NEW, ConcernState.OPEN):
        raise Refused(_("Say by when they get an answer."))
    current.kind = kind
    current.target_place = target_place
    current.public_text = words
    current.answer_by = answer_by
    current.published_on = (current.published_on or clock.today()) if publish else None
    if current.state == ConcernState.NEW:
        current.state = ConcernState.OPEN
    _note_reader(current, by)
    with because(by=by):
        current.save_version(version)
    return current


@transaction.atomic
def not_take_further(*, concern: Concern, version: int, why: str, note: str, by: Any) -> Concern:
    """Close a concern without an answer; ``note`` is told to whoever has its reference.

    It leaves the public page. Raises core.errors.NotAllowed, Refused (answered already, nothing to
    tell for what was heard), Conflict.
    """
    policy.require(by, Permission.VOICE_MODERATE, concern)
    current: Concern = Concern.objects.select_for_update(of=("self",)).get(pk=concern.pk)
    if current.state == ConcernState.ANSWERED:
        raise Refused(_("It is answered. Withdraw the answer first."))
    words = clean_words(note)
    if not words and why not in (NotTaken.SAME, NotTaken.EMPTY):
        raise Refused(_("Say why, in words for whoever brought it."))
    current.state = ConcernState.NOT_PUBLISHED
    current.not_taken = why
    current.not_taken_note = words
    current.published_on = None
    _note_reader(current, by)
    with because(by=by, reason=str(NotTaken(why).label)):
        current.save_version(version)
    return current


@transaction.atomic
def take_up_again(*, concern: Concern, version: int, by: Any) -> Concern:
    """Open a concern again that was not taken further.

    Raises core.errors.NotAllowed, Refused (it is not closed so), Conflict.
    """
    policy.require(by, Permission.VOICE_MODERATE, concern)
    current: Concern = Concern.objects.select_for_update(of=("self",)).get(pk=concern.pk)
    if current.state != ConcernState.NOT_PUBLISHED:
        raise Refused(_("It is open, or answered."))
    current.state = ConcernState.OPEN
    current.not_taken = ""
    current.not_taken_note = ""
    with because(by=by):
        current.save_version(version)
    return current


@transaction.atomic
def move_to_safeguarding(*, concern: Concern, version: int, by: Any) -> SafeguardingMessage:
    """Move what somebody said to the restricted store; nothing of it stays among the concerns.

    Whoever reads safeguarding messages at the location is told that there is one. Raises
    core.errors.NotAllowed, Refused (it was answered, or raised at a meeting), Conflict.
    """
    policy.require(by, Permission.VOICE_MODERATE, concern)
    rows = Concern.objects.select_for_update(of=("self",)).select_related("location")
    current: Concern = rows.get(pk=concern.pk)
    if current.answers.exists():
        raise Refused(_("There is an answer to it. Move it before it is answered."))
    if current.issues.exists():
        raise Refused(_("It was raised at a meeting. Take it out of the meeting’s record first."))
    place = ", ".join(
        part
        for part in (current.where, current.target_place.name if current.target_place else "")
        if part
    )
    with because(by=by):
        message = SafeguardingMessage.objects.create(
            pk=current.pk,
            location=current.location,
            text=f"{current.text}\n\n{place}".strip(),
            received_on=current.heard_on,
            received_at=current.created_at,
            code_digest=current.code_digest,
            moved_by=by,
            is_demonstration=current.is_demonstration,
        )
        current.save_version(version)  # refuses a stale page
        current.delete()
    mail_safeguarding(current.location)
    return message


def _note_reader(concern: Concern, by: Any) -> None:
    if concern.read_on is None:
        concern.read_on = clock.today()
        concern.read_by = by
