"""The home page of people who take part in no programme."""

import pytest

pytestmark = pytest.mark.django_db


def test_the_research_partners_home_leads_to_the_data_they_may_read(client, people, town):
    client.force_login(people.researcher)
    page = client.get("/").content.decode()
    assert f"/locations/{town.slug}/data/" in page
    assert "/locations/redditch-town/data/" not in page


def test_the_administrators_home_says_what_the_account_is_for(client, people):
    client.force_login(people.admin)
    assert "You look after accounts" in client.get("/").content.decode()
