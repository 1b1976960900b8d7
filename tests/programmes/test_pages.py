"""The pages: who sees what, what is refused, what a form says, and nothing needs JavaScript."""

from __future__ import annotations

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from programmes import services
from programmes.models import Location, Programme, StepRecord
from tests.programmes.helpers import address, date, form_id, note

DAY = dt.date(2024, 1, 10)
PAGES = ["", "steps/", "steps/1/", "places/"]
FORMS = ["edit/", "area/", "area/?kind=lsoa_set", "area/?kind=drawn", "places/new/"]
STEP_FORMS = ["steps/1/plan/", "steps/1/start/", "steps/1/evidence/new/"]


@pytest.mark.parametrize(
    "name",
    ["manager", "coordinator", "community", "partner", "leader", "analyst", "verifier"],
)
def test_everyone_with_a_role_sees_week_programme_location_and_steps(client, people, town, name):
    client.force_login(getattr(people, name))
    for path in ["/", "/programmes/", "/programmes/west-mercia/", *map(address, PAGES)]:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert b"<h1" in answer.content or b"app-identity-bar__title" in answer.content, path


@pytest.mark.parametrize("name", ["neighbour", "stranger", "researcher"])
def test_for_those_outside_the_location_does_not_exist(client, people, town, name):
    client.force_login(getattr(people, name))
    assert client.get("/").status_code == 200
    assert client.get("/programmes/west-mercia/").status_code == 404
    for path in [*PAGES, *FORMS, *STEP_FORMS, "history/", "steps/1/sign-off/", "steps/1/reopen/"]:
        assert client.get(address(path)).status_code == 404, path
    assert client.post(address("steps/1/evidence/new/"), {}).status_code == 404


def test_somebody_not_signed_in_is_asked_to_sign_in(client, people, town):
    assert client.get(address("")).url.startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("manager", {"manage", "record", "sign", "history", "programme"}),
        ("coordinator", {"manage", "record", "history"}),
        ("community", {"record"}),
        ("partner", set()),
        ("leader", {"sign", "history"}),
        ("analyst", set()),
        ("verifier", set()),
    ],
)
def test_each_role_may_open_just_its_forms(client, people, town, name, allowed):
    client.force_login(getattr(people, name))
    asked = {
        "manage": [address(path) for path in FORMS],
        "record": [address(path) for path in STEP_FORMS],
        "sign": [address("steps/1/sign-off/"), address("steps/1/reopen/")],
        "history": [address("history/")],
        "programme": [
            "/programmes/new/",
            "/programmes/west-mercia/edit/",
            "/programmes/west-mercia/locations/new/",
        ],
    }
    for right, paths in asked.items():
        for path in paths:
            expected = 200 if right in allowed else 403
            assert client.get(path).status_code == expected, path


def test_a_page_offers_only_what_the_person_may_press(client, people, town, step):
    note(step(1), by=people.coordinator, on=DAY, note="The words of the note.")
    for user, record, words in (
        (people.coordinator, True, True),
        (people.partner, False, False),
        (people.verifier, False, True),
        (people.leader, False, True),
    ):
        client.force_login(user)
        page = client.get(address("steps/1/")).content.decode()
        assert ("evidence/new/" in page) == record
        assert ("The words of the note." in page) == words


def test_a_manager_sets_up_a_programme_a_location_and_a_place_in_the_browser(
    client, people, template
):
    client.force_login(people.manager)
    shown = client.get("/programmes/new/")
    data = {
        "id": form_id(shown),
        "name": "Second run",
        "template": template.pk,
        "weeks": 40,
        **date("starts_on", dt.date(2024, 9, 2)),
    }
    answer = client.post("/programmes/new/", data)
    assert answer.url == "/programmes/second-run/"
    assert client.post("/programmes/new/", data).url == answer.url  # an impatient click
    assert Programme.objects.filter(name="Second run").count() == 1
    assert "Add the first location" in client.get(answer.url).content.decode()

    path = "/programmes/second-run/locations/new/"
    answer = client.post(path, {"id": form_id(client.get(path)), "name": "Ludlow", "summary": ""})
    assert answer.url == "/locations/ludlow/area/"
    assert Location.objects.get(slug="ludlow").steps.count() == 8

    path = "/locations/ludlow/places/new/"
    answer = client.post(path, {"id": form_id(client.get(path)), "name": "Car park", "summary": ""})
    assert answer.url == "/locations/ludlow/places/car-park/area/"
    assert client.get("/locations/ludlow/places/car-park/").status_code == 200


def test_a_form_with_mistakes_says_each_and_keeps_what_was_typed(client, people, template):
    client.force_login(people.manager)
    answer = client.post(
        "/programmes/new/",
        {
            "id": uuid4(),
            "name": "",
            "weeks": "many",
            "starts_on_day": "31",
            "starts_on_month": "2",
            "starts_on_year": "2024",
            "purpose": "Fewer reports",
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("Enter the programme’s name", "Choose a list of steps", "must be a real date"):
        assert words in page
    assert "Fewer reports" in page
    assert "<title>Error:" in page


def test_a_stale_plan_shows_both_texts_and_stores_nothing(client, people, town, step):
    client.force_login(people.coordinator)
    path = address("steps/3/plan/")
    version = client.get(path).context["form"]["version"].value()
    record = step(3)
    services.edit_plan(
        record=record,
        planned_start=record.planned_start,
        planned_end=record.planned_end,
        notes="Their words",
        version=version,
        by=people.manager,
    )
    answer = client.post(
        path,
        {
            "version": version,
            "notes": "My words",
            **date("planned_start", record.planned_start),
            **date("planned_end", record.planned_end),
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "My words" in page
    assert "Their words" in page
    assert StepRecord.objects.get(pk=record.pk).notes == "Their words"


def test_the_area_page_searches_keeps_ticks_and_saves(client, people, town):
    from places.models import Area

    for number in (0, 1):
        Area.objects.create(
            kind="lsoa", code=f"E0101404{number}", vintage=2021, name=f"Herefordshire 00{number}A"
        )
    client.force_login(people.coordinator)
    path = address("area/?kind=lsoa_set")
    answer = client.post(path, {"action": "search", "query": "001A", "picked": ["E01014040"]})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert re.search(r'value="E01014040"[^>]*checked', page)
    assert re.search(r'value="E01014041"(?![^>]*checked)', page)
    refused = client.post(path, {"action": "save", "codes": "E01099999"})
    assert "Not among the LSOAs held here: E01099999" in refused.content.decode()
    assert client.post(path, {"action": "save", "codes": ""}).status_code == 422
    saved = client.post(path, {"action": "save", "picked": ["E01014040"], "codes": "e01014041"})
    assert saved.url == address("")
    town.refresh_from_db()
    assert town.area.members.count() == 2
    overview = client.get(address("about/")).content.decode()
    assert "E01014041" in overview
    assert "Reports are counted by the LSOA code" in overview
    stale = client.post(path, {"action": "save", "picked": ["E01014040"], "codes": ""})
    assert stale.status_code == 409


def test_a_boundary_is_pasted_or_sent_as_a_file_without_javascript(client, people, town):
    client.force_login(people.coordinator)
    path = address("area/?kind=drawn")
    wrong = client.post(path, {"boundary": "here"})
    assert wrong.status_code == 422
    assert "not GeoJSON" in wrong.content.decode()
    shape = (
        b'{"type": "Polygon", "coordinates": '
        b"[[[-2.74, 52.22], [-2.73, 52.22], [-2.73, 52.23], [-2.74, 52.22]]]}"
    )
    upload = SimpleUploadedFile("town.geojson", shape, content_type="application/geo+json")
    assert client.post(path, {"boundary": "", "file": upload}).url == address("")
    town.refresh_from_db()
    assert town.area.kind == "drawn"
    assert "application/json" in client.get(address("about/")).content.decode()  # of the map


def test_no_page_has_inline_styles_or_handlers(client, people, town, step, signed):
    signed(1)
    client.force_login(people.manager)
    paths = [
        "/",
        "/programmes/",
        "/programmes/new/",
        "/programmes/west-mercia/",
        *map(address, [*PAGES, *FORMS, *STEP_FORMS, "history/"]),
    ]
    for path in paths:
        page = client.get(path).content.decode()
        assert not re.search(r"<[^>]*\s(style|on[a-z]+)=", page), path


def test_the_banner_tells_the_week_of_the_programme_the_page_is_about(client, people, town):
    people.other_programme.starts_on = dt.date(2024, 6, 17)
    people.other_programme.save()
    from programmes.context import week_of_page

    client.force_login(people.leader)
    request = client.get(address("")).wsgi_request
    assert week_of_page(request) == 30
    client.force_login(people.neighbour)
    request = client.get("/").wsgi_request
    assert week_of_page(request) == 2


def test_a_step_that_does_not_exist_is_not_found(client, people, town):
    client.force_login(people.coordinator)
    assert client.get(address("steps/9/")).status_code == 404
    assert client.get(address("places/nowhere/")).status_code == 404
