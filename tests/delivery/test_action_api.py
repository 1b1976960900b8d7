"""Actions for programs, and the list to take along: the same services, rights and figures."""

import datetime as dt
import zipfile
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from core import files
from core.exports import find_export, services
from core.exports.writing import read_csv
from core.jobs.runner import execute
from delivery.models import Action
from delivery.selectors.actions import actions_done
from delivery.services import answers
from programmes.models import Evidence
from tests.factories.actions import picture
from tests.factories.programmes import StepRecordFactory

API = "/api/v1/actions/"
TODAY = dt.date(2024, 6, 25)


@pytest.fixture
def api(people):
    """Return a function that gives a client signed in as one of the people."""

    def sign_in(user) -> APIClient:
        client = APIClient()
        client.force_authenticate(user)
        return client

    return sign_in


def body(people, **more):
    return {
        "id": str(uuid4()),
        "location": "leominster",
        "title": "Repair the light",
        "owner": str(people.partner.pk),
        "due_on": "2024-07-02",
        **more,
    }


def test_the_same_post_twice_is_one_action_and_another_text_is_refused(api, people):
    client, sent = api(people.coordinator), body(people)
    assert client.post(API, sent, format="json").status_code == 201
    assert client.post(API, sent, format="json").status_code == 200
    assert client.post(API, {**sent, "title": "Other"}, format="json").status_code == 409
    assert Action.objects.count() == 1


def test_a_stale_change_is_refused_and_the_owner_is_not_changed_here(api, people, ask):
    action, client = ask(), api(people.coordinator)
    url = f"{API}{action.pk}/"
    tag = client.get(url)["ETag"]
    answer = client.patch(url, {"title": "First"}, format="json", headers={"If-Match": tag})
    assert answer.status_code == 200
    assert answer.data["title"] == "First"
    answer = client.patch(url, {"title": "Second"}, format="json", headers={"If-Match": tag})
    assert answer.status_code == 412
    tag = client.get(url)["ETag"]
    other = {"owner": str(people.leader.pk)}
    answer = client.patch(url, other, format="json", headers={"If-Match": tag})
    assert answer.status_code == 400


def test_the_owners_whole_way(api, people, ask):
    action, client = ask(), api(people.partner)
    url = f"{API}{action.pk}/"
    assert client.post(f"{url}accept/").data["state"] == "accepted"
    answer = client.post(f"{url}propose-date/", {"due_on": "2024-07-09"}, format="json")
    assert answer.data["proposed_due_on"] == "2024-07-09"
    runs = api(people.coordinator)
    assert runs.post(f"{url}answer-date/", {"accept": True}, format="json").data["due_on"] == (
        "2024-07-09"
    )
    answer = client.post(f"{url}block/", {"reason": "No lamps"}, format="json")
    assert answer.data["state"] == "blocked"
    answer = client.post(f"{url}finish/", {"note": "Repaired", "photo": picture()})
    assert answer.data["state"] == "done"
    assert answer.data["photo_name"] == "photo.jpg"
    step = StepRecordFactory(location=people.location, definition__number=1)
    answer = runs.post(f"{url}evidence/", {"step": str(step.pk)}, format="json")
    assert str(answer.data["evidence"]) == str(Evidence.objects.get().pk)
    photo = client.get(f"{url}photo/")
    assert photo["Content-Type"] == "image/jpeg"
    assert photo.getvalue()
    photo.close()


def test_comments_are_read_and_written_once(api, people, ask):
    action, client = ask(), api(people.partner)
    url, said = f"{API}{action.pk}/comments/", {"id": str(uuid4()), "text": "On my way"}
    for _ in range(2):
        assert client.post(url, said, format="json").status_code == 201
    assert [line["text"] for line in client.get(url).data] == ["On my way"]
    assert api(people.leader).post(url, said, format="json").status_code == 403


def test_what_was_done_is_one_figure_on_page_api_and_list(api, people, ask, client):
    for title in ("First", "Second", "Third"):
        action = ask(title=title)
        if title != "Third":
            answers.finish_action(action=action, note="x", by=people.partner)
    figure = actions_done(people.location, dt.date(2024, 4, 1), dt.date(2024, 6, 30))
    assert figure == 2
    found = api(people.leader).get(API, {"location": "leominster", "state": "done"})
    assert len(found.data["results"]) == figure
    client.force_login(people.leader)
    page = client.get("/locations/leominster/actions/?state=done")
    assert len(page.context["lines"]) == figure
    run = services.request_export(
        export=find_export("delivery.actions"),
        scope=people.location,
        form="csv",
        reason="For the board",
        by=people.manager,
    )
    execute(run.pk)
    run.refresh_from_db()
    with files.open_file(run.result_file) as stream, zipfile.ZipFile(stream) as archive:
        rows = read_csv(archive.read("data.csv"))
    head = rows[0]
    states = [row[head.index("State")] for row in rows[1:]]
    assert states.count("Done") == figure
    assert len(states) == 3


def test_the_list_of_a_sensitive_action_stands_apart_from_those_who_may_not_read_it(people, ask):
    ask(title="Plain")
    ask(
        title="Marked",
        details="Where the witness lives",
        marking="official-sensitive",
        handling="Own eyes",
    )
    export = find_export("delivery.actions")
    rows = {row.title: row for row in export.queryset(people.manager, people.location)}
    may = export.may_sensitive(people.manager, people.location)
    assert may(rows["Marked"]) is True
    neighbour = export.may_sensitive(people.neighbour, people.location)
    assert neighbour(rows["Marked"]) is False
