"""People and roles: who is shown where, who gives what to whom, and what nobody can do."""

import datetime as dt

import pytest

from accounts.anchors import kind_of
from accounts.grants import end_role, give_role, take_back_role
from accounts.models import Agency, AgencyMembership, User
from accounts.people import AccountState, in_state, states_of
from accounts.roles import Role
from accounts.services import create_token
from core.errors import Conflict, NotAllowed, Refused
from programmes.models import LocationMembership, ProgrammeMembership, SharingAgreement
from programmes.models.agreement import AgreementParty
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.personas import give_location_role

TODAY = dt.date(2024, 6, 25)
A_DAY = dt.timedelta(days=1)
HERE = "/locations/leominster/members/"
PROGRAMME = "/programmes/west-mercia/members/"


def text_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def role_form(**fields):
    return {
        "id": "6f0d3bb2-4a0e-4c3e-9d0f-3f9a2a6e7a11",
        "role": "partner",
        "starts_on": "2024-06-25",
        **fields,
    }


def test_the_list_shows_roles_in_post_to_come_and_ended(people, client):
    give_location_role(
        UserFactory(name="Future"), people.location, Role.PARTNER, starts_on=dt.date(2024, 7, 1)
    )
    give_location_role(
        UserFactory(name="Past"), people.location, Role.PARTNER, ends_on=TODAY - A_DAY
    )
    client.force_login(people.partner)
    text = text_of(client, HERE)
    for words in (
        "Coordinator",
        "From 1 July 2024",
        "Past",
        "Ended",
        "Through the programme West Mercia",
        "In post",
    ):
        assert words in text
    assert "Give a role" not in text


def test_addresses_of_other_agencies_show_only_while_an_agreement_covers_people(people, client):
    ours, theirs = AgencyFactory(), AgencyFactory()
    User.objects.filter(pk=people.manager.pk).update(agency=ours)
    User.objects.filter(pk=people.coordinator.pk).update(agency=theirs)
    people.programme.lead_agency = ours
    people.programme.save()
    client.force_login(people.manager)
    pages = (HERE, f"/people/{people.coordinator.pk}/", "/people/")
    for path in pages:
        assert "coordinator@example.test" not in text_of(client, path), path
    agreement = SharingAgreement.objects.create(
        programme=people.programme,
        title="People",
        purpose="p",
        legal_basis="cda-1998-s115",
        categories=["people"],
        starts_on=TODAY,
        review_on=TODAY,
        ends_on=TODAY,
    )
    for agency in (ours, theirs):
        AgreementParty.objects.create(
            agreement=agreement, agency=agency, signed_on=TODAY, signed_name="N"
        )
    for path in pages:
        assert "coordinator@example.test" in text_of(client, path), path


def test_whoever_may_not_read_people_sees_no_address_even_of_their_own_programme(people, client):
    client.force_login(people.partner)
    text = text_of(client, HERE)
    assert "coordinator@example.test" not in text


def test_a_manager_gives_a_role_by_mail_and_to_somebody_known(people, client):
    client.force_login(people.manager)
    answer = client.post(HERE + "new/", role_form(email="new@example.test", name="New"))
    assert answer.status_code == 302
    invited = LocationMembership.objects.get(user__email="new@example.test")
    assert not invited.user.is_active
    assert "Invited" in text_of(client, HERE)
    known = role_form(person=str(people.analyst.pk), id="6f0d3bb2-4a0e-4c3e-9d0f-3f9a2a6e7a12")
    assert client.post(HERE + "new/", known).status_code == 302
    assert LocationMembership.objects.filter(user=people.analyst, role="partner").exists()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"email": "new@example.test"},
        {"email": "manager@example.test", "name": "Me"},
        {"email": "new@example.test", "name": "N", "role": "programme_manager"},
        {"email": "new@example.test", "name": "N", "ends_on": "2024-06-01"},
        {"email": "coordinator@example.test", "role": "coordinator"},
    ],
)
def test_a_form_that_cannot_be_is_shown_again(people, client, fields):
    client.force_login(people.manager)
    assert client.post(HERE + "new/", role_form(**fields)).status_code == 422


def test_nobody_escalates(people, client):
    """Who manages one place cannot give roles above it, elsewhere, or to themselves."""
    for name in ("coordinator", "leader", "partner", "analyst", "community", "verifier"):
        client.force_login(getattr(people, name))
        assert client.get(HERE + "new/").status_code == 403
        assert (
            client.post(PROGRAMME + "new/", role_form(email="x@example.test", name="X")).status_code
            == 403
        )
    for name in ("neighbour", "stranger", "admin", "researcher"):
        client.force_login(getattr(people, name))
        assert client.get(HERE).status_code == 404
        assert (
            client.post(HERE + "new/", role_form(email="x@example.test", name="X")).status_code
            == 404
        )
    client.force_login(people.manager)
    other = LocationMembership.objects.get(user=people.neighbour)
    for path in (
        "/locations/redditch-town/members/",
        "/programmes/redditch/members/new/",
        f"/people/{people.neighbour.pk}/",
        f"/people/{people.neighbour.pk}/leave/",
        f"{HERE}{other.pk}/",
    ):
        assert client.get(path).status_code == 404, path
    assert (
        client.post(f"/people/{people.neighbour.pk}/suspend/", {"reason": "r"}).status_code == 404
    )
    assert not User.objects.filter(email="x@example.test").exists()


def test_somebody_who_works_elsewhere_too_is_seen_but_not_closed(people, client):
    shared = UserFactory(name="Both")
    give_location_role(shared, people.location, Role.PARTNER)
    give_location_role(shared, people.other_location, Role.PARTNER)
    client.force_login(people.manager)
    text = text_of(client, f"/people/{shared.pk}/")
    assert "1 role elsewhere is not yours to see" in text
    assert "location-" not in text
    for page in ("edit", "suspend", "leave", "restore", "second-factor"):
        assert client.get(f"/people/{shared.pk}/{page}/").status_code == 403, page


def test_one_lays_down_ones_own_role_but_never_prolongs_it(people, client):
    own = LocationMembership.objects.get(user=people.coordinator)
    with pytest.raises(NotAllowed):
        give_role(
            membership_model=LocationMembership,
            user=people.manager,
            anchor=people.location,
            role=Role.VERIFIER,
            starts_on=TODAY,
            by=people.manager,
        )
    client.force_login(people.coordinator)
    path = f"{HERE}{own.pk}/"
    assert client.get(path).status_code == 200
    form = {"how": "on", "ends_on": "2024-07-31", "reason": "Moving", "version": own.version}
    assert client.post(path, form).status_code == 302
    own.refresh_from_db()
    assert own.ends_on == dt.date(2024, 7, 31)
    longer = {**form, "ends_on": "2024-08-31", "version": own.version}
    assert client.post(path, longer).status_code == 403
    assert client.post(path, {**longer, "how": "open"}).status_code == 422
    now = client.post(path, {"how": "now", "reason": "Moving", "version": own.version})
    assert (now.status_code, now.url) == (302, "/")
    assert client.get("/locations/leominster/").status_code == 404


def test_a_manager_does_not_prolong_their_own_role_either(people):
    own = ProgrammeMembership.objects.get(user=people.manager)
    end_role(membership=own, ends_on=TODAY, by=people.admin)
    with pytest.raises(NotAllowed):
        end_role(membership=own, ends_on=None, by=people.manager)


def test_changing_an_end_asks_for_a_reason_and_notices_a_change_in_between(people, client):
    row = LocationMembership.objects.get(user=people.partner)
    client.force_login(people.manager)
    path = f"{HERE}{row.pk}/"
    form = {"how": "on", "ends_on": "2024-07-31", "reason": "", "version": row.version}
    assert client.post(path, form).status_code == 422
    assert client.post(path, {**form, "reason": "Agreed"}).status_code == 302
    assert client.post(path, {**form, "reason": "Agreed"}).status_code == 409
    with pytest.raises(Conflict):
        end_role(membership=row, ends_on=None, by=people.manager, version=1)


def test_a_role_that_begins_later_is_taken_back_without_a_trace_of_power(people):
    row = give_location_role(UserFactory(), people.location, Role.PARTNER, starts_on=TODAY + A_DAY)
    take_back_role(membership=row, by=people.manager, reason="Not needed")
    assert not LocationMembership.objects.filter(pk=row.pk).exists()


def test_prolonging_into_the_same_role_again_is_refused(people):
    person = UserFactory()
    first = give_location_role(person, people.location, Role.PARTNER, ends_on=TODAY)
    give_location_role(person, people.location, Role.PARTNER, starts_on=TODAY + A_DAY)
    with pytest.raises(Refused):
        end_role(membership=first, ends_on=None, by=people.manager)


def test_an_agency_shows_its_people_to_its_own_leaders_and_administrators_only(people, client):
    agency = AgencyFactory(name="Kent Police")
    officer = UserFactory(name="Officer Kay", agency=agency)
    head = UserFactory(agency=agency)
    give_role(
        membership_model=AgencyMembership,
        user=head,
        anchor=agency,
        role=Role.LEADER,
        starts_on=TODAY,
        by=None,
    )
    path = f"/agencies/{agency.pk}/"
    for person, sees in (
        (head, True),
        (people.admin, True),
        (people.manager, False),
        (people.stranger, False),
    ):
        client.force_login(person)
        assert (officer.name in text_of(client, path)) is sees, person
    client.force_login(head)
    assert client.get(path + "members/new/").status_code == 403
    client.force_login(people.stranger)
    own = AgencyMembership.objects.get(user=head)
    assert client.get(f"{path}members/{own.pk}/").status_code == 404


def test_agencies_are_added_by_managers_and_administrators_and_keep_their_names_apart(
    people, client
):
    AgencyFactory(name="Kent Police")
    for person, status in ((people.manager, 302), (people.admin, 302), (people.coordinator, 403)):
        client.force_login(person)
        form = {"id": str(person.pk), "name": f"Agency of {person.name}", "kind": "council"}
        assert client.post("/agencies/new/", form).status_code == status
    client.force_login(people.admin)
    form = {"id": str(people.stranger.pk), "name": "kent police", "kind": "police"}
    assert client.post("/agencies/new/", form).status_code == 422
    agency = Agency.objects.get(name="Kent Police")
    change = {"name": "Police of Kent", "kind": "police", "version": agency.version}
    assert client.post(f"/agencies/{agency.pk}/edit/", change).status_code == 302
    assert client.post(f"/agencies/{agency.pk}/edit/", change).status_code == 409
    client.force_login(people.manager)
    assert client.get(f"/agencies/{agency.pk}/edit/").status_code == 403


def test_the_list_of_people_is_for_those_who_manage_people_and_holds_theirs_only(people, client):
    client.force_login(people.manager)
    text = text_of(client, "/people/")
    assert "Coordinator" in text
    assert "Neighbour" not in text
    assert "Stranger" not in text
    client.force_login(people.admin)
    assert "Stranger" in text_of(client, "/people/?q=strang&state=open")
    assert "Stranger" not in text_of(client, "/people/?q=coord")
    client.force_login(people.coordinator)
    assert client.get("/people/").status_code == 403


def test_the_filter_by_state_agrees_with_the_state_of_each(people):
    from accounts.invitations import invite, withdraw
    from accounts.leaving import leave, suspend
    from accounts.models import Invitation
    from core import clock

    def asked(email):
        wanted = [(LocationMembership, people.location, Role.PARTNER, TODAY, None)]
        return invite(email=email, name="N", agency=None, by=people.manager, roles=wanted)

    asked("a@example.test")
    Invitation.objects.filter(pk=asked("b@example.test").pk).update(expires_at=clock.now())
    withdraw(invitation=asked("c@example.test"), by=people.manager)
    leave(user=people.analyst, by=people.admin, reason="r")
    suspend(user=people.leader, by=people.admin, reason="r")
    everyone = list(User.objects.all())
    states = states_of(everyone)
    assert set(states.values()) == set(AccountState)
    for state in AccountState:
        found = set(in_state(User.objects.all(), state))
        assert found == {person for person in everyone if states[person.pk] is state}, state


def test_an_administrator_revokes_a_token_of_somebody_else(people, client):
    token, text = create_token(user=people.coordinator, name="laptop", by=people.coordinator)
    path = f"/people/{people.coordinator.pk}/tokens/{token.pk}/revoke/"
    client.force_login(people.leader)
    assert client.post(path).status_code == 404
    client.force_login(people.admin)
    assert client.post(path).status_code == 302
    answer = client.get("/api/v1/me/", headers={"Authorization": f"Token {text}"})
    assert answer.status_code in (200, 401)
    token.refresh_from_db()
    assert token.revoked_at is not None


@pytest.mark.parametrize("size", [3, 60])
def test_the_list_takes_the_same_number_of_queries_at_any_size(
    people, client, size, django_assert_max_num_queries
):
    for _ in range(size):
        give_location_role(UserFactory(agency=AgencyFactory()), people.location, Role.PARTNER)
    client.force_login(people.manager)
    with django_assert_max_num_queries(40):
        client.get(HERE)


def test_every_kind_of_anchor_has_its_pages():
    from accounts.members import MembersView
    from programmes.models import Location, Programme
    from tests.house.routes import routes

    shown = {
        route.view.queryset.model
        for route in routes()
        if isinstance(route.view, type) and issubclass(route.view, MembersView)
    }
    assert shown == {Agency, Programme, Location}
    assert {kind_of(model).model for model in shown} == shown
