"""Reminders of actions and the weekly mail: what goes to people by itself, each thing once.

Everything hangs on the business date; a row of ``SentNotice`` is the promise that it goes once,
wherever the date comes from.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import mail
from accounts.backends import may_sign_in
from accounts.models import User
from core.screen import day
from delivery.choices import ActionState, MeetingState
from delivery.models import Action, MailChoice, Meeting, MeetingAttendance, SentNotice
from delivery.selectors.actions import WEEK, MyActions, my_actions, with_names
from delivery.selectors.meetings import meetings_for
from delivery.services import action_mail

BLOCK_RESTS = dt.timedelta(days=14)
FIRST_LATE = 3


def stage_of(action: Action, on: dt.date) -> str:
    """Return which reminder an action has come to on a day; empty for none.

    A week before the date, on the day, three days after, and every week after that. A day that was
    missed (nothing ran) is made up for by the latest stage alone. What was asked for within that
    week needs no reminder that it is near.
    """
    days = (on - action.due_on).days
    if days >= FIRST_LATE:
        return f"late-{FIRST_LATE + 7 * ((days - FIRST_LATE) // 7)}"
    if days >= 0:
        return "day"
    near = action.due_on - WEEK
    return "week" if on >= near and action.asked_on < near else ""


def rests(action: Action, on: dt.date) -> bool:
    """Say whether an action is left in peace: somebody said lately what blocks it."""
    return (
        action.state == ActionState.BLOCKED
        and action.blocked_on is not None
        and on < action.blocked_on + BLOCK_RESTS
    )


@transaction.atomic
def send_reminders(on: dt.date) -> int:
    """Remind owners of what is due; say how many mails that were. Harmless to repeat."""
    rows = with_names(Action.objects.open().filter(due_on__lte=on + WEEK)).select_related(
        "asked_by", "location__programme"
    )
    wanted: list[tuple[Action, str]] = []
    for action in rows:
        stage = stage_of(action, on)
        if stage and not rests(action, on) and may_sign_in(action.owner):
            wanted.append((action, f"action:{action.pk}:{action.due_on}:{stage}"))
    sent = 0
    for action, key in _new(((action.owner_id, key), action) for action, key in wanted):
        if SentNotice.objects.bulk_create(
            [SentNotice(user_id=action.owner_id, key=key, sent_on=on)], ignore_conflicts=True
        ):
            action_mail.remind(action, on=on)
            sent += 1
    return sent


def _new(wanted: Iterable[tuple[tuple[UUID, str], Any]]) -> list[tuple[Any, str]]:
    """Return what has not gone to its person yet, with its key (one query).

    What falls due runs under one lock, so nobody sends between this look and the row.
    """
    asked = list(wanted)
    keys = {key for (_user, key), _thing in asked}
    there = set(SentNotice.objects.filter(key__in=keys).values_list("user_id", "key"))
    return [(thing, known[1]) for known, thing in asked if known not in there]


@transaction.atomic
def send_digests(on: dt.date) -> int:
    """Send the weekly mail, one a person; say how many. Harmless to repeat.

    On Mondays, or on a later day of the week if nothing went out on its Monday (the service was
    down). To whoever has something in it and did not switch it off.
    """
    monday = on - dt.timedelta(days=on.weekday())
    key = f"digest:{monday}"
    if on != monday and SentNotice.objects.filter(key=key).exists():
        return 0
    people = _readers(on)
    sent = 0
    for person, _key in _new(((person.pk, key), person) for person in people):
        text = digest_text(person, on)
        if not text:
            continue
        SentNotice.objects.create(user=person, key=key, sent_on=on)
        mail.send(
            to=person.email,
            subject=_("Your week from %(day)s") % {"day": day(on)},
            text=text,
        )
        sent += 1
    return sent


def digest_text(user: Any, on: dt.date) -> str:
    """Return a person's weekly mail; empty where there is nothing to say.

    What they owe, their meetings of this week, and in numbers what happened on what they asked
    for: nobody else's name stands in it.
    """
    mine = my_actions(user, on)
    meetings = [
        one
        for one in meetings_for(user, on, on + dt.timedelta(days=6))
        if one.state == MeetingState.PLANNED
    ]
    happened = _happened(user, on)
    if not (mine.all or meetings or happened):
        return ""
    lines = [_("Dear %(name)s,") % {"name": user.name}, ""]
    lines += _owed(mine)
    if meetings:
        lines += [_("Your meetings this week"), *map(_meeting_line, meetings), ""]
    if happened:
        lines += [_("Last week, on what you asked for"), *happened, ""]
    lines += [
        _("Open My week: %(url)s") % {"url": mail.address_of(reverse("programmes:home"))},
        "",
        _("You can switch this mail off: %(url)s")
        % {"url": mail.address_of(reverse("delivery:notices"))},
    ]
    return "\n".join(lines)


def _readers(on: dt.date) -> list[User]:
    """Return the people who may have something in the mail: a fixed number of queries."""
    off = MailChoice.objects.filter(weekly_digest=False).values("user")
    open_ones = Action.objects.open()
    lately = Action.objects.filter(closed_on__range=(on - WEEK, on - dt.timedelta(days=1)))
    helping = Action.helpers.through._default_manager.filter(action__in=open_ones.values("pk"))
    week = Meeting.objects.filter(
        held_on__range=(on, on + dt.timedelta(days=6)), state=MeetingState.PLANNED
    )
    asked = MeetingAttendance.objects.filter(meeting__in=week.values("pk"), user__isnull=False)
    return list(
        User.objects.filter(is_active=True, left_on__isnull=True)
        .filter(
            Q(pk__in=open_ones.values("owner"))
            | Q(pk__in=helping.values("user"))
            | Q(pk__in=open_ones.values("asked_by"))
            | Q(pk__in=lately.values("asked_by"))
            | Q(pk__in=asked.values("user"))
            | Q(pk__in=week.values("called_by"))
        )
        .exclude(pk__in=off)
        .order_by("email")
    )


def _owed(mine: MyActions) -> list[str]:
    lines: list[str] = []
    for title, rows in (
        (_("Overdue"), mine.late),
        (_("Due this week"), mine.this_week),
        (_("Blocked, as you said"), mine.blocked),
    ):
        if rows:
            lines += [title, *(_action_line(row) for row in rows), ""]
    if mine.later:
        count = len(mine.later)
        words = ngettext(
            "%(count)d action is due later.", "%(count)d actions are due later.", count
        )
        lines += [words % {"count": count}, ""]
    return lines


def _action_line(action: Action) -> str:
    return _("- %(title)s, %(place)s, by %(day)s") % {
        "title": action.title,
        "place": action.location.name,
        "day": day(action.due_on),
    }


def _meeting_line(meeting: Meeting) -> str:
    hour = f", {meeting.starts_at:%H:%M}" if meeting.starts_at else ""
    return f"- {meeting.location.name}: {meeting.title}, {day(meeting.held_on)}{hour}"


def _happened(user: Any, on: dt.date) -> list[str]:
    """Return what became of the actions that a person asked of others, titles and numbers only."""
    asked = Action.objects.filter(asked_by=user).exclude(owner=user).visible_to(user)
    first, last = on - WEEK, on - dt.timedelta(days=1)
    found = asked.filter(
        Q(closed_on__range=(first, last), state=ActionState.DONE)
        | Q(state=ActionState.BLOCKED)
        | Q(proposed_due_on__isnull=False, closed_on__isnull=True)
    ).select_related("location")
    words: dict[str, list[str]] = defaultdict(list)
    for action in found.order_by("location__name", "title"):
        if action.state == ActionState.DONE:
            kind = _("Done")
        elif action.state == ActionState.BLOCKED:
            kind = _("Blocked")
        else:
            kind = _("Other date proposed")
        words[kind].append(f"- {kind}: {action.title}, {action.location.name}")
    return [line for lines in words.values() for line in lines]
