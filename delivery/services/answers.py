"""What whoever is to do an action answers: yes, another date, somebody else, blocked, done.

Each is one press or one short form on the owner's own page, from a mail's link as well as signed
in. Whoever runs actions at the location may do the same for them, after a telephone call.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from core import clock, files
from core.errors import Refused
from core.history import because
from core.screen import day
from delivery.choices import ActionState
from delivery.models import Action, ActionComment
from delivery.selectors.actions import colleagues
from delivery.services import action_mail
from delivery.services.action_rules import (
    locked,
    refuse_closed,
    refuse_unfit_day,
    require_hand,
    runs_it,
)
from delivery.services.actions import add_comment, give_to

PHOTOS = files.Kinds.JPEG | files.Kinds.PNG | files.Kinds.WEBP


@transaction.atomic
def accept_action(*, action: Action, by: Any) -> Action:
    """Accept an action, or say that what blocked it is gone. Twice is harmless.

    Raises core.errors.NotAllowed (helpers cannot accept), Refused (closed).
    """
    stored = locked(action)
    require_hand(by, stored, owner=True)
    if stored.state == ActionState.ACCEPTED:
        return stored
    refuse_closed(stored)
    freed = stored.state == ActionState.BLOCKED
    _accept(stored)
    with because(by=by):
        stored.save_version(stored.version)
    if freed:
        action_mail.tell_asker(stored, by=by, what=_("Nothing blocks this action any more."))
    return stored


@transaction.atomic
def propose_date(*, action: Action, due_on: dt.date, by: Any, why: str = "") -> Action:
    """Propose another date; whoever runs actions there agrees to it or not. Twice is harmless.

    Proposing the date that it has takes a proposal back. Raises core.errors.NotAllowed, Refused
    (closed, a day before today).
    """
    stored = locked(action)
    require_hand(by, stored, owner=True)
    refuse_closed(stored)
    refuse_unfit_day(due_on)
    wanted = (None, "") if due_on == stored.due_on else (due_on, why.strip())
    if (stored.proposed_due_on, stored.proposed_why) == wanted:
        return stored
    stored.proposed_due_on, stored.proposed_why = wanted
    with because(by=by, reason=why.strip()):
        stored.save_version(stored.version)
    if stored.proposed_due_on is not None:
        what = _("%(name)s proposes another date for this action: %(day)s.")
        action_mail.tell_asker(
            stored, by=by, what=what % {"name": by, "day": day(due_on)}, words=why.strip()
        )
    return stored


@transaction.atomic
def pass_on(*, action: Action, to: Any, by: Any, why: str = "") -> Action:
    """Pass an action on to somebody of the owner's own agency with a role there.

    The new owner is asked by mail, whoever asked is told. Raises core.errors.NotAllowed, Refused
    (closed, somebody of another agency: suggest them instead).
    """
    stored = locked(action)
    require_hand(by, stored, owner=True)
    if stored.owner_id == to.pk:
        return stored
    refuse_closed(stored)
    if not runs_it(by, stored) and not colleagues(stored).filter(pk=to.pk).exists():
        raise Refused(
            _("You can pass it on within your own agency. Suggest anybody else in words.")
        )
    passed = give_to(stored, owner=to, by=by, why=why)
    action_mail.tell_asker(
        passed,
        by=by,
        what=_("%(name)s passed this action on to %(to)s.") % {"name": by, "to": to},
        words=why.strip(),
    )
    return passed


@transaction.atomic
def suggest_person(*, id: Any, action: Action, words: str, by: Any) -> ActionComment:  # noqa: A002
    """Say in words who else should do it; it stands as a comment, and whoever asked is told.

    Raises core.errors.NotAllowed, Refused (closed, nothing said, conflicting repeat).
    """
    refuse_closed(action)
    if not words.strip():
        raise Refused(_("Say who should do it, as well as you know."))
    text = _("I suggest somebody else for this: %(words)s") % {"words": words.strip()}
    return add_comment(id=id, action=action, text=text, by=by)


@transaction.atomic
def block_action(*, action: Action, reason: str, by: Any) -> Action:
    """Say what blocks an action; reminders rest for two weeks. The same words twice are harmless.

    Raises core.errors.NotAllowed, Refused (closed, no reason).
    """
    stored = locked(action)
    require_hand(by, stored)
    refuse_closed(stored)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say what blocks it."))
    today = clock.today()
    if stored.state == ActionState.BLOCKED and (
        (stored.blocked_reason, stored.blocked_on) == (reason, today)
    ):
        return stored
    stored.state, stored.blocked_reason, stored.blocked_on = ActionState.BLOCKED, reason, today
    with because(by=by, reason=reason):
        stored.save_version(stored.version)
    action_mail.tell_asker(stored, by=by, what=_("This action is blocked."), words=reason)
    return stored


@transaction.atomic
def finish_action(
    *,
    action: Action,
    by: Any,
    note: str = "",
    photo: UploadedFile | None = None,
    closed_on: dt.date | None = None,
) -> Action:
    """Say that an action is done: in words, with a photo, or both; today or on an earlier day.

    The photo is made anew, so that it loses the place where it was taken. Sending the same again
    is harmless; of two people who finish it at once, the second is told that it is done. Raises
    core.errors.NotAllowed, Refused (nothing said, a day in the future or before it was asked, a
    file that cannot be taken, dropped).
    """
    note = note.strip()
    digest = _digest(photo)
    stored = locked(action)
    require_hand(by, stored)
    said = (stored.closing_note, stored.photo_sha256)
    if stored.state == ActionState.DONE and said == (note, digest):
        return stored
    refuse_closed(stored)
    closed_on = closed_on or clock.today()
    if not (note or photo):
        raise Refused(_("Say what was done, or add a photo of it."))
    if closed_on > clock.today():
        raise Refused(_("The day on which it was done cannot lie in the future."))
    if closed_on < stored.asked_on:
        raise Refused(
            _("It was asked on %(day)s, so it cannot be done before.")
            % {"day": day(stored.asked_on)}
        )
    if photo is not None:
        stored.photo = files.store(photo, name=photo.name or "photo.jpg", accept=PHOTOS)
    stored.state, stored.closed_on = ActionState.DONE, closed_on
    stored.closing_note, stored.photo_sha256 = note, digest
    stored.proposed_due_on, stored.proposed_why = None, ""
    stored.accepted_on = stored.accepted_on or closed_on
    with because(by=by):
        stored.save_version(stored.version)
    action_mail.tell_asker(stored, by=by, what=_("This action is done."), words=note)
    return stored


def _accept(stored: Action) -> None:
    stored.state = ActionState.ACCEPTED
    stored.accepted_on = stored.accepted_on or clock.today()
    stored.blocked_reason, stored.blocked_on = "", None


def _digest(upload: UploadedFile | None) -> str:
    if upload is None:
        return ""
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    upload.seek(0)
    return found.hexdigest()
