"""What residents say: heard once, read, joined, answered; each step refuses what it must."""

import datetime as dt
from uuid import uuid4

import pytest
from django.core import mail

from accounts.roles import Role
from core.clock import business_date as at
from core.errors import Conflict, NotAllowed, Refused
from delivery.choices import ConcernState
from delivery.models import Answer, Concern, SafeguardingMessage
from delivery.selectors.voice import (
    open_promises,
    people_heard,
    voice_counts,
    voice_work,
)
from delivery.selectors.voice_public import public_view, reply_to
from delivery.services import voice, voice_public
from delivery.voice_words import clean_words, code_for, digest_of_code
from tests.delivery.voice_helpers import read, said
from tests.factories.accounts import UserFactory
from tests.factories.programmes import TargetPlaceFactory
from tests.factories.voice import (
    AnswerFactory,
    ConcernFactory,
    PublicPageFactory,
)
from tests.personas import give_location_role

TODAY = dt.date(2024, 6, 25)


@pytest.fixture
def page(people):
    return PublicPageFactory(location=people.location)


def test_what_is_heard_gets_a_reference_and_a_day(people, page):
    heard = said(people)
    concern = Concern.objects.get()
    assert heard.answer_by == concern.answer_by == TODAY + dt.timedelta(days=20)
    assert (concern.state, concern.heard_on) == (ConcernState.NEW, TODAY)
    assert concern.recorded_by is None
    assert reply_to(people.location, heard.code).state == ConcernState.NEW
    assert heard.code.replace("-", "") not in str(Concern.objects.values().get())


def test_the_same_sending_is_heard_once_with_the_same_reference(people, page):
    key = uuid4()
    codes = {said(people, id=key).code for _ in range(3)}
    assert len(codes) == Concern.objects.count() == 1
    with pytest.raises(Refused, match="other content"):
        said(people, id=key, text="Something else")


def test_a_closed_page_hears_nothing(people):
    with pytest.raises(Refused, match="closed"):
        said(people)
    PublicPageFactory(location=people.location, closed_on=TODAY)
    with pytest.raises(Refused, match="closed"):
        said(people)
    with pytest.raises(Refused, match="closed"):
        voice_public.take_safeguarding(id=uuid4(), location=people.location, text="A child")
    assert not Concern.objects.exists()
    assert not SafeguardingMessage.objects.exists()


def test_nothing_but_blanks_and_a_place_elsewhere_are_refused(people, page):
    with pytest.raises(Refused, match="Say what it is about"):
        said(people, text=" \u200b\u202e\n")
    with pytest.raises(Refused, match="another location"):
        said(people, target_place=TargetPlaceFactory(location=people.other_location))


def test_references_cannot_be_told_from_the_id_and_are_read_as_people_copy_them():
    key = uuid4()
    code = code_for(key)
    assert len(code.replace("-", "")) * 5 >= 60
    assert code_for(uuid4()) != code
    sloppy = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert digest_of_code(sloppy) == digest_of_code(code) != ""
    assert digest_of_code("short") == digest_of_code("U" * 13) == ""


def test_words_lose_what_does_not_print():
    assert clean_words("a\x00b\u202ec\r\n\n\n\nd\u200b ") == "abc\n\nd"


def test_somebody_enters_it_for_them_and_nobody_else_may(people):
    given = {"location": people.location, "kind": "idea", "text": "A bench", "channel": "phone"}
    given["heard_on"] = TODAY
    key = uuid4()
    concern = voice.record_concern(id=key, by=people.community, **given)
    assert voice.record_concern(id=key, by=people.community, **given) == concern
    assert concern.recorded_by == people.community
    assert concern.answer_by == TODAY + dt.timedelta(days=20)
    for person in (people.partner, people.leader, people.verifier, people.neighbour):
        with pytest.raises(NotAllowed):
            voice.record_concern(id=uuid4(), by=person, **given)
    with pytest.raises(Refused, match="enters itself"):
        voice.record_concern(id=uuid4(), by=people.community, **{**given, "channel": "public_page"})
    later = {**given, "heard_on": TODAY + dt.timedelta(days=1)}
    with pytest.raises(Refused, match="future"):
        voice.record_concern(id=uuid4(), by=people.community, **later)


def test_moderating_leaves_their_words_and_publishes_others(people):
    concern = ConcernFactory(location=people.location, text="Old Mr Smith at number 4 shouts")
    done = read(people, concern)
    assert done.text == "Old Mr Smith at number 4 shouts"
    assert (done.public_text, done.published_on) == ("It is dark there.", TODAY)
    assert (done.state, done.read_by) == (ConcernState.OPEN, people.community)
    assert "Smith" not in str(public_view(people.location))
    assert "It is dark there." in str(public_view(people.location))


def test_publishing_without_words_or_promising_the_past_is_refused(people):
    concern = ConcernFactory(location=people.location)
    with pytest.raises(Refused, match="without names"):
        read(people, concern, public_text=" ")
    with pytest.raises(Refused, match="before it was heard"):
        read(people, concern, answer_by=dt.date(2024, 6, 1))
    with pytest.raises(Refused, match="by when"):
        read(people, concern, answer_by=None)
    with pytest.raises(NotAllowed):
        read(people, concern, by=people.partner)
    read(people, concern)
    with pytest.raises(Conflict):
        read(people, concern)


def test_what_is_taken_from_the_page_is_gone_at_once(people, page):
    concern = read(people, ConcernFactory(location=people.location))
    assert public_view(people.location).promises
    read(people, concern, publish=False)
    assert not public_view(people.location).promises


def test_what_is_not_taken_further_tells_the_reason_to_the_reference_alone(people, page):
    heard = said(people)
    concern = read(people, Concern.objects.get())
    with pytest.raises(Refused, match="in words"):
        voice.not_take_further(
            concern=concern, version=2, why="elsewhere", note="", by=people.community
        )
    done = voice.not_take_further(
        concern=concern,
        version=2,
        why="elsewhere",
        note="The council clears it.",
        by=people.community,
    )
    assert (done.state, done.published_on) == (ConcernState.NOT_PUBLISHED, None)
    assert "The council clears it." not in str(public_view(people.location))
    assert reply_to(people.location, heard.code).note == "The council clears it."
    again = voice.take_up_again(concern=done, version=done.version, by=people.community)
    assert (again.state, again.not_taken, again.not_taken_note) == (ConcernState.OPEN, "", "")


def test_moved_to_safeguarding_nothing_of_it_stays_anywhere_else(people, page):
    key = uuid4()
    heard = said(people, id=key, text="sentinel-words about a child", where="sentinel-place")
    message = voice.move_to_safeguarding(
        concern=Concern.objects.get(), version=1, by=people.community
    )
    assert not Concern.objects.exists()
    assert "sentinel-words" in message.text
    assert "sentinel-place" in message.text
    assert message.moved_by == people.community
    history = Concern.pgh_event_model.objects.values()
    assert history.count() >= 2
    assert "sentinel" not in str(list(history))
    assert "sentinel" not in str(list(SafeguardingMessage.pgh_event_model.objects.values()))
    # The reference reads like anything that was read and is not shown; a repeat makes nothing new.
    reply = reply_to(people.location, heard.code)
    assert (reply.state, reply.note, reply.answers) == (ConcernState.NOT_PUBLISHED, "", ())
    assert said(people, id=key).code == heard.code
    assert not Concern.objects.exists()


def test_answered_or_raised_at_a_meeting_is_not_moved(people):
    concern = ConcernFactory(location=people.location, open=True)
    AnswerFactory(concern=concern)
    with pytest.raises(Refused, match="answer"):
        voice.move_to_safeguarding(concern=concern, version=1, by=people.community)


def test_the_mail_about_safeguarding_says_only_that_there_is_one(
    people, page, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        voice_public.take_safeguarding(
            id=uuid4(), location=people.location, text="sentinel-child", contact="sentinel-phone"
        )
    told = {address for message in mail.outbox for address in message.to}
    assert told == {people.coordinator.email, people.manager.email}
    for message in mail.outbox:
        assert "sentinel" not in f"{message.subject} {message.body}"
        assert "/locations/leominster/voice/safeguarding/" in message.body


def test_a_repeat_of_a_worry_is_kept_once_and_mailed_once(
    people, page, django_capture_on_commit_callbacks
):
    key = uuid4()
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            voice_public.take_safeguarding(id=key, location=people.location, text="A child")
    assert SafeguardingMessage.objects.count() == 1
    assert len(mail.outbox) == 2


def test_only_the_few_find_a_safeguarding_message_and_pass_it_on(people, page):
    message = voice_public.take_safeguarding(id=uuid4(), location=people.location, text="A child")
    for person, sees in (
        (people.coordinator, True),
        (people.manager, True),
        (people.community, False),
        (people.leader, False),
        (people.partner, False),
        (people.neighbour, False),
    ):
        assert SafeguardingMessage.objects.all().visible_to(person).exists() is sees, person
    given = {"message": message, "version": 1, "handled_on": TODAY, "note": "Social care, phone"}
    with pytest.raises(NotAllowed):
        voice_public.pass_on_safeguarding(by=people.community, **given)
    with pytest.raises(Refused, match="to whom"):
        voice_public.pass_on_safeguarding(by=people.coordinator, **{**given, "note": " "})
    done = voice_public.pass_on_safeguarding(by=people.coordinator, **given)
    assert (done.handled_by, done.handled_on) == (people.coordinator, TODAY)


def test_one_figure_says_how_many_were_heard(people):
    for day in (dt.date(2024, 3, 31), dt.date(2024, 4, 1), dt.date(2024, 6, 30)):
        ConcernFactory(location=people.location, heard_on=day)
    ConcernFactory(location=people.location, heard_on=dt.date(2024, 5, 1), not_taken="same")
    ConcernFactory(location=people.location, heard_on=dt.date(2024, 5, 2), not_taken="elsewhere")
    ConcernFactory(location=people.other_location, heard_on=dt.date(2024, 5, 1))
    quarter = (dt.date(2024, 4, 1), dt.date(2024, 6, 30))
    assert people_heard(people.location, *quarter) == 3
    assert people_heard(people.location, dt.date(2024, 1, 1), dt.date(2024, 3, 31)) == 1
    assert voice_counts(people.location).heard == 3  # on 25 June


def test_promises_are_counted_and_wait_for_those_who_moderate(people):
    ConcernFactory(location=people.location, open=True, answer_by=dt.date(2024, 6, 24))
    ConcernFactory(location=people.location, answer_by=TODAY)
    counts = voice_counts(people.location)
    assert (counts.new, counts.open, counts.overdue, counts.waiting) == (1, 1, 1, 2)
    assert [one.answer_by for one in open_promises(people.location)] == [
        dt.date(2024, 6, 24),
        TODAY,
    ]
    place = voice_work(people.community)[0]
    assert (place.new, place.overdue) == (1, 1)
    assert not voice_work(people.partner)
    assert not voice_work(people.neighbour)


def test_the_page_is_opened_and_closed_by_those_who_manage_the_location(people):
    given = {"location": people.location, "promise_days": 20, "intro": "Hello", "indexed": False}
    for person in (people.community, people.partner, people.leader, people.neighbour):
        with pytest.raises(NotAllowed):
            voice_public.set_public_page(is_open=True, by=person, **given)
    page = voice_public.set_public_page(is_open=True, by=people.coordinator, **given)
    assert page.is_open_on(TODAY)
    with pytest.raises(Conflict):
        voice_public.set_public_page(is_open=False, by=people.coordinator, **given)
    closed = voice_public.set_public_page(is_open=False, version=1, by=people.coordinator, **given)
    assert not closed.is_open_on(TODAY)
    with at(dt.date(2024, 7, 1)):
        opened = voice_public.set_public_page(
            is_open=True, version=2, by=people.coordinator, **given
        )
    assert opened.is_open_on(dt.date(2024, 7, 1))
    with pytest.raises(Refused, match="1 to 90"):
        voice_public.set_public_page(
            is_open=True, version=3, by=people.coordinator, **{**given, "promise_days": 0}
        )


def test_unpublished_concerns_and_drafts_are_found_by_the_right_people_alone(people):
    hidden = ConcernFactory(location=people.location)
    shown = ConcernFactory(location=people.location, open=True)
    draft = AnswerFactory(concern=shown)
    for person, wanted in (
        (people.community, {hidden, shown}),
        (people.coordinator, {hidden, shown}),
        (people.partner, {shown}),
        (people.leader, {shown}),
        (people.neighbour, set()),
        (people.stranger, set()),
    ):
        assert set(Concern.objects.all().visible_to(person)) == wanted, person
    only_manages = UserFactory(name="Analyst at the place")
    give_location_role(only_manages, people.location, Role.ANALYST)
    assert draft not in Answer.objects.all().visible_to(only_manages)
    assert draft in Answer.objects.all().visible_to(people.coordinator)
    assert draft not in Answer.objects.all().visible_to(people.partner)
