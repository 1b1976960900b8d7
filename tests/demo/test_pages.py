"""The demonstration's own pages: what it tells, its date, its mail."""

import datetime as dt

import pytest
from django.core.mail import EmailMessage
from django.test import override_settings

from core import clock
from demo.mail import letters

FILES = "django.core.mail.backends.filebased.EmailBackend"


@pytest.fixture
def demonstrating(settings):
    settings.DEMONSTRATION = True


def test_the_administrator_moves_the_date_and_everybody_sees_it(client, people, demonstrating):
    client.force_login(people.admin)
    answer = client.post(
        "/demo/date/", {"date_day": "2", "date_month": "7", "date_year": "2024"}, follow=True
    )
    assert answer.status_code == 200
    assert clock.read_business_date() == dt.date(2024, 7, 2)
    assert "Tuesday 2 July 2024" in answer.content.decode()
    client.force_login(people.leader)
    assert "Tuesday 2 July 2024 (week 31)" in client.get("/").content.decode()


@pytest.mark.parametrize("year", ["1924", "20244", ""])
def test_a_date_that_would_empty_every_page_is_refused(client, people, demonstrating, year):
    client.force_login(people.admin)
    answer = client.post("/demo/date/", {"date_day": "2", "date_month": "7", "date_year": year})
    assert answer.status_code == 422
    assert clock.read_business_date() == dt.date(2024, 6, 25)


@pytest.mark.parametrize("who", ["manager", "coordinator", "leader", "neighbour"])
def test_nobody_else_moves_the_date(client, people, demonstrating, who):
    client.force_login(getattr(people, who))
    assert client.get("/demo/date/").status_code == 403
    answer = client.post("/demo/date/", {"date_day": "2", "date_month": "7", "date_year": "2024"})
    assert answer.status_code == 403
    assert clock.read_business_date() == dt.date(2024, 6, 25)


def test_the_page_about_it_names_sources_and_denies_endorsement(client, people, demonstrating):
    client.force_login(people.researcher)
    text = client.get("/demo/").content.decode()
    assert "College of Policing" in text
    assert "No body named here has endorsed it" in text
    assert "£140,000" in text


@override_settings(EMAIL_BACKEND=FILES)
def test_mail_is_read_by_its_receiver_and_the_administrator_alone(client, people, demonstrating):
    EmailMessage(
        "An action for you", "Please say what was done.\nThank you.", to=[people.partner.email]
    ).send()
    client.force_login(people.partner)
    assert "An action for you" in client.get("/demo/mail/").content.decode()
    client.force_login(people.admin)
    assert "An action for you" in client.get("/demo/mail/").content.decode()
    client.force_login(people.coordinator)
    assert "An action for you" not in client.get("/demo/mail/").content.decode()


@override_settings(EMAIL_BACKEND=FILES)
def test_a_letter_is_read_with_its_words_and_its_markup_is_harmless(client, people, demonstrating):
    EmailMessage(
        "Café – £5 <b>",
        "See <script>alert(1)</script> and\nhttps://example.org/a",
        to=[people.partner.email],
    ).send()
    (letter,) = letters(to=people.partner.email)
    assert letter.subject == "Café – £5 <b>"
    assert letter.text.endswith("https://example.org/a")
    client.force_login(people.partner)
    text = client.get("/demo/mail/").content.decode()
    assert "<script>alert(1)" not in text
    assert 'href="https://example.org/a"' in text


@pytest.mark.parametrize("path", ["/demo/", "/demo/date/", "/demo/mail/"])
def test_production_has_none_of_these_pages(client, people, settings, path):
    settings.PRODUCTION = True
    client.force_login(people.admin)
    assert client.get(path).status_code == 404


def test_without_a_demonstration_no_banner_speaks_of_one(client, people, settings):
    settings.DEMONSTRATION = False
    client.force_login(people.leader)
    text = client.get("/").content.decode()
    assert "Business date" not in text
