"""Which agency leads a programme: chosen at the start, handed over by those who lead."""

import datetime as dt

import pytest

from accounts.grants import give_role
from accounts.models import AgencyMembership
from accounts.roles import Role
from core.errors import NotAllowed, Refused
from programmes import services
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.personas import LONG_AGO

MONDAY = dt.date(2024, 9, 2)


def manages(user, agency):
    return give_role(
        membership_model=AgencyMembership,
        user=user,
        anchor=agency,
        role=Role.PROGRAMME_MANAGER,
        starts_on=LONG_AGO,
        by=None,
    )


def make(people, **fields):
    return services.create_programme(
        name="Next",
        template=people.programme.template,
        starts_on=MONDAY,
        by=people.manager,
        **fields,
    )


def test_ones_own_agency_leads_unless_one_says_otherwise(people):
    assert make(people).lead_agency == people.police


def test_one_leads_only_with_ones_own_agency_or_one_whose_programmes_one_manages(people):
    with pytest.raises(NotAllowed):
        make(people, lead_agency=people.housing)
    manages(people.manager, people.housing)
    assert make(people, lead_agency=people.housing).lead_agency == people.housing


def test_somebody_of_no_agency_leads_with_the_only_one_they_manage(people):
    agency, person = AgencyFactory(), UserFactory()
    manages(person, agency)
    made = services.create_programme(
        name="Theirs", template=people.programme.template, starts_on=MONDAY, by=person
    )
    assert made.lead_agency == agency


def hand(people, by, agency):
    return services.edit_programme(
        programme=people.programme, version=people.programme.version, by=by, lead_agency=agency
    )


def test_nobody_takes_the_lead_from_another_agency(people):
    """Whoever manages the programme for another agency cannot make its information their own."""
    taker = UserFactory(agency=people.housing)
    give_role(
        membership_model=type(people.programme.memberships.first()),
        user=taker,
        anchor=people.programme,
        role=Role.PROGRAMME_MANAGER,
        starts_on=LONG_AGO,
        by=people.manager,
    )
    manages(taker, people.housing)
    with pytest.raises(NotAllowed):
        hand(people, taker, people.housing)
    with pytest.raises(Refused):
        hand(people, people.manager, None)
    assert hand(people, people.manager, people.housing).lead_agency == people.housing


def test_where_nobody_leads_yet_one_chooses_as_for_a_new_programme(people):
    people.programme.lead_agency = None
    people.programme.save()
    with pytest.raises(NotAllowed):
        hand(people, people.manager, people.housing)
    assert hand(people, people.manager, people.police).lead_agency == people.police


def test_the_form_and_the_api_offer_the_same(people, client):
    client.force_login(people.manager)
    offered = client.get("/programmes/new/").context["form"].fields["lead_agency"].queryset
    assert list(offered) == [people.police]
    body = {
        "name": "By program",
        "template": str(people.programme.template_id),
        "starts_on": "2024-09-02",
        "lead_agency": str(people.housing.pk),
    }
    sent = client.post("/api/v1/programmes/", data=body, content_type="application/json")
    assert sent.status_code == 403
    body["lead_agency"] = str(people.police.pk)
    made = client.post("/api/v1/programmes/", data=body, content_type="application/json")
    assert (made.status_code, made.json()["lead_agency"]) == (201, str(people.police.pk))
