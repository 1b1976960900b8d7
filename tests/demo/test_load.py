"""What the demonstration holds once it is loaded."""

import datetime as dt
import stat

import pytest
from django.db import models
from django.test import override_settings

from accounts.models import Agency, AgencyMembership, ApiToken, User
from core import clock
from core.errors import Refused
from demo.loading import accounts_file, load
from incidents.models import ForceMonth, Incident
from places.models import Area, AreaLink, Deprivation, Population
from programmes.models import (
    AgreementParty,
    Consent,
    Evidence,
    Location,
    LocationMembership,
    Programme,
    ProgrammeMembership,
    SharingAgreement,
    SignOff,
    StepRecord,
    StepTemplate,
    TargetPlace,
)

# One load for the file: a parallel run keeps its tests together.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("demonstration", "its_rooms"),
]

COUNTED: tuple[type[models.Model], ...] = (
    Agency,
    AgencyMembership,
    AgreementParty,
    ApiToken,
    Area,
    AreaLink,
    Consent,
    Deprivation,
    Evidence,
    ForceMonth,
    Incident,
    Location,
    LocationMembership,
    Population,
    Programme,
    ProgrammeMembership,
    SharingAgreement,
    SignOff,
    StepRecord,
    StepTemplate,
    TargetPlace,
    User,
)
FOUR = ["Evesham", "Leominster", "Oswestry", "Shrewsbury"]
LSOAS = {"Leominster": 9, "Evesham": 15, "Shrewsbury": 50, "Oswestry": 11}
RESIDENTS = {"Leominster": 13_477, "Evesham": 27_690, "Shrewsbury": 82_017, "Oswestry": 17_504}


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in COUNTED}


def test_loading_again_changes_nothing(demonstration):
    before = counts()
    accounts = accounts_file.path().read_bytes()
    again = load(brief=True)
    assert again.made == []
    assert set(again.there) == set(demonstration.loaded.made)
    assert counts() == before
    assert accounts_file.path().read_bytes() == accounts


def test_a_load_that_was_cut_off_makes_what_is_missing_and_nothing_else(demonstration):
    before = counts()
    SignOff.objects.filter(step_record__location__slug="oswestry").delete()
    Evidence.objects.filter(step_record__location__slug="oswestry").delete()
    assert load(brief=True).made == ["history-oswestry"]
    assert counts() == before


def test_business_stands_at_tuesday_25_june_2024_in_week_30():
    assert clock.read_business_date() == dt.date(2024, 6, 25)
    programme = Programme.objects.get(slug="west-mercia")
    assert programme.week_of(clock.read_business_date()) == 30


def test_each_town_has_its_lsoas_and_residents():
    towns = Location.objects.filter(programme__slug="west-mercia").select_related("area")
    assert sorted(town.name for town in towns) == FOUR
    for town in towns:
        assert town.area.members.count() == LSOAS[town.name]
        assert town.area.residents == RESIDENTS[town.name]
        assert town.area.boundary.area > 0


def test_five_of_eight_steps_stand_signed_off_in_each_town():
    for town in Location.objects.filter(programme__slug="west-mercia"):
        signed = SignOff.objects.filter(step_record__location=town, reopened_on__isnull=True)
        numbers = signed.values_list("step_record__definition__number", flat=True)
        assert sorted(numbers) == [1, 2, 3, 4, 5]
        assert StepRecord.objects.filter(location=town).count() == 8


def test_only_step_5_went_out_of_order_and_the_reason_is_kept_with_its_day():
    records = StepRecord.objects.exclude(out_of_order_reason="").select_related("definition")
    assert {record.definition.number for record in records} == {5}
    assert len(records) == 4
    for record in records:
        assert record.out_of_order_on == record.started_on
        assert (
            record.started_on
            < SignOff.objects.get(
                step_record__location=record.location, step_record__definition__number=4
            ).signed_on
        )


def test_every_invented_record_says_so():
    for model in (
        AgreementParty,
        Consent,
        Evidence,
        SharingAgreement,
        SignOff,
        StepRecord,
        TargetPlace,
        Programme,
        ProgrammeMembership,
        LocationMembership,
        AgencyMembership,
        Agency,
        User,
    ):
        unmarked = model._default_manager.filter(is_demonstration=False)
        assert not unmarked.exists(), model._meta.label
    real = Location.objects.filter(is_demonstration=False).values_list("name", flat=True)
    assert sorted(real) == FOUR


def test_only_the_owner_can_read_the_accounts_file():
    assert stat.S_IMODE(accounts_file.path().stat().st_mode) == 0o600


def test_everybody_can_sign_in_and_use_the_api_as_the_file_says(demonstration):
    assert list(demonstration.accounts) == [
        "admin",
        "manager",
        "coordinator",
        "community",
        "partner",
        "leader",
        "analyst",
        "verifier",
        "researcher",
        "neighbour",
        "successor",
    ]
    for key, account in demonstration.accounts.items():
        assert account["email"] == f"{key}@demo.example"
        user = User.objects.get(email=account["email"])
        assert user.check_password(account["password"])
        assert ApiToken.objects.filter(
            user=user, digest=ApiToken.digest_of(account["token"]), revoked_at__isnull=True
        ).exists()
    assert User.objects.get(email="neighbour@demo.example").name == "Coordinator, another programme"


def test_people_without_an_account_cannot_sign_in():
    user = User.objects.get(email="coordinator-north@demo.example")
    assert not user.has_usable_password()


def test_a_lost_accounts_file_is_made_again_with_passwords_that_work(demonstration):
    kept = accounts_file.path().read_bytes()
    accounts_file.path().unlink()
    assert load(brief=True).made == ["people"]
    fresh = accounts_file.read()["leader"]
    assert User.objects.get(email=fresh.email).check_password(fresh.password)
    accounts_file.path().write_bytes(kept)
    accounts_file.path().chmod(0o600)


def test_the_neighbour_sees_redditch_and_nothing_of_west_mercia():
    neighbour = User.objects.get(email="neighbour@demo.example")
    seen = Location.objects.all().visible_to(neighbour)
    assert [town.slug for town in seen] == ["redditch"]


def test_the_coordinator_works_in_leominster_and_evesham():
    coordinator = User.objects.get(email="coordinator@demo.example")
    seen = Location.objects.all().visible_to(coordinator, "record_step").order_by("slug")
    assert [town.slug for town in seen] == ["evesham", "leominster"]


@override_settings(PRODUCTION=True)
def test_production_refuses_demonstration_accounts():
    with pytest.raises(Refused, match="production"):
        load()
