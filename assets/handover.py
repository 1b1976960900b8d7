"""The chapters of the handover pack: local contributors, and the stakeholders who matter."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assets.choices import Involvement
from assets.scales import scale_words
from assets.selectors.assets import contributors_by_role, seen_assets
from assets.selectors.network import network_of
from core import clock
from programmes.models import Location
from programmes.registry import HandoverChapter, HandoverLine

MANY = 10


def build_contributors(location: Location, reader: Any) -> HandoverChapter | None:
    """Return who offers what here, by consent, and what is due to be checked again."""
    people = contributors_by_role(location=location, user=reader)
    rows = [
        HandoverLine(
            title=one.role or one.name,
            text=one.offers,
            who=one.name,
            due=one.check_by,
            url=one.get_absolute_url(),
        )
        for one in people
    ]
    today = clock.today()
    due = [
        one
        for one in seen_assets(location=location, user=reader)
        if not one.is_person and one.check_by is not None and one.check_by <= today
    ]
    rows += [
        HandoverLine(
            title=one.name,
            text=_("Due to be checked again: is it still so?"),
            due=one.check_by,
            url=one.get_absolute_url(),
        )
        for one in due[:MANY]
    ]
    intro = _("People who agreed to be listed, and what is due to be checked again.")
    if not rows:
        intro = _("Nobody is listed, or you do not see people here; nothing is due to be checked.")
    return HandoverChapter(_("Local contributors and assets"), intro, rows)


def build_stakeholders(location: Location, reader: Any) -> HandoverChapter | None:
    """Return whom to know: those who connect others, the influential, the not yet involved."""
    network = network_of(location=location, user=reader)
    connectors = {actor.stakeholder.pk for actor in network.connectors}
    lines: list[HandoverLine] = []
    for actor in sorted(
        network.actors,
        key=lambda one: (
            one.stakeholder.pk not in connectors,
            -(one.stakeholder.influence or 0),
            one.stakeholder.name,
        ),
    ):
        one = actor.stakeholder
        why = []
        if one.pk in connectors:
            why.append(actor.words or _("Stands on many of the ways by which others meet"))
        if (one.influence or 0) >= 4:
            why.append(
                _("Influence: %(words)s") % {"words": scale_words("influence", one.influence)}
            )
        if one.involvement == Involvement.NOT_YET and one.why_not:
            why.append(_("Not yet involved: %(why)s") % {"why": one.why_not})
        if why:
            lines.append(
                HandoverLine(
                    title=one.name,
                    text=". ".join(why),
                    who=one.contact,
                    url=one.get_absolute_url(),
                )
            )
    if not lines:
        return HandoverChapter(
            _("Stakeholders who matter"),
            _("Nobody is judged yet. The register is at %(url)s.")
            % {"url": reverse("assets:stakeholder-list", args=[location.slug])},
        )
    intro = _("Who connects others, who can decide, and who has not been reached yet.")
    return HandoverChapter(_("Stakeholders who matter"), intro, lines[:MANY])
