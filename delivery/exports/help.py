"""The list of help asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.exports import Column, Export
from core.personal import Personal
from delivery.choices import HelpOutcome, HelpState, Tier
from delivery.models import HelpRequest
from delivery.selectors.help import opens
from programmes.exports.common import (
    DATE,
    SCOPES,
    YES_NO,
    locations_in,
    programme_of,
    sees_personal,
)
from programmes.sharing import shared_with


def _may_sensitive(user: Any, scope: Any) -> Callable[[Any], bool]:
    shared, personal = shared_with(user, programme_of(scope)), sees_personal(user, scope)
    return lambda row: personal and opens(shared, row)


HELP = Export(
    key="delivery.help",
    title=_("Help asked for"),
    description=_("What was asked of the tiers above, by when, and what they decided."),
    model=HelpRequest,
    scopes=SCOPES,
    permissions=(Permission.EXPORT, Permission.VIEW),
    queryset=lambda user, scope: (
        HelpRequest.objects.filter(location__in=locations_in(user, scope))
        .visible_to(user)
        .select_related("location", "sent_by", "decided_by", "agency")
        .order_by("location__name", "sent_on", "created_at", "pk")
    ),
    may_sensitive=_may_sensitive,
    date="sent_on",
    date_label=_("sent on"),
    order=70,
    columns=(
        Column(
            key="location",
            title=_("Location"),
            description=_("The town."),
            value="location.name",
        ),
        Column(key="title", title=_("Asked for"), description=_("What help is asked for.")),
        Column(
            key="tier",
            title=_("Asked of"),
            description=_("The tier that decides."),
            choices=Tier.choices,
        ),
        Column(
            key="state",
            title=_("State"),
            description=_("How it stands."),
            choices=HelpState.choices,
        ),
        Column(
            key="rule",
            title=_("Proposed because"),
            description=_("The rule that proposed it; empty where a person asked by hand."),
        ),
        Column(
            key="reason",
            title=_("Why"),
            description=_("Why help is needed."),
            personal=Personal.FREE_TEXT,
        ),
        Column(key="sent_on", title=_("Sent on"), description=_("The day it was sent."), type=DATE),
        Column(
            key="sent_by",
            title=_("Sent by"),
            description=_("Who sent it."),
            personal=Personal.AUTHOR,
        ),
        Column(
            key="decide_by",
            title=_("Decision asked for by"),
            description=_("The day by which a decision is needed."),
            type=DATE,
        ),
        Column(
            key="outcome",
            title=_("Outcome"),
            description=_("Whether help is given, refused or passed up."),
            choices=HelpOutcome.choices,
        ),
        Column(
            key="decided_on",
            title=_("Decided on"),
            description=_("The day of the decision."),
            type=DATE,
        ),
        Column(
            key="decided_by",
            title=_("Decided by"),
            description=_("Who decided."),
            personal=Personal.AUTHOR,
        ),
        Column(
            key="decision",
            title=_("Decision"),
            description=_("What was decided, in words."),
            personal=Personal.FREE_TEXT,
        ),
        Column(
            key="help_from",
            title=_("Who helps"),
            description=_("The agency and post that helps."),
            personal=Personal.FREE_TEXT,
        ),
        Column(
            key="help_by",
            title=_("By when"),
            description=_("The day by which the help is there."),
            type=DATE,
        ),
        Column(
            key="returned_on",
            title=_("Returned on"),
            description=_("The day the decision came back to the group."),
            type=DATE,
        ),
        Column(
            key="demonstration",
            title=_("Invented"),
            description=_("Whether it is invented for demonstration."),
            type=YES_NO,
            value="is_demonstration",
        ),
    ),
)
