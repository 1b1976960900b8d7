"""Six people at once: a pasted list or a file gives roles and invites; undo takes it back."""

import datetime as dt

import pytest

from accounts.models import Invitation, User
from accounts.people import AccountState, state_of
from accounts.roles import Role
from core.jobs import run_now
from core.models import JobRun, TabularImport
from programmes.models import LocationMembership
from tests.factories.accounts import UserFactory

TODAY = dt.date(2024, 6, 25)
SIX = """E-mail address,Name,Agency,Role,From,Until
one@example.test,One,West Mercia Police,Coordinator,25/06/2024,
two@example.test,Two,Marches Housing,Partner,25/06/2024,31/12/2024
three@example.test,Three,,Community coordinator,1 July 2024,
four@example.test,Four,West Mercia Police,Analyst,25/06/2024,
five@example.test,Five,West Mercia Police,Trainer or verifier,25/06/2024,
analyst@example.test,,,Partner,25/06/2024,
"""


@pytest.fixture
def send(people, client):
    """Send text as the manager; returns the table as it stands after its check."""
    client.force_login(people.manager)

    def do(text, target=None):
        path = f"/tables/new/programmes.location_roles/{(target or people.location).pk}/"
        page = client.get(path)
        assert page.status_code == 200, page.status_code
        answer = client.post(path, {"pasted": text, "id": str(page.context["form"]["id"].value())})
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        return TabularImport.objects.latest("created_at")

    return do


def run_jobs():
    for job in JobRun.objects.open():
        run_now(job)


def store(client, sent):
    answer = client.post(f"/tables/{sent.pk}/apply/")
    assert answer.status_code == 302
    run_jobs()
    sent.refresh_from_db()
    return sent


def test_six_people_are_invited_at_once_and_undo_withdraws_it(people, client, send):
    sent = store(client, send(SIX))
    assert sent.state == "applied", sent.rows
    assert Invitation.objects.count() == 5
    held = LocationMembership.objects.get(user__email="two@example.test")
    assert (held.role, held.ends_on) == (Role.PARTNER, dt.date(2024, 12, 31))
    assert held.user.agency == people.housing
    assert LocationMembership.objects.filter(user=people.analyst, role=Role.PARTNER).exists()
    assert client.post(f"/tables/{sent.pk}/undo/").status_code == 302
    run_jobs()
    assert not LocationMembership.objects.filter(user__email="two@example.test").exists()
    assert not LocationMembership.objects.filter(user=people.analyst).exists()
    assert state_of(User.objects.get(email="two@example.test")) is AccountState.WITHDRAWN


def test_rows_that_cannot_be_say_why(people, send):
    UserFactory(email="closed@example.test", is_active=False)
    sent = send(
        "E-mail address,Name,Role\n"
        "nobody,One,Partner\n"
        "two@example.test,,Partner\n"
        "three@example.test,Three,Programme manager\n"
        "manager@example.test,Me,Partner\n"
        "closed@example.test,Closed,Partner\n"
        "partner@example.test,,Partner\n"
    )
    plans = [row["plan"] for row in sent.rows]
    assert plans == ["error"] * 5 + ["same"]
    assert not Invitation.objects.exists()


def test_a_bare_list_of_addresses_makes_partners(people, send):
    sent = send("Ann Lee <ann@example.test>\nbob@example.test\n")
    assert [row["plan"] for row in sent.rows] == ["create", "error"]


@pytest.mark.parametrize(
    ("name", "status"), [("coordinator", 403), ("neighbour", 404), ("admin", 404)]
)
def test_only_who_manages_roles_there_sends_a_list(people, client, name, status):
    client.force_login(getattr(people, name))
    path = f"/tables/new/programmes.location_roles/{people.location.pk}/"
    assert client.get(path).status_code == status
