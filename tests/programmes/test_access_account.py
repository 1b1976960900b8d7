"""Who can see this, and why: the account agrees with what people really find, and says the reason.

The account is computed from memberships and agreements; the scope from grants, in SQL. Each test
that holds one against the other can therefore fail.
"""

import datetime as dt

import pytest
from django.apps import apps

from accounts.grants import give_role
from accounts.models import AgencyMembership, Invitation, User
from accounts.permissions import Permission
from accounts.roles import Role
from accounts.sharing import Category
from core import clock
from core.models import Record
from programmes.models import AgreementParty, Evidence, LocationMembership, SharingAgreement
from programmes.reach import reach_of
from programmes.selectors.access import count_words, who_can_see
from programmes.sharing import shared_with
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.programmes import ConsentFactory, LocationFactory, StepRecordFactory
from tests.personas import LONG_AGO, give_location_role
from tests.world import make_one_of_everything

TODAY = dt.date(2024, 6, 25)

# What the account of a kind of record speaks of, where it is not the right to see it.
SEEN_BY = {"incidents.DataPackage": Permission.DATA_READ}

NO_ACCOUNT = {
    "accounts.Agency": "its name is everyone's",
    "accounts.AgencyMembership": "roles are listed on the members' pages",
    "programmes.LocationMembership": "roles are listed on the members' pages",
    "programmes.ProgrammeMembership": "roles are listed on the members' pages",
    "programmes.StepTemplate": "the method is open to everyone signed in",
    "delivery.TrainingCourse": "the method is open to everyone signed in",
    "surveys.Question": "the bank's questions are the method's; a programme's own go by its roles",
}


def agree(people, *agencies, categories, ends_on=dt.date(2025, 3, 31), **more):
    """Make an agreement that all these agencies have signed."""
    agreement = SharingAgreement.objects.create(
        programme=people.programme,
        title=more.pop("title", "Sharing in Leominster"),
        purpose="To work together.",
        legal_basis="cda-1998-s115",
        categories=list(categories),
        starts_on=dt.date(2024, 1, 1),
        review_on=dt.date(2024, 12, 1),
        ends_on=ends_on,
        **more,
    )
    for agency in agencies:
        AgreementParty.objects.create(
            agreement=agreement,
            agency=agency,
            signed_on=dt.date(2024, 1, 2),
            signed_name="A. Signatory",
        )
    return agreement


def records_of(people):
    """Return a row of every kind of record that the account is given for."""
    made = make_one_of_everything(people)
    return {
        label: row
        for label, row in made.items()
        if isinstance(row, Record) and label not in NO_ACCOUNT
    }


def vary(people):
    """Add what makes the rules differ: roles that ended or begin, agencies, closed accounts."""
    council = AgencyFactory(name="Herefordshire Council")
    charity = AgencyFactory(name="A charity", kind="charity")
    for name, agency, role, more in (
        ("council-coordinator", council, Role.COORDINATOR, {}),
        ("charity-community", charity, Role.COMMUNITY_COORDINATOR, {}),
        ("without-agency", None, Role.COORDINATOR, {}),
        ("ended", people.police, Role.COORDINATOR, {"ends_on": TODAY - dt.timedelta(1)}),
        ("last-day", people.police, Role.COORDINATOR, {"ends_on": TODAY}),
        ("to-come", people.police, Role.COORDINATOR, {"starts_on": TODAY + dt.timedelta(1)}),
    ):
        user = UserFactory(name=name, agency=agency)
        give_location_role(user, people.location, role, **more)
    closed = UserFactory(name="closed", agency=people.police, is_active=False)
    give_location_role(closed, people.location, Role.COORDINATOR)
    for role in (Role.LEADER, Role.PARTNER):  # of an agency: only one of them may sign for it
        at_agency = UserFactory(name=f"{role} of the police", agency=people.police)
        give_role(
            membership_model=AgencyMembership,
            user=at_agency,
            anchor=people.police,
            role=role,
            starts_on=LONG_AGO,
            by=None,
        )
    elsewhere = UserFactory(name="elsewhere", agency=people.police)
    give_location_role(elsewhere, LocationFactory(programme=people.programme), Role.PARTNER)
    return council, charity


def truth(row, permission):
    """Return the names of everybody who finds a row, asking the scope person by person."""
    rows = type(row)._default_manager.all()
    return {
        user.name
        for user in User.objects.filter(is_superuser=False)
        if rows.visible_to(user, permission).filter(pk=row.pk).exists()
    }


@pytest.mark.parametrize(
    "situation", ["nothing shared", "shared with the council", "shared with all", "lapsed"]
)
def test_the_account_names_exactly_the_people_who_find_the_record(people, situation):
    council, charity = vary(people)
    shared = {
        "nothing shared": [],
        "shared with the council": [people.police, council],
        "shared with all": [people.police, council, charity, people.housing],
        "lapsed": [people.police, council],
    }[situation]
    if shared:
        last = dt.date(2024, 12, 31) if situation != "lapsed" else None
        agree(
            people,
            *shared,
            categories=Category.values,
            ends_on=last or dt.date(2024, 12, 31),
            ended_on=TODAY - dt.timedelta(1) if last is None else None,
        )
    records = records_of(people)
    records |= {
        "past consent": ConsentFactory(
            location=people.location,
            agency=people.police,
            recorded_by=people.coordinator,
            withdrawn_on=TODAY,
        ),
        "the partner's own consent": ConsentFactory(
            location=people.location,
            agency=council,
            recorded_by=people.coordinator,
            user=people.partner,
        ),
        "an agreement of the police": agree(
            people, people.police, categories=[Category.FORCE_EXTRACTS]
        ),
        "sensitive evidence": Evidence.objects.create(
            step_record=records["programmes.StepRecord"],
            title="Names",
            note="Names",
            done_on=TODAY,
            recorded_by=people.coordinator,
            agency=council,
            marking="official-sensitive",
            handling="Keep it.",
        ),
    }
    package = records["incidents.DataPackage"]
    package.restricted = True
    package.save()
    for label, row in records.items():
        wanted = truth(row, SEEN_BY.get(label, Permission.VIEW))
        told = {person.name for person in who_can_see(row).people}
        assert told == wanted, (label, sorted(told ^ wanted))
        assert told, label


@pytest.mark.parametrize("is_shared", [False, True])
def test_what_is_open_to_whom_is_what_the_agreements_say(people, is_shared):
    council, _charity = vary(people)
    if is_shared:
        agree(people, people.police, council, categories=[Category.PEOPLE])
    told = 0
    for row in records_of(people).values():
        reach = reach_of(row)
        for person in who_can_see(row).people:
            user = User.objects.get(pk=person.id)
            shared = shared_with(user, people.programme)
            for category in reach.categories:
                covered = shared.covers(category, reach.owner_id, reach.recorded_by_id)
                assert (category in person.opened) <= covered, (row, user, category)
                assert (category in person.withheld) <= (not covered), (row, user, category)
                told += (category in person.opened) + (category in person.withheld)
    assert told > 20


def test_every_scoped_record_has_an_account_or_a_reason_why_not(people):
    made = make_one_of_everything(people)
    for model in apps.get_models():
        label = model._meta.label
        scoped = hasattr(model._default_manager.all(), "visible_to")
        if scoped and issubclass(model, Record) and label not in NO_ACCOUNT:
            assert who_can_see(made[label]).people_count, label


def test_a_kind_with_a_rule_of_its_own_needs_a_reach(people):
    with pytest.raises(LookupError, match="rule of its own"):
        who_can_see(LocationMembership.objects.first())


def test_the_reason_names_the_role_the_anchor_and_the_day(people):
    found = {person.name: person.through for person in who_can_see(people.location).people}
    assert [way.words for way in found["Coordinator"]] == [
        "Coordinator of Leominster since 1 January 2023"
    ]
    assert [way.words for way in found["Leader"]] == [
        "Leader of the whole programme since 1 January 2023"
    ]
    temporary = UserFactory(name="Temporary", agency=people.housing)
    give_location_role(temporary, people.location, Role.PARTNER, ends_on=dt.date(2024, 7, 1))
    found = {person.name: person.through for person in who_can_see(people.location).people}
    assert found["Temporary"][0].words == (
        "Partner of Leominster since 1 January 2023, until 1 July 2024"
    )


def test_people_are_counted_by_agency_and_the_owner_comes_first(people):
    account = who_can_see(people.location)
    assert count_words(account) == "7 people of 2 agencies"
    assert [agency.name for agency in account.agencies] == [
        "West Mercia Police",
        "Marches Housing",
    ]
    assert account.agencies[0].is_owner
    assert account.owner == "West Mercia Police"


def test_an_agreement_is_named_with_the_day_until_which_it_opens(people):
    agree(
        people,
        people.police,
        people.housing,
        categories=[Category.EXACT_COORDINATES],
        title="Boundaries",
    )
    agency = who_can_see(people.location).agencies[1]
    state = {one.category: (one.state, one.agreement, one.until) for one in agency.categories}
    assert state[Category.EXACT_COORDINATES] == ("open", "Boundaries", dt.date(2025, 3, 31))
    assert state[Category.PEOPLE] == ("withheld", "", None)


def test_the_longest_of_several_agreements_is_named(people):
    for title, end in (("Short", dt.date(2024, 12, 2)), ("Long", dt.date(2026, 1, 1))):
        agree(
            people,
            people.police,
            people.housing,
            categories=[Category.PEOPLE],
            title=title,
            ends_on=end,
        )
    agency = who_can_see(people.location).agencies[1]
    opened = {one.category: one.agreement for one in agency.categories}
    assert opened[Category.PEOPLE] == "Long"


def test_those_invited_and_those_whose_role_begins_later_stand_apart(people):
    invited = UserFactory(name="Invited", agency=people.housing, is_active=False)
    give_location_role(invited, people.location, Role.PARTNER)
    Invitation.objects.create(
        user=invited, digest="a" * 64, expires_at=clock.now() + dt.timedelta(days=3)
    )
    lapsed = UserFactory(name="Lapsed", agency=people.housing, is_active=False)
    give_location_role(lapsed, people.location, Role.PARTNER)
    Invitation.objects.create(
        user=lapsed, digest="b" * 64, expires_at=clock.now() - dt.timedelta(days=3)
    )
    soon = UserFactory(name="Soon", agency=people.housing)
    give_location_role(soon, people.location, Role.PARTNER, starts_on=dt.date(2024, 7, 1))
    account = who_can_see(people.location)
    assert [person.name for person in account.invited] == ["Invited"]
    assert [person.name for person in account.later] == ["Soon"]
    assert account.later[0].through[0].words == "Partner of Leominster from 1 July 2024"
    seeing = {person.name for person in account.people}
    assert not seeing & {"Invited", "Lapsed", "Soon"}


def test_administrators_are_named_as_reading_no_content(people):
    account = who_can_see(people.location)
    assert account.administrators == ("Admin",)
    assert "Admin" not in {person.name for person in account.people}


def test_who_only_sees_that_evidence_is_there_is_told_apart_from_who_reads_it(people):
    evidence = make_one_of_everything(people)["programmes.Evidence"]
    reads = {person.name: person.reads for person in who_can_see(evidence).people}
    assert reads == {
        "Analyst": False,
        "Community": True,
        "Coordinator": True,
        "Leader": True,
        "Manager": True,
        "Partner": False,
        "Verifier": True,
    }


@pytest.mark.parametrize("size", [4, 120])
def test_the_account_asks_the_database_as_often_for_many_people_as_for_few(
    people, size, django_assert_num_queries
):
    agencies = AgencyFactory.create_batch(size // 4)
    agree(people, people.police, *agencies, categories=Category.values)
    for number in range(size):
        user = UserFactory(agency=agencies[number % len(agencies)])
        give_location_role(user, people.location, Role.PARTNER)
    with django_assert_num_queries(5):  # roles on two anchors, agreements, staff, the date
        account = who_can_see(people.location)
    assert account.people_count == size + 7


def test_the_page_shows_names_and_reasons_but_no_addresses(client, people):
    client.force_login(people.partner)
    page = client.get("/locations/leominster/access/").content.decode()
    assert "Coordinator of Leominster since 1 January 2023" in page
    assert "7 people of 2 agencies" in page
    assert "@example.test" not in page


def test_every_record_page_leads_to_its_account(client, people):
    step = StepRecordFactory(location=people.location, definition__number=1)
    evidence = Evidence.objects.create(
        step_record=step, title="Walk", done_on=TODAY, recorded_by=people.coordinator
    )
    client.force_login(people.coordinator)
    for page, account in (
        ("/locations/leominster/", "/locations/leominster/access/"),
        ("/programmes/west-mercia/", "/programmes/west-mercia/access/"),
        ("/locations/leominster/steps/1/", "/locations/leominster/steps/1/access/"),
        (
            "/locations/leominster/steps/1/",
            f"/locations/leominster/steps/1/evidence/{evidence.pk}/access/",
        ),
    ):
        assert f'href="{account}"' in client.get(page).content.decode(), page
        assert client.get(account).status_code == 200


def test_the_title_of_sensitive_evidence_is_not_told_to_an_agency_that_is_not_covered(
    client, people
):
    step = StepRecordFactory(location=people.location, definition__number=1)
    evidence = Evidence.objects.create(
        step_record=step,
        title="Secret garden",
        note="n",
        done_on=TODAY,
        recorded_by=people.coordinator,
        marking="official-sensitive",
        handling="Whisper only",
    )
    address = f"/locations/leominster/steps/1/evidence/{evidence.pk}/access/"
    client.force_login(people.partner)
    page = client.get(address).content.decode()
    assert "Secret garden" not in page
    assert "Whisper only" not in page
    assert "OFFICIAL-SENSITIVE" in page
    client.force_login(people.coordinator)
    page = client.get(address).content.decode()
    assert "Secret garden" in page
    assert "Whisper only" in page


def test_programs_read_the_account_of_locations_and_steps(client, people):
    step = StepRecordFactory(location=people.location, definition__number=1)
    client.force_login(people.leader)
    for address in (
        "/api/v1/locations/leominster/access/",
        f"/api/v1/steps/{step.pk}/access/",
    ):
        found = client.get(address).json()
        assert found["people_count"] == 7
        names = {one["name"] for agency in found["agencies"] for one in agency["people"]}
        assert "Coordinator" in names
        assert "@" not in str(found)
