"""What is OFFICIAL-SENSITIVE in a quarter stands in an annex: apart, marked, and for few."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import subprocess

import pytest

from accounts.roles import Role
from accounts.sharing import Category
from core import files
from core.choices import LedgerAction
from core.jobs import run_now
from core.models import LedgerEntry
from programmes.models import Evidence
from reports.annex import as_pdf
from reports.gather import gather_all
from reports.models import ProgressReport
from reports.quarters import Quarter
from reports.services import request_report
from tests.core.test_pdf import failures
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.programmes import (
    EvidenceWantedFactory,
    StepDefinitionFactory,
    StepRecordFactory,
)
from tests.personas import give_location_role
from tests.programmes.test_access_account import agree

Q4 = Quarter.parse("2023-24-Q4")


@pytest.fixture
def story(people):
    """One step with open and sensitive evidence, of two agencies, and a sensitive note."""
    definition = StepDefinitionFactory(template=people.programme.template, number=1)
    EvidenceWantedFactory(step=definition, key="plan", label="Plan")
    step = StepRecordFactory(
        location=people.location,
        definition=definition,
        notes="The landlord must not hear of it.",
        marking="official-sensitive",
        handling="Between the agencies of step 1 only.",
    )

    def evidence(title, on, **more):
        return Evidence.objects.create(
            step_record=step,
            title=title,
            done_on=dt.date.fromisoformat(on),
            recorded_by=people.coordinator,
            **more,
        )

    sensitive = {
        "marking": "official-sensitive",
        "handling": "Do not share outside the agencies named in the agreement.",
    }
    evidence("Walkabout on Mill Street", "2024-02-01")
    evidence("Where the boys meet", "2024-02-02", note="Behind the old mill.", **sensitive)
    evidence("Before the quarter, secret", "2023-12-02", note="x", **sensitive)
    evidence("After the quarter, secret", "2024-04-02", note="x", **sensitive)
    evidence(
        "Withdrawn, secret",
        "2024-02-04",
        note="x",
        withdrawn_on=dt.date(2024, 3, 1),
        withdrawn_reason="Wrong",
        **sensitive,
    )
    return people


def built(subject, by):
    done = run_now(request_report(subject=subject, quarter=Q4, by=by, deliver=False))
    return ProgressReport.objects.get(pk=done.result["report"])


def text_of(pdf):
    """Return the text of a PDF, page by page."""
    found = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return [" ".join(page.split()) for page in found.stdout.decode().split("\f")[:-1]]


def fetched(client, address):
    """Get a file to its end and return the answer."""
    answer = client.get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


def bytes_of(stored):
    with files.open_file(stored) as stream:
        return stream.read()


def test_the_annex_lists_what_is_sensitive_and_the_report_only_counts_it(story):
    report = built(story.location, story.leader)
    main = " ".join(text_of(bytes_of(report.pdf)))
    annex = " ".join(text_of(bytes_of(report.annex)))
    html = bytes_of(report.html).decode()
    for secret in ("Where the boys meet", "Behind the old mill", "must not hear"):
        assert secret in annex
        assert secret not in main
        assert secret not in html
        assert secret not in json.dumps(report.figures)
    assert "Walkabout on Mill Street" in main
    assert "Walkabout" not in annex
    assert "1 more piece is marked OFFICIAL-SENSITIVE" in main
    assert "secret" not in annex  # of another quarter, or withdrawn


def test_the_report_stays_official_and_the_annex_says_what_it_is_on_every_page(story):
    for number in range(60):
        Evidence.objects.create(
            step_record=story.location.steps.get(),
            title=f"Sensitive piece {number}",
            note="Something long enough to take a line or two of the page. " * 4,
            done_on=dt.date(2024, 2, 3),
            recorded_by=story.coordinator,
            marking="official-sensitive",
            handling="Eyes only.",
        )
    report = built(story.location, story.leader)
    assert (report.marking, report.annex_marking) == ("official", "official-sensitive")
    main = text_of(bytes_of(report.pdf))
    assert all(page.count("OFFICIAL") >= 2 for page in main)
    pdf = bytes_of(report.annex)
    assert failures(pdf) == []
    pages = text_of(pdf)
    assert len(pages) > 3
    for page in pages:
        assert page.count("OFFICIAL-SENSITIVE") >= 2, page  # head and foot
        assert "Do not share outside" in page  # the instruction, at the foot of each


def test_without_anything_sensitive_there_is_no_annex(story):
    Evidence.objects.filter(marking="official-sensitive").delete()
    story.location.steps.update(marking="official")
    report = built(story.location, story.leader)
    assert report.annex is None
    assert (report.annex_marking, report.annex_owners) == ("", [])


def test_the_same_quarter_gives_the_same_annex_byte_by_byte(story):
    figures, annex = gather_all(subject=story.location, quarter=Q4)
    assert figures.annex == annex.fingerprint
    one, two = as_pdf(annex), as_pdf(gather_all(subject=story.location, quarter=Q4)[1])
    assert hashlib.sha256(one).digest() == hashlib.sha256(two).digest()
    first = built(story.location, story.leader)
    assert built(story.location, story.coordinator) == first


def test_a_change_in_the_annex_alone_makes_another_report(story):
    first = built(story.location, story.leader)
    Evidence.objects.filter(title="Where the boys meet").update(note="Behind the new mill.")
    second = built(story.location, story.leader)
    assert second != first
    assert "new mill" in " ".join(text_of(bytes_of(second.annex)))


@pytest.mark.parametrize(
    ("who", "page", "api"),
    [
        ("coordinator", 200, 200),
        ("community", 200, 200),
        ("leader", 200, 200),
        ("verifier", 200, 200),
        ("partner", 403, 403),
        ("analyst", 403, 403),
        ("neighbour", 404, 404),
        ("researcher", 404, 404),
        ("admin", 404, 404),
    ],
)
def test_who_reads_evidence_downloads_the_annex_and_nobody_else(client, story, who, page, api):
    report = built(story.location, story.leader)
    client.force_login(getattr(story, who))
    assert fetched(client, f"/reports/{report.pk}/annex/").status_code == page
    assert fetched(client, f"/api/v1/reports/{report.pk}/annex/").status_code == api


def test_another_agency_needs_an_agreement_with_every_owner_in_the_annex(client, story):
    school = AgencyFactory(name="School")
    worker = UserFactory(name="Council", agency=AgencyFactory(name="Council"))
    give_location_role(worker, story.location, Role.COORDINATOR)
    Evidence.objects.create(
        step_record=story.location.steps.get(),
        title="Of the school",
        note="A pupil",
        done_on=dt.date(2024, 2, 5),
        recorded_by=story.coordinator,
        agency=school,
        marking="official-sensitive",
        handling="Ask the school.",
    )
    report = built(story.location, story.leader)
    assert set(report.annex_owners) == {story.police.pk, school.pk}
    address = f"/reports/{report.pk}/annex/"
    client.force_login(worker)
    assert fetched(client, address).status_code == 403
    agree(story, story.police, worker.agency, categories=[Category.SENSITIVE_NOTES])
    assert fetched(client, address).status_code == 403
    last = agree(story, school, worker.agency, categories=[Category.SENSITIVE_NOTES])
    assert fetched(client, address).status_code == 200
    last.ended_on = dt.date(2024, 6, 24)
    last.save()
    assert fetched(client, address).status_code == 403
    client.force_login(story.coordinator)  # of the lead agency, but not of the school
    assert fetched(client, address).status_code == 403


def test_what_nobody_is_named_for_is_open_to_nobody(client, story):
    story.programme.lead_agency = None
    story.programme.save()
    report = built(story.location, story.leader)
    client.force_login(story.coordinator)
    assert fetched(client, f"/reports/{report.pk}/annex/").status_code == 403


def test_the_annex_leaves_under_a_name_that_says_what_it_is(client, story):
    report = built(story.location, story.leader)
    client.force_login(story.leader)
    answer = fetched(client, f"/reports/{report.pk}/annex/")
    assert "(OFFICIAL-SENSITIVE).pdf" in answer["Content-Disposition"]
    assert answer["X-Protective-Marking"] == "OFFICIAL-SENSITIVE"
    main = fetched(client, f"/reports/{report.pk}/pdf/")
    assert "SENSITIVE" not in main["Content-Disposition"]
    assert main["X-Protective-Marking"] == "OFFICIAL"


def test_the_ledger_says_that_the_annex_was_fetched_or_denied(client, story):
    report = built(story.location, story.leader)
    for who, address in ((story.leader, "/reports"), (story.leader, "/api/v1/reports")):
        client.force_login(who)
        fetched(client, f"{address}/{report.pk}/annex/")
        entry = LedgerEntry.objects.filter(actor=who.pk, action=LedgerAction.DOWNLOAD).first()
        assert entry.subject_id == str(report.pk), address
        assert {"sensitive", "sensitive_notes"} <= set(entry.touches), address
    client.force_login(story.partner)
    fetched(client, f"/reports/{report.pk}/annex/")
    assert LedgerEntry.objects.filter(
        actor=story.partner.pk, action=LedgerAction.DENIED, subject_id=str(report.pk)
    ).exists()


def test_the_page_says_that_there_is_an_annex_and_offers_it_to_those_who_may(client, story):
    report = built(story.location, story.leader)
    client.force_login(story.leader)
    page = client.get(f"/reports/{report.pk}/").content.decode()
    assert f"/reports/{report.pk}/annex/" in page
    assert "Do not share outside" in page
    client.force_login(story.partner)
    page = client.get(f"/reports/{report.pk}/").content.decode()
    assert f"/reports/{report.pk}/annex/" not in page
    assert "annex" in page
    assert "Do not share outside" not in page


def test_a_programme_has_an_annex_of_its_own_by_its_own_roles(client, story):
    report = built(story.programme, story.leader)
    assert "Behind the old mill" in " ".join(text_of(bytes_of(report.annex)))
    for who, status in (("leader", 200), ("manager", 200), ("analyst", 403), ("coordinator", 404)):
        client.force_login(getattr(story, who))
        assert fetched(client, f"/reports/{report.pk}/annex/").status_code == status, who


def test_a_document_bears_the_highest_marking_of_what_it_holds(story):
    story.location.marking = "official-sensitive"
    story.location.handling = "Not outside the programme."
    story.location.save()
    report = built(story.programme, story.leader)
    assert (report.marking, report.handling) == (
        "official-sensitive",
        "Not outside the programme.",
    )
    for page in text_of(bytes_of(report.pdf)):
        assert page.count("OFFICIAL-SENSITIVE") >= 2
        assert "Not outside the programme." in page
