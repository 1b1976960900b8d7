"""Setting up programmes, locations and target places."""

import datetime as dt
from uuid import uuid4

import pytest

from accounts.grants import give_role
from accounts.models import AgencyMembership
from accounts.permissions import Permission
from accounts.roles import Role
from core.errors import Conflict, NotAllowed, Refused
from programmes import policy, services
from programmes.models import Location, Programme
from tests.factories.accounts import AgencyFactory
from tests.personas import LONG_AGO

MONDAY = dt.date(2024, 9, 2)


def test_a_manager_sets_up_a_programme_and_manages_it(people, template):
    made = services.create_programme(
        name="Second run", template=template, starts_on=MONDAY, by=people.manager
    )
    assert made.slug == "second-run"
    assert policy.holds(people.manager, Permission.PROGRAMME_MANAGE, made)
    # The role counts from today, though the programme starts later.
    assert made.memberships.get().starts_on == dt.date(2024, 6, 25)


@pytest.mark.parametrize("name", ["coordinator", "partner", "leader", "stranger", "neighbour"])
def test_others_cannot_set_up_a_programme(people, template, name):
    with pytest.raises(NotAllowed):
        services.create_programme(
            name="Mine", template=template, starts_on=MONDAY, by=getattr(people, name)
        )
    assert not Programme.objects.filter(name="Mine").exists()


def test_a_manager_of_an_agencys_programmes_sets_up_the_first_one(people, template):
    give_role(
        membership_model=AgencyMembership,
        user=people.stranger,
        anchor=AgencyFactory(),
        role=Role.PROGRAMME_MANAGER,
        starts_on=LONG_AGO,
        by=people.admin,
    )
    services.create_programme(name="First", template=template, starts_on=MONDAY, by=people.stranger)


def test_an_identical_repeat_is_harmless_and_a_conflicting_one_is_refused(people, template):
    key = uuid4()
    first = services.create_programme(
        id=key, name="Run", template=template, starts_on=MONDAY, by=people.manager
    )
    again = services.create_programme(
        id=key, name="Run", template=template, starts_on=MONDAY, by=people.manager
    )
    assert again == first
    assert first.memberships.count() == 1
    with pytest.raises(Refused, match="other content"):
        services.create_programme(
            id=key, name="Another", template=template, starts_on=MONDAY, by=people.manager
        )


def test_a_location_gets_every_step_planned_by_the_programmes_weeks(town):
    steps = list(town.steps.order_by("definition__number"))
    assert len(steps) == 8
    assert (steps[0].planned_start, steps[0].planned_end) == (
        dt.date(2023, 12, 4),
        dt.date(2024, 1, 14),
    )
    assert steps[7].planned_end == dt.date(2024, 9, 8)  # the Sunday of week 40


def test_a_repeat_of_a_location_makes_no_second_set_of_steps(people, town):
    key = uuid4()
    for _time in range(2):
        location = services.create_location(
            id=key, programme=people.programme, name="Evesham", by=people.manager
        )
    assert location.steps.count() == 8
    assert Location.objects.filter(name="Evesham").count() == 1


def test_two_locations_of_one_name_get_two_addresses(people, town):
    second = services.create_location(
        programme=people.programme, name="Leominster", by=people.manager
    )
    assert {town.slug, second.slug} == {"leominster", "leominster-2"}


def test_a_name_that_is_a_word_of_our_addresses_gets_another_address(people, town):
    place = services.create_target_place(location=town, name="New", by=people.coordinator)
    assert place.slug == "new-2"


def test_moving_the_start_moves_the_plan_of_steps_that_have_not_begun(people, town, step):
    services.start_step(record=step(1), started_on=dt.date(2023, 12, 5), by=people.coordinator)
    version = Programme.objects.get(pk=people.programme.pk).version
    services.edit_programme(
        programme=people.programme,
        version=version,
        by=people.manager,
        starts_on=dt.date(2023, 12, 11),
    )
    assert step(1).planned_start == dt.date(2023, 12, 4)
    assert step(2).planned_start == dt.date(2024, 1, 1)


def test_a_stale_save_is_refused_with_what_is_stored(people, town):
    stale = Location.objects.get(pk=town.pk)
    services.edit_location(
        location=town, name="Leominster town", summary="", version=1, by=people.coordinator
    )
    with pytest.raises(Conflict) as refusal:
        services.edit_location(
            location=stale, name="Lemster", summary="", version=1, by=people.manager
        )
    assert refusal.value.current.name == "Leominster town"


def test_a_neighbour_and_a_partner_cannot_change_a_location(people, town):
    for user in (people.neighbour, people.partner, people.community):
        with pytest.raises(NotAllowed):
            services.edit_location(location=town, name="X", summary="", version=1, by=user)
        with pytest.raises(NotAllowed):
            services.create_target_place(location=town, name="X", by=user)


def test_the_history_says_who_set_up_the_location(people, town):
    import pghistory.models

    event = pghistory.models.Events.objects.filter(
        pgh_model="programmes.LocationEvent", pgh_obj_id=str(town.pk)
    ).first()
    assert event.pgh_context["user"] == str(people.manager.pk)
