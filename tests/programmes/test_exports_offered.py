"""Which lists are offered to whom."""

from __future__ import annotations

import pytest

from core.errors import NotAllowed
from core.exports.registry import exports_for
from tests.programmes.test_exports import ask

pytestmark = pytest.mark.django_db
OPEN_TO_RESEARCH = (  # without names, contacts and free texts
    "programmes.locations programmes.steps programmes.evidence delivery.meetings delivery.decisions"
    " delivery.actions incidents.packages delivery.training reports.figures surveys.waves"
    " surveys.results surveys.answers assets.assets assets.connections assets.stakeholders"
    " assets.links assets.observations"
)


def test_a_research_partner_is_offered_only_what_they_may_take(people):
    offered = exports_for(people.researcher, people.programme)
    assert " ".join(export.key for export in offered) == OPEN_TO_RESEARCH
    with pytest.raises(NotAllowed):
        ask(people, "members", by=people.researcher)
