"""Who sees which rows: for every model that offers ``visible_to``, and at any size in one query."""

import datetime as dt

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured

from accounts.grants import give_role
from accounts.permissions import Permission
from accounts.policy import holds, require
from accounts.roles import Role
from accounts.scoping import ScopedQuerySet
from core.errors import NotAllowed
from programmes.models import Location, LocationMembership, Programme, StepRecord
from tests.factories.accounts import UserFactory
from tests.factories.programmes import LocationFactory, StepRecordFactory, TargetPlaceFactory
from tests.personas import LONG_AGO, give_location_role
from tests.world import make_one_of_everything

TODAY = dt.date(2024, 6, 25)
OPEN_TO_ALL = {
    "accounts.Agency": "names of partner bodies are shared among all signed in",
    "programmes.StepTemplate": "the method is open to read for everyone signed in",
    "delivery.TrainingCourse": "the method is open to read for everyone signed in",
}
# System administrators look after accounts, and see nothing that lies in a programme.
LOOKED_AFTER = {"accounts.User"}
# Not a matter of the programme: each is tested where it belongs.
OWN = {
    "accounts.AgencyMembership": "the people of an agency are seen by those with a role on it",
    "core.JobRun": "a job is seen by the person who asked for it",
    "core.TabularImport": "a table is seen by the person who sent it",
}


def scoped_models():
    return [
        model for model in apps.get_models() if hasattr(model._default_manager.all(), "visible_to")
    ]


def test_every_scoped_model_is_hidden_from_the_neighbour_and_the_stranger(people):
    """A row of each model is made in the programme; nobody from outside finds one of them."""
    made = make_one_of_everything(people)
    missing = {model._meta.label for model in scoped_models()} - made.keys() - OPEN_TO_ALL.keys()
    assert missing == set(), "tests/world.py makes no row of these"
    for label, row in made.items():
        rows = type(row)._default_manager.all()
        outsiders = (people.neighbour, people.stranger, people.admin)
        for outsider in outsiders[:2] if label in LOOKED_AFTER else outsiders:
            for permission in Permission:
                assert not rows.visible_to(outsider, permission).filter(pk=row.pk).exists(), (
                    label,
                    outsider.name,
                    permission,
                )


def test_every_scoped_model_is_seen_by_the_manager_of_the_programme(people):
    made = make_one_of_everything(people)
    for label in made.keys() - OWN.keys():
        row = made[label]
        rows = type(row)._default_manager.all()
        assert rows.visible_to(people.manager).filter(pk=row.pk).exists(), label


def test_nobody_signed_in_or_closed_or_ended_sees_anything(people):
    made = make_one_of_everything(people)
    closed = UserFactory(is_active=False)
    give_location_role(closed, people.location, Role.COORDINATOR)
    ended = UserFactory()
    give_location_role(ended, people.location, Role.COORDINATOR, ends_on=TODAY - dt.timedelta(1))
    to_come = UserFactory()
    give_location_role(
        to_come, people.location, Role.COORDINATOR, starts_on=TODAY + dt.timedelta(1)
    )
    # One's own account, and one's own roles, past ones too, are one's to see.
    own = {"programmes.LocationMembership", "accounts.User"}
    for label, row in made.items():
        rows = type(row)._default_manager.all()
        for who in (None, AnonymousUser(), closed):
            assert not rows.visible_to(who).exists(), (label, who)
        if label not in own:
            for who in (ended, to_come):
                assert not rows.visible_to(who).exists(), (label, who)


def test_a_superuser_sees_all_unless_the_account_is_closed(people):
    root = UserFactory(is_superuser=True)
    assert Location.objects.all().visible_to(root).count() == Location.objects.count()
    root.is_active = False
    assert not Location.objects.all().visible_to(root).exists()


def test_the_last_day_of_a_role_counts(people):
    user = UserFactory()
    give_location_role(user, people.location, Role.COORDINATOR, ends_on=TODAY)
    assert holds(user, Permission.STEP_RECORD, people.location)


def test_a_research_partner_reads_data_but_views_nothing(people):
    rows = Location.objects.all()
    assert not rows.visible_to(people.researcher, Permission.VIEW).exists()
    assert list(rows.visible_to(people.researcher, Permission.DATA_READ)) == [people.location]
    assert not Programme.objects.all().visible_to(people.researcher, Permission.VIEW).exists()


def test_a_role_at_a_location_shows_its_programme_but_no_other_location(people):
    other = LocationFactory(programme=people.programme)
    assert list(Programme.objects.all().visible_to(people.coordinator)) == [people.programme]
    assert not holds(people.coordinator, Permission.LOCATION_MANAGE, people.programme)
    assert not holds(people.coordinator, Permission.VIEW, other)
    assert holds(people.manager, Permission.VIEW, other)


def test_require_names_what_is_lacking(people):
    require(people.coordinator, Permission.STEP_RECORD, people.location)
    require(None, Permission.STEP_RECORD, people.location)  # the system itself
    with pytest.raises(NotAllowed, match="Record evidence"):
        require(people.leader, Permission.STEP_RECORD, people.location)


def test_with_can_annotates_each_row_in_the_one_query(people, django_assert_num_queries):
    other = LocationFactory(programme=people.programme)
    give_location_role(people.coordinator, other, Role.PARTNER)
    rows = Location.objects.all().visible_to(people.coordinator)
    with django_assert_num_queries(1):
        can = {row.pk: row.can for row in rows.with_can(people.coordinator, Permission.STEP_RECORD)}
    assert can == {people.location.pk: True, other.pk: False}


@pytest.mark.parametrize("size", [4, 400])
def test_one_query_shows_what_is_visible_whatever_the_number_of_locations(
    people, size, django_assert_num_queries
):
    locations = LocationFactory.create_batch(size, programme=people.programme)
    for location in locations[:3]:
        give_location_role(people.partner, location, Role.PARTNER)
        StepRecordFactory(location=location)
        TargetPlaceFactory(location=location)
    with django_assert_num_queries(1):
        assert len(Location.objects.all().visible_to(people.partner)) == 4
    with django_assert_num_queries(1):
        assert len(Location.objects.all().visible_to(people.manager)) == size + 1
    with django_assert_num_queries(1):
        assert len(StepRecord.objects.all().visible_to(people.partner)) == 3


def test_a_scoped_queryset_without_paths_is_a_mistake(people):
    class Nowhere(ScopedQuerySet):
        pass

    with pytest.raises(ImproperlyConfigured):
        Nowhere(model=Location).visible_to(people.coordinator)


def test_roles_from_two_sides_never_show_a_row_twice(people):
    give_role(
        membership_model=LocationMembership,
        user=people.manager,
        anchor=people.location,
        role=Role.VERIFIER,
        starts_on=LONG_AGO,
        by=None,
    )
    assert list(Location.objects.all().visible_to(people.manager)) == [people.location]
