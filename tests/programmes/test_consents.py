"""Consents: recorded in the words that were said, seen by few, withdrawn for good."""

import datetime as dt
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts.roles import Role
from accounts.sharing import Category
from core.clock import business_date as at
from core.errors import Conflict, NotAllowed, Refused
from core.selectors import history_of
from programmes.models import Consent
from programmes.selectors.consents import has_consented, people_of
from programmes.services.consents import record_consent, withdraw_consent
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.programmes import ConsentFactory
from tests.personas import give_location_role
from tests.programmes.helpers import form_id
from tests.programmes.test_access_account import agree

TODAY = dt.date(2024, 6, 25)
LIST = "/locations/leominster/people/"


def recorded(people, **fields):
    given = {
        "name": "Ann Jones",
        "contact": "ann@example.test",
        "purpose": "contact",
        "wording": "May we write to you?",
        "given_on": dt.date(2024, 6, 1),
        "given_how": "spoken",
        "by": people.coordinator,
        **fields,
    }
    return record_consent(location=people.location, **given)


@pytest.fixture
def council_worker(people):
    """A coordinator of Leominster who works for the council."""
    user = UserFactory(name="Council", agency=AgencyFactory(name="Council"))
    give_location_role(user, people.location, Role.COORDINATOR)
    return user


def test_a_consent_keeps_the_words_the_day_and_whose_information_it_is(people):
    consent = recorded(people)
    assert consent.wording == "May we write to you?"
    assert consent.agency == people.police
    assert consent.recorded_by == people.coordinator
    assert (consent.marking, bool(consent.handling)) == ("official-sensitive", True)


def test_the_same_sending_twice_makes_one_and_other_words_are_refused(people):
    key = uuid4()
    first = recorded(people, id=key)
    assert recorded(people, id=key) == first
    with pytest.raises(Refused, match="other content"):
        recorded(people, id=key, name="Somebody else")
    assert Consent.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"given_on": dt.date(2024, 6, 26)}, "future"),
        ({"ends_on": dt.date(2024, 5, 31)}, "cannot end before"),
        ({"name": "  "}, "who consented"),
        ({"wording": " "}, "words"),
        ({"handling": ""}, "handled"),
    ],
)
def test_what_makes_no_sense_is_refused(people, fields, words):
    with pytest.raises(Refused, match=words):
        recorded(people, **fields)


@pytest.mark.parametrize("who", ["partner", "leader", "analyst", "verifier", "neighbour", "admin"])
def test_who_does_not_work_with_people_cannot_record_or_withdraw(people, who):
    user = getattr(people, who)
    with pytest.raises(NotAllowed):
        recorded(people, by=user)
    consent = recorded(people)
    with pytest.raises(NotAllowed):
        withdraw_consent(consent=consent, version=consent.version, by=user)


def test_from_the_day_of_its_withdrawal_a_consent_counts_no_more(people):
    consent = recorded(people, user=people.partner)
    yesterday = TODAY - dt.timedelta(1)
    assert has_consented(people.partner, "contact", people.location)
    assert has_consented("ann jones", "contact", people.location, yesterday)
    withdraw_consent(
        consent=consent, version=consent.version, by=people.coordinator, withdrawn_on=TODAY
    )
    assert not has_consented(people.partner, "contact", people.location)
    assert has_consented(people.partner, "contact", people.location, yesterday)
    assert not has_consented(people.partner, "photo", people.location, yesterday)
    assert not has_consented("Ann", "contact", people.location, yesterday)


def test_a_consent_counts_on_its_last_day_and_not_before_its_first(people):
    recorded(people, ends_on=dt.date(2024, 6, 10))
    for day, counts in (("05-31", False), ("06-01", True), ("06-10", True), ("06-11", False)):
        on = dt.date.fromisoformat(f"2024-{day}")
        assert has_consented("Ann Jones", "contact", people.location, on) is counts, day


def test_withdrawing_twice_is_harmless_and_a_stale_page_is_noticed(people):
    consent = recorded(people)
    with pytest.raises(Conflict):
        withdraw_consent(consent=consent, version=7, by=people.coordinator)
    done = withdraw_consent(consent=consent, version=1, by=people.coordinator, note="Moved away")
    again = withdraw_consent(
        consent=consent,
        version=1,
        by=people.coordinator,
        withdrawn_on=dt.date(2024, 6, 2),
        note="Other",
    )
    assert (again.withdrawn_on, again.withdrawn_note) == (TODAY, "Moved away")
    assert again.version == done.version
    assert [change.what for change in history_of(consent)] == ["update", "insert"]


def test_a_withdrawal_lies_between_the_giving_and_today(people):
    consent = recorded(people)
    for day in (dt.date(2024, 5, 31), dt.date(2024, 6, 26)):
        with pytest.raises(Refused):
            withdraw_consent(consent=consent, version=1, by=people.coordinator, withdrawn_on=day)


def test_the_person_themselves_sees_and_withdraws_their_own(client, people):
    consent = recorded(people, user=people.partner)
    client.force_login(people.partner)
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{consent.pk}/").status_code == 200
    answer = client.post(f"{LIST}{consent.pk}/withdraw/", {"version": 1, "withdrawn_on": TODAY})
    assert answer.status_code == 302
    consent.refresh_from_db()
    assert consent.withdrawn_by == people.partner


def test_another_agency_sees_people_only_while_an_agreement_covers_them(people, council_worker):
    consent = recorded(people)
    rows = Consent.objects.filter(pk=consent.pk)
    assert not rows.visible_to(council_worker).exists()
    agreement = agree(
        people, people.police, council_worker.agency, categories=[Category.SENSITIVE_NOTES]
    )
    assert not rows.visible_to(council_worker).exists()
    agreement.categories = [Category.PEOPLE]
    agreement.save()
    assert rows.visible_to(council_worker).exists()
    with at(dt.date(2025, 4, 1)):
        assert not rows.visible_to(council_worker).exists()
        assert rows.visible_to(people.coordinator).exists()
    own = recorded(people, by=council_worker, name="Bob")
    assert Consent.objects.filter(pk=own.pk).visible_to(people.coordinator).exists()
    agreement.delete()
    assert not Consent.objects.filter(pk=own.pk).visible_to(people.coordinator).exists()


def test_community_coordinators_see_consents_that_stand_and_those_of_their_own_place_only(people):
    standing = recorded(people)
    past = recorded(people, name="Bob", ends_on=dt.date(2024, 6, 2))
    elsewhere = ConsentFactory(agency=people.police, recorded_by=people.coordinator)
    seen = set(Consent.objects.all().visible_to(people.community))
    assert seen == {standing}
    assert set(Consent.objects.all().visible_to(people.coordinator)) == {standing, past}
    assert elsewhere not in Consent.objects.all().visible_to(people.manager)


def test_the_list_groups_by_person_and_keeps_what_ended_apart(people):
    recorded(people)
    recorded(people, purpose="photo")
    recorded(people, name="Ann Jones", contact="another Ann")
    recorded(people, name="Bob", contact="", ends_on=dt.date(2024, 6, 2))
    found = people_of(location=people.location, user=people.coordinator)
    assert sorted((line.name, len(line.consents)) for line in found.standing) == [
        ("Ann Jones", 1),
        ("Ann Jones", 2),
    ]
    assert [line.name for line in found.past] == ["Bob"]


def test_the_list_asks_the_database_as_often_for_many_as_for_few(people, django_assert_num_queries):
    for number in range(30):
        recorded(people, name=f"Person {number}", contact="")
    with django_assert_num_queries(4):  # the rows, and the day in each rule
        found = people_of(location=people.location, user=people.coordinator)
    assert len(found.standing) == 30


def test_a_consent_is_recorded_on_the_page_with_the_usual_words_to_start_from(client, people):
    client.force_login(people.community)
    first = client.get(f"{LIST}new/")
    assert "What do they agree to?" in first.content.decode()
    form = client.get(f"{LIST}new/?purpose=photo")
    assert "photos in which you can be recognised" in form.content.decode()
    key = form_id(form)
    sent = {
        "id": key,
        "purpose": "photo",
        "name": "Ann Jones",
        "contact": "",
        "wording": "May we take your photo?",
        "given_on": TODAY.isoformat(),
        "given_how": "written",
        "marking": "official-sensitive",
        "handling": "Keep among us.",
    }
    assert client.post(f"{LIST}new/?purpose=photo", sent).status_code == 302
    consent = Consent.objects.get(pk=key)
    assert (consent.purpose, consent.wording) == ("photo", "May we take your photo?")
    assert (consent.marking, consent.handling) == ("official-sensitive", "Keep among us.")
    page = client.get(LIST).content.decode()
    assert "Ann Jones" in page
    assert "To be seen in photos" in page
    sent |= {"id": str(uuid4()), "handling": ""}
    refused = client.post(f"{LIST}new/?purpose=photo", sent)
    assert refused.status_code == 422
    assert "Say how it is to be handled" in refused.content.decode()


def test_a_withdrawn_consent_stays_on_record_with_its_day(client, people):
    consent = recorded(people)
    client.force_login(people.coordinator)
    answer = client.post(
        f"{LIST}{consent.pk}/withdraw/",
        {"version": 1, "withdrawn_on": TODAY.isoformat(), "note": "Changed her mind"},
    )
    assert answer.status_code == 302
    page = client.get(LIST).content.decode()
    assert "Withdrawn or run out" in page
    assert "withdrawn on 25 June 2024" in page
    detail = client.get(f"{LIST}{consent.pk}/").content.decode()
    assert "Withdrawn on 25 June 2024" in detail
    assert "Changed her mind" in detail
    client.force_login(people.community)
    assert client.get(f"{LIST}{consent.pk}/").status_code == 404
    assert "Ann Jones" not in client.get(LIST).content.decode()


def test_programs_record_read_and_withdraw(people):
    api = APIClient()
    api.force_authenticate(people.coordinator)
    key = str(uuid4())
    sent = {
        "id": key,
        "location": "leominster",
        "name": "Ann",
        "purpose": "contributor",
        "given_on": "2024-06-01",
        "given_how": "online",
    }
    made = api.post("/api/v1/consents/", sent, format="json")
    assert made.status_code == 201, made.data
    assert made.data["wording"].startswith("We would like to list you")
    assert made.data["marking"] == "official-sensitive"
    assert api.post("/api/v1/consents/", sent, format="json").status_code == 200
    address = f"/api/v1/consents/{key}/"
    assert api.post(f"{address}withdraw/", {}, format="json").status_code == 428
    done = api.post(f"{address}withdraw/", {"note": "No"}, format="json", HTTP_IF_MATCH='"1"')
    assert (done.status_code, done.data["withdrawn_on"]) == (200, "2024-06-25")
    listed = api.get("/api/v1/consents/", {"location": "leominster", "purpose": "contributor"})
    assert [row["id"] for row in listed.data["results"]] == [key]
    api.force_authenticate(people.leader)
    assert api.get("/api/v1/consents/").data["results"] == []
    assert api.get(address).status_code == 404
