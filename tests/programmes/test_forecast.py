"""The week in which a step is likely to be done: the rule, and the records it rests on."""

import datetime as dt

import pytest

from core import clock
from programmes import registry
from programmes.choices import StepState
from programmes.forecast import Standing, forecasts
from programmes.selectors.facts import facts_for
from tests.programmes.helpers import fill

START = dt.date(2023, 12, 4)  # a Monday: week 1
ON = dt.date(2024, 1, 15)  # 42 days later: week 7


def standing(**more):
    given = {
        "state": StepState.UNDER_WAY,
        "planned_start": START,
        "planned_end": dt.date(2024, 1, 28),  # the last day of week 8
        "began_on": START,
        "done": 3,
        "wanted": 4,
    }
    return Standing(**{**given, **more})


def one(*steps, on=ON):
    return forecasts(list(steps), starts_on=START, on=on, numbers=list(range(1, len(steps) + 1)))


def test_at_a_good_pace_the_planned_end_is_the_floor():
    found = one(standing())[0]  # 42 days for three quarters: 56 days in all, on 29 January
    assert (found.on, found.week) == (dt.date(2024, 1, 29), 9)
    quick = one(standing(done=4, wanted=5, began_on=dt.date(2023, 12, 18)))[0]
    assert (quick.on, quick.week) == (dt.date(2024, 1, 28), 8)
    assert "planned end" in quick.reason


def test_a_slow_pace_moves_the_week_and_says_so():
    found = one(standing(done=1))[0]  # 42 days for a quarter: 168 days in all
    assert found.on == START + dt.timedelta(days=168)
    assert found.week == 25
    assert found.slip_days == (found.on - dt.date(2024, 1, 28)).days
    assert found.reason == "At the pace so far: 1 of 4 kinds of evidence are in place."


def test_a_first_day_of_work_counts_as_a_week():
    found = one(standing(done=2, began_on=ON))[0]
    assert found.on == dt.date(2024, 1, 29)  # 7 days for half of it: 14, past the plan by one


def test_the_slip_of_the_step_before_moves_the_floor():
    late = standing(done=1)
    after = standing(
        planned_start=dt.date(2024, 1, 8),
        planned_end=dt.date(2024, 3, 31),
        began_on=dt.date(2024, 1, 8),
    )
    first, second = one(late, after)
    assert second.on == dt.date(2024, 3, 31) + dt.timedelta(days=first.slip_days)
    assert "Step 1 before it runs 16 weeks over." in second.reason


def test_a_step_begun_out_of_order_does_not_wait_for_the_one_before():
    late = standing(done=1)
    early = standing(state=StepState.READY, done=4, out_of_order=True)
    after = standing(planned_end=dt.date(2024, 3, 31), done=4, state=StepState.READY)
    found = one(late, early, after)
    assert [step.on for step in found[1:]] == [dt.date(2024, 1, 28), dt.date(2024, 3, 31)]
    assert found[1].reason.endswith(
        "it waits for its sign-off. That is enough for the planned end."
    )


def test_overdue_actions_move_the_floor():
    found = one(standing(done=4, wanted=5, began_on=ON, overdue_days=10, overdue=2))[0]
    assert found.on == dt.date(2024, 2, 7)
    assert "2 actions it depends on are overdue, the longest by 10 days." in found.reason


def test_nothing_recorded_or_nothing_required_in_place_has_no_forecast_and_says_why():
    blank, begun = one(
        standing(state=StepState.NOT_STARTED, began_on=None, done=0), standing(done=0)
    )
    assert (blank.week, blank.reason) == (None, "No forecast: nothing recorded yet.")
    assert begun.week is None
    assert begun.reason == "No forecast: none of the required evidence is in place yet."


def test_a_step_without_forecast_still_passes_its_delay_on():
    on = dt.date(2024, 2, 18)  # three weeks past the planned end
    blank = standing(state=StepState.NOT_STARTED, began_on=None, done=0)
    after = standing(planned_end=dt.date(2024, 3, 3), done=4, wanted=4, state=StepState.READY)
    assert one(blank, after, on=on)[1].on == dt.date(2024, 3, 24)


def test_a_step_that_waits_for_its_sign_off_is_forecast_today_once_its_plan_has_passed():
    ready = standing(state=StepState.READY, done=4)
    assert one(ready)[0].on == dt.date(2024, 1, 28)
    assert one(ready, on=dt.date(2024, 2, 20))[0].on == dt.date(2024, 2, 20)


def test_a_signed_off_step_has_no_forecast_and_holds_nothing_up():
    signed = standing(state=StepState.SIGNED_OFF, planned_end=dt.date(2023, 12, 10))
    after = standing(done=4, wanted=4, state=StepState.READY)
    first, second = one(signed, after)
    assert (first.week, first.slip_days, first.reason) == (None, 0, "")
    assert second.on == dt.date(2024, 1, 28)


def test_the_steps_of_a_town_carry_their_forecast(town, step, people):
    fill(step(1), by=people.coordinator, on=dt.date(2023, 12, 11), leave_out=2)
    steps = facts_for([town], on=dt.date(2024, 1, 8))[town.pk]
    # 3 of 5 kinds in the 28 days since 11 December: 47 days in all
    assert steps[0].forecast.on == dt.date(2024, 1, 27)
    assert steps[0].forecast.week == 8
    assert steps[1].forecast.reason == "No forecast: nothing recorded yet."


def test_an_overdue_action_tied_to_a_step_moves_its_forecast(town, step, people, monkeypatch):
    fill(step(1), by=people.coordinator, on=dt.date(2023, 12, 11))
    on = dt.date(2024, 1, 8)
    before = facts_for([town], on=on)[town.pk][0].forecast.on
    held = {step(1).pk: registry.StepHold(1, 21)}
    monkeypatch.setattr(registry, "_holds", {"test": lambda _places, _on: held})
    after = facts_for([town], on=on)[town.pk][0].forecast
    assert after.on == before + dt.timedelta(days=21)
    assert "3 weeks overdue" in after.reason


@pytest.mark.parametrize("count", [1, 4])
def test_the_facts_need_the_same_queries_for_one_location_and_for_four(
    count, town, people, django_assert_max_num_queries
):
    from programmes import services

    places = [town] + [
        services.create_location(programme=people.programme, name=f"T{n}", by=people.manager)
        for n in range(count - 1)
    ]
    with clock.business_date(ON), django_assert_max_num_queries(8):
        facts_for(places)
