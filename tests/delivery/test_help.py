"""Asking for help: proposed by rule, sent by a person, decided by another, returned."""

import datetime as dt
from uuid import uuid4

import pytest
from django.core import mail

from core import clock
from core.errors import NotAllowed, Refused
from delivery.models import Action, Decision, HelpRequest
from delivery.selectors.help import my_help
from delivery.services import answers
from delivery.services import help as asking
from delivery.services.help_rules import propose_due
from tests.factories.accounts import UserFactory
from tests.factories.help import HelpRequestFactory
from tests.factories.programmes import StepRecordFactory
from tests.factories.voice import ConcernFactory
from tests.personas import give_location_role

TODAY = dt.date(2024, 6, 25)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with clock.business_date(TODAY):
        yield


@pytest.fixture
def sent(people):
    return asking.ask_for_help(
        id=uuid4(),
        location=people.location,
        tier="tasking",
        title="Let the contractor in",
        reason="The lamps are out.",
        decide_by=dt.date(2024, 6, 28),
        by=people.coordinator,
    )


def decide(request, people, outcome="given", **more):
    usual = {"outcome": outcome, "decision": "So be it.", "by": people.leader}
    if outcome == "given":
        usual |= {"help_from": "Council", "help_by": dt.date(2024, 7, 5)}
    return asking.decide(request=request, **{**usual, **more})


def test_a_request_is_sent_decided_and_returned_with_a_decision_and_an_action(people, sent):
    assert [line.title for line in my_help(people.leader).asked] == ["Let the contractor in"]
    decide(sent, people)
    assert my_help(people.leader).asked == ()
    assert len(my_help(people.coordinator).decided) == 1
    back = asking.return_to_group(
        id=uuid4(),
        request=sent,
        text="The contractor comes in July.",
        by=people.coordinator,
        action_title="Open the gate",
        action_owner=people.partner,
        action_due_on=dt.date(2024, 7, 2),
    )
    assert back.state == "returned"
    kept = Decision.objects.get()
    assert (kept.text, kept.decided_on) == ("The contractor comes in July.", TODAY)
    action = Action.objects.get()
    assert (action.decision, action.owner) == (kept, people.partner)
    assert my_help(people.coordinator).is_empty


def test_those_asked_and_whoever_asked_are_told_by_mail_without_the_reason(
    people, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        request = asking.ask_for_help(
            location=people.location,
            tier="tasking",
            title="Let the contractor in",
            reason="A secret reason.",
            decide_by=dt.date(2024, 6, 28),
            by=people.coordinator,
        )
    assert {message.to[0] for message in mail.outbox} == {
        "leader@example.test",
        "manager@example.test",
    }
    assert all("secret" not in message.body for message in mail.outbox)
    assert "28 June 2024" in mail.outbox[0].body
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        decide(request, people)
    assert [message.to for message in mail.outbox] == [["coordinator@example.test"]]


def test_a_request_needs_words_a_day_to_come_and_somebody_above(people):
    def ask(**more):
        usual = {"tier": "tasking", "title": "A", "reason": "B", "decide_by": TODAY}
        asking.ask_for_help(location=people.location, by=people.coordinator, **{**usual, **more})

    for wrong, words in (
        ({"title": " "}, "what help"),
        ({"reason": ""}, "why help"),
        ({"decide_by": dt.date(2024, 6, 24)}, "not past"),
        ({"tier": "delivery"}, "tasking group"),
        ({"step": StepRecordFactory(location=people.other_location)}, "another location"),
    ):
        with pytest.raises(Refused, match=words):
            ask(**wrong)
    with pytest.raises(NotAllowed):
        asking.ask_for_help(
            location=people.location,
            tier="tasking",
            title="A",
            reason="B",
            decide_by=TODAY,
            by=people.partner,
        )


def test_nobody_decides_on_their_own_request_and_partners_never(people):
    own = HelpRequestFactory(location=people.location, sent_by=people.manager)
    with pytest.raises(Refused, match="yourself"):
        asking.decide(
            request=own,
            outcome="refused",
            decision="No.",
            by=people.manager,
        )
    with pytest.raises(NotAllowed):
        asking.decide(request=own, outcome="refused", decision="No.", by=people.partner)


def test_help_given_says_who_and_by_when_and_a_refusal_why(people, sent):
    with pytest.raises(Refused, match="who helps"):
        decide(sent, people, help_from="")
    with pytest.raises(Refused, match="why not"):
        asking.decide(request=sent, outcome="refused", decision=" ", by=people.leader)
    decide(sent, people, outcome="refused")
    with pytest.raises(Refused, match="nothing to decide"):
        decide(sent, people, outcome="given")


def test_what_is_passed_up_waits_above_and_comes_back_whole(people, sent):
    with pytest.raises(Refused, match="next tier"):
        decide(sent, people, outcome="passed_up")
    decide(sent, people, outcome="passed_up", next_decide_by=dt.date(2024, 7, 10))
    above = HelpRequest.objects.get(passed_from=sent)
    assert (above.tier, above.state, above.sent_by) == ("board", "sent", people.leader)
    with pytest.raises(Refused, match="passed up"):
        asking.return_to_group(request=sent, text="Up", by=people.coordinator)
    asking.decide(request=above, outcome="refused", decision="No.", by=people.manager)
    asking.return_to_group(request=above, text="The board says no.", by=people.coordinator)
    sent.refresh_from_db()
    assert sent.state == "returned"
    top = HelpRequestFactory(location=people.location, sent_by=people.coordinator, tier="board")
    with pytest.raises(Refused, match="nobody above"):
        decide(top, people, outcome="passed_up", next_decide_by=dt.date(2024, 7, 10))


def test_returning_twice_by_the_same_form_makes_one_decision(people, sent):
    decide(sent, people)
    key = uuid4()
    for _ in range(2):
        asking.return_to_group(id=key, request=sent, text="Yes.", by=people.coordinator)
    assert Decision.objects.count() == 1


def rules_of(location):
    rows = HelpRequest.objects.filter(location=location, state="proposed")
    return {row.title: row.rule for row in rows}


def test_what_stands_still_is_proposed_once_and_taken_back_when_it_moves(people, ask):
    with clock.business_date(dt.date(2024, 6, 1)):
        late = ask(title="Cut the hedge", due_on=dt.date(2024, 6, 11))
        blocked = ask(title="Repair the light", due_on=dt.date(2024, 7, 30))
        fresh = ask(title="Sweep", due_on=dt.date(2024, 6, 12))
    with clock.business_date(dt.date(2024, 6, 15)):
        answers.block_action(action=blocked, reason="No parts", by=people.partner)
    assert propose_due(TODAY) == {"proposed": 2, "taken_back": 0}
    assert rules_of(people.location) == {
        "Unblock: Cut the hedge": "overdue by 14 days, since 11 June 2024",
        "Unblock: Repair the light": "blocked for 10 days, since 15 June 2024",
    }
    assert propose_due(TODAY) == {"proposed": 0, "taken_back": 0}
    Action.objects.filter(pk=late.pk).update(state="done", closed_on=TODAY)
    assert propose_due(TODAY) == {"proposed": 0, "taken_back": 1}
    assert "Unblock: Cut the hedge" not in rules_of(people.location)
    Action.objects.filter(pk=late.pk).update(state="asked", closed_on=None)
    assert propose_due(TODAY)["proposed"] == 1  # the same row stands again
    assert HelpRequest.objects.count() == 2
    assert fresh.pk not in HelpRequest.objects.values_list("action", flat=True)


def test_a_late_step_and_a_promised_answer_are_proposed_too(people):
    StepRecordFactory(
        location=people.location,
        planned_start=dt.date(2024, 4, 1),
        planned_end=dt.date(2024, 6, 4),
        definition__number=6,
        definition__name="Solutions",
    )
    StepRecordFactory(
        location=people.location,
        planned_start=dt.date(2024, 4, 1),
        planned_end=dt.date(2024, 6, 5),
        definition__number=7,
    )
    ConcernFactory(location=people.location, state="open", answer_by=dt.date(2024, 6, 24))
    ConcernFactory(location=people.location, state="answered", answer_by=dt.date(2024, 6, 20))
    propose_due(TODAY)
    assert rules_of(people.location) == {
        "Bring step 6 forward: Solutions": "3 weeks late",
        "Answer a resident: the promised day has passed": "answer promised by 24 June 2024",
    }


def test_what_a_person_took_back_or_asked_by_hand_is_not_proposed_again(people, ask):
    with clock.business_date(dt.date(2024, 6, 1)):
        first = ask(title="Cut the hedge", due_on=dt.date(2024, 6, 3))
        second = ask(title="Sweep", due_on=dt.date(2024, 6, 3))
    HelpRequestFactory(location=people.location, sent_by=people.coordinator, action=second)
    propose_due(TODAY)
    proposal = HelpRequest.objects.get(action=first)
    with pytest.raises(Refused, match="why"):
        asking.withdraw(request=proposal, reason="", by=people.coordinator)
    asking.withdraw(request=proposal, reason="We do it ourselves.", by=people.coordinator)
    assert propose_due(TODAY) == {"proposed": 0, "taken_back": 0}
    assert rules_of(people.location) == {}


def test_a_proposal_is_sent_in_a_persons_own_words(people, ask):
    with clock.business_date(dt.date(2024, 6, 1)):
        ask(title="Cut the hedge", due_on=dt.date(2024, 6, 3))
    propose_due(TODAY)
    proposal = HelpRequest.objects.get()
    done = asking.send(
        request=proposal,
        tier="board",
        title="Cut it for us",
        reason="Nobody has a saw.",
        decide_by=dt.date(2024, 7, 1),
        by=people.community,
    )
    assert (done.state, done.sent_by, done.tier) == ("sent", people.community, "board")
    assert propose_due(TODAY) == {"proposed": 0, "taken_back": 0}


def test_the_pages_show_who_may_do_what(client, people, sent):
    url = f"/locations/leominster/help/{sent.pk}/"
    for person, word in ((people.leader, ">Decide<"), (people.coordinator, "Take it back")):
        client.force_login(person)
        page = client.get(url).content.decode()
        assert word in " ".join(page.split()).replace("> ", ">").replace(" <", "<")
    client.force_login(people.leader)
    assert "Decisions asked of me" in client.get("/").content.decode()
    assert sent.title in client.get("/programmes/west-mercia/help/").content.decode()
    client.force_login(people.neighbour)
    assert client.get(url).status_code == 404


def test_a_marked_request_is_withheld_from_agencies_without_an_agreement(client, people, sent):
    stranger = UserFactory(agency=people.housing)
    give_location_role(stranger, people.location, "coordinator")
    HelpRequest.objects.filter(pk=sent.pk).update(
        marking="official-sensitive", handling="Leaders only.", agency=people.police
    )
    url = f"/locations/leominster/help/{sent.pk}/"
    client.force_login(stranger)
    page = client.get(url).content.decode()
    assert "The lamps are out." not in page
    assert "Withheld" in page
    client.force_login(people.coordinator)
    assert "The lamps are out." in client.get(url).content.decode()
