"""Taking lists along: who may take what, what is withheld, and what the file says of itself."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from uuid import uuid4

import openpyxl
import pytest
from django.urls import reverse

from accounts.grants import end_role
from accounts.roles import Role
from accounts.sharing import Category
from core import clock, files
from core.choices import JobState, LedgerAction, Marking
from core.errors import NotAllowed, Refused
from core.exports import find_export, services
from core.exports.writing import read_csv
from core.jobs.runner import execute
from core.models import JobRun, LedgerEntry, StoredFile
from programmes.models import Evidence, LocationMembership, ProgrammeMembership
from tests.factories.programmes import LocationFactory, SharingAgreementFactory, StepRecordFactory
from tests.personas import give_location_role

WHY = "For the quarterly board"
A_DAY = dt.date(2024, 6, 1)
API = "/api/v1/exports/"


def ask(people, key, *, by=None, scope=None, form="csv", reason=WHY, **more) -> JobRun:
    return services.request_export(
        export=find_export(f"programmes.{key}"),
        scope=scope or people.programme,
        form=form,
        reason=reason,
        by=by or people.manager,
        **more,
    )


def take(people, key, **more) -> JobRun:
    return finish(ask(people, key, **more))


def finish(run) -> JobRun:
    execute(run.pk)
    run.refresh_from_db()
    return run


def parts(run) -> dict:
    """Return the tables of a finished CSV list by their names, cells as they were."""
    assert run.state == JobState.SUCCEEDED, (run.state, run.error)
    with files.open_file(run.result_file) as stream, zipfile.ZipFile(stream) as archive:
        return {name: read_csv(archive.read(name)) for name in archive.namelist()}


def table(run, name="data.csv") -> list[dict]:
    head, *rows = parts(run)[name]
    return [dict(zip(head, row, strict=True)) for row in rows]


def about(run) -> dict:
    return dict(row for row in parts(run)["about.csv"])


@pytest.fixture
def evidence(people):
    """Three pieces: one plain, one that looks like a formula, one marked."""
    step = StepRecordFactory(location=people.location, definition__number=1)

    def make(title, marking=Marking.OFFICIAL, agency=None, on=A_DAY):
        return Evidence.objects.create(
            step_record=step,
            title=title,
            done_on=on,
            recorded_by=people.coordinator,
            marking=marking,
            handling="Named people only" if marking != Marking.OFFICIAL else "",
            agency=agency or people.police,
        )

    return [
        make("A walk"),
        make('=HYPERLINK("http://example.test")', on=A_DAY + dt.timedelta(days=1)),
        make("About a family", Marking.OFFICIAL_SENSITIVE),
    ]


def test_a_list_says_what_it_is(people, evidence):
    run = take(people, "evidence")
    found = parts(run)
    assert list(found) == [
        "data.csv",
        "annex OFFICIAL-SENSITIVE.csv",
        "data dictionary.csv",
        "about.csv",
    ]
    words = about(run)
    assert words["List"] == "Evidence register"
    assert words["Of"] == "programme: West Mercia"
    assert words["Why"] == WHY
    assert words["Taken by"] == "Manager"
    assert words["Business date"] == "25 June 2024"
    assert words["Marking"] == "OFFICIAL-SENSITIVE"
    described = {row[1]: row for row in found["data dictionary.csv"][1:]}
    assert described["recorded_by"][5] == "yes: says who did something in their work"
    assert set(described) == set(find_export("programmes.evidence").by_key)
    assert run.result["rows"] == 2


def test_sensitive_rows_stand_in_the_annex_only(people, evidence):
    run = take(people, "evidence")
    assert [row["Title"] for row in table(run)] == ["A walk", evidence[1].title]
    annex = table(run, "annex OFFICIAL-SENSITIVE.csv")
    assert [row["Title"] for row in annex] == ["About a family"]


def test_who_is_not_covered_is_told_how_much_is_withheld(people, evidence):
    people.analyst.agency = people.housing
    people.analyst.save()
    run = take(people, "evidence", by=people.analyst)
    assert "annex OFFICIAL-SENSITIVE.csv" not in parts(run)
    assert about(run)["Marking"] == "OFFICIAL"
    assert run.result["withheld"] == ["1 row marked OFFICIAL-SENSITIVE, which is not open to you."]
    SharingAgreementFactory(
        programme=people.programme,
        categories=[Category.SENSITIVE_NOTES],
        signed=[people.police, people.housing],
    )
    again = take(people, "evidence", by=people.analyst)
    assert len(table(again, "annex OFFICIAL-SENSITIVE.csv")) == 1


def test_a_text_that_looks_like_a_formula_is_made_safe_and_comes_back(people, evidence):
    run = take(people, "evidence")
    with files.open_file(run.result_file) as stream, zipfile.ZipFile(stream) as archive:
        raw = archive.read("data.csv").decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(raw)) for cell in row]
    assert [cell for cell in cells if cell[:1] in "=+-@" and cell] == []
    assert evidence[1].title in [row["Title"] for row in table(run)]


def test_an_excel_list_has_typed_cells_and_every_part(people, evidence):
    run = take(people, "evidence", form="xlsx")
    with files.open_file(run.result_file) as stream:
        book = openpyxl.load_workbook(stream)
    assert book.sheetnames == ["Data", "OFFICIAL-SENSITIVE annex", "Data dictionary", "About"]
    data = book["Data"]
    head = [cell.value for cell in data[1]]
    assert data.freeze_panes == "A2"
    assert data.cell(2, head.index("Done on") + 1).value == dt.datetime(2024, 6, 1)
    assert data.cell(3, head.index("Title") + 1).value == evidence[1].title
    formulas = [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert formulas == []


def test_a_sensitive_location_is_the_lead_agencys_to_take(people):
    type(people.location).objects.filter(pk=people.location.pk).update(
        marking=Marking.OFFICIAL_SENSITIVE, handling="Named people only"
    )
    run = take(people, "locations")
    assert (run.result["rows"], run.result["annex"]) == (0, 1)
    run = take(people, "locations", by=people.researcher)
    assert (run.result["rows"], run.result["annex"]) == (0, 0)


def test_a_research_partner_gets_no_personal_column(people, evidence):
    run = take(people, "evidence", by=people.researcher)
    head = parts(run)["data.csv"][0]
    assert "Title" not in head
    assert "Recorded by" not in head
    assert len(table(run)) == 2
    assert "annex OFFICIAL-SENSITIVE.csv" not in parts(run)
    content = str(parts(run))
    assert "Coordinator" not in content
    assert "A walk" not in content
    left_out = [line for line in run.result["withheld"] if "personal data" in line]
    assert len(left_out) == 2
    steps = parts(take(people, "steps", by=people.researcher))["data.csv"][0]
    assert "Signed off by" not in steps


def test_contact_details_are_withheld_row_by_row(people):
    give_location_role(people.partner, people.location, Role.VERIFIER)
    run = take(people, "members")
    rows = {row["Name"]: row for row in table(run)}
    assert rows["Coordinator"]["E-mail"] == "coordinator@example.test"
    assert (rows["Partner"]["E-mail"], rows["Partner"]["Withheld"]) == ("", "E-mail")
    assert rows["Coordinator"]["Withheld"] == ""
    assert any("E-mail" in line for line in run.result["withheld"])
    SharingAgreementFactory(
        programme=people.programme,
        categories=[Category.PEOPLE],
        signed=[people.police, people.housing],
    )
    rows = {row["Name"]: row for row in table(take(people, "members"))}
    assert rows["Partner"]["E-mail"] == "partner@example.test"


def test_who_may_not_read_people_gets_no_contact_details(people):
    rows = {row["Name"]: row for row in table(take(people, "members", by=people.analyst))}
    assert rows["Coordinator"]["E-mail"] == ""
    assert rows["Analyst"]["E-mail"] == "analyst@example.test"  # one's own


def test_a_list_holds_what_lies_in_ones_scope_and_nothing_else(people):
    second = LocationFactory(programme=people.programme, name="Oswestry")
    run = take(people, "locations", by=people.coordinator, scope=people.location)
    assert [row["Location"] for row in table(run)] == ["Leominster"]
    run = take(people, "locations")
    assert [row["Location"] for row in table(run)] == ["Leominster", "Oswestry"]
    with pytest.raises(NotAllowed):
        ask(people, "locations", by=people.coordinator)  # a role at a location, not the programme
    with pytest.raises(NotAllowed):
        ask(people, "locations", by=people.coordinator, scope=second)


@pytest.mark.parametrize("who", ["partner", "community", "verifier", "neighbour", "stranger"])
def test_without_the_permission_nothing_is_taken(people, who):
    with pytest.raises(NotAllowed):
        ask(people, "locations", by=getattr(people, who), scope=people.location)


def test_steps_stand_as_on_the_page(people):
    StepRecordFactory(location=people.location, definition__number=1)
    row = table(take(people, "steps"))[0]
    assert (row["Location"], row["Step"], row["Planned end"]) == ("Leominster", "1", "2024-01-14")
    assert row["Late"] == "yes"


def test_a_period_narrows_the_list(people, evidence):
    run = take(people, "evidence", first=A_DAY + dt.timedelta(days=1))
    assert [row["Done on"] for row in table(run)] == ["2024-06-02"]
    assert about(run)["Period"] == "from 2 June 2024"
    with pytest.raises(Refused, match="cannot be narrowed"):
        ask(people, "locations", first=A_DAY)
    with pytest.raises(Refused, match="must end after"):
        ask(people, "evidence", first=A_DAY, last=A_DAY - dt.timedelta(days=1))


def test_why_is_asked_and_noted_in_the_ledger(people, evidence):
    with pytest.raises(Refused, match="why"):
        ask(people, "evidence", reason="  because ")
    take(people, "evidence")
    entry = LedgerEntry.objects.get(action=LedgerAction.EXPORT)
    assert (entry.actor, entry.subject, entry.rows) == (
        people.manager.pk,
        "programmes.Evidence",
        3,
    )
    assert (entry.reason, entry.anchor_id) == (WHY, people.programme.pk)
    assert entry.touches == ["personal", "sensitive"]


def test_a_waiting_list_of_somebody_whose_account_was_closed_ends_denied(people):
    run = ask(people, "locations")
    type(people.manager).objects.filter(pk=people.manager.pk).update(is_active=False)
    run = finish(run)
    assert (run.state, run.result_file) == (JobState.DENIED, None)


def test_a_waiting_list_of_somebody_who_lost_the_role_ends_denied(people):
    run = ask(people, "locations", by=people.analyst)
    role = ProgrammeMembership.objects.get(user=people.analyst)
    end_role(membership=role, ends_on=clock.today() - dt.timedelta(days=1), by=people.manager)
    run = finish(run)
    assert (run.state, run.result_file) == (JobState.DENIED, None)
    assert LedgerEntry.objects.filter(action=LedgerAction.DENIED, actor=people.analyst.pk).exists()


def test_a_worker_that_died_after_keeping_the_file_does_not_note_it_twice(people):
    run = take(people, "locations")
    JobRun.objects.filter(pk=run.pk).update(
        state=JobState.QUEUED,
        checkpoints={"kept": {"file": str(run.result_file_id), "summary": run.result}},
    )
    again = finish(run)
    assert (again.state, StoredFile.objects.count()) == (JobState.SUCCEEDED, 1)
    assert LedgerEntry.objects.filter(action=LedgerAction.EXPORT).count() == 1


def test_the_same_request_twice_is_one_list(people):
    key = uuid4()
    first = ask(people, "locations", id=key)
    assert ask(people, "locations", id=key) == first
    with pytest.raises(Refused):
        ask(people, "locations", id=key, reason="Another reason now")
    other = ask(people, "locations", id=key, by=people.leader)
    assert other != first
    assert other.requested_by == people.leader


def test_equal_lists_are_equal_bytes_but_for_the_time(people, evidence, monkeypatch):
    at = clock.now()
    monkeypatch.setattr(clock, "now", lambda: at)
    for form in ("csv", "xlsx"):
        made = [take(people, "evidence", form=form).result_file.sha256 for _ in range(2)]
        assert made[0] == made[1]


def test_the_file_is_the_requesters_while_they_may_have_it(client, people):
    run = take(people, "locations", by=people.coordinator, scope=people.location)
    page, file = (reverse(f"core:{name}", args=[run.pk]) for name in ("export", "export-file"))
    client.force_login(people.manager)
    assert client.get(page).status_code == 404
    assert client.get(file).status_code == 404
    client.force_login(people.coordinator)
    assert "Download the list" in client.get(page).content.decode()
    answer = client.get(file)
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert LedgerEntry.objects.filter(
        action=LedgerAction.DOWNLOAD, actor=people.coordinator.pk
    ).exists()
    role = LocationMembership.objects.get(user=people.coordinator)
    end_role(membership=role, ends_on=clock.today() - dt.timedelta(days=1), by=people.manager)
    assert client.get(file).status_code == 403
    assert client.get(page).status_code == 403


def test_files_are_let_go_after_a_week(client, people):
    run = take(people, "locations")
    path = files.path_of(run.result_file)
    assert services.remove_old_files() == 0
    JobRun.objects.filter(pk=run.pk).update(finished_at=clock.now() - dt.timedelta(days=8))
    assert services.remove_old_files() == 1
    assert (path.exists(), StoredFile.objects.count()) == (False, 0)
    client.force_login(people.manager)
    page = client.get(reverse("core:export", args=[run.pk])).content.decode()
    assert "no longer kept" in page
    assert client.get(reverse("core:export-file", args=[run.pk])).status_code == 404


def test_the_page_asks_for_a_list_and_leads_to_it(client, people):
    client.force_login(people.researcher)
    url = reverse("programmes:location-exports", args=["leominster"])
    shown = client.get(url)
    assert shown.status_code == 200
    assert "People and roles" not in [str(one.title) for one in shown.context["offered"]]
    sent = {"id": str(uuid4()), "key": "programmes.locations", "form": "xlsx"}
    assert client.post(url, sent).status_code == 422
    answer = client.post(url, {**sent, "reason": "For a study of places"})
    run = JobRun.objects.get(kind=services.KIND)
    assert answer.url == run.get_absolute_url()
    finish(run)
    assert reverse("core:export", args=[run.pk]) in client.get(answer.url).content.decode()


def test_the_pages_are_closed_to_those_who_may_not(client, people):
    for who, programme, location in (
        ("manager", 200, 200),
        ("researcher", 200, 200),
        ("coordinator", 403, 200),
        ("partner", 403, 403),
        ("neighbour", 404, 404),
    ):
        client.force_login(getattr(people, who))
        at = [
            reverse("programmes:programme-exports", args=["west-mercia"]),
            reverse("programmes:location-exports", args=["leominster"]),
        ]
        assert [client.get(url).status_code for url in at] == [programme, location], who


def test_a_program_takes_a_list_by_the_same_rules(client, people):
    client.force_login(people.coordinator)
    body = {"key": "programmes.locations", "scope": str(people.location.pk), "reason": WHY}
    answer = client.post(API, body, "application/json")
    assert answer.status_code == 202, answer.content
    run = finish(JobRun.objects.get(pk=answer.json()["id"]))
    assert client.get(f"/api/v1/exports/{run.pk}/").json()["state"] == "succeeded"
    file = client.get(f"/api/v1/exports/{run.pk}/file/")
    assert b"".join(file.streaming_content)[:2] == b"PK"
    hidden = client.post(API, {**body, "scope": str(people.other_location.pk)}, "application/json")
    unknown = client.post(API, {**body, "scope": str(uuid4())}, "application/json")
    assert (hidden.status_code, hidden.json()) == (400, unknown.json())
    assert client.post(API, {**body, "reason": ""}, "application/json").status_code == 400
    assert client.post(API, {**body, "key": "no.such"}, "application/json").status_code == 400
    client.force_login(people.manager)
    assert client.get(f"/api/v1/exports/{run.pk}/file/").status_code == 404
    assert client.get("/api/v1/exports/").json()["results"] == []
