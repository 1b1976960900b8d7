"""The pages of a step's evidence and its sign-off."""

from __future__ import annotations

import datetime as dt
import re
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from programmes.models import Evidence, SignOff
from tests.programmes.helpers import address, date, fill, form_id, note

DAY = dt.date(2024, 1, 10)


def body(answer) -> bytes:
    """Read a file's answer to its end, which closes the file."""
    return b"".join(answer.streaming_content)


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
