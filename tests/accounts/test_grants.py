"""Memberships are the truth; grants follow from them, by date, and nothing else writes either."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.contrib.auth.models import Permission as PermissionRow
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from guardian.models import UserObjectPermission
from guardian.shortcuts import assign_perm

from accounts.anchors import anchor_kinds, kind_of
from accounts.door import WrongDoorError, opened
from accounts.grants import derive_all, drift, end_role, give_role, mend
from accounts.models import Agency, AgencyMembership
from accounts.permissions import Permission
from accounts.roles import CATALOGUE, Role
from core.due import run_due
from core.errors import NotAllowed, Refused
from programmes.models import (
    Location,
    LocationMembership,
    LocationUserPermission,
    Programme,
    ProgrammeMembership,
    ProgrammeUserPermission,
)
from tests.factories.accounts import AgencyFactory, UserFactory

TODAY = dt.date(2024, 6, 25)
A_DAY = dt.timedelta(days=1)


def give(user, anchor, role=Role.COORDINATOR, *, starts_on=TODAY, ends_on=None, by=None):
    return give_role(
        membership_model=kind_of(type(anchor)).memberships,
        user=user,
        anchor=anchor,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        by=by,
    )


def held(user):
    return {
        codename
        for kind in anchor_kinds()
        for codename in kind.grants.objects.filter(user=user).values_list(
            "permission__codename", flat=True
        )
    }


def test_the_three_anchors_are_found_without_naming_them():
    assert {kind.model for kind in anchor_kinds()} == {Agency, Programme, Location}
    kind = kind_of(Location)
    assert (kind.memberships, kind.grants) == (LocationMembership, LocationUserPermission)
    with pytest.raises(LookupError):
        kind_of(UserObjectPermission)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gives_exactly_what_the_catalogue_says(people, role):
    user = UserFactory()
    give(user, people.location, role)
    assert held(user) == {permission.value for permission in CATALOGUE[role].permissions}


def test_two_roles_add_up_and_ending_one_keeps_what_the_other_gives(people):
    user = UserFactory()
    coordinator = give(user, people.location, Role.COORDINATOR, starts_on=TODAY - A_DAY)
    give(user, people.location, Role.VERIFIER)
    both = CATALOGUE[Role.COORDINATOR].permissions | CATALOGUE[Role.VERIFIER].permissions
    assert held(user) == set(both)
    end_role(membership=coordinator, ends_on=TODAY - A_DAY, by=people.manager)
    assert held(user) == set(CATALOGUE[Role.VERIFIER].permissions)


def test_a_role_counts_from_its_first_to_its_last_day_by_the_business_date(people):
    user = UserFactory()
    give(user, people.location, starts_on=TODAY + A_DAY, ends_on=TODAY + 2 * A_DAY)
    by_day = []
    for days in range(4):
        derive_all(TODAY + days * A_DAY)
        by_day.append(bool(held(user)))
    assert by_day == [False, True, True, False]


def test_a_change_of_date_derives_the_grants_of_that_date(people):
    user = UserFactory()
    give(user, people.location, starts_on=TODAY + A_DAY)
    run_due(TODAY + A_DAY)
    assert Permission.STEP_RECORD in held(user)
    run_due(TODAY, again=True)
    assert held(user) == set()


def test_deriving_again_changes_nothing(people):
    assert derive_all(TODAY) == 0
    assert drift(TODAY) == []


def test_the_same_form_sent_twice_gives_one_role(people):
    user = UserFactory()
    once = give_role(
        membership_model=LocationMembership,
        user=user,
        anchor=people.location,
        role=Role.PARTNER,
        starts_on=TODAY,
        by=people.manager,
        id=(key := user.pk),
    )
    again = give_role(
        membership_model=LocationMembership,
        user=user,
        anchor=people.location,
        role=Role.PARTNER,
        starts_on=TODAY,
        by=people.manager,
        id=key,
    )
    assert once == again
    assert LocationMembership.objects.filter(user=user).count() == 1


def test_a_role_held_already_is_refused_for_the_same_days_only(people):
    user = UserFactory()
    give(user, people.location, ends_on=TODAY)
    with pytest.raises(Refused):
        give(user, people.location, ends_on=TODAY + A_DAY)
    give(user, people.location, starts_on=TODAY + A_DAY)


def test_a_role_cannot_end_before_it_starts(people):
    membership = give(UserFactory(), people.location)
    with pytest.raises(Refused):
        end_role(membership=membership, ends_on=TODAY - A_DAY, by=None)
    with pytest.raises(Refused):
        give(UserFactory(), people.location, ends_on=TODAY - A_DAY)


@pytest.mark.parametrize("name", ["coordinator", "leader", "analyst", "neighbour", "stranger"])
def test_who_does_not_manage_members_gives_no_roles(people, name):
    with pytest.raises(NotAllowed):
        give(UserFactory(), people.location, by=getattr(people, name))


@pytest.mark.parametrize("name", ["manager", "admin"])
def test_managers_and_administrators_give_roles_but_not_to_themselves(people, name):
    by = getattr(people, name)
    give(UserFactory(), people.location, by=by)
    with pytest.raises(NotAllowed):
        give(by, people.location, Role.VERIFIER, by=by)


def test_a_manager_gives_no_roles_in_another_programme(people):
    with pytest.raises(NotAllowed):
        give(UserFactory(), people.other_location, by=people.manager)


def test_anyone_may_lay_down_their_own_role(people):
    membership = LocationMembership.objects.get(user=people.coordinator)
    end_role(membership=membership, ends_on=TODAY - A_DAY, by=people.coordinator)
    assert held(people.coordinator) == set()


def test_memberships_and_grants_refuse_every_other_door(people):
    membership = LocationMembership.objects.get(user=people.coordinator)
    row = LocationUserPermission.objects.filter(user=people.coordinator).first()
    attempts = [
        membership.save,
        membership.delete,
        lambda: LocationMembership.objects.create(
            user=people.stranger, anchor=people.location, role=Role.LEADER, starts_on=TODAY
        ),
        lambda: LocationMembership.objects.update(role=Role.PROGRAMME_MANAGER),
        lambda: LocationMembership.objects.all().delete(),
        lambda: LocationMembership.objects.bulk_create([membership]),
        lambda: LocationMembership.objects.bulk_update([membership], ["role"]),
        row.save,
        row.delete,
        lambda: LocationUserPermission.objects.all().delete(),
        lambda: assign_perm("manage_members", people.stranger, people.location),
    ]
    for attempt in attempts:
        with pytest.raises(WrongDoorError):
            attempt()
    assert drift(TODAY) == []


def test_the_door_closes_behind_an_error(people):
    with pytest.raises(ZeroDivisionError), opened():
        raise ZeroDivisionError
    with pytest.raises(WrongDoorError):
        LocationMembership.objects.update(ends_on=None)


def test_a_deleted_location_takes_its_memberships_and_grants_along(people):
    people.location.delete()
    assert not LocationMembership.objects.filter(user=people.coordinator).exists()
    assert held(people.coordinator) == set()


def tampered(people):
    """A grant nobody gave, one that is gone, and a row in guardian's generic table."""
    content_type = ContentType.objects.get_for_model(Programme)
    row = PermissionRow.objects.get(content_type=content_type, codename="manage_members")
    with opened():
        ProgrammeUserPermission.objects.create(
            user=people.stranger, content_object=people.programme, permission=row
        )
        LocationUserPermission.objects.filter(
            user=people.coordinator, permission__codename="view"
        ).delete()
    UserObjectPermission.objects.create(
        user=people.stranger,
        permission=row,
        content_type=content_type,
        object_pk=str(people.programme.pk),
    )


def test_drift_is_found_on_every_table_and_mended(people):
    tampered(people)
    found = {(wrong.table, wrong.problem, wrong.permission) for wrong in drift(TODAY)}
    assert found == {
        ("programmes.ProgrammeUserPermission", "surplus", "manage_members"),
        ("programmes.LocationUserPermission", "missing", "view"),
        ("guardian.UserObjectPermission", "stray", "manage_members"),
    }
    assert len(mend(on=TODAY)) == 3
    assert drift(TODAY) == []
    assert Permission.VIEW in held(people.coordinator)


def test_check_grants_fails_on_drift_and_passes_once_mended(people):
    tampered(people)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_grants", "--json", stdout=out, stderr=StringIO())
    summary = json.loads(out.getvalue().splitlines()[-1])
    assert len(summary["drift"]) == 3
    call_command("check_grants", "--mend", stdout=StringIO(), stderr=StringIO())
    out = StringIO()
    call_command("check_grants", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {
        "business_date": "2024-06-25",
        "drift": [],
        "mended": False,
    }


def test_agency_roles_are_granted_like_the_others(people):
    agency, user = AgencyFactory(), UserFactory()
    give(user, agency, Role.PARTNER)
    assert list(AgencyMembership.objects.all().visible_to(user)) == list(
        AgencyMembership.objects.filter(user=user)
    )
    assert not AgencyMembership.objects.all().visible_to(people.neighbour).exists()


def test_drift_costs_the_same_for_many_people(people, django_assert_num_queries):
    def cost():
        with django_assert_num_queries(8):  # two a kind of anchor, two generic tables
            drift(TODAY)

    cost()
    for _ in range(20):
        give(UserFactory(), people.location, Role.PARTNER)
    cost()


def test_the_membership_rows_of_a_programme_are_seen_by_its_people_only(people):
    seen = ProgrammeMembership.objects.all().visible_to(people.coordinator)
    assert set(seen) == set(ProgrammeMembership.objects.filter(anchor=people.programme))
    assert not seen.model.objects.all().visible_to(people.stranger).exists()
