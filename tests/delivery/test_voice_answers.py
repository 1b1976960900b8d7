"""From what was heard to a priority, an action and an answer that somebody else approves."""

import datetime as dt
from uuid import uuid4

import pytest

from core.errors import NotAllowed, Refused
from delivery.choices import ConcernState
from delivery.models import Answer, Concern
from delivery.selectors.voice_public import public_view
from delivery.services import voice_answers
from tests.delivery.voice_helpers import answered, read
from tests.factories.voice import ConcernFactory, PriorityFactory, PublicPageFactory

TODAY = dt.date(2024, 6, 25)


@pytest.fixture
def page(people):
    return PublicPageFactory(location=people.location)


def test_an_answer_to_a_priority_answers_everybody_who_asked(people, page):
    first = read(people, ConcernFactory(location=people.location))
    second = read(people, ConcernFactory(location=people.location))
    unread = ConcernFactory(location=people.location)
    given = {"location": people.location, "title": "Light", "agreed_on": TODAY, "publish": True}
    with pytest.raises(Refused, match="Read it first"):
        voice_answers.agree_priority(id=uuid4(), by=people.community, concerns=[unread], **given)
    priority = voice_answers.agree_priority(
        id=uuid4(), by=people.community, concerns=[first, second], **given
    )
    answered(people, priority=priority)
    states = Concern.objects.filter(priority=priority).values_list("state", flat=True)
    assert set(states) == {ConcernState.ANSWERED}
    shown = public_view(people.location)
    assert [one.about for one in shown.answers] == ["Light"]
    assert [one.asked for one in shown.priorities] == [2]
    assert Concern.objects.get(pk=unread.pk).state == ConcernState.NEW


def test_whoever_drafted_an_answer_does_not_approve_it_unless_alone(people):
    concern = ConcernFactory(location=people.location, open=True)
    draft = voice_answers.draft_answer(
        id=uuid4(), concern=concern, kind="did", text="Done.", by=people.coordinator
    )
    assert not public_view(people.location).answers
    with pytest.raises(NotAllowed, match="Somebody else"):
        voice_answers.approve_answer(answer=draft, version=1, by=people.coordinator)
    with pytest.raises(NotAllowed):
        voice_answers.approve_answer(answer=draft, version=1, by=people.community)
    people.manager.is_active = False
    people.manager.save()
    done = voice_answers.approve_answer(answer=draft, version=1, by=people.coordinator)
    assert done.approved_by == done.drafted_by == people.coordinator
    assert Concern.objects.get().state == ConcernState.ANSWERED


def test_a_withdrawn_answer_leaves_the_page_and_opens_what_it_answered(people, page):
    concern = read(people, ConcernFactory(location=people.location))
    answer = answered(people, concern=concern)
    assert public_view(people.location).answers
    with pytest.raises(Refused, match="why"):
        voice_answers.withdraw_answer(
            answer=answer, version=answer.version, reason=" ", by=people.coordinator
        )
    voice_answers.withdraw_answer(
        answer=answer, version=answer.version, reason="It was wrong.", by=people.coordinator
    )
    assert not public_view(people.location).answers
    assert Concern.objects.get().state == ConcernState.OPEN


def test_an_answer_quotes_what_was_said_only_while_that_is_published(people, page):
    concern = read(people, ConcernFactory(location=people.location))
    answered(people, concern=concern)
    assert public_view(people.location).answers[0].about == "It is dark there."
    concern.refresh_from_db()
    read(people, concern, publish=False)
    assert public_view(people.location).answers[0].about == ""


def test_drafts_are_repeated_harmlessly_and_changed_only_before_they_are_published(people):
    concern = ConcernFactory(location=people.location, open=True)
    key = uuid4()
    given = {"id": key, "concern": concern, "kind": "did", "text": "Done.", "by": people.community}
    draft = voice_answers.draft_answer(**given)
    assert voice_answers.draft_answer(**given) == draft
    changed = voice_answers.change_answer(
        answer=draft, version=1, kind="could_not", text="Not now.", by=people.manager
    )
    assert (changed.kind, changed.drafted_by) == ("could_not", people.manager)
    voice_answers.approve_answer(answer=changed, version=2, by=people.coordinator)
    with pytest.raises(Refused, match="published"):
        voice_answers.change_answer(
            answer=changed, version=3, kind="did", text="No.", by=people.community
        )
    assert Answer.objects.count() == 1


def test_a_priority_asks_for_an_action_and_keeps_it(people):
    priority = PriorityFactory(location=people.location)
    action = voice_answers.ask_for_priority(
        id=uuid4(),
        priority=priority,
        title="Repair the lamps",
        owner=people.partner,
        due_on=dt.date(2024, 7, 5),
        by=people.coordinator,
    )
    assert list(priority.actions.all()) == [action]
    assert (action.owner, action.location) == (people.partner, people.location)
    shown = public_view(people.location).priorities[0]
    assert (shown.under_way, shown.done) == (1, 0)


def test_records_of_another_location_cannot_be_joined(people):
    priority = PriorityFactory(location=people.location)
    elsewhere = ConcernFactory(location=people.other_location, open=True)
    with pytest.raises(Refused, match="another location"):
        voice_answers.join_concerns(priority=priority, concerns=[elsewhere], by=people.community)
