"""The API's bases: scope, versions, repeats, strict bodies and errors of one shape."""

import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.api.base import ScopedModelViewSet, ScopedReadViewSet
from core.api.fields import ScopedPrimaryKeyRelatedField
from core.selectors import history_of
from programmes.models import TargetPlace
from tests.factories.programmes import LocationFactory, TargetPlaceFactory

pytestmark = pytest.mark.urls("tests.core.api_urls")
PLACES = "/api/try/places/"


@pytest.fixture
def place(people):
    return TargetPlaceFactory(location=people.location, slug="grange", name="Grange")


@pytest.fixture
def api(client, people):
    """Call as a person: ``api("coordinator").post(path, {...})``."""

    class Caller:
        def __init__(self, name):
            client.logout()
            if name:
                client.force_login(getattr(people, name))

        def __getattr__(self, method):
            def send(path, body=None, **headers):
                more = {} if body is None else {"data": body, "content_type": "application/json"}
                named = {k.replace("_", "-"): v for k, v in headers.items()}
                return getattr(client, method)(path, headers=named, **more)

            return send

    return Caller


def one(place):
    return f"{PLACES}{place.pk}/"


def problem(response, code):
    assert response.status_code == code, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == code
    assert body["title"]
    assert body["detail"]
    return body


# --- Refusing to exist --------------------------------------------------------------------------


def test_a_resource_without_scope_or_permission_refuses_to_exist():
    with pytest.raises(ImproperlyConfigured, match="visible_to"):
        type("NoQueryset", (ScopedReadViewSet,), {"permissions": {}})
    with pytest.raises(ImproperlyConfigured, match="retrieve"):
        type(
            "HalfThought",
            (ScopedReadViewSet,),
            {"queryset": TargetPlace.objects.all(), "permissions": {"list": "view"}},
        )
    with pytest.raises(ImproperlyConfigured, match="partial_update"):
        type(
            "Writable",
            (ScopedModelViewSet,),
            {
                "queryset": TargetPlace.objects.all(),
                "permissions": dict.fromkeys(("list", "retrieve", "create", "update"), "view"),
            },
        )


def test_a_reference_to_a_model_without_scope_needs_a_reason():
    from places.models import Area

    with pytest.raises(ImproperlyConfigured, match="open_reason"):
        ScopedPrimaryKeyRelatedField(queryset=Area.objects.all())
    ScopedPrimaryKeyRelatedField(queryset=Area.objects.all(), open_reason="geography is public")


# --- Scope --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("coordinator", 200),
        ("partner", 200),
        ("neighbour", 404),
        ("stranger", 404),
        ("researcher", 404),
        ("admin", 404),
        (None, 401),
    ],
)
def test_reading_one_record(api, place, name, code):
    response = api(name).get(one(place))
    assert response.status_code == code
    if code != 200:
        problem(response, code)


def test_a_hidden_record_reads_like_none(api, place):
    hidden = api("neighbour").get(one(place)).json()
    none = api("neighbour").get(f"{PLACES}{uuid.uuid4()}/").json()
    assert hidden == none


@pytest.mark.parametrize(
    ("name", "code"), [("coordinator", 200), ("partner", 403), ("neighbour", 404), (None, 401)]
)
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_who_may_change_a_record(api, place, method, name, code):
    body = None if method == "delete" else {"location": "leominster", "slug": "grange", "name": "X"}
    response = getattr(api(name), method)(one(place), body, if_match='"1"')
    assert response.status_code == (204 if method == "delete" and code == 200 else code)
    place_there = TargetPlace.objects.filter(pk=place.pk, name="Grange").exists()
    assert place_there == (code != 200)


def test_a_list_shows_the_callers_scope_only(api, place, people):
    elsewhere = TargetPlaceFactory(location=people.other_location)
    assert [r["id"] for r in api("coordinator").get(PLACES).json()["results"]] == [str(place.pk)]
    assert [r["id"] for r in api("neighbour").get(PLACES).json()["results"]] == [str(elsewhere.pk)]
    assert api("stranger").get(PLACES).json()["results"] == []


# --- References ---------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["create", "update", "filter"])
def test_a_reference_to_a_hidden_record_reads_like_one_to_none(api, place, people, where):
    answers = []
    for slug in ("redditch-town", "nowhere"):
        body = {"location": slug, "slug": "a", "name": "A"}
        if where == "create":
            response = api("coordinator").post(PLACES, body)
        elif where == "update":
            response = api("coordinator").patch(one(place), {"location": slug}, if_match='"1"')
        else:
            response = api("coordinator").get(f"{PLACES}?location={slug}")
        answers.append(str(problem(response, 400)).replace(slug, "…"))
    assert answers[0] == answers[1]


def test_a_record_is_made_only_where_the_caller_may(api, people):
    body = {"location": "leominster", "slug": "a", "name": "A"}
    problem(api("partner").post(PLACES, body), 403)
    assert api("coordinator").post(PLACES, body).status_code == 201


# --- Bodies -------------------------------------------------------------------------------------


def test_unknown_and_read_only_fields_are_refused(api, place):
    body = {
        "location": "leominster",
        "slug": "a",
        "name": "A",
        "is_demonstration": True,
        "marking": "x",
        "created_at": "2020-01-01",
        "version": 7,
    }
    errors = problem(api("coordinator").post(PLACES, body), 400)["errors"]
    assert set(errors) == {"is_demonstration", "marking", "created_at", "version"}
    response = api("coordinator").patch(
        one(place), {"name": "B", "version": 7, "id": str(uuid.uuid4())}, if_match='"1"'
    )
    assert set(problem(response, 400)["errors"]) == {"version", "id"}
    place.refresh_from_db()
    assert place.name == "Grange"


def test_what_was_read_can_be_put_back(api, place):
    response = api("coordinator").get(one(place))
    body = response.json() | {"name": "Grange park"}
    changed = api("coordinator").put(one(place), body, if_match=response["ETag"])
    assert changed.status_code == 200
    assert changed.json()["name"] == "Grange park"


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "", "\x00"])
def test_a_body_that_is_no_record_is_a_problem(api, people, body):
    problem(api("coordinator").post(PLACES, body), 400)


def test_another_type_of_body_is_a_problem(client, people):
    client.force_login(people.coordinator)
    problem(client.post(PLACES, {"name": "A"}), 415)


# --- Versions -----------------------------------------------------------------------------------


def test_a_change_needs_the_version_that_was_read(api, place):
    coordinator = api("coordinator")
    tag = coordinator.get(one(place))["ETag"]
    assert tag == '"1"'
    problem(coordinator.patch(one(place), {"name": "B"}), 428)
    problem(coordinator.patch(one(place), {"name": "B"}, if_match="*"), 428)
    problem(coordinator.patch(one(place), {"name": "B"}, if_match='"7"'), 412)
    response = coordinator.patch(one(place), {"name": "B"}, if_match=tag)
    assert (response.status_code, response["ETag"], response.json()["version"]) == (200, '"2"', 2)
    problem(coordinator.patch(one(place), {"name": "C"}, if_match=tag), 412)
    problem(coordinator.delete(one(place)), 428)
    problem(coordinator.delete(one(place), if_match=tag), 412)
    assert coordinator.delete(one(place), if_match='"2"').status_code == 204


def test_a_list_tells_the_version_of_each_record(api, place):
    (row,) = api("coordinator").get(PLACES).json()["results"]
    assert row["version"] == 1


def test_a_version_one_has_already_is_not_sent_again(api, place):
    response = api("coordinator").get(one(place), if_none_match='"1"')
    assert (response.status_code, response.content) == (304, b"")
    assert api("coordinator").get(one(place), if_none_match='"0"').status_code == 200


def test_a_change_is_kept_in_history_with_person_and_address(api, place, people):
    api("coordinator").patch(one(place), {"name": "B"}, if_match='"1"')
    change = history_of(place)[0]
    assert (change.who, change.fields[0].new) == ("Coordinator", "B")
    from core.selectors import _event_model

    event = _event_model(TargetPlace).objects.filter(pgh_obj_id=place.pk).latest("pgh_id")
    assert event.pgh_context.metadata == {"user": str(people.coordinator.pk), "url": one(place)}


# --- Repeats ------------------------------------------------------------------------------------


def test_the_same_record_sent_twice_is_made_once(api, people):
    key = str(uuid.uuid4())
    body = {"id": key, "location": "leominster", "slug": "a", "name": "A"}
    first = api("coordinator").post(PLACES, body)
    assert (first.status_code, first.json()["id"]) == (201, key)
    assert first["Location"] == f"http://testserver{PLACES}{key}/"
    again = api("coordinator").post(PLACES, body)
    assert (again.status_code, again.json()) == (200, first.json())
    assert TargetPlace.objects.filter(pk=key).count() == 1


def test_another_record_with_the_same_id_is_refused(api, people):
    body = {"id": str(uuid.uuid4()), "location": "leominster", "slug": "a", "name": "A"}
    api("coordinator").post(PLACES, body)
    problem(api("coordinator").post(PLACES, body | {"name": "B"}), 409)
    problem(api("neighbour").post(PLACES, body | {"location": "redditch-town"}), 409)
    assert TargetPlace.objects.get(pk=body["id"]).name == "A"


def test_an_id_that_is_none_is_refused(api, people):
    body = {"id": "one", "location": "leominster", "slug": "a", "name": "A"}
    assert set(problem(api("coordinator").post(PLACES, body), 400)["errors"]) == {"id"}


# --- Pages --------------------------------------------------------------------------------------


def read_all(api, path):
    seen, pages = [], 0
    while path:
        body = api("coordinator").get(path).json()
        seen += [row["id"] for row in body["results"]]
        path, pages = body["next"], pages + 1
    return seen, pages


@pytest.mark.parametrize("same_time", [False, True])
def test_pages_show_every_record_once(api, people, same_time):
    places = TargetPlaceFactory.create_batch(11, location=people.location)
    if same_time:
        TargetPlace.objects.update(created_at=people.location.created_at)
    seen, pages = read_all(api, f"{PLACES}?page_size=3")
    assert (sorted(seen), pages) == (sorted(str(p.pk) for p in places), 4)
    if not same_time:
        assert seen == [str(p.pk) for p in reversed(places)]


def test_pages_stay_put_while_records_arrive(api, people):
    places = TargetPlaceFactory.create_batch(4, location=people.location)
    first = api("coordinator").get(f"{PLACES}?page_size=2").json()
    TargetPlaceFactory(location=people.location)
    second = api("coordinator").get(first["next"]).json()
    assert [r["id"] for r in second["results"]] == [str(p.pk) for p in (places[1], places[0])]
    assert second["next"] is None
    back = api("coordinator").get(second["previous"]).json()
    assert [r["id"] for r in back["results"]] == [str(p.pk) for p in (places[3], places[2])]
    assert back["previous"] is not None  # the one that arrived


@pytest.mark.parametrize("cursor", ["x", "AAAA", "bnVsbA==", "WyJuIiwgIngiLCAieSJd", "é"])
def test_a_cursor_that_was_not_given_out_is_a_problem(api, people, cursor):
    problem(api("coordinator").get(f"{PLACES}?cursor={cursor}"), 400)


def test_a_page_holds_at_most_two_hundred(api, people):
    TargetPlaceFactory.create_batch(3, location=people.location)
    assert len(api("coordinator").get(f"{PLACES}?page_size=100000").json()["results"]) == 3
    from core.api.pagination import CursorPages

    assert CursorPages.max_page_size == 200


def test_filters_combine_and_an_unknown_one_is_refused(api, people, place):
    TargetPlaceFactory(location=people.location, name="Park")
    found = api("coordinator").get(f"{PLACES}?location=leominster&name=Grange").json()["results"]
    assert [row["name"] for row in found] == ["Grange"]
    assert api("coordinator").get(f"{PLACES}?location=leominster&name=X").json()["results"] == []
    errors = problem(api("coordinator").get(f"{PLACES}?nmae=Grange"), 400)["errors"]
    assert set(errors) == {"nmae"}


@pytest.mark.parametrize("size", [4, 40])
def test_a_list_costs_the_same_number_of_queries_at_any_size(api, people, size):
    for location in LocationFactory.create_batch(size, programme=people.programme):
        TargetPlaceFactory(location=location)
    manager = api("manager")
    manager.get(PLACES)
    with CaptureQueriesContext(connection) as queries:
        assert len(manager.get(PLACES).json()["results"]) == size
    assert len(queries) == 4, [q["sql"] for q in queries]  # date, session, person, rows


# --- Errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/v1/unknown/", "/api/v1/agencies", "/api/v1/agencies/x/"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_unknown_address_is_a_problem(api, people, path, method):
    problem(getattr(api("coordinator"), method)(path), 404)
    problem(getattr(api(None), method)(path), 401)


def test_a_method_that_is_not_offered_is_a_problem(api, place):
    body = problem(api("coordinator").post(one(place), {}), 405)
    assert "POST" in body["detail"]
    problem(api("coordinator").options(PLACES), 405)


def test_our_own_fault_is_a_problem_too(api, people, monkeypatch, client):
    def broken(*args):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("tests.core.api_urls.PlaceViewSet.list", broken)
    client.raise_request_exception = False
    response = api("coordinator").get(PLACES)
    assert "secret" not in str(problem(response, 500))


def test_a_session_that_changes_something_needs_the_csrf_token(people, place):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(people.coordinator)
    response = client.delete(one(place), headers={"if-match": '"1"'})
    assert "CSRF" in problem(response, 403)["detail"]


def test_answers_are_kept_out_of_caches(api, place):
    assert api("coordinator").get(one(place))["Cache-Control"] == "no-store, private"
