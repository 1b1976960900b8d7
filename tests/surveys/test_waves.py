"""Waves: locked wording, results when finished, changes said with care."""

import datetime as dt
import uuid

import pytest

from core import clock
from core.errors import Conflict, NotAllowed, Refused
from surveys.models import Question, Wave
from surveys.selectors import compare, results_of
from surveys.selectors.lists import wording_notes
from surveys.services import (
    add_question,
    change_question,
    change_survey,
    choose_questions,
    finish_wave,
    open_wave,
    release_wave,
)
from surveys.wording import is_untouched
from tests.factories.surveys import SurveyFactory, WaveFactory, answer

SAFE = "safe-after-dark"
DAYS = {"opens_on": dt.date(2024, 6, 25), "closes_on": dt.date(2024, 7, 20)}


def finished(survey, unsafe, safe, month):
    wave = WaveFactory(
        survey=survey, opens_on=dt.date(2024, month, 1), closes_on=dt.date(2024, month, 20)
    )
    answer(wave, {SAFE: "bit-unsafe"}, unsafe)
    answer(wave, {SAFE: "very-safe"}, safe)
    return Wave.objects.select_related("survey__location").get(pk=wave.pk)


def test_a_wave_keeps_its_words_when_a_question_is_worded_anew(people):
    own = add_question(
        location=people.location,
        wording="Do you use the park?",
        kind="single",
        labels=["Yes", "No"],
        counted=1,
        by=people.coordinator,
    )
    survey = SurveyFactory(location=people.location, asks=[own])
    first = open_wave(survey=survey, mode="open_link", by=people.coordinator, **DAYS)
    change_question(
        question=own,
        version=own.version,
        wording="Do you use the park by day?",
        labels=["Yes", "No"],
        counted=1,
        by=people.analyst,
    )
    first.refresh_from_db()
    assert first.wording[0]["wording"] == "Do you use the park?"
    assert is_untouched(first)
    with clock.business_date(dt.date(2024, 8, 1)):
        second = open_wave(
            survey=survey,
            mode="open_link",
            opens_on=dt.date(2024, 8, 1),
            closes_on=dt.date(2024, 8, 20),
            by=people.coordinator,
        )
    assert second.wording[0]["wording"] == "Do you use the park by day?"
    assert second.wording[0]["code"] == first.wording[0]["code"]
    assert "1 differently" in wording_notes(second)[0]


def test_the_same_words_are_said_to_be_the_same(survey):
    WaveFactory(survey=survey, opens_on=dt.date(2024, 2, 1), closes_on=dt.date(2024, 2, 9))
    assert wording_notes(WaveFactory(survey=survey)) == ["Same wording as wave 1."]


def test_a_standard_question_keeps_its_words(people, standard):
    with pytest.raises((Refused, NotAllowed)):
        change_question(question=standard[0], version=1, wording="Safe?", by=people.coordinator)
    with pytest.raises(Refused, match="standard question"):
        change_question(question=standard[0], version=1, wording="Safe?", by=None)


def test_the_seven_strands_are_in_the_bank_with_their_scores(standard):
    strands = [question for question in standard if question.strand]
    assert len(strands) == 7
    assert all([one["score"] for one in q.options] == [3, 2, 1, 0] for q in strands)


def test_waves_are_opened_by_those_who_may_and_not_two_at_once(people, survey):
    with pytest.raises(NotAllowed):
        open_wave(survey=survey, mode="open_link", by=people.community, **DAYS)
    key = uuid.uuid4()
    made = [
        open_wave(id=key, survey=survey, mode="open_link", by=people.analyst, **DAYS)
        for _twice in range(2)
    ]
    assert made[0] == made[1]
    with pytest.raises(Refused, match="runs in those days"):
        open_wave(survey=survey, mode="paper", by=people.analyst, **DAYS)
    with pytest.raises(Refused, match="in the past"):
        open_wave(
            survey=survey,
            mode="paper",
            opens_on=dt.date(2024, 6, 1),
            closes_on=dt.date(2024, 6, 2),
            by=people.analyst,
        )
    empty = SurveyFactory(location=people.location)
    with pytest.raises(Refused, match="questions first"):
        open_wave(survey=empty, mode="paper", by=people.analyst, **DAYS)


def test_questions_of_another_programme_cannot_be_asked(people, survey):
    other = add_question(
        location=people.other_location, wording="Secret?", kind="text", by=people.neighbour
    )
    with pytest.raises(Refused, match="your own programme"):
        choose_questions(survey=survey, version=1, questions=[other], by=people.coordinator)
    seen = Question.objects.all().visible_to(people.coordinator)
    assert not seen.filter(pk=other.pk).exists()


def test_a_stale_change_of_a_survey_is_a_conflict(people, survey):
    said = {"title": "A", "purpose": "B", "asked_by": "C", "by": people.coordinator}
    change_survey(survey=survey, version=survey.version, **said)
    with pytest.raises(Conflict):
        change_survey(survey=survey, version=1, **said)


def test_a_running_wave_shows_how_many_answered_and_no_figure(survey):
    wave = WaveFactory(survey=survey)
    answer(wave, {SAFE: "bit-unsafe"}, 60)
    results = results_of(wave)
    assert (results.state, results.answers, results.measures) == ("running", 60, ())


def test_81_of_212_feel_unsafe_with_the_interval_of_wilson(survey):
    figure = results_of(finished(survey, 81, 131, 3)).measure(SAFE).figure
    assert (figure.count, figure.base, figure.state) == (81, 212, "shown")
    assert (round(figure.low, 3), round(figure.high, 3)) == (0.319, 0.449)


def test_under_fifty_answers_there_is_no_estimate(survey):
    figure = results_of(finished(survey, 20, 29, 3)).measure(SAFE).figure
    assert (figure.base, figure.state, figure.share, figure.low) == (49, "too_few", None, None)


@pytest.mark.parametrize(
    ("after", "verdict"), [((40, 160), "clear_change"), ((75, 125), "no_clear_change")]
)
def test_a_change_is_clear_where_its_interval_does_not_hold_0(survey, after, verdict):
    before = results_of(finished(survey, 80, 120, 2))
    change = compare(before, results_of(finished(survey, *after, 4))).changes
    (one,) = [c for c in change if c.code == SAFE]
    assert one.verdict == verdict
    assert one.same_wording
    assert (one.low > 0 or one.high < 0) == (verdict == "clear_change")


def test_with_a_running_or_small_wave_it_is_too_early_to_tell(survey):
    before = results_of(finished(survey, 80, 120, 2))
    small = results_of(finished(survey, 10, 20, 4))
    running = results_of(WaveFactory(survey=survey))
    for after in (small, running):
        verdicts = {c.verdict for c in compare(before, after).changes if c.code == SAFE}
        assert verdicts == {"too_early"}


def test_a_wave_is_finished_when_it_is_closed_and_made_public_when_finished(people, survey):
    wave = WaveFactory(survey=survey, opens_on=dt.date(2024, 5, 20), closes_on=dt.date(2024, 6, 16))
    answer(wave, {SAFE: "bit-unsafe"}, 30)
    answer(wave, {SAFE: "very-safe"}, 30)
    said = {"words": "Half feel unsafe.", "by": people.coordinator}
    with pytest.raises(Refused, match="finished wave"):
        release_wave(wave=wave, version=wave.version, **said)
    running = WaveFactory(survey=survey)
    with pytest.raises(Refused, match="still be answered"):
        finish_wave(wave=running, version=running.version, by=people.coordinator)
    wave = finish_wave(wave=wave, version=wave.version, by=people.coordinator)
    wave = release_wave(wave=wave, version=wave.version, **said)
    assert wave.released_on == clock.today()


def test_a_wave_without_a_figure_that_may_be_shown_cannot_be_made_public(people, survey):
    wave = finished(survey, 5, 10, 3)
    with pytest.raises(Refused, match="too few"):
        release_wave(wave=wave, version=wave.version, words="Few.", by=people.coordinator)
