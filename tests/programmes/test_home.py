"""The home page of people who take part in no programme."""

import datetime as dt

import pytest

from accounts.roles import Role
from core.clock import business_date
from tests.personas import give_location_role

pytestmark = pytest.mark.django_db


def test_the_research_partners_home_leads_to_the_data_they_may_read(client, people, town):
    client.force_login(people.researcher)
    page = client.get("/").content.decode()
    assert f"/locations/{town.slug}/data/" in page
    assert "/locations/redditch-town/data/" not in page


def test_the_administrators_home_says_what_the_account_is_for(client, people):
    client.force_login(people.admin)
    assert "You look after accounts" in client.get("/").content.decode()


def test_a_research_partner_is_led_to_no_page_that_is_closed_to_them(client, people, town):
    client.force_login(people.researcher)
    page = client.get(f"/locations/{town.slug}/data/").content.decode()
    assert f'href="{town.get_absolute_url()}"' not in page
    assert f'href="{town.programme.get_absolute_url()}"' not in page


def test_a_successor_reads_from_when_on_and_then_what_is_owed(client, people, town):
    give_location_role(people.stranger, town, Role.COORDINATOR, starts_on=dt.date(2024, 7, 1))
    client.force_login(people.stranger)
    with business_date(dt.date(2024, 6, 25)):
        page = client.get("/").content.decode()
    assert f"Coordinator, {town.name}: from 1 July 2024" in page
    assert "Ask a programme manager" not in page


def test_who_holds_no_role_now_or_later_is_told_whom_to_ask(client, people):
    client.force_login(people.stranger)
    assert "Ask a programme manager to give you a role" in client.get("/").content.decode()
