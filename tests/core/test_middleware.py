"""What wraps every request: no caching of what one was shown, timing, one business date."""

import re

import pytest
from django.db import connection

from core import clock
from core.middleware import BusinessDateMiddleware, ServerTimingMiddleware

pytestmark = pytest.mark.urls("tests.core.view_urls")
TIMING = r'total;dur=[\d.]+, db;dur=[\d.]+;desc="(\d+) queries"'


def test_what_a_signed_in_person_was_shown_is_not_stored(client, people):
    client.force_login(people.coordinator)
    assert client.get("/try/")["Cache-Control"] == "no-store, private"
    assert client.get("/nothing-here/")["Cache-Control"] == "no-store, private"


def test_a_view_that_says_how_it_is_kept_is_left_alone(client, people):
    client.force_login(people.coordinator)
    assert client.get("/try/open-function/")["Cache-Control"] == "public, max-age=60"


def test_a_page_without_signing_in_is_left_to_the_view(client, people):
    assert "no-store" not in client.get("/try/open/").get("Cache-Control", "")


def test_every_answer_outside_production_tells_its_time_and_queries(client, people):
    client.force_login(people.coordinator)
    timing = client.get("/try/")["Server-Timing"]
    assert int(re.fullmatch(TIMING, timing)[1]) >= 3


def test_in_production_only_administrators_see_the_timing(client, people, settings):
    settings.PRODUCTION = True
    client.force_login(people.coordinator)
    assert "Server-Timing" not in client.get("/try/", secure=True)
    client.force_login(people.admin)
    assert "Server-Timing" in client.get("/try/", secure=True)


@pytest.mark.django_db
def test_the_queries_are_counted_exactly(rf):
    def view(request):
        from django.http import HttpResponse

        with connection.cursor() as cursor:
            for _ in range(3):
                cursor.execute("SELECT 1")
        return HttpResponse()

    response = ServerTimingMiddleware(view)(rf.get("/"))
    assert re.fullmatch(TIMING, response["Server-Timing"])[1] == "3"


def test_a_request_keeps_one_business_date_and_reads_it_once(
    rf, business_date, django_assert_num_queries
):
    seen = []
    with django_assert_num_queries(1):
        BusinessDateMiddleware(lambda request: seen.extend(clock.today() for _ in range(5)))(
            rf.get("/")
        )
    assert set(seen) == {business_date}
