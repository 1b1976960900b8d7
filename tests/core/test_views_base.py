"""Base views: safe by construction; outside the scope 404, seen but not allowed 403."""

import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured

from core.history import because
from core.views import DetailView, public
from programmes.models import Location, TargetPlace
from tests.factories.programmes import TargetPlaceFactory

pytestmark = pytest.mark.urls("tests.core.view_urls")


@pytest.fixture
def place(people):
    return TargetPlaceFactory(location=people.location, slug="grange", name="Grange")


@pytest.fixture
def sign_in(client, people):
    def as_person(name):
        client.force_login(getattr(people, name))
        return client

    return as_person


def at(place, rest=""):
    return f"/try/{place.pk}/{rest}"


def test_a_view_without_queryset_permission_or_scope_refuses_to_exist():
    class Unscoped:
        pass

    for attributes, said in (
        ({}, "queryset and a permission"),
        ({"queryset": Location.objects.all()}, "queryset and a permission"),
        ({"permission": "view"}, "queryset and a permission"),
        ({"queryset": Unscoped(), "permission": "view"}, "visible_to"),
    ):
        with pytest.raises(ImproperlyConfigured, match=said):
            type("Careless", (DetailView,), attributes)


def test_a_public_view_needs_a_reason():
    with pytest.raises(ImproperlyConfigured):
        public("")


def test_public_classes_and_functions_answer_without_signing_in(client, people):
    assert client.get("/try/open/").content == b"open"
    assert client.get("/try/open-function/").content == b"open"
    assert client.get("/try/").url == "/accounts/login/?next=/try/"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("coordinator", 200),
        ("leader", 200),
        ("partner", 403),
        ("neighbour", 404),
        ("stranger", 404),
        ("admin", 404),
    ],
)
def test_one_page_follows_the_rule(sign_in, place, name, code):
    assert sign_in(name).get(at(place)).status_code == code


def test_a_hidden_page_reads_like_none(sign_in, place):
    client = sign_in("neighbour")
    hidden, none = client.get(at(place)), client.get(f"/try/{uuid.uuid4()}/")
    assert hidden.status_code == none.status_code == 404
    assert strip(hidden.text) == strip(none.text)


def strip(text):
    """Leave out what differs from answer to answer: tokens and nonces."""
    import re

    return re.sub(r'(value|nonce)="[^"]{10,}"', "", text)


def test_a_list_shows_ones_own_scope(sign_in, place, people):
    TargetPlaceFactory(location=people.other_location, name="Elsewhere")
    assert sign_in("coordinator").get("/try/").json() == {"names": ["Grange"]}
    assert sign_in("neighbour").get("/try/").json() == {"names": ["Elsewhere"]}


def test_a_form_saves_and_goes_on(sign_in, place):
    response = sign_in("coordinator").post(at(place, "edit/"), {"name": "Park", "version": 1})
    assert (response.status_code, response.url) == (302, "/after/")
    place.refresh_from_db()
    assert (place.name, place.version) == ("Park", 2)


def test_a_form_with_errors_answers_422_and_keeps_what_was_typed(sign_in, place):
    response = sign_in("coordinator").post(
        at(place, "edit/"), {"name": "", "summary": "typed", "version": 1}
    )
    assert response.status_code == 422
    assert "typed" in response.text


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("refuse", 422, "That name is taken."),
        ("forbid", 403, "Not on a Sunday."),
        ("bad file", 422, "a.csv, row 3, column “month”: found “13”, expected a month."),
    ],
)
def test_what_a_service_refuses_is_said_in_its_words(sign_in, place, name, code, said):
    response = sign_in("coordinator").post(at(place, "edit/"), {"name": name, "version": 1})
    assert response.status_code == code
    assert said in response.text


def test_a_stale_save_shows_both_texts_and_can_be_sent_again(sign_in, place, people):
    client = sign_in("coordinator")
    with because(by=people.manager):
        other = TargetPlace.objects.get(pk=place.pk)
        other.name, other.summary = "Their name", "Their summary"
        other.save_version(1)
    mine = {"name": "My name", "summary": "Their summary", "version": 1}
    response = client.post(at(place, "edit/"), mine)
    assert response.status_code == 409
    for text in ("My name", "Their name", "Save my text instead"):
        assert text in response.text
    shown = {difference.name for difference in response.context["differences"]}
    assert shown == {"name"}  # what is the same on both sides is left out
    again = dict(response.context["resend"])
    assert again == {"name": "My name", "summary": "Their summary", "version": "2"}
    assert client.post(at(place, "edit/"), again).status_code == 302
    place.refresh_from_db()
    assert (place.name, place.version) == ("My name", 3)


def test_a_stale_save_changes_nothing_by_itself(sign_in, place):
    TargetPlace.objects.filter(pk=place.pk).update(version=5)
    sign_in("coordinator").post(at(place, "edit/"), {"name": "Mine", "version": 1})
    place.refresh_from_db()
    assert (place.name, place.version) == ("Grange", 5)


def test_a_button_works_by_post_alone_and_all_or_nothing(sign_in, place, monkeypatch):
    monkeypatch.setattr(TargetPlace, "get_absolute_url", lambda self: "/here/")
    client = sign_in("coordinator")
    assert client.get(at(place, "rename/")).status_code == 405
    assert client.post(at(place, "rename/"), {"refuse": "1"}).url == "/here/"
    place.refresh_from_db()
    assert place.name == "Grange"
    assert client.post(at(place, "rename/")).url == "/after/"
    place.refresh_from_db()
    assert place.name == "Half done"
    assert sign_in("partner").post(at(place, "rename/")).status_code == 403


def test_history_beside_the_record_says_who_what_and_why(sign_in, place, people):
    with because(by=people.manager, reason="spelled as on the sign"):
        TargetPlace.objects.filter(pk=place.pk).update(name="The Grange")
    page = sign_in("coordinator").get(at(place, "history/")).text
    for text in (
        "Target place changed",
        "by Manager",
        "spelled as on the sign",
        "Name: from “Grange” to “The Grange”",
        "Target place added",
    ):
        assert text in page
    assert sign_in("partner").get(at(place, "history/")).status_code == 403
    assert sign_in("neighbour").get(at(place, "history/")).status_code == 404


def test_text_of_a_record_cannot_become_markup_in_its_history(sign_in, place):
    TargetPlace.objects.filter(pk=place.pk).update(name="<script>alert(1)</script>")
    page = sign_in("coordinator").get(at(place, "history/")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_our_own_fault_tells_no_detail_and_needs_no_database(sign_in, people, monkeypatch):
    client = sign_in("coordinator")
    client.raise_request_exception = False
    response = client.get("/try/broken/")
    assert response.status_code == 500
    assert "secret" not in response.text

    def gone(*args):
        raise AssertionError("the database was asked")

    from django.test import RequestFactory

    from core.views.errors import server_error

    monkeypatch.setattr("core.clock.read_business_date", gone)
    assert server_error(RequestFactory().get("/x/")).status_code == 500
