"""The rule: what opens another agency's information, and what does not."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.sharing import Category
from programmes.models import AgreementParty, Evidence, Programme
from programmes.sharing import covered_rows, shared_over, shared_with
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.programmes import ProgrammeFactory, SharingAgreementFactory
from tests.programmes.sharing_world import make_sharing, on

TODAY = dt.date(2024, 6, 25)
NOTES = Category.SENSITIVE_NOTES


@pytest.fixture
def world(people, town, step):
    return make_sharing(people, town, step)


def opens(world, category=NOTES, owner=None) -> bool:
    """Ask both forms of the rule; they must agree."""
    people = world.people
    owner = owner or people.police
    found = shared_with(world.housing_person, people.programme).covers(category, owner.pk)
    Evidence.objects.filter(pk=world.secret.pk).update(agency=owner)
    rows = Evidence.objects.filter(
        covered_rows(
            world.housing_person,
            category,
            owner_path="agency",
            programme_path="step_record__location__programme",
        )
    )
    assert rows.filter(pk=world.secret.pk).exists() is found
    return found


def test_nothing_is_open_without_an_agreement(world):
    assert not opens(world)


@pytest.mark.parametrize("category", Category)
def test_an_agreement_in_force_opens_the_categories_that_it_names_and_no_other(world, category):
    world.agree(categories=[category])
    assert [one for one in Category if opens(world, one)] == [category]


def test_it_opens_from_its_first_day_to_its_last_and_not_a_day_more(world):
    world.agree(starts_on=dt.date(2024, 6, 1), review_on=dt.date(2024, 6, 10), ends_on=TODAY)
    seen = {}
    for day in (dt.date(2024, 5, 31), dt.date(2024, 6, 1), TODAY, TODAY + dt.timedelta(days=1)):
        on(day)
        seen[day] = opens(world)
    assert list(seen.values()) == [False, True, True, False]


def test_one_that_was_ended_opens_nothing_from_that_day_on(world):
    agreement = world.agree()
    agreement.ended_on = TODAY + dt.timedelta(days=1)
    agreement.save()
    assert opens(world)
    on(TODAY + dt.timedelta(days=1))
    assert not opens(world)


@pytest.mark.parametrize("who", ["police", "housing"])
def test_one_that_a_side_has_not_signed_opens_nothing(world, who):
    people = world.people
    both = {"police": people.police, "housing": people.housing}
    unsigned = both.pop(who)
    world.agree(signed=both.values(), unsigned=[unsigned])
    assert not opens(world)


@pytest.mark.parametrize("who", ["police", "housing"])
def test_one_from_which_a_side_has_withdrawn_opens_nothing_from_that_day_on(world, who):
    agreement = world.agree()
    leaving = agreement.parties.get(agency=getattr(world.people, who))
    leaving.withdrew_on = TODAY + dt.timedelta(days=1)
    leaving.save()
    assert opens(world)
    on(TODAY + dt.timedelta(days=1))
    assert not opens(world)


def test_a_signature_counts_from_its_day(world):
    agreement = world.agree()
    agreement.parties.update(signed_on=TODAY + dt.timedelta(days=1))
    assert not opens(world)
    on(TODAY + dt.timedelta(days=1))
    assert opens(world)


def test_an_agreement_of_another_programme_opens_nothing_here(world):
    world.agree(programme=world.people.other_programme)
    assert not opens(world)


def test_an_agreement_of_others_opens_nothing_to_those_outside_it(world):
    world.agree(signed=[world.people.police, AgencyFactory()])
    assert not opens(world)


def test_two_agreements_do_not_chain(world):
    middle = AgencyFactory()
    world.agree(signed=[world.people.police, middle])
    world.agree(signed=[world.people.housing, middle])
    assert not opens(world)
    assert opens(world, owner=middle)


def test_one_sees_what_is_of_ones_own_agency(world):
    assert opens(world, owner=world.people.housing)


def test_what_names_no_agency_is_the_lead_agencys(world):
    programme = world.people.programme
    assert shared_with(world.people.coordinator, programme).covers(NOTES, None)
    assert not shared_with(world.housing_person, programme).covers(NOTES, None)
    world.agree()
    assert shared_with(world.housing_person, programme).covers(NOTES, None)


def test_where_no_agency_is_known_only_the_recorder_sees_it(world):
    people = world.people
    Programme.objects.filter(pk=people.programme.pk).update(lead_agency=None)
    people.programme.refresh_from_db()
    Evidence.objects.filter(pk=world.secret.pk).update(agency=None)
    for user, expected in ((people.coordinator, True), (people.manager, False)):
        shared = shared_with(user, people.programme)
        assert shared.covers(NOTES, None, people.coordinator.pk) is expected
        rows = Evidence.objects.filter(
            covered_rows(
                user,
                NOTES,
                owner_path="agency",
                programme_path="step_record__location__programme",
                recorder_path="recorded_by",
            )
        )
        assert rows.filter(pk=world.secret.pk).exists() is expected
    assert not shared_with(people.coordinator, people.programme).covers(NOTES, None)


def test_somebody_without_an_agency_is_covered_by_nothing(world):
    world.agree()
    nobody = UserFactory(agency=None)
    shared = shared_with(nobody, world.people.programme)
    assert not any(shared.covers(one, world.people.police.pk) for one in Category)
    assert shared.agencies(NOTES) == frozenset()


def test_nobody_who_is_not_signed_in_or_switched_off_is_covered(world):
    world.agree()
    world.housing_person.is_active = False
    for user in (AnonymousUser(), world.housing_person):
        assert not shared_with(user, world.people.programme).covers(NOTES, world.people.police.pk)
        rows = Evidence.objects.filter(
            covered_rows(user, NOTES, programme_path="step_record__location__programme")
        )
        assert not rows.exists()


def test_the_house_and_superusers_are_covered_for_everything(world):
    for user in (None, UserFactory(is_superuser=True)):
        assert shared_with(user, world.people.programme).covers(NOTES, world.people.police.pk)


def test_the_rule_takes_one_query_however_many_programmes(world, django_assert_num_queries):
    world.agree()
    programmes = [world.people.programme, world.people.other_programme, ProgrammeFactory()]
    for programme in programmes[1:]:
        SharingAgreementFactory(
            programme=programme, signed=[world.people.police, world.people.housing]
        )
    with django_assert_num_queries(1):
        found = shared_over(world.housing_person, programmes, TODAY)
    assert all(found[one.pk].covers(NOTES, world.people.police.pk) for one in programmes)
    with django_assert_num_queries(1):
        shared_with(world.housing_person, programmes[0], TODAY)


def test_an_agency_has_one_place_in_an_agreement(world):
    from django.db import IntegrityError

    agreement = world.agree()
    with pytest.raises(IntegrityError):
        AgreementParty.objects.create(agreement=agreement, agency=world.people.police)
