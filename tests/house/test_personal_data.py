"""Every field that could hold something of people is declared, beside the fields."""

from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from accounts.models import User
from accounts.personal import OTHERS, WITHOUT_PEOPLE
from core.personal import (
    Personal,
    could_be_personal,
    impersonal_fields,
    personal_fields,
    touches_people,
)
from programmes.models import Consent, Evidence, Location, StepRecord
from tests.house.test_models import ROOT, own_models

OWN = sorted(own_models(), key=lambda model: model._meta.label)


def held_by(model):
    """Return the fields of a model that its own table or link table holds."""
    return [*model._meta.concrete_fields, *model._meta.local_many_to_many]


def candidates(model):
    return {field.name for field in held_by(model) if could_be_personal(field)}


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
def test_every_field_that_could_be_personal_stands_in_exactly_one_declaration(model):
    personal, impersonal = set(personal_fields(model)), impersonal_fields(model)
    assert candidates(model) - personal - impersonal == set(), "declare personal or impersonal"
    assert personal & impersonal == set(), "declared both ways"


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
def test_declarations_name_fields_that_exist(model):
    names = {field.name for field in held_by(model)}
    assert set(personal_fields(model)) - names == set()
    assert impersonal_fields(model) - candidates(model) == set(), "nothing to declare there"
    assert all(isinstance(kind, Personal) for kind in personal_fields(model).values())


def test_models_of_packages_are_listed_whole():
    for config in apps.get_app_configs():
        if Path(config.path).parent == ROOT:
            continue
        for model in config.get_models():
            label, wanted = model._meta.label, candidates(model)
            if not wanted or label in WITHOUT_PEOPLE:
                continue
            assert label in OTHERS, f"{label}: list it in accounts/personal.py ({sorted(wanted)})"
            names = {field.name for field in held_by(model)}
            assert set(OTHERS[label]) - names == set(), label


def test_what_is_listed_of_packages_is_in_use():
    labels = {model._meta.label for model in apps.get_models()}
    assert (OTHERS.keys() | WITHOUT_PEOPLE.keys()) - labels == set()
    assert OTHERS.keys() & WITHOUT_PEOPLE.keys() == set()


def test_history_holds_what_its_model_holds():
    for model in apps.get_models():
        tracked = getattr(model, "pgh_tracked_model", None)
        if tracked is not None and Path(apps.get_app_config(model._meta.app_label).path).parent == (
            ROOT
        ):
            assert personal_fields(model) == personal_fields(tracked)


def test_people_are_touched_where_more_than_an_author_is_named():
    assert all(map(touches_people, (User, Consent, Evidence, StepRecord)))
    assert not touches_people(Location)
    assert touches_people(Consent(name="Somebody"))


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (models.CharField(max_length=5), True),
        (models.CharField(max_length=5, choices=[("a", "A")]), False),
        (models.EmailField(), True),
        (models.URLField(), True),
        (models.SlugField(), True),
        (models.TextField(), True),
        (models.JSONField(), True),
        (models.GenericIPAddressField(), True),
        (models.UUIDField(), True),
        (models.UUIDField(primary_key=True), False),
        (models.DateField(), False),
        (models.BooleanField(), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_could_be_personal_goes_by_the_type(field, expected):
    assert could_be_personal(field) is expected


def test_the_page_of_personal_data_is_up_to_date():
    call_command("describe_personal_data", "--check", "--json")
