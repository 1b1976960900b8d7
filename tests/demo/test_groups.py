"""What the demonstration shows of groups, training and the log."""

import datetime as dt

import pytest

from accounts.models import User
from delivery.models import LogEntry
from delivery.selectors.group_page import delivery_group_of, group_view, groups_of
from delivery.selectors.training import people_trained, training_overview
from programmes.models import Location

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("demonstration", "its_rooms"),
]
MARCH = dt.date(2024, 3, 6)


def person(name):
    return User.objects.get(email=f"{name}@demo.example")


def town(slug="leominster"):
    return Location.objects.select_related("programme").get(slug=slug)


def test_the_delivery_group_has_four_agencies_two_residents_and_two_vacant_seats():
    view = group_view(delivery_group_of(town()), reader=person("coordinator"))
    assert [one.people for one in view.counts] == [1, 1, 1, 1, 2]
    assert {seat.label.split(":")[0] for seat in view.vacant} == {"Health", "Secondary school"}
    assert view.chair.name == "Leader"
    assert "A member who has withdrawn" in [line.name for line in view.past]


def test_fourteen_people_were_trained_on_6_march_and_some_of_the_groups_not_yet():
    assert people_trained(town(), MARCH, MARCH) == 14
    overview = training_overview(town(), reader=person("coordinator"))
    assert "Leader" in [line.name for line in overview.untrained]


def test_a_working_group_takes_on_the_garage_court():
    working = [line for line in groups_of(town()) if line.kind == "working"]
    assert [line.place_name for line in working] == ["Garage court (demonstration)"]


def test_the_other_towns_have_a_group_and_a_session_each():
    for slug in ("evesham", "shrewsbury", "oswestry"):
        assert delivery_group_of(town(slug)) is not None
        assert len(training_overview(town(slug), reader=None).sessions) == 1


def test_the_log_of_leominster_runs_from_january_to_june_and_everything_is_invented():
    entries = LogEntry.objects.filter(location__slug="leominster")
    assert entries.count() == 12
    months = {entry.done_on.month for entry in entries}
    assert months == {1, 2, 3, 4, 5, 6}
    assert all(entry.is_demonstration for entry in LogEntry.objects.all())
