"""What requests leave in the ledger: one entry for what was shown, changed or denied."""

import json
import uuid

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.choices import LedgerAction, Marking
from core.ledger import by_way_of, note
from core.ledger.notes import Collected
from core.personal import Personal
from core.views import ListView
from programmes.models import Programme, TargetPlace
from tests.core.view_urls import PlaceList, PlacePage
from tests.factories.programmes import TargetPlaceFactory
from tests.ledgers import last_id, noted

pytestmark = pytest.mark.urls("tests.core.ledger_urls")


@pytest.fixture
def place(people):
    return TargetPlaceFactory(location=people.location, slug="grange", name="Grange")


@pytest.fixture
def holds_people(monkeypatch):
    """For this test, target places hold data about people."""
    monkeypatch.setattr(TargetPlace, "personal", {"name": Personal.IDENTITY}, raising=False)


@pytest.fixture
def holds_nobody(monkeypatch):
    monkeypatch.setattr(TargetPlace, "personal", {}, raising=False)


@pytest.fixture
def ask(client, people):
    """Return a function that sends a request as somebody, and gives what it left in the ledger."""

    def send(who, path, method="get", **data):
        client.raise_request_exception = False
        client.force_login(getattr(people, who))
        before = last_id()
        response = getattr(client, method)(path, **data)
        return response, noted(before)

    return send


def at(place, rest=""):
    return f"/try/{place.pk}/{rest}"


def test_a_page_about_people_leaves_one_entry_with_who_what_and_where(
    ask, people, place, holds_people
):
    response, (entry,) = ask("coordinator", at(place))
    assert response.status_code == 200
    assert (entry.action, entry.subject, entry.subject_id) == (
        "view",
        "programmes.TargetPlace",
        str(place.pk),
    )
    assert (entry.actor, entry.actor_agency) == (
        people.coordinator.pk,
        people.coordinator.agency_id,
    )
    assert (entry.anchor, entry.anchor_id) == ("programmes.Location", people.location.pk)
    assert (entry.touches, entry.by_way_of, entry.path) == (["personal"], "session", at(place))
    assert "Grange" not in json.dumps(entry.detail)


def test_a_page_without_people_leaves_none(ask, place, holds_nobody):
    assert ask("coordinator", at(place))[1] == []
    assert ask("coordinator", "/try/")[1] == []


def test_what_is_marked_sensitive_is_noted_whatever_it_holds(ask, place, holds_nobody):
    TargetPlace.objects.update(marking=Marking.OFFICIAL_SENSITIVE, handling="Police only")
    (entry,) = ask("coordinator", at(place))[1]
    assert entry.touches == ["sensitive"]
    (entry,) = ask("coordinator", "/try/")[1]
    assert (entry.action, entry.touches, entry.rows) == ("search", ["sensitive"], 1)


def test_a_view_that_names_a_category_is_noted(ask, place, holds_nobody, monkeypatch):
    monkeypatch.setattr(PlacePage, "ledger_touches", ("people",))
    (entry,) = ask("coordinator", at(place))[1]
    assert entry.touches == ["people"]


def test_a_page_that_also_shows_people_is_noted(ask, place, holds_nobody, monkeypatch):
    monkeypatch.setattr(Programme, "personal", {"name": Personal.IDENTITY}, raising=False)
    monkeypatch.setattr(PlacePage, "also_shows", (Programme,))
    (entry,) = ask("coordinator", at(place))[1]
    assert entry.detail == {"shows": ["programmes.Programme"]}
    assert entry.touches == ["personal"]


def test_a_list_says_how_many_rows_and_which_filters_but_not_their_values(ask, place, holds_people):
    (entry,) = ask("coordinator", "/try/?name=Jane&page=1&j%40x=2")[1]
    assert (entry.action, entry.rows, entry.anchor_id) == ("search", 1, place.location_id)
    assert entry.detail == {"filters": ["name"]}
    assert "Jane" not in entry.path


def test_a_list_over_several_places_names_each(ask, people, place, holds_people, monkeypatch):
    other = TargetPlaceFactory(location__programme=people.programme)
    (entry,) = ask("manager", "/try/")[1]
    assert (entry.rows, entry.anchor_id) == (2, None)
    assert set(entry.anchors) == {place.location_id, other.location_id}


def test_a_record_outside_ones_scope_is_a_denial_under_its_own_place(ask, people, place):
    response, (entry,) = ask("neighbour", at(place))
    assert response.status_code == 404
    assert (entry.action, entry.subject_id) == ("denied", str(place.pk))
    assert (entry.actor, entry.anchor_id) == (people.neighbour.pk, place.location_id)


def test_what_does_not_exist_costs_as_many_queries_as_what_is_hidden(client, people, place):
    client.force_login(people.neighbour)
    counts = []
    for path in (at(place), f"/try/{uuid.uuid4()}/"):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_is_seen_but_not_allowed_is_a_denial(ask, people, place):
    response, (entry,) = ask("partner", at(place, "edit/"))
    assert response.status_code == 403
    assert (entry.action, entry.anchor_id, entry.detail) == (
        "denied",
        place.location_id,
        {"method": "GET"},
    )


def test_a_denial_by_a_view_without_a_base_is_noted_once(ask):
    response, (entry,) = ask("partner", "/try/refuses/")
    assert response.status_code == 403
    assert (entry.action, entry.path) == ("denied", "/try/refuses/")


def test_nobodys_requests_leave_nothing(db, place):
    before = last_id()
    assert Client().get(at(place)).status_code == 302
    assert Client().get(f"/api/v1/target-places/{place.pk}/").status_code == 401
    assert noted(before) == []


def test_a_change_is_noted_as_one(ask, place, holds_people):
    sent = {"name": "Grange Road", "summary": "", "version": place.version}
    response, (entry,) = ask("coordinator", at(place, "edit/"), "post", data=sent)
    assert response.status_code == 302
    assert (entry.action, entry.subject_id, entry.detail) == ("change", str(place.pk), {})


def test_a_form_with_errors_shows_and_changes_nothing(ask, place, holds_people):
    response, (entry,) = ask("coordinator", at(place, "edit/"), "post", data={"name": ""})
    assert (response.status_code, entry.action, entry.detail) == (422, "view", {"status": 422})


def test_a_refused_button_says_so(ask, place, holds_people):
    _response, (entry,) = ask("coordinator", at(place, "rename/"), "post", data={"refuse": "1"})
    assert (entry.action, entry.detail) == ("change", {"refused": True})


def test_a_refusal_by_a_service_is_a_denial_though_its_transaction_is_rolled_back(
    ask, place, holds_people
):
    sent = {"name": "forbid", "summary": "", "version": place.version}
    response, (entry,) = ask("coordinator", at(place, "edit/"), "post", data=sent)
    assert (response.status_code, entry.action) == (403, "denied")


def test_an_error_of_ours_is_noted_with_its_status(ask, place, holds_people, monkeypatch):
    def broken(self, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(PlacePage, "get_context_data", broken)
    response, (entry,) = ask("coordinator", at(place))
    assert response.status_code == 500
    assert (entry.action, entry.detail) == ("view", {"status": 500})


def test_a_note_of_a_change_that_was_rolled_back_says_so(ask, place):
    (entry,) = ask("coordinator", "/try/half-done/")[1]
    assert (entry.action, entry.detail) == ("permission", {"role": "leader", "undone": True})


def test_downloads_are_always_noted_before_the_first_byte(ask, people, holds_nobody):
    response, (entry,) = ask("coordinator", "/try/file/")
    assert response.streaming
    assert (entry.action, entry.touches) == ("download", [])


def test_where_the_ledger_cannot_be_written_no_data_leave(ask, place, holds_people, monkeypatch):
    def full(*args, **kwargs):
        raise Error("disk full")

    monkeypatch.setattr("core.ledger.middleware.insert", full)
    response, entries = ask("coordinator", at(place))
    assert response.status_code == 500
    assert b"Grange" not in response.content
    response, entries = ask("coordinator", "/try/file/")
    assert (response.status_code, response.streaming, entries) == (500, False, [])
    assert b"bytes" not in response.content


def test_all_notes_of_a_request_go_out_in_one_insert(client, people):
    client.force_login(people.coordinator)
    before = last_id()
    with CaptureQueriesContext(connection) as queries:
        client.get("/try/three-notes/")
    inserts = [query["sql"] for query in queries if 'INTO "core_ledgerentry"' in query["sql"]]
    assert len(inserts) == 1
    entries = noted(before)
    assert len(entries) == 3
    assert len({entry.request for entry in entries}) == 1


def test_a_secret_in_an_address_is_not_kept(ask):
    secret = "s3cret" * 8
    (entry,) = ask("partner", f"/try/refuses/{secret}/")[1]
    assert secret not in entry.path


def test_the_api_notes_reading_changing_and_denying(ask, people, place, holds_people):
    path = f"/api/v1/target-places/{place.pk}/"
    patch = {"data": '{"name": "New"}', "content_type": "application/json"}
    read = {"headers": {"If-Match": f'"{place.version}"'}}
    listed = "/api/v1/target-places/?location=leominster"
    found = {}
    for who, address, method, sent, status, action in (
        ("coordinator", path, "get", {}, 200, "view"),
        ("coordinator", listed, "get", {}, 200, "search"),
        ("coordinator", path, "patch", patch | read, 200, "change"),
        ("neighbour", path, "get", {}, 404, "denied"),
        ("partner", path, "patch", patch | read, 403, "denied"),
    ):
        response, (entry,) = ask(who, address, method, **sent)
        assert (response.status_code, entry.action) == (status, action)
        assert entry.anchor_id == people.location.pk
        found[action] = entry
    assert found["search"].detail == {"filters": ["location"]}
    assert found["search"].rows == 1


def test_a_refused_creation_through_the_api_is_a_denial_at_the_parent(ask, people, holds_people):
    body = json.dumps({"location": "leominster", "name": "New"})
    response, entries = ask(
        "partner",
        "/api/v1/target-places/",
        "post",
        data=body,
        content_type="application/json",
    )
    assert response.status_code == 403, response.content
    (entry,) = entries
    assert (entry.action, entry.anchor_id) == ("denied", people.location.pk)


def test_the_usual_page_costs_one_insert_and_nothing_else(client, people, place, monkeypatch):
    client.force_login(people.coordinator)
    client.get(at(place))
    counts = []
    for personal in ({}, {"name": Personal.IDENTITY}):
        monkeypatch.setattr(TargetPlace, "personal", personal, raising=False)
        with CaptureQueriesContext(connection) as queries:
            client.get(at(place))
        counts.append(len(queries))
    assert counts[1] == counts[0] + 1


def test_outside_a_request_an_entry_is_written_at_once_in_the_callers_transaction(db, people):
    before, number = last_id(), uuid.uuid4()
    with by_way_of("job", number=number, by=people.analyst):
        note(LedgerAction.EXPORT, subject=people.location, rows=7, reason="Board paper")
    (entry,) = noted(before)
    assert (entry.by_way_of, entry.request, entry.actor) == ("job", number, people.analyst.pk)
    assert (entry.anchor_id, entry.rows, entry.reason) == (people.location.pk, 7, "Board paper")
    try:
        with transaction.atomic():
            note(LedgerAction.EXPORT)
            raise RuntimeError
    except RuntimeError:
        pass
    assert noted(before) == [entry]


def test_every_base_of_pages_is_one_that_notes():
    from core import views
    from core.ledger.construction import NotedView

    bases = [getattr(views, name) for name in views.__all__ if name.endswith("View")]
    assert len(bases) > 5
    assert ListView in bases
    assert [base for base in bases if not issubclass(base, NotedView)] == []
    assert issubclass(PlaceList, NotedView)
    assert Collected(None).entries == []
