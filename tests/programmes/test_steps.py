"""The rules of steps, without a database."""

import datetime as dt

import pytest

from programmes.choices import StepState, StepTiming
from programmes.steps import (
    earlier_open,
    late_words,
    look_of,
    numbers_words,
    planned_dates,
    reason_for,
    state_of,
    timing_of,
)

START, END = dt.date(2024, 1, 1), dt.date(2024, 1, 28)


def test_weeks_one_to_six_end_on_the_sunday_of_week_six():
    assert planned_dates(dt.date(2023, 12, 4), 1, 6) == (dt.date(2023, 12, 4), dt.date(2024, 1, 14))


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"started": False, "has_evidence": False, "done": 0, "wanted": 3}, StepState.NOT_STARTED),
        ({"started": True, "has_evidence": False, "done": 0, "wanted": 3}, StepState.UNDER_WAY),
        ({"started": False, "has_evidence": True, "done": 2, "wanted": 3}, StepState.UNDER_WAY),
        ({"started": True, "has_evidence": True, "done": 3, "wanted": 3}, StepState.READY),
        ({"started": False, "has_evidence": False, "done": 0, "wanted": 0}, StepState.NOT_STARTED),
        ({"started": True, "has_evidence": False, "done": 0, "wanted": 0}, StepState.READY),
    ],
)
def test_the_state_follows_from_what_is_recorded(facts, state):
    assert state_of(signed_off=False, **facts) == state
    assert state_of(signed_off=True, **facts) == StepState.SIGNED_OFF


@pytest.mark.parametrize(
    ("state", "on", "timing", "look"),
    [
        (StepState.NOT_STARTED, START - dt.timedelta(days=1), StepTiming.NOT_DUE, "not_started"),
        (StepState.NOT_STARTED, START, StepTiming.IN_TIME, "due_soon"),
        (StepState.UNDER_WAY, START - dt.timedelta(days=9), StepTiming.IN_TIME, "in_progress"),
        (StepState.UNDER_WAY, END, StepTiming.IN_TIME, "in_progress"),
        (StepState.UNDER_WAY, END + dt.timedelta(days=1), StepTiming.LATE, "late"),
        (StepState.READY, END, StepTiming.IN_TIME, "ready"),
        (StepState.READY, END + dt.timedelta(days=1), StepTiming.LATE, "late"),
        (StepState.SIGNED_OFF, END + dt.timedelta(days=99), StepTiming.DONE, "signed_off"),
    ],
)
def test_a_step_is_late_from_the_day_after_its_planned_end(state, on, timing, look):
    assert timing_of(state=state, planned_start=START, planned_end=END, on=on) == timing
    assert look_of(state=state, timing=timing, planned_start=START, on=on) == look


def test_the_reason_names_the_dates_and_figures_behind_the_colour():
    reason = reason_for(
        look="late",
        done=2,
        wanted=5,
        planned_start=START,
        planned_end=END,
        on=dt.date(2024, 3, 1),
        signed_on=None,
        signed_by="",
    )
    assert "28 January 2024" in reason.full
    assert "2 of 5" in reason.full
    assert reason.short == "2 of 5 · 4 weeks over"


def test_a_late_step_with_all_its_evidence_is_said_to_wait_for_its_sign_off():
    reason = reason_for(
        look="late",
        done=5,
        wanted=5,
        planned_start=START,
        planned_end=END,
        on=dt.date(2024, 3, 1),
        signed_on=None,
        signed_by="",
    )
    assert "waits for its sign-off" in reason.full


@pytest.mark.parametrize(
    ("days", "words"), [(1, "1 day"), (13, "13 days"), (14, "2 weeks"), (22, "3 weeks")]
)
def test_lateness_is_told_in_days_then_in_weeks(days, words):
    assert late_words(END, END + dt.timedelta(days=days)) == words


def test_earlier_steps_that_are_not_signed_off_are_named():
    signed = [(1, True), (2, False), (3, False), (4, False), (5, False)]
    assert earlier_open(4, signed) == [2, 3]
    assert numbers_words([2]) == "step 2"
    assert numbers_words([2, 3, 5]) == "steps 2, 3 and 5"
