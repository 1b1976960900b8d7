"""Leaving and being suspended: everything ends with the next request, and nothing is orphaned."""

import datetime as dt
import time

import pytest
from django.core import mail
from django.test import Client

from accounts.grants import give_role
from accounts.leaving import leave, restore, suspend
from accounts.models import AccessLink, AgencyMembership, ApiToken, Invitation
from accounts.people import AccountState, edit_person, looks_after, state_of
from accounts.roles import Role
from accounts.services import create_token
from core.choices import JobState, LedgerAction
from core.errors import NotAllowed, Refused
from core.models import JobRun, LedgerEntry
from programmes.models import LocationMembership, ProgrammeMembership, SharingAgreement
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.core import JobRunFactory
from tests.personas import give_location_role

TODAY = dt.date(2024, 6, 25)


@pytest.fixture
def at_work(people):
    """The coordinator at work: three sessions, three tokens, a link and two jobs."""
    clients = [Client() for _ in range(3)]
    for client in clients:
        client.force_login(people.coordinator)
        assert client.get("/locations/leominster/").status_code == 200
    texts = [
        create_token(user=people.coordinator, name=f"t{n}", by=people.coordinator)[1]
        for n in range(3)
    ]
    AccessLink.objects.create(
        user=people.coordinator,
        digest="x" * 64,
        target="/",
        expires_at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC),
    )
    waiting = JobRunFactory(requested_by=people.coordinator)
    done = JobRunFactory(requested_by=people.coordinator, state=JobState.SUCCEEDED)
    return clients, texts, waiting, done


def all_shut(clients, texts, done):
    for client in clients:
        for path in ("/", "/locations/leominster/", f"/jobs/{done.pk}/", "/api/v1/me/"):
            answer = client.get(path)
            assert answer.status_code in (302, 401, 403), path
            assert answer.status_code != 302 or answer.url.startswith("/accounts/login/")
    for text in texts:
        answer = Client().get("/api/v1/me/", headers={"Authorization": f"Token {text}"})
        assert answer.status_code == 401


@pytest.mark.parametrize("how", ["leave", "suspend"])
def test_the_next_request_on_every_session_and_token_is_denied(people, at_work, how):
    clients, texts, waiting, done = at_work
    end = {"leave": leave, "suspend": suspend}[how]
    began = time.perf_counter()
    ended = end(user=people.coordinator, by=people.admin, reason="Moved to another force")
    first = clients[0].get("/locations/leominster/")
    assert time.perf_counter() - began < 1
    assert first.status_code == 302
    all_shut(clients, texts, done)
    assert (ended.sessions, ended.tokens, ended.links, ended.jobs) == (3, 3, 1, 1)
    waiting.refresh_from_db()
    assert waiting.state == JobState.DENIED
    assert not ApiToken.objects.filter(user=people.coordinator, revoked_at=None).exists()
    assert not JobRun.objects.all().visible_to(refreshed(people.coordinator)).exists()


def refreshed(user):
    user.refresh_from_db()
    return user


def test_roles_end_and_go_to_who_takes_over_with_the_agreements(people):
    successor = UserFactory(name="Next")
    agreement = SharingAgreement.objects.create(
        programme=people.programme,
        title="Leominster",
        purpose="p",
        legal_basis="cda-1998-s115",
        categories=["people"],
        starts_on=TODAY,
        review_on=TODAY,
        ends_on=dt.date(2025, 6, 25),
        responsible=people.coordinator,
    )
    later = give_location_role(
        people.coordinator, people.location, Role.VERIFIER, starts_on=dt.date(2024, 7, 1)
    )
    ended = leave(user=people.coordinator, by=people.manager, successor=successor, reason="Retires")
    person = refreshed(people.coordinator)
    assert (person.is_active, person.left_on) == (False, TODAY)
    mine = LocationMembership.objects.get(user=person)
    assert mine.ends_on == TODAY
    assert not LocationMembership.objects.filter(pk=later.pk).exists()
    theirs = LocationMembership.objects.get(user=successor)
    assert (theirs.role, theirs.starts_on, theirs.ends_on) == (Role.COORDINATOR, TODAY, None)
    agreement.refresh_from_db()
    assert agreement.responsible == successor
    assert len(ended.handed_over) == 2
    told = LedgerEntry.objects.get(action=LedgerAction.ACCOUNT, subject_id=str(person.pk))
    assert (told.detail["what"], told.reason, told.actor) == ("left", "Retires", people.manager.pk)


def test_what_the_successor_holds_already_is_not_given_twice(people):
    successor = UserFactory()
    give_location_role(successor, people.location, Role.COORDINATOR)
    leave(user=people.coordinator, by=people.manager, successor=successor, reason="Retires")
    assert LocationMembership.objects.filter(user=successor).count() == 1


def test_a_manager_who_leaves_hands_the_programme_over(people):
    leave(user=people.manager, by=people.admin, successor=people.leader, reason="Retires")
    held = ProgrammeMembership.objects.filter(user=people.leader)
    assert {row.role for row in held} == {Role.LEADER, Role.PROGRAMME_MANAGER}


def test_leaving_needs_a_reason_somebody_fit_and_happens_once(people):
    with pytest.raises(Refused):
        leave(user=people.partner, by=people.admin, reason="  ")
    for unfit in (people.partner, UserFactory(is_active=False)):
        with pytest.raises(Refused):
            leave(user=people.partner, by=people.admin, successor=unfit, reason="r")
    leave(user=people.partner, by=people.admin, reason="r")
    with pytest.raises(Refused):
        leave(user=people.partner, by=people.admin, reason="r")


def test_who_looks_after_whom(people):
    """A manager closes only accounts that work under them alone; nobody their own."""
    shared = UserFactory(name="Works in both")
    give_location_role(shared, people.location, Role.PARTNER)
    give_location_role(shared, people.other_location, Role.PARTNER)
    assert looks_after(people.manager, people.coordinator)
    for by, person in (
        (people.manager, shared),
        (people.manager, people.neighbour),
        (people.manager, people.stranger),
        (people.manager, people.admin),
        (people.manager, people.manager),
        (people.coordinator, people.partner),
        (people.admin, people.admin),
        (people.admin, UserFactory(is_superuser=True)),
    ):
        assert not looks_after(by, person), (by, person)
        with pytest.raises(NotAllowed):
            suspend(user=person, by=by, reason="r")
    assert looks_after(people.admin, people.manager)


def test_whoever_manages_an_agency_looks_after_its_people_and_ends_all_their_roles(people):
    agency = AgencyFactory()
    head = UserFactory(agency=agency)
    give_role(
        membership_model=AgencyMembership,
        user=head,
        anchor=agency,
        role=Role.PROGRAMME_MANAGER,
        starts_on=TODAY,
        by=None,
    )
    officer = UserFactory(agency=agency)
    give_location_role(officer, people.location, Role.COORDINATOR)
    ended = leave(user=officer, by=head, successor=head, reason="Left the force")
    assert ended.roles == 1
    assert not LocationMembership.objects.filter(user=head).exists(), "not theirs to give"
    assert "ask who manages roles" in ended.handed_over[0]


def test_only_an_administrator_moves_people_between_agencies(people):
    police = AgencyFactory(name="Kent Police")
    with pytest.raises(NotAllowed):
        edit_person(
            person=people.coordinator, name="C", job_title="", agency=police, by=people.manager
        )
    same = people.coordinator.agency
    edit_person(
        person=people.coordinator, name="C", job_title="Sgt", agency=same, by=people.manager
    )
    edit_person(person=people.coordinator, name="C", job_title="", agency=police, by=people.admin)
    assert refreshed(people.coordinator).agency == police


def test_a_suspended_person_comes_back_as_they_were_but_without_tokens(people, at_work):
    _, texts, _, _ = at_work
    suspend(user=people.coordinator, by=people.admin, reason="Inquiry")
    assert state_of(refreshed(people.coordinator)) is AccountState.SUSPENDED
    with pytest.raises(Refused):
        suspend(user=people.coordinator, by=people.admin, reason="again")
    assert restore(user=people.coordinator, by=people.admin, reason="Cleared") is None
    client = Client()
    client.force_login(refreshed(people.coordinator))
    assert client.get("/locations/leominster/").status_code == 200
    answer = Client().get("/api/v1/me/", headers={"Authorization": f"Token {texts[0]}"})
    assert answer.status_code == 401


def test_who_had_left_is_invited_anew_and_gets_no_role_back(
    people, django_capture_on_commit_callbacks
):
    leave(user=people.coordinator, by=people.admin, reason="Left")
    with django_capture_on_commit_callbacks(execute=True):
        invitation = restore(user=refreshed(people.coordinator), by=people.admin, reason="Back")
    assert isinstance(invitation, Invitation)
    assert state_of(refreshed(people.coordinator)) is AccountState.INVITED
    link = mail.outbox[-1].body.split("http://localhost:8000")[1].split()[0]
    form = {"email": people.coordinator.email, "name": "C", "password": "seven-purple-kettles"}
    assert Client().post(link, {**form, "again": form["password"]}).status_code == 302
    person = refreshed(people.coordinator)
    assert person.is_active
    assert LocationMembership.objects.get(user=person).ends_on == TODAY


def test_the_page_shows_what_will_be_handed_over_before_and_after(people, client):
    successor = people.leader
    client.force_login(people.manager)
    path = f"/people/{people.coordinator.pk}/leave/"
    page = client.get(path)
    assert "Coordinator, Leominster" in page.content.decode()
    assert client.post(path, {"reason": ""}).status_code == 422
    answer = client.post(path, {"reason": "Retires", "successor": str(successor.pk)}, follow=True)
    assert "handed over to Leader" in answer.content.decode()
    assert not refreshed(people.coordinator).is_active
