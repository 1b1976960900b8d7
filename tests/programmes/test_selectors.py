"""What pages read: right, scoped, and in a fixed number of queries."""

import datetime as dt

import pytest

from accounts.grants import end_role, give_role
from accounts.roles import Role
from core.models import JobRun
from programmes import registry, services
from programmes.models import LocationMembership
from programmes.selectors.board import programme_board
from programmes.selectors.facts import facts_for, facts_of
from programmes.selectors.locations import location_overview
from programmes.selectors.step_page import step_detail
from programmes.selectors.week import lately_for, my_week
from programmes.sharing import EVERYTHING
from tests.personas import LONG_AGO
from tests.programmes.helpers import fill, note

DAY = dt.date(2024, 1, 10)


def test_progress_counts_kinds_of_required_evidence_not_pieces(people, step):
    kind = step(1).definition.evidence_wanted.get(key="common-purpose")
    for _time in range(3):
        note(step(1), by=people.coordinator, on=DAY, wanted=kind)
    note(step(1), by=people.coordinator, on=DAY)  # something else
    facts = facts_of(step(1))
    assert (facts.done, facts.wanted) == (1, 5)
    assert {w.key: w.by_hand for w in facts.evidence}["common-purpose"] == 3
    assert "1 of 5" in facts.reason


def test_timing_goes_by_the_day_that_is_asked_about(people, town):
    def looks(on):
        return [s.look for s in facts_for([town], on=on)[town.pk]]

    assert looks(dt.date(2023, 12, 3)) == ["not_started"] * 8
    assert looks(dt.date(2024, 1, 14))[0] == "due_soon"
    assert looks(dt.date(2024, 1, 15))[0] == "late"
    assert looks(dt.date(2024, 6, 25)) == ["late"] * 6 + ["due_soon"] * 2


def test_a_provider_counts_evidence_for_all_locations_at_once(people, town, step, monkeypatch):
    asked = []

    class Packages:
        key = "data-packages"

        def counts(self, locations):
            asked.append(len(locations))
            return {town.pk: registry.EvidenceCount(2, DAY, "/x/", "2 data packages")}

    monkeypatch.setattr(registry, "_providers", {"data-packages": Packages()})
    other = services.create_location(programme=people.programme, name="Evesham", by=people.manager)
    found = facts_for([town, other])
    assert asked == [2]
    first = found[town.pk][0]
    assert first.done == 1
    assert first.state == "under_way"
    assert first.evidence[0].words == "2 data packages"
    assert found[other.pk][0].done == 0


def test_the_board_tells_what_is_late_ready_vacant_and_out_of_order(people, town, step, signed):
    signed(1)
    fill(step(2), by=people.coordinator, on=DAY)
    note(step(5), by=people.coordinator, on=DAY, reason="Senior leaders asked for it.")
    services.create_location(programme=people.programme, name="Evesham", by=people.manager)
    board = programme_board(programme=people.programme, user=people.leader)
    assert (board.week, board.weeks) == (30, 40)
    assert [c.number for c in board.columns] == [1, 2, 3, 4, 5, 6, 7, 8]
    rows = {row.name: row for row in board.rows}
    assert rows["Leominster"].coordinators == ("Coordinator",)
    assert [row.name for row in board.vacant] == ["Evesham"]
    assert rows["Leominster"].next_step.number == 2
    assert board.steps_signed_off == 1
    assert [(s.location_name, s.number) for s in board.ready] == [("Leominster", 2)]
    assert [s.out_of_order_reason for s in board.out_of_order] == ["Senior leaders asked for it."]
    assert len(board.late) == 5 + 6
    assert board.late[0].planned_end <= board.late[-1].planned_end


def test_the_board_shows_only_the_locations_one_may_see(people, town):
    services.create_location(programme=people.programme, name="Evesham", by=people.manager)

    def names(user):
        return [r.name for r in programme_board(programme=people.programme, user=user).rows]

    assert names(people.leader) == ["Evesham", "Leominster"]
    assert names(people.partner) == ["Leominster"]
    assert names(people.neighbour) == []


def test_a_coordinator_whose_role_has_ended_leaves_a_vacancy(people, town):
    membership = LocationMembership.objects.get(user=people.coordinator, anchor=town)
    end_role(membership=membership, ends_on=dt.date(2024, 6, 24), by=people.manager)
    assert location_overview(location=town).coordinators == ()


def test_my_week_holds_what_i_owe_and_not_what_others_do(people, town, step, signed):
    signed(6)
    services.edit_plan(
        record=step(7),
        planned_start=dt.date(2024, 6, 3),
        planned_end=dt.date(2024, 6, 30),
        notes="",
        version=step(7).version,
        by=people.coordinator,
    )
    services.edit_plan(
        record=step(8),
        planned_start=dt.date(2024, 7, 1),
        planned_end=dt.date(2024, 9, 1),
        notes="",
        version=step(8).version,
        by=people.coordinator,
    )
    mine = my_week(user=people.coordinator)
    assert mine.week_ends == dt.date(2024, 6, 30)
    assert [s.number for s in mine.due_this_week] == [7]
    assert [s.number for s in mine.due_next_week] == [8]
    assert mine.late == ()
    assert mine.waiting == ()
    theirs = my_week(user=people.leader)
    assert theirs.due_this_week == ()
    assert not theirs.works
    fill(step(7), by=people.coordinator, on=dt.date(2024, 6, 20))
    assert [s.number for s in my_week(user=people.leader).waiting] == [7]
    assert [h.title for h in lately_for(user=people.leader)]
    assert lately_for(user=people.coordinator) == ()  # my own doings are no news to me


def test_my_week_shows_my_own_jobs_only(people, town):
    for user in (people.coordinator, people.leader):
        JobRun.objects.create(kind="test", key=str(user.pk), title=f"For {user}", requested_by=user)
    assert [job.title for job in my_week(user=people.coordinator).jobs] == ["For Coordinator"]


def test_somebody_without_a_role_has_an_empty_week(people, town):
    week = my_week(user=people.stranger)
    assert week.programmes == ()
    assert week.locations == ()


def test_withdrawn_evidence_is_told_apart_on_the_steps_page(people, step):
    kept = note(step(1), by=people.coordinator, on=DAY, title="Kept")
    gone = note(step(1), by=people.coordinator, on=DAY, title="Gone")
    services.withdraw_evidence(evidence=gone, reason="Wrong town", by=people.coordinator)
    detail = step_detail(record=step(1), shared=EVERYTHING)
    assert [line.id for line in detail.evidence] == [kept.pk]
    assert [line.withdrawn_reason for line in detail.withdrawn] == ["Wrong town"]


TODAY = dt.date(2024, 6, 25)


@pytest.fixture
def no_providers(monkeypatch):
    """Other apps' providers have budgets of their own."""
    monkeypatch.setattr(registry, "_providers", {})
    monkeypatch.setattr(registry, "_holds", {})


def more_locations(people, count):
    for number in range(count):
        location = services.create_location(
            programme=people.programme, name=f"Town {number:02d}", by=people.manager
        )
        give_role(
            membership_model=LocationMembership,
            user=people.coordinator,
            anchor=location,
            role=Role.COORDINATOR,
            starts_on=LONG_AGO,
            by=people.admin,
        )
        note(location.steps.get(definition__number=1), by=people.coordinator, on=DAY)


@pytest.mark.parametrize("more", [3, 39])
def test_board_and_week_take_as_many_queries_for_4_locations_as_for_40(
    people, town, more, no_providers, django_assert_num_queries
):
    more_locations(people, more)
    with django_assert_num_queries(7):
        board = programme_board(programme=people.programme, user=people.leader, on=TODAY)
    assert len(board.rows) == more + 1
    with django_assert_num_queries(9):
        week = my_week(user=people.coordinator, on=TODAY)
    assert len(week.locations) == more + 1


@pytest.mark.parametrize("pieces", [1, 30])
def test_a_location_and_a_step_take_as_many_queries_however_much_is_recorded(
    people, town, step, pieces, no_providers, django_assert_num_queries
):
    for number in range(pieces):
        note(step(1), by=people.coordinator, on=DAY, title=f"Walk {number}")
        services.create_target_place(location=town, name=f"Place {number}", by=people.coordinator)
    with django_assert_num_queries(5):
        location_overview(location=town, on=TODAY)
    record = step(1)
    with django_assert_num_queries(6):
        step_detail(record=record, shared=EVERYTHING, on=TODAY)


def test_the_same_provider_twice_is_an_error(monkeypatch):
    from django.core.exceptions import ImproperlyConfigured

    class Provider:
        key = "twice"

        def counts(self, locations):
            return {}

    monkeypatch.setattr(registry, "_providers", {})
    registry.register_evidence_provider(Provider())
    with pytest.raises(ImproperlyConfigured, match="twice"):
        registry.register_evidence_provider(Provider())


def test_a_step_that_should_have_begun_weeks_ago_is_owed_this_week(people, step, signed):
    signed(6)
    services.edit_plan(
        record=step(8),
        planned_start=dt.date(2024, 5, 13),
        planned_end=dt.date(2024, 9, 1),
        notes="",
        version=step(8).version,
        by=people.coordinator,
    )
    mine = my_week(user=people.coordinator)
    assert 8 in [s.number for s in mine.due_this_week]
    assert 8 not in [s.number for s in (*mine.late, *mine.due_next_week)]
