"""The handover pack of a location: made of what is recorded, without whoever leaves.

Its chapters come from the registry of the programmes; each is narrowed to its reader.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.roles import CATALOGUE, Role
from accounts.sharing import Category
from core import clock
from core.screen import day
from delivery.choices import HelpOutcome, HelpState
from delivery.selectors.help import help_at
from programmes.models import Location, LocationMembership
from programmes.registry import (
    HandoverChapter,
    HandoverLine,
    RegisteredChapter,
    handover_chapters,
)
from programmes.selectors.facts import StepFacts, facts_for
from programmes.sharing import is_sensitive, opens_step, shared_with, withheld_words

MAY_OPEN = (Permission.LOCATION_MANAGE, Permission.MEMBERS_MANAGE)
"""Of these one opens the pack. A coordinator holds the first from the day their role starts."""


@dataclass(frozen=True, slots=True)
class Post:
    """Who holds, or will hold, the post of coordinator; ``is_open`` says that they can sign in."""

    name: str
    starts_on: dt.date
    ends_on: dt.date | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class PackChapter:
    """A chapter with the key it is registered under."""

    key: str
    title: str
    intro: str
    rows: tuple[HandoverLine, ...]
    promises: bool


@dataclass(frozen=True, slots=True)
class HandoverPack:
    """What whoever takes over needs to know, as one reader may see it on a day.

    ``in_post`` are the coordinators of the day (none: the post is vacant), ``to_come`` those whose
    role starts later. ``digest`` changes with any word of it.
    """

    location: str
    programme: str
    on: dt.date
    in_post: tuple[Post, ...]
    to_come: tuple[Post, ...]
    chapters: tuple[PackChapter, ...]
    digest: str

    @property
    def promises(self) -> int:
        """How many promises are open."""
        return sum(len(chapter.rows) for chapter in self.chapters if chapter.promises)

    @property
    def overdue(self) -> int:
        """How many of them are past their day."""
        return sum(
            row.due is not None and row.due < self.on
            for chapter in self.chapters
            if chapter.promises
            for row in chapter.rows
        )


def handover_pack(
    *,
    location: Location,
    reader: Any,
    on: dt.date | None = None,
    chosen: Callable[[RegisteredChapter], bool] | None = None,
) -> HandoverPack:
    """Return the pack of a location as a reader may see it; the caller has checked the right.

    ``chosen`` picks chapters; by default all of them are there, as they are printed.
    """
    on = on or clock.today()
    posts = _posts(location, on)
    chapters = tuple(
        PackChapter(
            found.key,
            str(chapter.title),
            str(chapter.intro),
            tuple(chapter.rows),
            chapter.promises,
        )
        for found in handover_chapters()
        if chosen is None or chosen(found)
        if (chapter := found.build(location, reader)) is not None
    )
    in_post = tuple(post for post in posts if post.starts_on <= on and post.is_open)
    to_come = tuple(post for post in posts if post.starts_on > on)
    told = repr((location.name, on, in_post, to_come, chapters))
    return HandoverPack(
        location=location.name,
        programme=location.programme.name,
        on=on,
        in_post=in_post,
        to_come=to_come,
        chapters=chapters,
        digest=hashlib.sha256(told.encode()).hexdigest(),
    )


def _posts(location: Location, on: dt.date) -> list[Post]:
    rows = (
        LocationMembership.objects.filter(anchor=location, role=Role.COORDINATOR)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        .select_related("user")
        .order_by("starts_on", "user__name")
    )
    return [Post(str(row.user), row.starts_on, row.ends_on, row.user.is_active) for row in rows]


# --- Chapters of steps, help and people -----------------------------------------------------------


def steps_chapter(location: Location, _reader: Any) -> HandoverChapter:
    """Return where the steps stand, with the forecast of each."""
    steps = facts_for([location])[location.pk]
    signed = sum(step.is_signed_off for step in steps)
    return HandoverChapter(
        title=_("Where we are"),
        intro=_("%(done)d of %(total)d steps are signed off.")
        % {"done": signed, "total": len(steps)},
        rows=[
            HandoverLine(
                title=_("Step %(number)d: %(name)s") % {"number": step.number, "name": step.name},
                text=_step_words(step),
                due=None if step.is_signed_off else step.planned_end,
                url=step.url,
            )
            for step in steps
        ],
    )


def _step_words(step: StepFacts) -> str:
    words = [step.reason]
    if step.forecast.week is not None and step.forecast.on is not None:
        words.append(
            _("Forecast: week %(week)d, by %(date)s.")
            % {"week": step.forecast.week, "date": day(step.forecast.on)}
        )
    elif step.forecast.reason:
        words.append(step.forecast.reason)
    if step.missing and not step.is_signed_off:
        missing = "; ".join(kind.label for kind in step.missing)
        words.append(_("Missing: %(kinds)s.") % {"kinds": missing})
    return " ".join(words)


def help_chapter(location: Location, reader: Any) -> HandoverChapter:
    """Return what was asked of others and not settled, and help that was promised."""
    lines = help_at(location, shared_with(reader, location.programme))
    rows = []
    for line in lines:
        promised = line.outcome == HelpOutcome.GIVEN and line.help_by is not None
        if not line.waits and not (promised and line.help_by and line.help_by >= clock.today()):
            continue
        if line.is_passed_up:
            continue  # the request to the next tier stands for it
        rows.append(
            HandoverLine(
                title=line.title,
                text=_help_words(line),
                who=line.help_from if promised else line.tier,
                due=line.help_by if promised else line.decide_by,
                url=line.url,
            )
        )
    return HandoverChapter(
        title=_("Help asked for"),
        intro=_("What the tiers above were asked, and help that they promised.")
        if rows
        else _("Nothing is asked of the tiers above."),
        rows=rows,
        promises=True,
    )


def _help_words(line: Any) -> str:
    words = [line.state_label]
    if line.state == HelpState.PROPOSED:
        words.append(_("Proposed because: %(rule)s.") % {"rule": line.rule})
    if line.sent_on is not None:
        words.append(
            _("Sent by %(name)s on %(date)s.") % {"name": line.sent_by, "date": day(line.sent_on)}
        )
    if line.decided_on is not None:
        words.append(f"{line.outcome_label}. {line.decision}".strip())
    return " · ".join(words)


def people_chapter(location: Location, _reader: Any) -> HandoverChapter:
    """Return who holds which role here, by role; how to reach them stands on their own page."""
    on = clock.today()
    rows = (
        LocationMembership.objects.filter(anchor=location, user__is_active=True)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        .select_related("user__agency")
        .order_by("role", "user__name")
    )
    url = reverse("programmes:location-members", args=[location.slug])
    return HandoverChapter(
        title=_("People with a role here"),
        intro=_("How to reach them stands under People and roles, as far as you may see it."),
        rows=[
            HandoverLine(
                title=str(row.user),
                text=_role_words(row, on),
                who=str(row.user.agency or ""),
                url=url,
            )
            for row in rows
        ],
    )


def _role_words(row: Any, on: dt.date) -> str:
    role = str(CATALOGUE[Role(row.role)].name)
    if row.starts_on > on:
        return _("%(role)s from %(date)s") % {"role": role, "date": day(row.starts_on)}
    if row.ends_on is not None:
        return _("%(role)s until %(date)s") % {"role": role, "date": day(row.ends_on)}
    return role


def to_know_chapter(location: Location, reader: Any) -> HandoverChapter:
    """Return what others must know: why this place, and the notes kept with the steps."""
    shared = shared_with(reader, location.programme)
    rows = []
    if location.summary:
        rows.append(
            HandoverLine(
                title=_("Why this place"),
                text=location.summary,
                url=location.get_absolute_url(),
            )
        )
    records = location.steps.exclude(notes="", out_of_order_reason="").select_related(
        "definition", "location"
    )
    for record in records.order_by("definition__number"):
        words = " ".join(text for text in (record.notes, record.out_of_order_reason) if text)
        if not opens_step(shared, record):
            words = withheld_words(Category.SENSITIVE_NOTES, location.programme.lead_agency)
        elif is_sensitive(record):
            words = _("The notes are marked OFFICIAL-SENSITIVE: read them on the step’s page.")
        rows.append(
            HandoverLine(
                title=_("Notes on step %(number)d") % {"number": record.definition.number},
                text=words,
                url=record.get_absolute_url(),
            )
        )
    return HandoverChapter(
        title=_("What others must know"),
        intro="" if rows else _("No notes are kept with the steps."),
        rows=rows,
    )
