"""The pages: who sees what, what is refused, what a form says, and nothing needs JavaScript."""

from __future__ import annotations

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from programmes import services
from programmes.models import Evidence, Location, Programme, SignOff, StepRecord
from tests.programmes.helpers import fill, form_id, note

DAY = dt.date(2024, 1, 10)
PAGES = ["", "steps/", "steps/1/", "places/"]
FORMS = ["edit/", "area/", "area/?kind=lsoa_set", "area/?kind=drawn", "places/new/"]
STEP_FORMS = ["steps/1/plan/", "steps/1/start/", "steps/1/evidence/new/"]


def address(path: str) -> str:
    return f"/locations/leominster/{path}"


def date(name: str, day: dt.date) -> dict[str, int]:
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def body(answer) -> bytes:
    """Read a file's answer to its end, which closes the file."""
    return b"".join(answer.streaming_content)


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


def test_the_coordinator_records_evidence_and_a_repeat_is_harmless(client, people, town, step):
    client.force_login(people.coordinator)
    path = address("steps/1/evidence/new/")
    kind = step(1).definition.evidence_wanted.get(key="common-purpose")
    shown = client.get(path, {"wanted": kind.pk})
    assert re.search(rf'value="{kind.pk}"[^>]*checked', shown.content.decode())
    data = {
        "id": form_id(shown),
        "wanted": kind.pk,
        "title": "",
        "note": "Agreed by all.",
        **date("done_on", DAY),
    }
    assert client.post(path, data).url == address("steps/1/")
    assert client.post(path, data).url == address("steps/1/")
    evidence = Evidence.objects.get()
    assert (evidence.title, evidence.done_on) == (kind.label, DAY)
    assert client.post(path, {**data, "note": "Other words."}).status_code == 422
    assert Evidence.objects.get().note == "Agreed by all."


def test_no_kind_of_evidence_is_guessed(client, people, town, step):
    client.force_login(people.coordinator)
    path = address("steps/1/evidence/new/")
    shown = client.get(path)
    assert not re.search(r'name="wanted"[^>]*checked', shown.content.decode())
    answer = client.post(
        path, {"id": form_id(shown), "note": "Agreed by all.", **date("done_on", DAY)}
    )
    assert answer.status_code == 422
    assert "Choose what the evidence shows" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_evidence_with_mistakes_says_what_is_missing(client, people, town):
    client.force_login(people.coordinator)
    answer = client.post(
        address("steps/1/evidence/new/"),
        {
            "id": uuid4(),
            "wanted": "other",
            "title": "",
            "note": "",
            **date("done_on", dt.date(2024, 6, 26)),
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in (
        "Enter a title for something else",
        "Add a note, a link or a file",
        "must be 25 June 2024 or earlier",
    ):
        assert words in page
    assert not Evidence.objects.exists()


def test_work_out_of_order_asks_for_the_reason_and_shows_it_ever_after(client, people, town):
    client.force_login(people.coordinator)
    path = address("steps/3/start/")
    assert "steps 1 and 2 not signed off" in client.get(path).content.decode()
    data = date("started_on", DAY)
    refused = client.post(path, data)
    assert refused.status_code == 422
    assert "Say why this is done before the earlier steps" in refused.content.decode()
    client.post(path, {**data, "out_of_order_reason": "The network meeting was set."})
    client.force_login(people.partner)
    for page in (address("steps/3/"), address("steps/"), "/programmes/west-mercia/"):
        assert "The network meeting was set." in client.get(page).content.decode()


def test_a_file_is_stored_and_only_those_who_may_read_evidence_can_open_it(
    client, people, town, step
):
    client.force_login(people.coordinator)
    path = address("steps/1/evidence/new/")
    client.post(
        path,
        {
            "id": uuid4(),
            "wanted": "other",
            "title": "Notes",
            **date("done_on", DAY),
            "file": SimpleUploadedFile("notes.txt", b"What we saw.\n", content_type="text/plain"),
        },
    )
    evidence = Evidence.objects.get()
    file = reverse("programmes:evidence-file", args=["leominster", 1, evidence.pk])
    for user, code in (
        (people.coordinator, 200),
        (people.leader, 200),
        (people.verifier, 200),
        (people.partner, 403),
        (people.analyst, 403),
        (people.neighbour, 404),
    ):
        client.force_login(user)
        answer = client.get(file)
        assert answer.status_code == code, user
        if code == 200:
            assert body(answer) == b"What we saw.\n"
    client.force_login(people.leader)
    answer = client.get(file)
    assert body(answer) == b"What we saw.\n"
    assert answer["Content-Disposition"].startswith("attachment")
    wrong_step = reverse("programmes:evidence-file", args=["leominster", 2, evidence.pk])
    assert client.get(wrong_step).status_code == 404


def test_a_leader_signs_off_when_all_is_there_and_not_before(client, people, town, step):
    fill(step(1), by=people.coordinator, on=DAY, leave_out=1)
    client.force_login(people.leader)
    path = address("steps/1/sign-off/")
    shown = client.get(path)
    assert "cannot be signed off yet" in shown.content.decode()
    assert client.post(path, {"id": form_id(shown), "statement": ""}).status_code == 422
    assert not SignOff.objects.exists()
    fill(step(1), by=people.coordinator, on=DAY)
    assert "Sign off" in client.get(address("steps/1/")).content.decode()
    data = {"id": form_id(client.get(path)), "statement": "Seen in the workshop."}
    assert client.post(path, data).url == address("steps/1/")
    assert client.post(path, data).status_code == 302
    assert SignOff.objects.get().signed_by == people.leader
    page = client.get(address("steps/1/")).content.decode()
    assert "Seen in the workshop." in page
    answer = client.post(address("steps/1/reopen/"), {"reason": "The figures were redone."})
    assert answer.url == address("steps/1/")
    assert "The figures were redone." in client.get(address("steps/1/")).content.decode()


def test_signing_off_ones_own_evidence_is_told_before_and_after(client, people, town, step):
    fill(step(1), by=people.manager, on=DAY)
    client.force_login(people.manager)
    path = address("steps/1/sign-off/")
    shown = client.get(path)
    assert "You recorded evidence on this step yourself" in shown.content.decode()
    client.post(path, {"id": form_id(shown), "statement": ""})
    assert "The same person recorded evidence" in client.get(address("steps/1/")).content.decode()


def test_evidence_is_withdrawn_with_a_reason(client, people, town, step):
    evidence = note(step(1), by=people.coordinator, on=DAY)
    client.force_login(people.coordinator)
    path = reverse("programmes:evidence-withdraw", args=["leominster", 1, evidence.pk])
    assert client.post(path, {"reason": ""}).status_code == 422
    assert client.post(path, {"reason": "Wrong town"}).url == address("steps/1/")
    evidence.refresh_from_db()
    assert evidence.withdrawn_reason == "Wrong town"


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
