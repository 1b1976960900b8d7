"""The lists of what was heard and what was answered."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.exports import Column, Export
from core.personal import Personal
from delivery.choices import AnswerKind, Channel, ConcernKind, ConcernState
from delivery.models import Answer, Concern
from programmes.exports.common import DATE, SCOPES, YES_NO, locations_in, may_lead_sensitive


def _labels(choices: Any) -> list[tuple[Any, Any]]:
    return [(label, label) for label in choices.labels]


def _words_withheld(user: Any, scope: Any) -> Callable[[Any], Collection[str]]:
    """Withhold what residents said themselves from those who do not moderate there."""
    rows = Concern.objects.filter(location__in=locations_in(user, scope))
    moderated = set(
        rows.visible_to(user, Permission.VOICE_MODERATE).values_list("location", flat=True)
    )
    return lambda row: () if row.location_id in moderated else ("text", "where")


def about(answer: Answer) -> str:
    """Return what an answer is about, as far as that is published itself."""
    if answer.priority is not None:
        return answer.priority.title if answer.priority.published_on else ""
    if answer.concern is not None and answer.concern.published_on:
        return answer.concern.public_text
    return ""


CONCERNS = Export(
    key="delivery.concerns",
    title=_("What residents told us"),
    description=_(
        "Concerns, ideas and offers: when and how each was heard, what is published of it, and "
        "how it stands. Those who do not moderate get the published ones."
    ),
    model=Concern,
    scopes=SCOPES,
    permissions=(Permission.EXPORT, Permission.VIEW),
    queryset=lambda user, scope: (
        Concern.objects.filter(location__in=locations_in(user, scope))
        .visible_to(user, Permission.VIEW)
        .select_related("location", "target_place", "priority")
        .order_by("location__name", "heard_on", "created_at", "pk")
    ),
    withheld=_words_withheld,
    may_sensitive=may_lead_sensitive,
    date="heard_on",
    date_label=_("heard on"),
    order=60,
    columns=(
        Column(
            key="location", title=_("Location"), description=_("The town."), value="location.name"
        ),
        Column(
            key="place",
            title=_("Target place"),
            description=_("The target place it is about; empty for anywhere else."),
            value="target_place.name",
        ),
        Column(
            key="kind",
            title=_("Kind"),
            description=_("A concern, an idea or an offer."),
            value="get_kind_display",
            choices=_labels(ConcernKind),
        ),
        Column(
            key="heard_on",
            title=_("Heard on"),
            description=_("The day on which it was heard."),
            type=DATE,
        ),
        Column(
            key="channel",
            title=_("How"),
            description=_("How it reached us."),
            value="get_channel_display",
            choices=_labels(Channel),
        ),
        Column(
            key="public_text",
            title=_("As published"),
            description=_("What residents may read of it, in the moderator's words."),
            personal=Personal.FREE_TEXT,
        ),
        Column(
            key="published_on",
            title=_("Published on"),
            description=_("Since when it stands on the public page; empty: it does not."),
            type=DATE,
        ),
        Column(
            key="state",
            title=_("State"),
            description=_("Whether it waits, is answered, or is not taken further."),
            value="get_state_display",
            choices=_labels(ConcernState),
        ),
        Column(
            key="answer_by",
            title=_("Answer promised by"),
            description=_("The day by which an answer was promised."),
            type=DATE,
        ),
        Column(
            key="priority",
            title=_("Priority"),
            description=_("The priority that it became part of."),
            value="priority.title",
        ),
        Column(
            key="text",
            title=_("In their words"),
            description=_("What was said, for those who moderate alone."),
            personal=Personal.FREE_TEXT,
        ),
        Column(
            key="where",
            title=_("Where, in their words"),
            description=_("The spot as they named it, for those who moderate alone."),
            personal=Personal.FREE_TEXT,
        ),
        Column(
            key="demonstration",
            title=_("Invented"),
            description=_("Whether the record is invented for demonstration."),
            type=YES_NO,
            value="is_demonstration",
        ),
    ),
)

ANSWERS = Export(
    key="delivery.answers",
    title=_("Answers to residents"),
    description=_("“You said, we did” and “we could not, because”, as published."),
    model=Answer,
    scopes=SCOPES,
    permissions=(Permission.EXPORT, Permission.VIEW),
    queryset=lambda user, scope: (
        Answer.objects.filter(
            location__in=locations_in(user, scope),
            published_on__isnull=False,
            withdrawn_on__isnull=True,
        )
        .visible_to(user, Permission.VIEW)
        .select_related("location", "concern", "priority", "approved_by")
        .order_by("location__name", "answered_on", "created_at", "pk")
    ),
    may_sensitive=may_lead_sensitive,
    date="answered_on",
    date_label=_("answered on"),
    order=61,
    columns=(
        Column(
            key="location", title=_("Location"), description=_("The town."), value="location.name"
        ),
        Column(
            key="kind",
            title=_("Kind"),
            description=_("Whether it could be done."),
            value="get_kind_display",
            choices=_labels(AnswerKind),
        ),
        Column(
            key="about",
            title=_("What was said"),
            description=_("What it answers, as far as that is published."),
            value=about,
            personal=Personal.FREE_TEXT,
        ),
        Column(
            key="text",
            title=_("Answer"),
            description=_("The answer as published."),
            personal=Personal.FREE_TEXT,
        ),
        Column(
            key="answered_on",
            title=_("Answered on"),
            description=_("The day on which it was approved and published."),
            type=DATE,
        ),
        Column(
            key="approved_by",
            title=_("Approved by"),
            description=_("Who approved it."),
            personal=Personal.AUTHOR,
        ),
        Column(
            key="demonstration",
            title=_("Invented"),
            description=_("Whether the record is invented for demonstration."),
            type=YES_NO,
            value="is_demonstration",
        ),
    ),
)
