"""Actions: asked of a person with a role, changed, handed over, withheld, evidence."""

import datetime as dt
import uuid

import pytest
from django.core import mail

from accounts.leaving import leave
from accounts.roles import Role
from core.errors import Conflict, NotAllowed, Refused
from core.selectors import history_of
from delivery.choices import ActionState
from delivery.models import Action
from delivery.selectors.actions import (
    action_words,
    my_actions,
    people_to_ask,
    waiting_for,
)
from delivery.services import actions, answers
from programmes.models import Evidence
from programmes.registry import handover_chapters
from programmes.sharing import shared_with
from tests.factories.accounts import UserFactory
from tests.factories.actions import ActionFactory, picture
from tests.factories.programmes import StepRecordFactory, TargetPlaceFactory
from tests.personas import give_location_role

TODAY = dt.date(2024, 6, 25)
SOON = dt.date(2024, 7, 2)


def test_the_owner_is_asked_by_one_mail_with_a_link(
    ask, people, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        action = ask(details="Two lamps are out.")
    assert [one.to for one in mail.outbox] == [[people.partner.email]]
    text = mail.outbox[0].body
    assert "/accounts/link/" in text
    assert "Two lamps are out." in text
    assert action.state == ActionState.ASKED
    assert action.asked_on == TODAY
    assert action.agency == people.police


def test_the_same_id_again_asks_once_and_another_text_is_refused(
    ask, django_capture_on_commit_callbacks
):
    key = uuid.uuid4()
    with django_capture_on_commit_callbacks(execute=True):
        first = ask(id=key)
        assert ask(id=key) == first
    assert Action.objects.count() == 1
    assert len(mail.outbox) == 1
    with pytest.raises(Refused):
        ask(id=key, title="Another thing")


def test_a_repeat_is_harmless_even_after_it_was_handed_over(ask, people):
    key = uuid.uuid4()
    action = ask(id=key)
    actions.hand_over_action(action=action, owner=people.community, by=people.coordinator)
    assert ask(id=key).owner == people.community


@pytest.mark.parametrize("who", ["partner", "leader", "analyst", "verifier", "neighbour"])
def test_only_those_who_run_actions_ask(ask, people, who):
    with pytest.raises(NotAllowed):
        ask(by=getattr(people, who))


def test_nobody_without_a_role_there_is_asked(ask, people):
    for who in (people.stranger, people.neighbour, people.researcher):
        with pytest.raises(Refused, match="no role"):
            ask(owner=who)
    with pytest.raises(Refused, match="no role"):
        ask(helpers=[people.stranger])
    assert people.leader in people_to_ask(people.location)


def test_a_suspended_person_is_not_asked(ask, people):
    people.partner.is_active = False
    people.partner.save()
    with pytest.raises(Refused):
        ask()


def test_what_is_asked_has_words_a_day_and_belongs_here(ask, people):
    with pytest.raises(Refused, match="what is to be done"):
        ask(title="  ")
    with pytest.raises(Refused, match="before today"):
        ask(due_on=TODAY - dt.timedelta(days=1))
    with pytest.raises(Refused, match="another location"):
        ask(target_place=TargetPlaceFactory(location=people.other_location))
    with pytest.raises(Refused, match="another location"):
        ask(step=StepRecordFactory(location=people.other_location))
    with pytest.raises(Refused):
        ask(marking="official-sensitive")


def test_who_takes_it_upon_themselves_has_accepted_and_gets_no_mail(
    ask, people, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        action = ask(owner=people.coordinator)
    assert action.state == ActionState.ACCEPTED
    assert mail.outbox == []


def test_an_edit_from_an_old_version_is_a_conflict(ask, people):
    action = ask()
    actions.edit_action(action=action, version=1, title="First", by=people.coordinator)
    with pytest.raises(Conflict):
        actions.edit_action(action=action, version=1, title="Second", by=people.manager)
    action.refresh_from_db()
    assert action.title == "First"


def test_a_new_date_settles_a_proposed_one(ask, people):
    action = ask()
    answers.propose_date(
        action=action, due_on=dt.date(2024, 7, 9), why="Holiday", by=people.partner
    )
    action.refresh_from_db()
    changed = actions.edit_action(
        action=action, version=action.version, due_on=dt.date(2024, 7, 5), by=people.coordinator
    )
    assert changed.proposed_due_on is None
    assert changed.due_on == dt.date(2024, 7, 5)


@pytest.mark.parametrize(("accept", "due"), [(True, dt.date(2024, 7, 9)), (False, SOON)])
def test_a_proposed_date_is_agreed_or_not_and_the_owner_is_told(
    ask, people, accept, due, django_capture_on_commit_callbacks
):
    action = ask()
    with django_capture_on_commit_callbacks(execute=True):
        answers.propose_date(action=action, due_on=dt.date(2024, 7, 9), by=people.partner)
    assert mail.outbox[-1].to == [people.coordinator.email]
    assert waiting_for(people.coordinator).proposed == (action,)
    with django_capture_on_commit_callbacks(execute=True):
        done = actions.answer_proposal(action=action, accept=accept, by=people.coordinator)
    assert done.due_on == due
    assert done.proposed_due_on is None
    assert mail.outbox[-1].to == [people.partner.email]
    with pytest.raises(Refused):
        actions.answer_proposal(action=action, accept=True, by=people.coordinator)


def test_a_finished_action_becomes_evidence_once(ask, people):
    step = StepRecordFactory(location=people.location, definition__number=1)
    action = ask(step=step)
    with pytest.raises(Refused, match="Only what is done"):
        actions.make_evidence(action=action, by=people.coordinator)
    answers.finish_action(action=action, note="Repaired", photo=picture(), by=people.partner)
    made = actions.make_evidence(action=action, by=people.coordinator)
    assert actions.make_evidence(action=action, by=people.manager) == made
    assert Evidence.objects.count() == 1
    assert (made.title, made.note, made.done_on) == ("Repair the light", "Repaired", TODAY)
    assert made.file is not None
    assert list(made.actions.all()) == [action]
    with pytest.raises(Refused, match="stands as evidence"):
        actions.reopen_action(action=action, reason="Not done", by=people.coordinator)
    with pytest.raises(NotAllowed):
        actions.make_evidence(action=action, by=people.partner)


def test_evidence_needs_a_step_of_this_location(ask, people):
    action = ask()
    answers.finish_action(action=action, note="Repaired", by=people.partner)
    with pytest.raises(Refused, match="Choose the step"):
        actions.make_evidence(action=action, by=people.coordinator)
    elsewhere = StepRecordFactory(location=people.other_location)
    with pytest.raises(Refused, match="another location"):
        actions.make_evidence(action=action, step=elsewhere, by=people.coordinator)


def test_a_dropped_action_says_why_and_can_be_opened_again(ask, people):
    action = ask()
    with pytest.raises(Refused):
        actions.drop_action(action=action, reason="", by=people.coordinator)
    dropped = actions.drop_action(action=action, reason="Too dear", by=people.coordinator)
    assert dropped.closed_on == TODAY
    with pytest.raises(Refused, match="Too dear"):
        answers.finish_action(action=action, note="x", by=people.partner)
    opened = actions.reopen_action(action=action, reason="Money found", by=people.coordinator)
    assert opened.is_open
    assert opened.dropped_reason == ""


def test_a_comment_twice_is_one(ask, people):
    action, key = ask(), uuid.uuid4()
    actions.add_comment(id=key, action=action, text="On my way", by=people.partner)
    actions.add_comment(id=key, action=action, text="On my way", by=people.partner)
    assert action.comments.count() == 1
    with pytest.raises(NotAllowed):
        actions.add_comment(id=None, action=action, text="x", by=people.analyst)


def test_a_sensitive_action_of_another_agency_is_withheld_but_not_from_its_owner(ask, people):
    action = ask(
        details="Where the witness lives",
        marking="official-sensitive",
        handling="Only for the owner",
    )
    action = Action.objects.select_related("location__programme", "agency").get(pk=action.pk)
    outsider = UserFactory(agency=people.neighbour.agency)
    give_location_role(outsider, people.location, Role.PARTNER)
    shared = shared_with(outsider, people.programme)
    words = action_words(action, shared, outsider)
    assert words.details == ""
    assert "Withheld" in words.withheld
    own = shared_with(people.partner, people.programme)
    assert action_words(action, own, people.partner).details == "Where the witness lives"
    told = str(history_of(action, reader=outsider))
    assert "witness" not in told


def test_a_sensitive_mail_tells_no_details(ask, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ask(details="Where the witness lives", marking="official-sensitive", handling="Own eyes")
    assert "witness" not in mail.outbox[0].body


def test_my_actions_are_grouped_by_the_business_week(ask, people):
    late = ActionFactory(
        location=people.location,
        owner=people.partner,
        asked_by=people.coordinator,
        due_on=dt.date(2024, 6, 18),
    )
    sunday = ask(due_on=dt.date(2024, 6, 30))
    monday = ask(due_on=dt.date(2024, 7, 1))
    mine = my_actions(people.partner)
    assert mine.late == (late,)
    assert mine.this_week == (sunday,)
    assert mine.later == (monday,)
    assert my_actions(people.verifier).all == ()


def test_a_leavers_open_actions_go_to_the_successor(ask, people):
    successor = UserFactory(agency=people.housing)
    give_location_role(successor, people.location, Role.PARTNER)
    open_one, done = ask(), ask(title="Done before")
    answers.finish_action(action=done, note="x", by=people.partner)
    ended = leave(user=people.partner, by=people.admin, successor=successor, reason="New job")
    assert any("Repair the light" in line for line in ended.handed_over)
    open_one.refresh_from_db()
    done.refresh_from_db()
    assert (open_one.owner, done.owner) == (successor, people.partner)
    assert open_one.state == ActionState.ASKED


def test_a_successor_without_a_role_there_takes_nothing_over(ask, people):
    action = ask()
    ended = leave(user=people.partner, by=people.admin, successor=people.stranger, reason="Left")
    assert any("has no role" in line for line in ended.handed_over)
    action.refresh_from_db()
    assert action.owner == people.partner


def test_the_handover_chapter_holds_every_open_promise_the_reader_sees(ask, people):
    action, done = ask(), ask(title="Done")
    answers.finish_action(action=done, note="x", by=people.partner)
    build = next(one for one in handover_chapters() if one.key == "actions").build
    chapter = build(people.location, people.manager)
    assert [row.title for row in chapter.rows] == [action.title]
    assert chapter.promises
    assert chapter.rows[0].url == action.get_absolute_url()
    assert build(people.location, people.neighbour).rows == []
