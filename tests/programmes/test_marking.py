"""Markings on steps and evidence: asked on forms, kept, shown beside the record, on its file."""

import datetime as dt
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from core.errors import Refused
from programmes import services
from programmes.models import Evidence
from tests.programmes.helpers import form_id, note

SENSITIVE = {"marking": "official-sensitive", "handling": "Share inside the group only."}
TODAY = dt.date(2024, 6, 25)


def send(client, step, **more):
    """Record evidence on a step by its form and return the answer."""
    address = f"{step.get_absolute_url()}evidence/new/"
    form = client.get(address)
    given = {
        "id": form_id(form),
        "wanted": "other",
        "title": "A walk",
        "done_on": "2024-01-10",
        "note": "Seen on the day.",
        **more,
    }
    return client.post(address, given)


def test_evidence_is_marked_on_its_form_and_shown_with_its_instruction(client, people, step):
    client.force_login(people.coordinator)
    answer = send(client, step(1), **SENSITIVE)
    assert answer.status_code == 302
    evidence = Evidence.objects.get()
    assert (evidence.marking, evidence.handling) == tuple(SENSITIVE.values())
    page = client.get(answer.url).content.decode()
    assert "OFFICIAL-SENSITIVE" in page
    assert "Share inside the group only." in page


def test_evidence_is_official_unless_somebody_says_otherwise(client, people, step):
    client.force_login(people.coordinator)
    assert send(client, step(1)).status_code == 302
    assert Evidence.objects.get().marking == "official"


def test_sensitive_evidence_without_instruction_is_not_taken(client, people, step):
    client.force_login(people.coordinator)
    answer = send(client, step(1), marking="official-sensitive")
    assert answer.status_code == 422
    assert "Say how it is to be handled" in answer.content.decode()
    with pytest.raises(Refused, match="handled"):
        note(step(1), by=people.coordinator, on=TODAY, marking="official-sensitive")
    assert not Evidence.objects.exists()


def test_the_same_sending_with_another_marking_is_no_repeat(people, step):
    key = uuid4()
    note(step(1), by=people.coordinator, on=TODAY, id=key)
    with pytest.raises(Refused, match="other content"):
        note(step(1), by=people.coordinator, on=TODAY, id=key, **SENSITIVE)


def test_the_file_of_sensitive_evidence_says_so_in_its_name(client, people, step):
    upload = SimpleUploadedFile("walk.txt", b"Seen on the day.")
    made = note(step(1), by=people.coordinator, on=TODAY, upload=upload, **SENSITIVE)
    client.force_login(people.coordinator)
    for address in (
        f"{step(1).get_absolute_url()}evidence/{made.pk}/file/",
        f"/api/v1/evidence/{made.pk}/file/",
    ):
        answer = client.get(address)
        b"".join(answer.streaming_content)
        assert "walk (OFFICIAL-SENSITIVE).txt" in answer["Content-Disposition"], address
        assert answer["X-Protective-Marking"] == "OFFICIAL-SENSITIVE"


def test_a_steps_notes_are_marked_with_its_plan(client, people, step):
    client.force_login(people.coordinator)
    address = f"{step(1).get_absolute_url()}plan/"
    given = {
        "version": step(1).version,
        "planned_start": "2023-12-04",
        "planned_end": "2024-01-14",
        "notes": "Of the landlord.",
    }
    answer = client.post(address, {**given, "marking": "official-sensitive", "handling": ""})
    assert answer.status_code == 422
    assert client.post(address, {**given, **SENSITIVE}).status_code == 302
    assert (step(1).marking, step(1).handling) == tuple(SENSITIVE.values())


def test_a_plan_changed_without_a_word_on_marking_keeps_it(people, step):
    services.edit_plan(
        record=step(1),
        planned_start=TODAY,
        planned_end=TODAY,
        notes="Of the landlord.",
        version=1,
        by=people.coordinator,
        **SENSITIVE,
    )
    services.edit_plan(
        record=step(1),
        planned_start=TODAY,
        planned_end=TODAY,
        notes="Other",
        version=2,
        by=people.coordinator,
    )
    assert step(1).marking == "official-sensitive"


def test_programs_mark_evidence_and_steps_too(people, step):
    api = APIClient()
    api.force_authenticate(people.coordinator)
    sent = {
        "step_record": str(step(1).pk),
        "title": "A walk",
        "note": "Seen.",
        "done_on": "2024-01-10",
    }
    made = api.post("/api/v1/evidence/", {**sent, **SENSITIVE}, format="json")
    assert (made.status_code, made.data["marking"]) == (201, "official-sensitive")
    refused = api.post(
        "/api/v1/evidence/", {**sent, "marking": "official-sensitive"}, format="json"
    )
    assert refused.status_code == 400
    address = f"/api/v1/steps/{step(1).pk}/"
    version = f'"{step(1).version}"'
    changed = api.patch(address, SENSITIVE, format="json", HTTP_IF_MATCH=version)
    assert (changed.status_code, changed.data["handling"]) == (200, SENSITIVE["handling"])
