"""Synthetic data for load tests: marked, whole, and kept from real people."""

import json
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.grants import drift
from accounts.models import Agency, User
from core import clock
from core.models import Record
from programmes.models import Consent, Evidence, Location
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


# What the product brings along stays when synthetic rows go.
BROUGHT = {"StepTemplate", "StepDefinition", "EvidenceWanted", "TrainingCourse", "Question"}


def records():
    """Return the models of what people record."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Record) and model.__name__ not in BROUGHT
    ]


def seed(*arguments):
    out = StringIO()
    call_command("seed_scale", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def test_it_makes_what_was_asked_for_and_marks_all_of_it(business_date):
    made = seed("--locations", "31", "--users", "20")
    assert (made["locations"], made["people"], made["programmes"]) == (31, 20, 2)
    assert made["steps"] == 31 * 8
    assert made["evidence"] == 31 * 8
    assert drift(clock.today()) == []
    for model in records():
        rows = model.objects.all()
        assert not rows.exclude(is_demonstration=True).exists(), model
        if hasattr(model, "handling"):
            assert not rows.exclude(handling__startswith="Synthetic").exists(), model
    for name in ("groups", "meetings", "actions", "concerns", "assets", "waves", "problems"):
        assert made[name] >= 31, name
    assert not User.objects.exclude(is_demonstration=True).exists()
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_people_with_a_fixed_part_see_just_that(business_date):
    made = seed("--locations", "31", "--users", "20")
    for name, seen in (("one_location", 1), ("thirty_locations", 30), ("whole_programme", 30)):
        person = User.objects.get(email=made[name])
        assert Location.objects.visible_to(person).count() == seen, name
        assert Evidence.objects.visible_to(person, "record_step").count() == 8 * seen
        assert Consent.objects.visible_to(person).count() == 2 * seen


def test_it_is_removed_whole(business_date):
    seed("--locations", "2", "--users", "12")
    assert seed("--remove")["removed"] > 0
    for model in (*records(), User, Agency):
        assert not model.objects.exists(), model


@pytest.mark.parametrize("twice", [False, True])
def test_it_keeps_from_real_people_and_from_itself(business_date, twice):
    if twice:
        seed("--locations", "1", "--users", "12")
    else:
        UserFactory()
    with pytest.raises(CommandError, match="Remove them first" if twice else "real people"):
        seed("--locations", "1", "--users", "12")


def test_it_is_refused_in_production(business_date, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="not made in production"):
        seed("--locations", "1", "--users", "12")
    with pytest.raises(CommandError, match="production"):
        seed("--remove")


@pytest.mark.parametrize("arguments", [("--locations", "0"), ("--users", "11")])
def test_it_says_how_many_are_the_least(business_date, arguments):
    with pytest.raises(CommandError, match="at least one location and 12 people"):
        seed(*arguments)
