"""History: every change, by whichever door, with who and why, and nobody can rewrite it."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from accounts.models import Agency
from core.history import because
from core.models import StoredFile
from core.selectors import history_of, keeps_history
from programmes.models import Location, Programme, SignOff, TargetPlace
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.programmes import StepRecordFactory, TargetPlaceFactory


@pytest.fixture
def ada(business_date):
    return UserFactory(name="Ada Lovelace")


def latest(obj):
    return history_of(obj)[0]


def test_a_save_is_kept_with_who_why_and_what(ada):
    agency = AgencyFactory(name="Old name", kind="council")
    with because(by=ada, reason="renamed by law"):
        agency.name = "New name"
        agency.kind = "police"
        agency.save()
    change = latest(agency)
    assert (change.title, change.who, change.why) == (
        "Agency changed: New name",
        "Ada Lovelace",
        "renamed by law",
    )
    assert [(f.label, f.old, f.new) for f in change.fields] == [
        ("Name", "Old name", "New name"),
        ("Kind", "Council", "Police"),
    ]
    assert abs(change.at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)


def by_update(agencies):
    Agency.objects.filter(pk__in=[a.pk for a in agencies]).update(kind="police")


def by_bulk_update(agencies):
    for agency in agencies:
        agency.kind = "police"
    Agency.objects.bulk_update(agencies, ["kind"])


def by_sql(agencies):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_agency SET kind = 'police' WHERE id = ANY(%s::uuid[])",
            [[str(a.pk) for a in agencies]],
        )


@pytest.mark.parametrize("way", [by_update, by_bulk_update, by_sql])
def test_changes_in_bulk_and_by_sql_are_kept_with_who_and_why(ada, way):
    agencies = AgencyFactory.create_batch(3, kind="council")
    with because(by=ada, reason="reorganised"):
        way(agencies)
    for agency in agencies:
        change = latest(agency)
        assert (change.what, change.who, change.why) == ("update", "Ada Lovelace", "reorganised")
        assert [(f.name, f.new) for f in change.fields] == [("kind", "Police")]


def test_bulk_create_and_deleting_a_queryset_are_kept(ada):
    with because(by=ada, reason="set up"):
        agencies = Agency.objects.bulk_create([Agency(name=f"A{n}", kind="fire") for n in range(3)])
    with because(by=ada, reason="closed down"):
        Agency.objects.filter(name__startswith="A").delete()
    for agency in agencies:
        assert [(c.what, c.why) for c in history_of(agency)] == [
            ("delete", "closed down"),
            ("insert", "set up"),
        ]


def test_deleting_by_sql_is_kept(ada):
    agency = AgencyFactory()
    with because(by=ada, reason="by hand"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_agency WHERE id = %s", [agency.pk])
    assert (latest(agency).what, latest(agency).who) == ("delete", "Ada Lovelace")


def test_what_a_cascade_deletes_is_kept(people):
    place = TargetPlaceFactory(location=people.location)
    people.location.delete()
    assert latest(place).what == "delete"


def test_a_save_that_changes_nothing_leaves_no_trace(ada):
    agency = AgencyFactory()
    Agency.objects.filter(pk=agency.pk).update(name=agency.name)
    assert len(history_of(agency)) == 1


def test_blocks_nest_and_the_outer_words_hold_again_afterwards(ada):
    bob = UserFactory(name="Bob")
    first, second, third = AgencyFactory.create_batch(3)
    with because(by=ada, reason="outer"):
        Agency.objects.filter(pk=first.pk).update(kind="fire")
        with because(by=bob, reason="inner"):
            Agency.objects.filter(pk=second.pk).update(kind="fire")
        Agency.objects.filter(pk=third.pk).update(kind="fire")
    said = [(latest(a).who, latest(a).why) for a in (first, second, third)]
    assert said == [("Ada Lovelace", "outer"), ("Bob", "inner"), ("Ada Lovelace", "outer")]


def test_the_inner_block_keeps_what_it_does_not_say_itself(ada):
    agency = AgencyFactory()
    with because(by=ada), because(reason="only why"):
        Agency.objects.filter(pk=agency.pk).update(kind="fire")
    assert (latest(agency).who, latest(agency).why) == ("Ada Lovelace", "only why")


def test_after_a_block_changes_in_the_same_transaction_are_nobodys(ada):
    agency = AgencyFactory()
    with transaction.atomic():
        with because(by=ada, reason="mine"):
            Agency.objects.filter(pk=agency.pk).update(kind="fire")
        Agency.objects.filter(pk=agency.pk).update(kind="police")
    assert (latest(agency).who, latest(agency).why) == ("the system", "")


def test_an_error_ends_the_block(ada):
    with pytest.raises(ZeroDivisionError), because(by=ada):
        raise ZeroDivisionError
    agency = AgencyFactory()
    assert latest(agency).who == "the system"


def tracked_models():
    return [model for model in apps.get_models() if keeps_history(model)]


def test_each_tracked_table_has_statement_triggers_for_insert_update_and_delete(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event_object_table, event_manipulation, action_orientation "
            "FROM information_schema.triggers WHERE action_timing = 'AFTER'"
        )
        found = set(cursor.fetchall())
    assert len(tracked_models()) >= 15
    for model in tracked_models():
        for operation in ("INSERT", "UPDATE", "DELETE"):
            assert (model._meta.db_table, operation, "STATEMENT") in found, model


@pytest.mark.parametrize("sql", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}"])
def test_history_cannot_be_changed_or_deleted_by_orm_or_sql(people, sql):
    from core.selectors import _event_model

    for model in (Agency, Location, Programme):
        AgencyFactory()
        event_model = _event_model(model)
        table = event_model._meta.db_table
        for attempt in (
            lambda sql=sql, table=table: connection.cursor().execute(sql.format(table)),
            lambda events=event_model: events.objects.all().delete(),
            lambda events=event_model: events.objects.update(pgh_label="x"),
        ):
            with (
                pytest.raises(DatabaseError, match="Cannot update or delete"),
                transaction.atomic(),
            ):
                attempt()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE pghistory_context SET metadata = jsonb_build_object('user', 'someone else')",
        "UPDATE pghistory_context SET metadata = metadata - 'reason'",
        "UPDATE pghistory_context SET created_at = now() - interval '1 year'",
        "DELETE FROM pghistory_context",
    ],
)
def test_who_and_why_cannot_be_rewritten(ada, sql):
    with because(by=ada, reason="true"):
        AgencyFactory()
    with pytest.raises(DatabaseError, match="cannot be changed or deleted"), transaction.atomic():
        connection.cursor().execute(sql)


def test_history_names_what_a_changed_reference_pointed_to(people):
    old, new = AgencyFactory(name="Council"), AgencyFactory(name="Housing")
    person = UserFactory(agency=old)
    person.agency = new
    person.save()
    (field,) = latest(person).fields
    assert (field.label, field.old, field.new) == ("Agency", "Council", "Housing")
    person.agency = None
    person.save()
    assert latest(person).fields[0].new == "nothing"


def test_passwords_are_not_kept(people):
    people.coordinator.set_password("a new secret for the test")
    people.coordinator.save()
    assert "password" not in {f.name for c in history_of(people.coordinator) for f in c.fields}


def test_several_kinds_of_records_make_one_history_in_the_order_of_events(people):
    place = TargetPlaceFactory(location=people.location, name="Old")
    Location.objects.filter(pk=people.location.pk).update(name="Leominster town")
    TargetPlace.objects.filter(pk=place.pk).update(name="New")
    found = history_of(people.location, TargetPlace.objects.filter(location=people.location))
    # Within one transaction events share their time, so only the set is certain here.
    assert {change.title for change in found} == {
        "Target place changed: New",
        "Location changed: Leominster town",
        "Target place added: Old",
        "Location added: Leominster",
    }


def test_a_limited_history_still_shows_what_stood_before(ada):
    agency = AgencyFactory(name="One")
    for name in ("Two", "Three"):
        agency.name = name
        agency.save()
    (change,) = history_of(agency, limit=1)
    assert [(f.old, f.new) for f in change.fields] == [("Two", "Three")]


def test_queries_do_not_grow_with_the_history(ada, django_assert_num_queries):
    agency = AgencyFactory()
    for size in (2, 20):
        for number in range(size):
            with because(by=ada):
                Agency.objects.filter(pk=agency.pk).update(name=f"Name {size} {number}")
        with django_assert_num_queries(3):
            history_of(agency)
    for limit in (5, 10):  # and no more where the change before is not among those told
        with django_assert_num_queries(3):
            assert len(history_of(agency, limit=limit)) == limit


def test_a_model_without_history_says_so(db):
    with pytest.raises(TypeError):
        history_of(StoredFile(name="x"))


def test_a_step_is_named_by_its_definition_and_its_sign_off_by_the_step(people):
    record = StepRecordFactory(location=people.location)
    SignOff.objects.create(
        step_record=record, signed_by=people.leader, signed_on=dt.date(2024, 6, 25)
    )
    assert latest(record).title == f"Step record added: {record.definition}"
    signed = history_of(SignOff.objects.filter(step_record=record))[0]
    assert signed.title == f"Sign-off added: {record}"
