"""Groups: who sits there, what is vacant, and whose name is shown to whom."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from accounts.roles import Role
from core.clock import business_date as at
from core.errors import Conflict, NotAllowed, Refused
from core.selectors import history_of
from delivery.models import DeliveryGroup, GroupMember, GroupSeat
from delivery.selectors.group_page import group_view, groups_of
from delivery.selectors.groups import lines_of, members_of
from delivery.services.groups import add_seat, change_group, change_seat, form_group
from delivery.services.members import add_member, change_member, choose_chair, end_membership
from programmes.services.consents import withdraw_consent
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.groups import DeliveryGroupFactory, GroupMemberFactory, GroupSeatFactory
from tests.factories.programmes import (
    ConsentFactory,
    SharingAgreementFactory,
    TargetPlaceFactory,
)
from tests.personas import give_location_role

TODAY = dt.date(2024, 6, 25)
MARCH = dt.date(2024, 3, 4)


@pytest.fixture
def group(people):
    return DeliveryGroupFactory(location=people.location, name="Leominster delivery group")


@pytest.fixture
def consent(people):
    return ConsentFactory(
        location=people.location,
        name="Ann Jones",
        contact="ann@example.test",
        purpose="group",
        agency=people.police,
        recorded_by=people.coordinator,
        given_on=dt.date(2024, 2, 1),
    )


def joins(group, people, **fields):
    given = {"joined_on": MARCH, "by": people.coordinator, **fields}
    return add_member(group=group, **given)


def formed(people, **fields):
    given = {
        "location": people.location,
        "kind": "delivery",
        "name": "Delivery group",
        "formed_on": MARCH,
        "by": people.coordinator,
        **fields,
    }
    return form_group(**given)


def names(group, reader):
    return {line.name for line in members_of(group, reader=reader)}


# --- Forming ---------------------------------------------------------------------------------


def test_a_group_is_formed_with_its_seats_once_however_often_it_is_sent(people):
    key = uuid4()
    first = formed(people, id=key, seats=["Police", "Council", "Police", " "])
    again = formed(people, id=key, seats=["Police", "Council"])
    assert first == again
    assert [seat.label for seat in first.seats.all()] == ["Council", "Police"]
    with pytest.raises(Refused, match="sent before"):
        formed(people, id=key, name="Another")


def test_a_location_has_one_delivery_group_at_a_time(people, group):
    with pytest.raises(Refused, match="already"):
        formed(people)
    change_group(
        group=group,
        name=group.name,
        purpose="",
        formed_on=group.formed_on,
        ended_on=dt.date(2024, 6, 24),
        version=group.version,
        by=people.coordinator,
    )
    assert formed(people).pk is not None


def test_a_working_group_is_for_a_place_of_its_location(people):
    with pytest.raises(Refused, match="Choose the target place"):
        formed(people, kind="working")
    elsewhere = TargetPlaceFactory(location=people.other_location)
    with pytest.raises(Refused, match="of this location"):
        formed(people, kind="working", target_place=elsewhere)
    here = TargetPlaceFactory(location=people.location)
    assert formed(people, kind="working", target_place=here).target_place == here
    with pytest.raises(Refused, match="whole location"):
        formed(people, target_place=here)


@pytest.mark.parametrize("who", ["partner", "leader", "analyst", "verifier", "neighbour"])
def test_only_those_who_run_the_delivery_form_groups(people, who):
    with pytest.raises(NotAllowed):
        formed(people, by=getattr(people, who))


def test_nothing_is_formed_or_joined_in_the_future(people, group):
    with pytest.raises(Refused, match="future"):
        formed(people, formed_on=dt.date(2024, 6, 26))
    with pytest.raises(Refused, match="future"):
        joins(group, people, joined_on=dt.date(2024, 6, 26))
    with pytest.raises(Refused, match="before the group was formed"):
        joins(group, people, joined_on=dt.date(2024, 2, 29))


# --- Joining ---------------------------------------------------------------------------------


def test_somebody_with_an_account_comes_for_their_agency(people, group):
    member = joins(group, people, user=people.partner)
    assert member.agency == people.housing
    with pytest.raises(Refused, match="already"):
        joins(group, people, user=people.partner)


def test_somebody_without_a_role_here_cannot_be_seated_by_their_account(people, group):
    with pytest.raises(Refused, match="role at this location"):
        joins(group, people, user=people.neighbour)


def test_a_name_of_the_community_needs_a_consent_that_stands(people, group, consent):
    with pytest.raises(Refused, match="only with their consent"):
        joins(group, people, name="Ann Jones")
    with pytest.raises(Refused, match="only with their consent"):
        joins(group, people, contact="ann@example.test")
    joins(group, people, consent=consent)
    assert names(group, people.coordinator) == {"Ann Jones"}
    stored = GroupMember.objects.get()
    assert (stored.name, stored.contact) == ("", "")  # the name stands with the consent alone


def test_a_consent_to_something_else_or_elsewhere_or_run_out_seats_nobody(people, group):
    fields = {"agency": people.police, "recorded_by": people.coordinator}
    contact = ConsentFactory(location=people.location, purpose="contact", **fields)
    with pytest.raises(Refused, match="take part in a group"):
        joins(group, people, consent=contact)
    elsewhere = ConsentFactory(location=people.other_location, purpose="group", **fields)
    with pytest.raises(Refused, match="of this location"):
        joins(group, people, consent=elsewhere)
    over = ConsentFactory(
        location=people.location, purpose="group", ends_on=dt.date(2024, 6, 24), **fields
    )
    with pytest.raises(Refused):
        joins(group, people, consent=over)


def test_a_consent_of_an_agency_that_does_not_share_people_seats_nobody(people, group):
    other = AgencyFactory(name="Severn Health")
    theirs = ConsentFactory(
        location=people.location,
        purpose="group",
        agency=other,
        recorded_by=UserFactory(agency=other),
    )
    with pytest.raises(Refused, match="of this location"):
        joins(group, people, consent=theirs)


def test_a_resident_may_sit_there_without_a_name(people, group):
    joins(group, people)
    assert names(group, people.coordinator) == {"A resident"}


def test_seats_of_other_groups_and_closed_seats_take_nobody(people, group):
    with pytest.raises(Refused, match="seat of this group"):
        joins(group, people, seat=GroupSeatFactory())
    seat = GroupSeatFactory(group=group, closed_on=dt.date(2024, 5, 1))
    with pytest.raises(Refused, match="no longer needed"):
        joins(group, people, seat=seat)


# --- Leaving and the chair -------------------------------------------------------------------


def test_an_ended_membership_leaves_the_seat_vacant_from_the_next_day(people, group):
    seat = GroupSeatFactory(group=group, label="Housing provider")
    member = joins(group, people, user=people.partner, seat=seat)
    assert group_view(group, reader=people.coordinator).vacant == ()
    end_membership(member=member, left_on=TODAY, version=member.version, by=people.coordinator)
    assert group_view(group, reader=people.coordinator).vacant == ()
    with at(dt.date(2024, 6, 26)):
        view = group_view(group, reader=people.coordinator)
    assert [line.label for line in view.vacant] == ["Housing provider"]
    assert [line.name for line in view.past] == ["Somebody from Marches Housing"]


def test_ending_twice_keeps_the_first_day_and_a_stale_end_is_a_conflict(people, group):
    member = joins(group, people, user=people.partner)
    first = dt.date(2024, 5, 1)
    with pytest.raises(Conflict):
        end_membership(member=member, left_on=first, version=99, by=people.coordinator)
    with pytest.raises(Refused, match="before it began"):
        end_membership(member=member, left_on=dt.date(2024, 3, 3), version=1, by=people.coordinator)
    end_membership(member=member, left_on=first, version=1, by=people.coordinator)
    again = end_membership(member=member, left_on=TODAY, version=1, by=people.coordinator)
    assert again.left_on == first


def test_there_is_one_chair_and_the_one_before_stays_a_member(people, group):
    first = joins(group, people, user=people.coordinator, role="chair")
    second = joins(group, people, user=people.leader)
    choose_chair(member=second, by=people.coordinator)
    first.refresh_from_db()
    assert first.role == "member"
    assert group_view(group, reader=people.coordinator).chair.name == "Leader"
    third = joins(group, people, user=people.partner, role="chair")
    assert GroupMember.objects.filter(group=group, role="chair").get() == third
    change_member(member=first, role="chair", version=first.version, by=people.coordinator)
    assert GroupMember.objects.filter(group=group, role="chair").get() == first


def test_who_has_left_chairs_nothing(people, group):
    member = joins(group, people, user=people.partner)
    end_membership(member=member, left_on=dt.date(2024, 6, 1), version=1, by=people.coordinator)
    member.refresh_from_db()
    with pytest.raises(Refused, match="no more"):
        choose_chair(member=member, by=people.coordinator)


# --- Whose name is shown ---------------------------------------------------------------------


def test_people_of_another_agency_are_named_only_while_an_agreement_covers_people(people, group):
    joins(group, people, user=people.partner)
    assert names(group, people.coordinator) == {"Somebody from Marches Housing"}
    assert names(group, people.partner) == {"Partner"}  # oneself
    agreement = SharingAgreementFactory(
        programme=people.programme, categories=["people"], signed=[people.police, people.housing]
    )
    line = members_of(group, reader=people.coordinator)[0]
    assert (line.name, line.email) == ("Partner", "partner@example.test")
    agreement.categories = ["sensitive_notes"]
    agreement.save()
    line = members_of(group, reader=people.coordinator)[0]
    assert (line.name, line.email, line.user_id) == ("Somebody from Marches Housing", "", None)
    assert "Marches Housing" in line.withheld


def test_residents_are_named_only_to_those_who_work_with_people(people, group, consent):
    joins(group, people, consent=consent)
    assert names(group, people.coordinator) == {"Ann Jones"}
    assert names(group, people.leader) == {"A resident"}  # of the same agency, without that right
    assert names(group, people.partner) == {"A resident"}


def test_a_withdrawn_consent_takes_the_name_and_the_seat_at_once(people, group, consent):
    seat = GroupSeatFactory(group=group, label="Residents")
    member = joins(group, people, consent=consent, seat=seat)
    assert members_of(group, reader=None)[0].email == "ann@example.test"
    withdraw_consent(consent=consent, version=consent.version, by=people.coordinator)
    for reader in (people.coordinator, people.manager, None):
        view = group_view(group, reader=reader)
        assert view.members == ()
        assert [line.name for line in view.past] == ["A member who has withdrawn"]
        assert [line.label for line in view.vacant] == ["Residents"]
        assert members_of(group, reader=reader) == []
        # even asked about a day on which they sat there
        then = members_of(group, reader=reader, on=dt.date(2024, 4, 1))[0]
        assert (then.name, then.email, then.contact, then.can_email) == (
            "A member who has withdrawn",
            "",
            "",
            False,
        )
    fresh = GroupMember.objects.get(pk=member.pk)
    line = lines_of([fresh], reader=people.coordinator, location=people.location)[member.pk]
    assert (line.name, line.is_withdrawn) == ("A member who has withdrawn", True)


def test_a_consent_that_has_run_out_shows_a_resident(people, group, consent):
    joins(group, people, consent=consent)
    consent.ends_on = dt.date(2024, 6, 24)
    consent.save()
    assert names(group, people.coordinator) == {"A resident"}


def test_the_history_of_a_member_names_nobody_whose_name_is_withheld(people, group, consent):
    member = joins(group, people, consent=consent)
    change_member(member=member, role="secretary", version=1, by=people.coordinator)
    withdraw_consent(consent=consent, version=consent.version, by=people.coordinator)
    told = str(history_of(member, reader=people.coordinator))
    assert "Keeps the record" in told
    assert "Ann Jones" not in told


def test_the_house_can_reach_members_with_an_open_account_only(people, group):
    joins(group, people, user=people.partner)
    assert members_of(group, reader=None)[0].can_email
    people.partner.is_active = False
    people.partner.save()
    assert not members_of(group, reader=None)[0].can_email


# --- Seats and lists -------------------------------------------------------------------------


def test_vacant_seats_and_agencies_without_a_member_are_not_yet_involved(people, group):
    health = AgencyFactory(name="Severn Health")
    give_location_role(UserFactory(agency=health), people.location, Role.PARTNER)
    add_seat(group=group, label="Secondary school", by=people.coordinator)
    joins(group, people, user=people.coordinator)
    view = group_view(group, reader=people.coordinator)
    assert [seat.label for seat in view.vacant] == ["Secondary school"]
    assert view.absent == ("Marches Housing", "Severn Health")
    assert [(one.name, one.people) for one in view.counts] == [("West Mercia Police", 1)]


def test_a_seat_that_is_no_longer_needed_is_not_vacant(people, group):
    seat = add_seat(group=group, label="School", by=people.coordinator)
    with pytest.raises(Conflict):
        change_seat(seat=seat, label="School", version=7, by=people.coordinator, is_needed=False)
    seat.refresh_from_db()
    change_seat(
        seat=seat, label="School", version=seat.version, by=people.coordinator, is_needed=False
    )
    assert group_view(group, reader=people.coordinator).vacant == ()
    assert GroupSeat.objects.get().closed_on == TODAY


def test_the_list_counts_members_and_vacant_seats_of_each_group(people, group):
    place = TargetPlaceFactory(location=people.location, name="Garage court")
    working = DeliveryGroupFactory(
        location=people.location, kind="working", target_place=place, name="Working"
    )
    GroupSeatFactory.create_batch(2, group=working)
    GroupMemberFactory(group=working, seat=working.seats.first())
    GroupMemberFactory(group=working, left_on=dt.date(2024, 6, 1))
    lines = {line.name: line for line in groups_of(people.location)}
    assert (lines["Working"].members, lines["Working"].vacant) == (1, 1)
    assert lines["Working"].place_name == "Garage court"
    assert next(iter(lines)) == "Leominster delivery group"


def test_a_neighbour_finds_no_group(people, group):
    assert not DeliveryGroup.objects.all().visible_to(people.neighbour).exists()
    assert DeliveryGroup.objects.all().visible_to(people.partner).get() == group
