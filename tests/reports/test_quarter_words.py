"""A quarter's words are written, approved, frozen with the figures, and opened again."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, InternalError

from core import files
from core.clock import business_date as at
from core.errors import Conflict, NotAllowed, Refused
from core.jobs import run_now
from core.models import JobRun
from delivery.models import Action, Concern, Decision, Meeting
from reports.choices import ReportState
from reports.models import ProgressReport, QuarterNarrative
from reports.quarters import Quarter
from reports.services import approve_quarter, reopen_quarter, request_report, write_narrative
from reports.week import to_approve

Q4 = Quarter.parse("2023-24-Q4")
WORDS = {
    "deliverables": "Four groups met.",
    "impact": "Residents say the court is quieter.",
    "learning": "Lighting first.",
    "mitigation": "",
    "next_quarter": "Rich pictures in April.",
}
PAGE = "/locations/leominster/reports/2023-24-Q4/"


@pytest.fixture(autouse=True)
def _in_june():
    with at(dt.date(2024, 6, 25)):
        yield


def write(people, **changes):
    return write_narrative(
        subject=people.location,
        quarter=Q4,
        texts={**WORDS, **changes},
        by=people.coordinator,
        version=None,
    )


def freeze(narrative, by):
    approve_quarter(narrative=narrative, by=by, version=narrative.version, deliver=False)
    run_now(JobRun.objects.get(params__edition=narrative.edition, params__quarter=str(Q4)))
    return ProgressReport.objects.get(edition=narrative.edition)


def test_a_draft_is_written_over_by_nobody_unseen(people):
    first = write(people)
    again = write_narrative(
        subject=people.location,
        quarter=Q4,
        texts={"impact": "Better."},
        by=people.coordinator,
        version=first.version,
    )
    assert (again.impact, again.learning) == ("Better.", WORDS["learning"])
    with pytest.raises(Conflict):
        write_narrative(
            subject=people.location,
            quarter=Q4,
            texts={"impact": "Mine."},
            by=people.manager,
            version=first.version,
        )
    with pytest.raises(Conflict):
        write(people, impact="I saw none of yours")


def test_the_same_first_words_sent_twice_are_kept_once(people):
    name = uuid.uuid4()
    rows = [
        write_narrative(
            subject=people.location,
            quarter=Q4,
            texts=WORDS,
            by=people.coordinator,
            version=None,
            id=name,
        )
        for _ in range(2)
    ]
    assert rows[0].pk == rows[1].pk == name
    assert QuarterNarrative.objects.count() == 1


def test_only_who_may_approve_approves_and_only_a_whole_and_finished_quarter(people):
    lacking = write(people, learning=" ")
    with pytest.raises(NotAllowed):
        approve_quarter(narrative=lacking, by=people.coordinator, version=1)
    with pytest.raises(Refused, match="what was learned"):
        approve_quarter(narrative=lacking, by=people.leader, version=1)
    running = write_narrative(
        subject=people.location,
        quarter=Quarter.parse("2024-25-Q1"),
        texts=WORDS,
        by=people.coordinator,
        version=None,
    )
    with pytest.raises(Refused, match="30 June 2024"):
        approve_quarter(narrative=running, by=people.leader, version=1)
    assert not QuarterNarrative.objects.filter(state=ReportState.APPROVED).exists()


def test_an_approved_quarter_is_frozen_with_its_words_and_figures(people):
    Concern.objects.create(
        location=people.location,
        kind="concern",
        text="Dark",
        channel="phone",
        heard_on=dt.date(2024, 2, 1),
    )
    narrative = write(people)
    report = freeze(narrative, people.leader)
    assert (report.edition, report.approved_by) == (1, people.leader)
    (part,) = report.figures["locations"]
    assert {one["key"]: one["value"] for one in part["work"]}["people_heard"] == 1
    assert [one["text"] for one in report.figures["narrative"]["sections"]] == [
        text for text in WORDS.values() if text
    ]
    with files.open_file(report.html) as stream:
        html = stream.read().decode()
    assert "Residents say the court is quieter." in html
    assert "Edition 1, approved." in html
    assert people.leader.name not in html
    with pytest.raises(Refused, match="approved"):
        write(people, impact="Changed afterwards")
    assert freeze_again_is_the_same(narrative, people, report)


def freeze_again_is_the_same(narrative, people, report):
    approve_quarter(narrative=narrative, by=people.leader, version=99, deliver=False)
    return ProgressReport.objects.filter(edition=1).get() == report


@pytest.mark.parametrize("field", ["figures", "fingerprint", "edition", "approved_on", "pdf_id"])
def test_the_database_refuses_to_change_what_a_report_says(people, field):
    report = freeze(write(people), people.leader)
    values = {
        "figures": {},
        "fingerprint": "0" * 64,
        "edition": 7,
        "approved_on": dt.date(2020, 1, 1),
        "pdf_id": report.html_id,
    }
    with pytest.raises((DatabaseError, InternalError)), transaction.atomic():
        ProgressReport.objects.filter(pk=report.pk).update(**{field: values[field]})


def test_a_quarter_is_opened_again_with_a_reason_and_both_editions_stay(people):
    narrative = write(people)
    first = freeze(narrative, people.leader)
    narrative.refresh_from_db()
    with pytest.raises(Refused, match="why"):
        reopen_quarter(narrative=narrative, reason=" ", by=people.leader, version=narrative.version)
    reopened = reopen_quarter(
        narrative=narrative,
        reason="A late figure",
        by=people.leader,
        version=narrative.version,
    )
    assert (reopened.state, reopened.edition, reopened.approved_by) == ("draft", 2, None)
    second_words = write_narrative(
        subject=people.location,
        quarter=Q4,
        texts={"impact": "Said anew."},
        by=people.coordinator,
        version=reopened.version,
    )
    second = freeze(second_words, people.leader)
    first.refresh_from_db()
    assert second.fingerprint != first.fingerprint
    assert [r.edition for r in ProgressReport.objects.order_by("edition")] == [1, 2]


def test_a_quarter_opened_while_its_report_is_made_is_not_frozen(people):
    narrative = write(people)
    approve_quarter(narrative=narrative, by=people.leader, version=narrative.version, deliver=False)
    narrative.refresh_from_db()
    reopen_quarter(
        narrative=narrative, reason="Too early", by=people.leader, version=narrative.version
    )
    with pytest.raises(Refused, match="not approved"):
        run_now(JobRun.objects.get(params__edition=1))
    assert not ProgressReport.objects.exists()


def test_a_draft_report_has_no_edition_and_says_that_nobody_approved_it(people):
    write(people)
    run_now(
        request_report(subject=people.location, quarter=Q4, by=people.coordinator, deliver=False)
    )
    report = ProgressReport.objects.get()
    assert report.edition is None
    with files.open_file(report.html) as stream:
        assert "nobody has approved it" in stream.read().decode()


def test_the_journey_in_pages(client, people):
    client.force_login(people.coordinator)
    form = client.get(f"{PAGE}words/")
    assert form.status_code == 200
    sent = {**WORDS, "id": str(uuid.uuid4())}
    assert client.post(f"{PAGE}words/", sent)["Location"] == PAGE
    assert "Everything that approval needs is there." in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}approve/", {"version": "1"}).status_code == 403
    client.force_login(people.leader)
    page = client.get(PAGE).content.decode()
    assert "Approve and freeze" in page
    assert client.post(f"{PAGE}approve/", {"version": "1"})["Location"] == PAGE
    run_now(JobRun.objects.get(params__edition=1))
    page = client.get(PAGE).content.decode()
    report = ProgressReport.objects.get(edition=1)
    assert report.pdf.sha256 in page
    assert "Approve and freeze" not in page
    client.force_login(people.partner)
    seen = client.get(PAGE).content.decode()
    assert WORDS["impact"] not in seen
    assert client.get("/locations/leominster/reports/2022-23-Q4/").status_code == 404


def test_my_week_leads_whoever_approves_to_a_quarter_that_is_over_and_written(client, rf, people):
    def week(person):
        client.force_login(person)
        return client.get("/").text

    client.force_login(people.coordinator)
    client.post(f"{PAGE}words/", {**WORDS, "impact": "", "id": str(uuid.uuid4())})
    assert "Reports to approve" not in week(people.leader)  # not written to the end
    client.force_login(people.coordinator)
    client.post(f"{PAGE}words/", {**WORDS, "version": "1"})
    assert PAGE in week(people.leader)
    assert "Reports to approve" not in week(people.coordinator)
    request = rf.get("/")
    request.user = people.leader
    assert to_approve(request) is not None
    with at(dt.date(2024, 3, 31)):  # the quarter's last day
        assert to_approve(request) is None
    client.force_login(people.leader)
    client.post(f"{PAGE}approve/", {"version": "2"})
    assert "Reports to approve" not in week(people.leader)


def test_figures_are_equal_on_the_page_in_the_report_and_in_the_api(client, people):
    meeting = Meeting.objects.create(
        location=people.location,
        kind="other",
        title="Group",
        held_on=dt.date(2024, 3, 5),
        state="held",
        called_by=people.coordinator,
    )
    Decision.objects.create(
        location=people.location,
        meeting=meeting,
        text="Lights",
        decided_on=dt.date(2024, 3, 5),
        recorded_by=people.coordinator,
    )
    for number, state in enumerate(("done", "done", "accepted")):
        Action.objects.create(
            location=people.location,
            title=f"Action {number}",
            owner=people.partner,
            asked_on=dt.date(2024, 3, 1),
            due_on=dt.date(2024, 3, 20),
            state=state,
            closed_on=dt.date(2024, 3, 10 + number) if state == "done" else None,
            asked_by=people.coordinator,
        )
    report = freeze(write(people), people.leader)
    (part,) = report.figures["locations"]
    printed = {one["key"]: one["value"] for one in part["work"]}
    assert (printed["actions_done"], printed["meetings_held"], printed["decisions"]) == (2, 1, 1)
    client.force_login(people.leader)
    answer = client.get(f"/api/v1/reports/{report.pk}/").json()
    assert answer["figures"] == report.figures
    shown = client.get(PAGE).context["standing"].work
    assert {row.key: row.values[0] for row in shown} == printed
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM delivery_action WHERE state = 'done'")
        assert cursor.fetchone()[0] == printed["actions_done"]


def test_a_refused_approval_says_why_on_the_page_of_the_quarter(client, people):
    write(people, learning=" ")
    client.force_login(people.leader)
    answer = client.post(f"{PAGE}approve/", {"version": "1"})
    assert answer["Location"] == PAGE
    assert "what was learned" in client.get(PAGE).content.decode()


def test_a_quarter_leads_with_the_headline_of_a_survey_and_folds_the_rest(client, people):
    write(people)
    run_now(
        request_report(subject=people.location, quarter=Q4, by=people.coordinator, deliver=False)
    )
    built = ProgressReport.objects.get()
    (part,) = built.figures["locations"]
    part["perceptions"] = [
        {"key": key, "title": key, "status": "too_early", "words": "3 of 9.", "base": ""}
        for key in ("drugs", "safe-after-dark", "litter")
    ]
    kept = {
        field.attname: getattr(built, field.attname)
        for field in ProgressReport._meta.concrete_fields
        if field.name not in {"id", "created_at", "updated_at"}
    }
    ProgressReport.objects.create(**kept)
    client.force_login(people.leader)
    page = client.get(PAGE).content.decode()
    opened, _, folded = page.partition("2 more measures of what residents answered")
    assert "safe-after-dark" in opened
    assert "drugs" not in opened
    assert "drugs" in folded
    assert "litter" in folded
