"""Answering: once, durable, by nobody in particular."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from core.errors import NotAllowed, Refused
from surveys.answering import Answers, from_mapping
from surveys.choices import WaveMode
from surveys.models import AnswerCode, Reply, Submission
from surveys.services import enter_sheet, make_codes, submit
from surveys.wording import questions_of
from tests.factories.surveys import (
    AnswerCodeFactory,
    ReplyFactory,
    SubmissionFactory,
    WaveFactory,
)
from tests.factories.voice import PublicPageFactory

SAFE = "safe-after-dark"


@pytest.fixture
def wave(survey):
    return WaveFactory(survey=survey, code="town")


@pytest.fixture
def codes_wave(survey):
    return WaveFactory(survey=survey, code="letters", mode=WaveMode.CODES)


def said(wave, **given):
    return from_mapping(questions_of(wave), {SAFE: "very-safe", **given})


def test_the_same_answers_sent_twice_are_kept_once(wave):
    key = uuid.uuid4()
    assert submit(wave=wave, id=key, answers=said(wave)) == submit(
        wave=wave, id=key, answers=said(wave)
    )
    assert Submission.objects.count() == Reply.objects.count() == 1


def test_other_answers_under_the_same_id_are_refused(wave):
    key = uuid.uuid4()
    submit(wave=wave, id=key, answers=said(wave))
    with pytest.raises(Refused, match="differ"):
        submit(wave=wave, id=key, answers=said(wave, **{"asb-litter": "very-big"}))


def test_an_answer_keeps_the_day_and_nothing_of_the_person(wave):
    made = submit(wave=wave, id=uuid.uuid4(), answers=said(wave))
    kept = {field.name for field in Submission._meta.concrete_fields}
    assert kept == {"id", "wave", "answered_on", "way", "batch", "sheet", "entered_by"}
    assert made.answered_on == clock.today()
    assert made.entered_by is None


def test_a_single_use_code_works_once_and_is_not_tied_to_the_answer(people, codes_wave):
    (code,) = make_codes(wave=codes_wave, number=1, by=people.coordinator)
    assert code not in str(AnswerCode.objects.values_list("digest"))
    key = uuid.uuid4()
    submit(wave=codes_wave, id=key, answers=said(codes_wave), code=code.lower().replace("-", " "))
    assert AnswerCode.objects.get().used
    submit(wave=codes_wave, id=key, answers=said(codes_wave), code=code)  # the same sending again
    with pytest.raises(Refused, match="used already"):
        submit(wave=codes_wave, id=uuid.uuid4(), answers=said(codes_wave), code=code)
    with pytest.raises(Refused, match="do not know"):
        submit(wave=codes_wave, id=uuid.uuid4(), answers=said(codes_wave), code="ABCDE-FGHJK")
    assert Submission.objects.count() == 1
    linked = {field.name for field in AnswerCode._meta.get_fields() if field.is_relation}
    assert linked == {"wave"}


@pytest.mark.parametrize(
    ("day", "words"), [(dt.date(2024, 6, 9), "not open yet"), (dt.date(2024, 7, 8), "closed")]
)
def test_outside_its_days_a_wave_says_so_and_takes_nothing(wave, day, words):
    with clock.business_date(day), pytest.raises(Refused, match=words):
        submit(wave=wave, id=uuid.uuid4(), answers=said(wave))


def test_a_sheet_is_typed_in_once_by_those_who_may(people, wave):
    sheet = {"wave": wave, "batch": "Library", "sheet": 4, "answered_on": dt.date(2024, 6, 12)}
    key = uuid.uuid4()
    for _twice in range(2):
        enter_sheet(id=key, answers=said(wave), by=people.community, **sheet)
    with pytest.raises(Refused, match="Sheet 4"):
        enter_sheet(id=uuid.uuid4(), answers=said(wave), by=people.community, **sheet)
    with pytest.raises(NotAllowed):
        enter_sheet(id=uuid.uuid4(), answers=said(wave), by=people.partner, **sheet)
    with pytest.raises(Refused, match="within the wave"):
        enter_sheet(
            id=uuid.uuid4(),
            answers=said(wave),
            by=people.community,
            **{**sheet, "sheet": 5, "answered_on": dt.date(2024, 6, 1)},
        )
    assert Submission.objects.count() == 1


def test_what_cannot_be_is_named_and_nothing_at_all_is_refused(wave):
    questions = questions_of(wave)
    assert from_mapping(questions, {}).errors[""]
    assert from_mapping(questions, {SAFE: "splendid"}).errors[SAFE]
    assert from_mapping(questions, {SAFE: ["very-safe", "bit-unsafe"]}).errors[SAFE]
    assert from_mapping(questions, {"name": "Ann"}).errors["name"]
    assert from_mapping(questions, {"one-thing": "x" * 1001}).errors["one-thing"]
    assert isinstance(from_mapping(questions, {SAFE: "very-safe"}), Answers)


def test_a_resident_answers_without_cookies_and_loses_nothing_on_an_error(wave):
    client = Client()
    start = client.get("/s/town/")
    assert b"We do not keep your name or address" in start.content
    page = client.post("/s/town/answer/", {"do": "begin", "id": str(uuid.uuid4())})
    assert b"1. How safe do you feel" in b" ".join(page.content.split())
    sent = {"id": str(uuid.uuid4()), f"q-{SAFE}": "bit-unsafe", "q-one-thing": "x" * 1001}
    wrong = client.post("/s/town/answer/", {**sent, "do": "check"})
    assert wrong.status_code == 422
    assert b'value="bit-unsafe" checked' in wrong.content
    assert b"x" * 1001 in wrong.content
    sent["q-one-thing"] = "Light the path."
    check = client.post("/s/town/answer/", {**sent, "do": "check"})
    assert b"A bit unsafe" in check.content
    assert not Submission.objects.exists()
    done = client.post("/s/town/answer/", {**sent, "do": "send"})
    assert done["Location"] == "/s/town/thanks/"
    client.post("/s/town/answer/", {**sent, "do": "send"})
    assert Submission.objects.count() == 1
    assert not client.cookies
    assert b"Exit this page" in start.content
    assert b"not watched live" in start.content


def test_who_has_answered_finds_what_others_said_once_the_town_s_page_is_open(wave):
    town = f'href="/p/{wave.survey.location.slug}/"'
    assert town not in Client().get("/s/town/thanks/").content.decode()
    PublicPageFactory(location=wave.survey.location)
    assert town in Client().get("/s/town/thanks/").content.decode()


def test_a_used_code_is_refused_before_anybody_answers_for_nothing(people, codes_wave):
    (code,) = make_codes(wave=codes_wave, number=1, by=people.coordinator)
    submit(wave=codes_wave, id=uuid.uuid4(), answers=said(codes_wave), code=code)
    begun = Client().post("/s/letters/answer/", {"do": "begin", "code": code})
    assert begun.status_code == 422
    assert b"used already" in begun.content


def test_sending_asks_the_database_little(wave):
    client = Client()
    sent = {"id": str(uuid.uuid4()), f"q-{SAFE}": "bit-unsafe", "do": "send"}
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.post("/s/town/answer/", sent)
    assert len([q for q in asked if "SAVEPOINT" not in q["sql"]]) <= 6


def test_one_persons_replies_and_the_codes_are_seen_by_who_manages_surveys(people, survey):
    """No address asks for these rows; who would ask, sees them only with the right to manage."""
    reply = ReplyFactory(submission=SubmissionFactory(wave=WaveFactory(survey=survey)))
    code = AnswerCodeFactory(wave=WaveFactory(survey=survey, mode=WaveMode.CODES))
    for row in (reply, code):
        rows = type(row).objects.all()
        assert rows.visible_to(people.coordinator).get() == row
        for person in (people.community, people.partner, people.verifier):  # one enters answers
            assert not rows.visible_to(person).exists(), (row, person)
