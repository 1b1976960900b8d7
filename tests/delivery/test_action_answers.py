"""What whoever is to do an action answers: yes, another date, blocked, passed on, done."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections

from accounts.roles import Role
from core import clock
from core.errors import NotAllowed, Refused
from delivery.choices import ActionState
from delivery.models import Action
from delivery.selectors.actions import (
    action_counts,
    actions_done,
    colleagues,
    waiting_for,
)
from delivery.services import answers
from tests.factories.accounts import UserFactory
from tests.factories.actions import ActionFactory, picture
from tests.personas import give_location_role

TODAY = dt.date(2024, 6, 25)
SOON = dt.date(2024, 7, 2)


def test_the_owner_accepts_and_a_stranger_or_helper_does_not(ask, people):
    action = ask(helpers=[people.community])
    for who in (people.verifier, people.leader, people.neighbour):
        with pytest.raises(NotAllowed):
            answers.accept_action(action=action, by=who)
    assert answers.accept_action(action=action, by=people.partner).state == ActionState.ACCEPTED
    before = Action.objects.get(pk=action.pk).version
    answers.accept_action(action=action, by=people.partner)
    assert Action.objects.get(pk=action.pk).version == before


def test_a_helper_may_finish_but_not_pass_it_on(ask, people):
    helper = UserFactory(agency=people.housing)
    give_location_role(helper, people.location, Role.PARTNER)
    action = ask(helpers=[helper])
    with pytest.raises(NotAllowed):
        answers.pass_on(action=action, to=helper, by=helper)
    assert answers.finish_action(action=action, note="Done", by=helper).state == ActionState.DONE


def test_who_lost_the_role_can_do_nothing_more(ask, people):
    action = ask()
    people.location.memberships.filter(user=people.partner)
    from accounts.grants import end_role
    from programmes.models import LocationMembership

    row = LocationMembership.objects.get(user=people.partner)
    end_role(membership=row, ends_on=TODAY - dt.timedelta(days=1), by=None, reason="Left")
    with pytest.raises(NotAllowed):
        answers.finish_action(action=action, note="Done", by=people.partner)


def test_it_is_passed_on_within_the_agency_only(ask, people, django_capture_on_commit_callbacks):
    colleague = UserFactory(agency=people.housing, name="Colleague")
    give_location_role(colleague, people.location, Role.PARTNER)
    UserFactory(agency=people.housing)  # of the agency, without a role here
    action = ask()
    assert list(colleagues(action)) == [colleague]
    with pytest.raises(Refused, match="your own agency"):
        answers.pass_on(action=action, to=people.leader, by=people.partner)
    with django_capture_on_commit_callbacks(execute=True):
        passed = answers.pass_on(action=action, to=colleague, why="Yours", by=people.partner)
    assert passed.owner == colleague
    assert {tuple(one.to) for one in mail.outbox[-2:]} == {
        (colleague.email,),
        (people.coordinator.email,),
    }
    with pytest.raises(NotAllowed):
        answers.finish_action(action=action, note="Done", by=people.partner)


def test_a_suggestion_in_words_reaches_whoever_asked(
    ask, people, django_capture_on_commit_callbacks
):
    action = ask()
    with django_capture_on_commit_callbacks(execute=True):
        answers.suggest_person(
            id=uuid.uuid4(), action=action, words="The caretaker", by=people.partner
        )
    assert mail.outbox[-1].to == [people.coordinator.email]
    assert "The caretaker" in action.comments.get().text
    action.refresh_from_db()
    assert action.owner == people.partner


def test_what_blocks_it_stands_first_and_goes_when_it_is_accepted_again(ask, people):
    with pytest.raises(Refused):
        answers.block_action(action=ask(), reason=" ", by=people.partner)
    action = ask()
    answers.block_action(action=action, reason="No lamps", by=people.partner)
    assert waiting_for(people.coordinator).blocked == (action,)
    counts = action_counts(people.location)
    assert (counts.open, counts.blocked) == (2, 1)
    freed = answers.accept_action(action=action, by=people.partner)
    assert (freed.state, freed.blocked_reason, freed.blocked_on) == ("accepted", "", None)


def test_finishing_keeps_words_photo_and_day_and_a_repeat_is_harmless(ask, people):
    action = ask()
    content = picture().read()
    first = answers.finish_action(
        action=action,
        note="Repaired",
        photo=SimpleUploadedFile("a.jpg", content),
        by=people.partner,
    )
    again = answers.finish_action(
        action=action,
        note="Repaired",
        photo=SimpleUploadedFile("a.jpg", content),
        by=people.partner,
    )
    assert again.photo_id == first.photo_id
    assert again.version == first.version
    assert first.closed_on == TODAY
    with pytest.raises(Refused, match="finished on 25 June 2024"):
        answers.finish_action(action=action, note="Something else", by=people.coordinator)
    assert actions_done(people.location, TODAY, TODAY) == 1
    assert actions_done(people.location, SOON, SOON) == 0


def test_finishing_wants_words_or_a_photo_and_a_possible_day(ask, people):
    action = ask()
    with pytest.raises(Refused, match="what was done"):
        answers.finish_action(action=action, by=people.partner)
    with pytest.raises(Refused, match="future"):
        answers.finish_action(action=action, note="x", closed_on=SOON, by=people.partner)
    with pytest.raises(Refused, match="asked on"):
        answers.finish_action(
            action=action, note="x", closed_on=dt.date(2024, 6, 1), by=people.partner
        )
    assert answers.finish_action(action=action, photo=picture(), by=people.partner).photo


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.heic", b"\x00\x00\x00\x18ftypheic" + b"0" * 200),
        ("photo.jpg", b"\x00\x00\x00\x18ftypheic" + b"0" * 200),
        ("photo.jpg", b"this is no picture"),
        ("photo.pdf", b"%PDF-1.7"),
        ("photo.jpg", b""),
    ],
)
def test_what_is_no_photo_is_refused_and_nothing_is_finished(ask, people, name, content):
    action = ask()
    with pytest.raises(Refused):
        answers.finish_action(
            action=action, note="Done", photo=SimpleUploadedFile(name, content), by=people.partner
        )
    action.refresh_from_db()
    assert action.state == ActionState.ASKED


@pytest.mark.django_db(transaction=True)
def test_two_who_finish_at_once_make_one_end(people):
    action = ActionFactory(
        location=people.location, owner=people.partner, asked_by=people.coordinator
    )

    def finish(n):
        try:
            with clock.business_date(TODAY):
                answers.finish_action(action=action, note=f"By {n}", by=people.partner)
        except Refused as error:
            return str(error)
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(finish, range(4)))
    assert said.count("done") == 1
    assert sum("finished on" in one for one in said) == 3
    action.refresh_from_db()
    assert action.version == 2
    connection.close()
