"""Invitations: one link, opened any number of times, used once, by the one it was sent to."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client

from accounts.anchors import anchor_kinds
from accounts.invitations import invite, resend, withdraw
from accounts.models import Agency, AgencyMembership, Invitation, User
from accounts.permissions import Permission
from accounts.policy import holds
from accounts.roles import Role
from core import clock
from core.choices import LedgerAction
from core.errors import NotAllowed, Refused
from core.models import LedgerEntry
from programmes.models import Location, LocationMembership, ProgrammeMembership
from tests.factories.accounts import AgencyFactory, UserFactory

TODAY = dt.date(2024, 6, 25)
PASSWORD = "seven-purple-kettles"
MAIL = "new.person@example.test"


@pytest.fixture
def ask(people, django_capture_on_commit_callbacks):
    """Invite somebody to Leominster; returns the invitation and the path of its link."""

    def do(by=None, email=MAIL, name="New Person", role=Role.COORDINATOR, **more):
        before = len(mail.outbox)
        with django_capture_on_commit_callbacks(execute=True):
            invitation = invite(
                email=email,
                name=name,
                agency=more.pop("agency", None),
                by=by or people.manager,
                roles=[(LocationMembership, people.location, role, TODAY, None)],
                **more,
            )
        assert len(mail.outbox) == before + 1
        return invitation, link_in(mail.outbox[-1])

    return do


def link_in(message):
    found = re.search(r"http://localhost:8000(/\S+)", message.body)
    return found.group(1)


def fill(email=MAIL, password=PASSWORD, name="New Person", again=None):
    return {"email": email, "name": name, "password": password, "again": again or password}


def test_fifty_looks_at_the_link_change_nothing_and_one_person_then_opens_the_account(ask):
    invitation, link = ask()
    assert not User.objects.get(email=MAIL).is_active
    scanner = Client()
    for _ in range(50):
        answer = scanner.get(link)
        assert answer.status_code == 200
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    client = Client()
    answer = client.post(link, fill())
    assert (answer.status_code, answer.url) == (302, "/accounts/login/")
    person = User.objects.get(email=MAIL)
    assert person.is_active
    assert person.check_password(PASSWORD)
    assert "_auth_user_id" not in client.session, "nobody is signed in by an invitation"
    assert holds(person, Permission.STEP_RECORD, Location.objects.get(slug="leominster"))


def test_the_link_works_once(ask):
    _, link = ask()
    assert Client().post(link, fill()).status_code == 302
    assert Client().get(link).status_code == 410
    assert Client().post(link, fill(password="another-good-one-here")).status_code == 410
    assert User.objects.get(email=MAIL).check_password(PASSWORD)


def test_a_wrong_address_is_refused_and_counted(ask):
    _, link = ask()
    client = Client()
    for _ in range(20):
        assert client.post(link, fill(email="thief@example.test")).status_code == 422
    assert client.post(link, fill()).status_code == 429
    assert not User.objects.get(email=MAIL).is_active


@pytest.mark.parametrize("password", ["short", "password1234", "new.person@example.test"])
def test_a_poor_password_is_refused(ask, password):
    _, link = ask()
    assert Client().post(link, fill(password=password)).status_code == 422
    assert not User.objects.get(email=MAIL).is_active


def test_two_different_passwords_are_refused(ask):
    _, link = ask()
    assert Client().post(link, fill(again="something-else-here")).status_code == 422


def test_an_invitation_that_has_run_out_opens_nothing(ask):
    invitation, link = ask()
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=clock.now())
    assert Client().get(link).status_code == 410
    assert Client().post(link, fill()).status_code == 410
    person = User.objects.get(email=MAIL)
    assert not person.is_active
    for kind in anchor_kinds():
        for permission in Permission:
            rows = kind.model._default_manager.all().visible_to(person, permission)
            assert not rows.exists()
    client = Client()
    client.force_login(person)
    assert client.get("/programmes/").status_code == 302


def test_a_withdrawn_invitation_opens_nothing_and_takes_its_own_roles_back_only(ask, people):
    invitation, link = ask()
    other, _ = ask(role=Role.VERIFIER)
    withdraw(invitation=invitation, by=people.manager, reason="Wrong person")
    assert Client().post(link, fill()).status_code == 410
    held = LocationMembership.objects.filter(user=invitation.user)
    assert [row.role for row in held] == [Role.VERIFIER]
    withdraw(invitation=other, by=people.manager)
    assert not LocationMembership.objects.filter(user=invitation.user).exists()


def test_sending_again_kills_the_older_link(ask, people, django_capture_on_commit_callbacks):
    invitation, link = ask()
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=clock.now())
    with django_capture_on_commit_callbacks(execute=True):
        resend(invitation=invitation, by=people.manager)
    newer = link_in(mail.outbox[-1])
    assert Client().get(link).status_code == 404
    assert Client().post(newer, fill()).status_code == 302
    with pytest.raises(Refused):
        resend(invitation=invitation, by=people.manager)


def test_an_unknown_link_is_not_found(people):
    assert Client().get("/accounts/invitations/nothing/").status_code == 404
    assert Client().post("/accounts/invitations/nothing/", fill()).status_code == 404


def test_somebody_signed_in_is_asked_to_sign_out_first(ask, people):
    _, link = ask()
    client = Client()
    client.force_login(people.partner)
    assert client.get(link).status_code == 409
    assert client.post(link, fill()).status_code == 409
    assert not User.objects.get(email=MAIL).is_active
    assert client.post(link, {"sign_out": "1"}).status_code == 302
    assert client.get(link).status_code == 200


def test_only_the_hash_of_the_link_is_kept(ask):
    invitation, link = ask()
    token = link.rstrip("/").rsplit("/", 1)[1]
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values())
    Client().get(link)
    Client().post(link, fill())
    assert not LedgerEntry.objects.filter(path__contains=token).exists()


def test_the_mail_names_our_own_address_whatever_the_request_calls_its_host(people, client):
    from django.test import override_settings

    client.force_login(people.manager)
    with override_settings(ALLOWED_HOSTS=["*"]):
        client.get("/", headers={"host": "evil.example"})
    from accounts.mail import address_of

    assert address_of("/x/") == "http://localhost:8000/x/"


def test_a_second_invitation_to_the_same_person_and_either_link_opens_both(ask, people):
    first, link = ask()
    second, other_link = ask(role=Role.VERIFIER)
    assert first.user == second.user
    assert Client().post(other_link, fill()).status_code == 302
    assert Client().post(link, fill()).status_code == 410
    assert LocationMembership.objects.filter(user=first.user).count() == 2


def test_somebody_with_an_account_gets_the_role_and_a_mail_and_keeps_their_name(
    people, django_capture_on_commit_callbacks
):
    there = UserFactory(email="there@example.test", name="Stays")
    with django_capture_on_commit_callbacks(execute=True):
        none = invite(
            email="There@Example.test",
            name="Changed",
            agency=AgencyFactory(),
            by=people.manager,
            roles=[(LocationMembership, people.location, Role.PARTNER, TODAY, None)],
        )
    assert none is None
    there.refresh_from_db()
    assert (there.name, there.agency) == ("Stays", None)
    assert LocationMembership.objects.filter(user=there, role=Role.PARTNER).exists()
    assert mail.outbox[-1].to == ["there@example.test"]


def test_the_same_form_twice_invites_once(people):
    key = UserFactory().pk
    wanted = [(LocationMembership, people.location, Role.PARTNER, TODAY, None)]
    for _ in range(2):
        invite(id=key, email=MAIL, name="New", agency=None, by=people.manager, roles=wanted)
    assert Invitation.objects.filter(user__email=MAIL).count() == 1
    assert LocationMembership.objects.filter(user__email=MAIL).count() == 1


def test_nobody_invites_into_what_they_do_not_manage(people):
    refused = [
        (people.coordinator, LocationMembership, people.location, Role.PARTNER),
        (people.manager, LocationMembership, people.other_location, Role.PARTNER),
        (people.manager, ProgrammeMembership, people.other_programme, Role.LEADER),
        (people.manager, AgencyMembership, AgencyFactory(), Role.PROGRAMME_MANAGER),
        (people.stranger, LocationMembership, people.location, Role.PARTNER),
    ]
    for by, kind, anchor, role in refused:
        with pytest.raises(NotAllowed):
            invite(
                email=MAIL, name="N", agency=None, by=by, roles=[(kind, anchor, role, TODAY, None)]
            )
    assert not User.objects.filter(email=MAIL).exists()
    with pytest.raises(Refused):
        invite(
            email=people.manager.email,
            name="Me",
            agency=None,
            by=people.manager,
            roles=[(LocationMembership, people.location, Role.VERIFIER, TODAY, None)],
        )


def test_the_ledger_notes_who_was_not_let_in(ask):
    invitation, link = ask()
    Client().post(link, fill(email="thief@example.test"))
    Client().post(link, fill())
    Client().post(link, fill())
    told = LedgerEntry.objects.filter(
        action=LedgerAction.DENIED, subject_id=str(invitation.pk)
    ).order_by("id")
    assert [row.detail["why"] for row in told] == ["another address", "no longer open"]


def test_a_role_is_given_only_where_the_catalogue_offers_it(people):
    with pytest.raises(Refused):
        invite(
            email=MAIL,
            name="N",
            agency=None,
            by=people.manager,
            roles=[(LocationMembership, people.location, Role.PROGRAMME_MANAGER, TODAY, None)],
        )


def test_the_ledger_says_who_invited_whom_and_who_accepted(ask, people):
    invitation, link = ask()
    Client().post(link, fill())
    told = LedgerEntry.objects.filter(action=LedgerAction.ACCOUNT, subject_id=str(invitation.pk))
    assert [(row.detail["what"], row.actor) for row in told.order_by("id")] == [
        ("invited", people.manager.pk),
        ("invitation accepted", invitation.user_id),
    ]
    given = LedgerEntry.objects.get(
        action=LedgerAction.PERMISSION, detail__person=str(invitation.user_id)
    )
    assert given.actor == people.manager.pk


def test_the_manager_of_a_new_agency_starts_from_nothing(
    people, client, django_capture_on_commit_callbacks
):
    """An administrator adds an agency and invites its first manager, who sets up a programme."""
    client.force_login(people.admin)
    added = client.post(
        "/agencies/new/", {"id": str(people.admin.pk), "name": "Town", "kind": "council"}
    )
    assert added.status_code == 302
    agency = Agency.objects.get(name="Town")
    form = {
        "id": str(people.stranger.pk),
        "email": MAIL,
        "name": "First Manager",
        "agency": str(agency.pk),
        "role": "programme_manager",
        "starts_on": "2024-06-25",
    }
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"/agencies/{agency.pk}/members/new/", form).status_code == 302
    assert Client().post(link_in(mail.outbox[-1]), fill()).status_code == 302
    manager = User.objects.get(email=MAIL)
    client.force_login(manager)
    page = client.get("/programmes/new/")
    assert page.status_code == 200
    assert page.context["form"].fields["lead_agency"].initial == agency
