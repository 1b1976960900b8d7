"""A progress report: as it stood on its day, without names, the same in page and PDF."""

from __future__ import annotations

import datetime as dt
import json
import subprocess

import pytest
from django.core.management import call_command

from core import files
from core.clock import business_date as at
from core.errors import NotAllowed, Refused
from core.jobs import run_now
from core.records import from_plain
from programmes.models import Evidence, SignOff
from reports.figures import ReportFigures
from reports.gather import gather
from reports.models import ProgressReport
from reports.quarters import Quarter
from reports.services import request_report
from tests.core.test_pdf import failures
from tests.factories.programmes import (
    EvidenceWantedFactory,
    StepDefinitionFactory,
    StepRecordFactory,
)
from tests.incidents.streets import CODES, hold_month, make_areas

Q4 = Quarter.parse("2023-24-Q4")


def evidence(record, on, title, **fields):
    return Evidence.objects.create(
        step_record=record,
        title=title,
        done_on=dt.date.fromisoformat(on),
        recorded_by=fields.pop("by"),
        **fields,
    )


@pytest.fixture
def story(people):
    """Step 1 signed off in March, step 2 late, step 3 of next quarter; evidence around it."""
    template = people.programme.template
    records = []
    for number, (start, end) in enumerate(
        (("2023-12-04", "2024-01-14"), ("2024-01-15", "2024-03-10"), ("2024-04-01", "2024-05-12")),
        1,
    ):
        definition = StepDefinitionFactory(template=template, number=number)
        EvidenceWantedFactory(step=definition, key="plan", label="Plan")
        records.append(
            StepRecordFactory(
                location=people.location,
                definition=definition,
                planned_start=dt.date.fromisoformat(start),
                planned_end=dt.date.fromisoformat(end),
            )
        )
    one, two, _three = records
    wanted = one.definition.evidence_wanted.get()
    who = people.coordinator
    evidence(one, "2023-12-20", "Before the quarter", by=who, wanted=wanted)
    evidence(one, "2024-02-01", "Walkabout on Mill Street", by=who)
    evidence(two, "2024-03-31", "On the last day", by=who, is_demonstration=True)
    evidence(two, "2024-04-01", "After the quarter", by=who)
    evidence(two, "2024-02-02", "Names of residents", by=who, marking="official-sensitive")
    evidence(
        two,
        "2024-02-03",
        "Withdrawn then",
        by=who,
        withdrawn_on=dt.date(2024, 2, 9),
        withdrawn_reason="Wrong place",
    )
    SignOff.objects.create(step_record=one, signed_by=people.leader, signed_on=dt.date(2024, 3, 5))
    SignOff.objects.create(step_record=two, signed_by=people.leader, signed_on=dt.date(2024, 5, 5))
    make_areas(people.location)
    for month, count in (("2024-01", 20), ("2024-02", 11), ("2024-03", 21), ("2024-04", 9)):
        hold_month(month, {CODES[0]: count})
    return people


def test_what_was_done_in_the_quarter_is_listed_by_the_day_it_was_done(story):
    (part,) = gather(subject=story.location, quarter=Q4).locations
    assert [piece.title for piece in part.delivered] == [
        "Walkabout on Mill Street",
        "On the last day",
    ]
    assert [piece.is_demonstration for piece in part.delivered] == [False, True]


def test_sensitive_evidence_is_counted_but_not_named(story):
    figures = gather(subject=story.location, quarter=Q4)
    assert figures.locations[0].withheld == 1
    assert "Names of residents" not in json.dumps(str(figures))


def test_steps_stand_as_on_the_last_day_of_the_quarter(story):
    (part,) = gather(subject=story.location, quarter=Q4).locations
    assert [(step.number, step.status) for step in part.steps] == [
        (1, "signed_off"),
        (2, "late"),
        (3, "not_started"),
    ]
    assert part.steps[0].signed_on == dt.date(2024, 3, 5)
    assert [step.number for step in part.late] == [2]
    assert [step.number for step in part.next_steps] == [2, 3]
    assert [(event.on, event.words) for event in part.events] == [
        (dt.date(2024, 3, 5), "Signed off")
    ]


def test_a_quarter_that_is_not_over_is_reported_up_to_the_business_date(story):
    figures = gather(subject=story.location, quarter=Quarter.parse("2024-25-Q1"))
    assert figures.as_at == dt.date(2024, 6, 25)
    assert figures.locations[0].steps[1].status == "signed_off"
    assert figures.locations[0].asb.held == 1


def test_a_quarter_that_has_not_begun_is_refused(story):
    with pytest.raises(Refused, match="has not begun"):
        gather(subject=story.location, quarter=Quarter.parse("2024-25-Q2"))


def test_reports_of_asb_are_those_of_the_quarter_and_gaps_stay_gaps(story):
    asb = gather(subject=story.location, quarter=Q4).locations[0].asb
    assert (asb.quarter, asb.held, asb.status) == (52, 3, "too_early")
    assert len(asb.months) == 12
    assert [row.count for row in asb.months[-3:]] == [20, 11, 21]
    assert all(row.count is None and row.status == "missing" for row in asb.months[:9])


def test_a_report_holds_nobodys_name(story):
    text = json.dumps(str(gather(subject=story.programme, quarter=Q4)))
    for person in (story.coordinator, story.leader, story.manager):
        assert person.email not in text
        assert f"'{person.name}'" not in text


def test_the_job_keeps_frozen_figures_that_later_records_do_not_change(story):
    with at(dt.date(2024, 6, 25)):
        done = run_now(
            request_report(subject=story.location, quarter=Q4, by=story.leader, deliver=False)
        )
    report = ProgressReport.objects.get()
    frozen = from_plain(ReportFigures, report.figures)
    assert frozen.fingerprint == report.fingerprint == done.result["fingerprint"]
    again = run_now(
        request_report(subject=story.location, quarter=Q4, by=story.leader, deliver=False)
    )
    assert again.result["report"] == str(report.pk)
    with files.open_file(report.pdf) as stream:
        pdf = stream.read()
    assert failures(pdf) == []
    text = " ".join(
        subprocess.run(
            ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
        )
        .stdout.decode()
        .split()
    )
    assert "1 of 3 steps stood signed off" in text
    assert "Walkabout on Mill Street" in text
    assert "After the quarter" not in text
    assert "Demonstration" in text
    with files.open_file(report.html) as stream:
        assert "1 of 3 steps stood signed off" in stream.read().decode()


@pytest.mark.parametrize("who", ["partner", "neighbour", "researcher", "stranger"])
def test_who_may_not_build_cannot_ask(story, who):
    with pytest.raises(NotAllowed):
        request_report(subject=story.location, quarter=Q4, by=getattr(story, who))


def test_a_coordinator_of_one_location_cannot_ask_for_the_whole_programme(story):
    with pytest.raises(NotAllowed):
        request_report(subject=story.programme, quarter=Q4, by=story.coordinator)


def test_the_command_writes_the_pdf(story, tmp_path, capsys):
    target = tmp_path / "q" / "report.pdf"
    call_command(
        "build_progress_report",
        "west-mercia",
        "--quarter",
        "2023-24-Q4",
        "--out",
        str(target),
        "--json",
    )
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (summary["kind"], summary["quarter"], summary["as_at"]) == (
        "programme",
        "2023-24-Q4",
        "2024-03-31",
    )
    assert target.read_bytes().startswith(b"%PDF")
