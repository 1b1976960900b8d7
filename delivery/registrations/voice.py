"""What the residents' voice makes known to the floors below."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.permissions import Permission
from accounts.policy import holds
from core.exports import register as register_export
from core.help import register_help
from core.screen import day
from delivery.exports.voice import ANSWERS, CONCERNS
from delivery.models import Answer, Concern, SafeguardingMessage
from delivery.selectors.totals import HEARD
from delivery.selectors.voice import open_promises, voice_counts, voice_work
from delivery.selectors.voice_public import page_of
from programmes.counting import CountedRows
from programmes.models import Location
from programmes.reach import Reach, at_location, register_reach
from programmes.registry import (
    HandoverChapter,
    HandoverLine,
    PageGroup,
    register_evidence_provider,
    register_handover_chapter,
    register_location_page,
    register_location_panel,
    register_week_panel,
)

P = Permission


def register() -> None:
    """Make page, panels, chapter, evidence, lists, help and rules of the voice known."""
    register_location_page(
        "voice",
        label=gettext_lazy("Residents’ voice"),
        url_name="delivery:voice",
        group=PageGroup.RESIDENTS,
        order=10,
    )
    register_location_panel(
        "voice", template_name="delivery/voice/_overview.html", context=overview, order=25
    )
    register_week_panel("voice", template_name="delivery/voice/_week.html", context=week, order=30)
    register_handover_chapter(
        "voice",
        title=gettext_lazy("Promised to residents"),
        order=15,
        build=chapter,
        promises=True,
    )
    register_evidence_provider(
        CountedRows(
            key="residents-heard",
            rows=lambda: Concern.objects.filter(HEARD),
            date="heard_on",
            words=lambda n: (
                ngettext("residents heard %(count)d time", "residents heard %(count)d times", n)
                % {"count": n}
            ),
            url_name="delivery:voice",
            make_url_name="delivery:concern-new",
            make_label=gettext_lazy("Enter what somebody told you"),
            make_permission=P.VOICE_MODERATE,
            at_a_glance=True,
        )
    )
    register_export(CONCERNS)
    register_export(ANSWERS)
    register_reach(Concern, _concern_reach)
    register_reach(Answer, _answer_reach)
    register_reach(SafeguardingMessage, _safeguarding_reach)
    register_help(
        "voice",
        title=gettext_lazy("Residents’ voice"),
        summary=gettext_lazy("The public page, reading, priorities, answers, safeguarding."),
        template_name="help/voice.html",
        order=26,
    )


def overview(request: HttpRequest, location: Location) -> dict[str, Any] | None:
    """Return how what was heard stands."""
    return {
        "counts": voice_counts(location),
        "url": reverse("delivery:voice", args=[location.slug]),
    }


def week(request: HttpRequest) -> dict[str, Any] | None:
    """Return what waits for the person."""
    places = voice_work(request.user)
    if not places:
        return None
    return {
        "places": [place for place in places if place.new or place.overdue or place.to_approve],
        "worries": [place for place in places if place.safeguarding],
    }


def chapter(location: Location, reader: Any) -> HandoverChapter | None:
    """Return the answers that are owed; their words for those who moderate alone."""
    moderates = holds(reader, P.VOICE_MODERATE, location)
    rows = [
        HandoverLine(
            title=f"{concern.get_kind_display()}: "
            + (concern.text if moderates else concern.public_text or _("not published"))[:120],
            text=", ".join(
                str(part)
                for part in (concern.target_place, concern.priority, concern.get_state_display())
                if part
            ),
            who=_("whoever told us, heard on %(date)s") % {"date": day(concern.heard_on)},
            due=concern.answer_by,
            url=concern.get_absolute_url(),
        )
        for concern in open_promises(location).select_related("location")
    ]
    messages = SafeguardingMessage.objects.filter(location=location, handled_on__isnull=True)
    waiting = messages.visible_to(reader).count()
    if waiting:
        rows.insert(
            0,
            HandoverLine(
                title=ngettext(
                    "%(count)d safeguarding message to pass on",
                    "%(count)d safeguarding messages to pass on",
                    waiting,
                )
                % {"count": waiting},
                url=reverse("delivery:safeguarding", args=[location.slug]),
            ),
        )
    page = page_of(location)
    if page is not None and page.closed_on is None:
        intro = _("The public page is open and promises an answer within %(days)d days.") % {
            "days": page.promise_days
        }
    else:
        intro = _("The public page is closed.")
    return HandoverChapter(title=_("Promised to residents"), intro=intro, rows=rows, promises=True)


def _concern_reach(concern: Concern) -> Reach:
    moderates = frozenset({P.VOICE_MODERATE})
    return at_location(
        concern.location,
        sight=moderates | ({P.VIEW} if concern.published_on else frozenset()),
        reads=moderates,
        matters=moderates,
        recorded_by_id=concern.recorded_by_id,
        why=(
            _(
                "Those who moderate read what was said. Others find it once it is published, in "
                "the words written for that."
            ),
        ),
    )


def _answer_reach(answer: Answer) -> Reach:
    writers = frozenset({P.VOICE_MODERATE, P.LOCATION_MANAGE})
    return at_location(
        answer.location,
        sight=writers | ({P.VIEW} if answer.published_on else frozenset()),
        matters=writers,
        why=(_("A draft is seen by those who write and approve answers alone."),),
    )


def _safeguarding_reach(message: SafeguardingMessage) -> Reach:
    few = frozenset({P.SAFEGUARDING_READ})
    return at_location(
        message.location,
        sight=few,
        reads=few,
        matters=few,
        why=(_("Only those who may read safeguarding messages find it, and each look is noted."),),
    )
