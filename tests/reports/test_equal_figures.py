"""A figure is the same wherever it stands: pages, report, PDF, Excel, CSV, command and API.

What is expected is counted by hand in tests/reports/busy_quarter.py, not taken from a selector.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import subprocess
import zipfile
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from core import files
from core.clock import business_date as at
from core.exports import find_export
from core.exports.services import request_export
from core.jobs import run_now
from delivery.selectors.totals import TOTALS
from reports.models import ProgressReport
from reports.quarters import Quarter
from reports.services import request_report
from tests.incidents.streets import CODES, hold_month
from tests.reports.busy_quarter import (
    ASKED,
    EVESHAM,
    FIRST,
    LEOMINSTER,
    SO_FAR,
    UNSAFE,
    make_busy_quarter,
)

Q4 = Quarter.parse("2023-24-Q4")
TODAY = dt.date(2024, 6, 25)
EXPECTED = {"leominster": LEOMINSTER, "evesham": EVESHAM}
WORK = {one.key: str(one.label) for one in TOTALS}
REPORTS_OF_ASB = "Reports of ASB"
PAGES = {
    "location": "/locations/leominster/reports/2023-24-Q4/",
    "programme": "/programmes/west-mercia/reports/2023-24-Q4/",
}


class _Tables(HTMLParser):
    """Reads every table of a page as rows of texts; hints and notes in cells stay out."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._hint = self._cell = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._cell = True
        elif tag == "br" and self._cell:
            self.handle_data(" ")
        self._hint = self._hint or (tag == "span" and bool({"govuk-hint", "note"} & {*classes}))

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._hint = False
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data: str) -> None:
        if self._cell and not self._hint:
            self.tables[-1][-1][-1] += data


def tables_of(html: str) -> list[list[list[str]]]:
    reader = _Tables()
    reader.feed(html)
    return [[[" ".join(c.split()) for c in row] for row in one] for one in reader.tables]


def table_with(html: str, heading: str) -> list[list[str]]:
    (found,) = [one for one in tables_of(html) if heading in one[0]]
    return found


def by_column(table: list[list[str]]) -> dict[str, dict[str, int]]:
    """Return {location: {key: figure}} of a table with a row a figure and a column a location."""
    keys = {label: key for key, label in WORK.items()}
    head, *rows = table
    return {
        name.lower(): {keys[row[0]]: int(row[column]) for row in rows}
        for column, name in enumerate(head)
        if column
    }


def asb_by_row(html: str) -> dict[str, int]:
    """Return the reports of ASB by location, of the report's first table."""
    head, *rows = table_with(html, REPORTS_OF_ASB)
    return {row[0].lower(): int(row[head.index(REPORTS_OF_ASB)]) for row in rows}


def whole(figures: dict[str, dict[str, int]], asb: dict[str, int]) -> dict[str, dict[str, int]]:
    return {name: {**row, "asb_reports": asb[name]} for name, row in figures.items()}


def text_of(pdf: bytes, *options: str) -> str:
    """Return a PDF's text in one line; as it reads, or by lines of the page ("-layout")."""
    done = subprocess.run(
        ["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True
    )
    return " ".join(done.stdout.decode().split())


def in_pdf(pdf: bytes, names: list[str]) -> dict[str, dict[str, int]]:
    """Return the figures of a report's PDF by the words before them, as its text reads."""
    text = text_of(pdf)
    work = text[text.index("The work in figures") :]
    numbers = " ".join([r"(\d+)"] * len(names))
    found: dict[str, dict[str, int]] = {name: {} for name in names}
    for one in TOTALS:
        label = re.escape(str(one.label)) + (
            rf" \({re.escape(str(one.note))}\)" if one.note else ""
        )
        matches = re.findall(rf"{label} {numbers}(?!\d)", work)
        assert len(matches) == 1, (label, matches, work[:2000])
        values = matches[0] if len(names) > 1 else (matches[0],)
        for name, value in zip(names, values, strict=True):
            found[name][one.key] = int(value)
    lines = text_of(pdf, "-layout")
    for name in names:
        # Signed off "0 of 0" or so, evidence, late steps, reports of ASB.
        (asb,) = re.findall(rf"{name.title()} \d+ of \d+ \d+ \d+ (\d+)", lines)
        found[name]["asb_reports"] = int(asb)
    return found


def of_rows(rows: list[dict[str, Any]], quarter: str = str(Q4)) -> dict[str, dict[str, int]]:
    """Return the figures of a list of rows with location, quarter, code and value."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        if row["Quarter"] == quarter:
            column = found.setdefault(row["Location"].lower(), {})
            assert row["Code"] not in column
            column[row["Code"]] = int(row["Value"])
    return found


def dicts(head: Any, rows: Any) -> list[dict[str, Any]]:
    return [dict(zip(head, row, strict=True)) for row in rows]


def csv_rows(stream: Any) -> list[dict[str, Any]]:
    with zipfile.ZipFile(stream) as archive:
        head, *rows = csv.reader(io.StringIO(archive.read("data.csv").decode("utf-8-sig")))
    return dicts(head, rows)


def xlsx_rows(stream: Any) -> list[dict[str, Any]]:
    head, *rows = openpyxl.load_workbook(stream)["Data"].iter_rows(values_only=True)
    return dicts(head, rows)


def listed(people: Any, scope: Any, form: str, **period: Any) -> list[dict[str, Any]]:
    run = run_now(
        request_export(
            export=find_export("reports.figures"),
            scope=scope,
            form=form,
            reason="For the quarterly board",
            by=people.manager,
            **period,
        )
    )
    run.refresh_from_db()
    with files.open_file(run.result_file) as stream:
        return {"csv": csv_rows, "xlsx": xlsx_rows}[form](stream)


def built(people: Any, subject: Any) -> ProgressReport:
    done = run_now(request_report(subject=subject, quarter=Q4, by=people.leader, deliver=False))
    return ProgressReport.objects.get(pk=done.result["report"])


def content(stored: Any) -> bytes:
    with files.open_file(stored) as stream:
        return stream.read()


@pytest.fixture
def busy(people):
    with at(TODAY):
        make_busy_quarter(people)
        yield people


def test_the_quarter_counted_by_hand_has_no_two_equal_figures():
    assert len(set(LEOMINSTER.values())) == len(LEOMINSTER) == len(TOTALS) + 1
    assert set(LEOMINSTER) == {*WORK, "asb_reports"} == set(EVESHAM)
    differing = [key for key in LEOMINSTER if LEOMINSTER[key] == EVESHAM[key]]
    assert differing == []


def test_every_figure_is_equal_wherever_it_is_shown(client, busy, tmp_path, capsys):
    people = busy
    both, one = EXPECTED, {"leominster": LEOMINSTER}
    shown: dict[str, Any] = {}
    api = APIClient()
    api.force_authenticate(people.leader)
    client.force_login(people.leader)
    for kind, subject in (("location", people.location), ("programme", people.programme)):
        wanted = one if kind == "location" else both
        names = sorted(wanted)
        report = built(people, subject)
        html = content(report.html).decode()
        shown[f"{kind} report, HTML"] = (
            wanted,
            whole(by_column(table_with(html, "What is counted")), asb_by_row(html)),
        )
        shown[f"{kind} report, PDF"] = wanted, in_pdf(content(report.pdf), names)
        sent = api.get(f"/api/v1/reports/{report.pk}/").json()["figures"]["locations"]
        shown[f"{kind} report, API"] = (
            wanted,
            {
                part["slug"]: {
                    **{row["key"]: row["value"] for row in part["work"]},
                    "asb_reports": part["asb"]["quarter"],
                }
                for part in sent
            },
        )
        page = client.get(PAGES[kind]).content.decode()
        said = re.findall(r"(\w+: )?Reports of ASB\.</strong> (\d+) in the quarter", page)
        asb = {(name[:-2] or "Leominster").lower(): int(value) for name, value in said}
        shown[f"{kind} quarter page"] = (
            wanted,
            whole(by_column(table_with(page, "What is counted")), asb),
        )
        printed = client.get(report.get_absolute_url()).content.decode()
        shown[f"{kind} report page"] = (
            wanted,
            whole(by_column(table_with(printed, "What is counted")), asb_by_row(printed)),
        )
        for form in ("csv", "xlsx"):
            shown[f"{kind} list, {form}"] = wanted, of_rows(listed(people, subject, form))
    for form in ("csv", "xlsx"):
        target = tmp_path / f"quarter.{form}"
        call_command(
            "export_quarter",
            "west-mercia",
            "--quarter",
            str(Q4),
            "--form",
            form,
            "--out",
            str(target),
            "--by",
            people.manager.email,
            "--json",
        )
        summary = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert summary["rows"] == 2 * len(LEOMINSTER)
        rows = {"csv": csv_rows, "xlsx": xlsx_rows}[form](target)
        shown[f"command, {form}"] = both, of_rows(rows)
    assert len(shown) == 16
    wrong = {where: found for where, (wanted, found) in shown.items() if found != wanted}
    assert wrong == {}


def test_what_is_shown_since_the_programme_began_is_the_sum_of_the_quarters(client, busy):
    """The board and the location's own page count on from the first quarter to today."""
    people = busy
    sums: dict[str, dict[str, int]] = {}
    for row in listed(people, people.programme, "csv"):
        column = sums.setdefault(row["Location"].lower(), {})
        column[row["Code"]] = column.get(row["Code"], 0) + int(row["Value"] or 0)
    listed_so_far = {name: {key: sums[name][key] for key in SO_FAR[name]} for name in SO_FAR}
    assert listed_so_far == SO_FAR
    client.force_login(people.manager)
    board = table_with(client.get("/programmes/west-mercia/").content.decode(), "Reach")
    on_board = {}
    for row in board[1:]:
        words = " ".join(row)
        (heard,) = re.findall(r"heard (\d+) times", words)
        (trained,) = re.findall(r"(\d+) at training", words)
        (done,) = re.findall(r"(\d+) done", words)
        on_board[row[0].lower()] = {
            "people_heard": int(heard),
            "people_trained": int(trained),
            "actions_done": int(done),
        }
    assert on_board == SO_FAR
    for name, wanted in SO_FAR.items():
        page = " ".join(
            re.sub(r"<[^>]+>", " ", client.get(f"/locations/{name}/").content.decode()).split()
        )
        assert f"Heard: {wanted['people_heard']}. " in page
        assert re.findall(r"Done (\d+) since the programme began", page) == [
            str(wanted["actions_done"])
        ]


def test_reports_of_asb_in_the_package_on_its_pages_and_on_the_board(client, busy):
    """January to March in Leominster: the package, the location's page, the board, the API."""
    people, wanted = busy, LEOMINSTER["asb_reports"]
    client.force_login(people.manager)
    board = table_with(client.get("/programmes/west-mercia/").content.decode(), "Reach")
    (line,) = [row for row in board if row[0] == "Leominster"]
    assert f"{wanted} reports in the package" in " ".join(line)
    months = table_with(client.get("/locations/leominster/").content.decode(), "Month")
    counted = [int(row[1]) for row in months[1:]]
    assert (counted, sum(counted)) == ([20, 11, 21], wanted)
    api = APIClient()
    api.force_authenticate(people.manager)
    (package,) = api.get("/api/v1/data-packages/?location=leominster").json()["results"]
    assert package["summary"]["reports"] == wanted


def test_reports_of_asb_that_the_words_on_change_hold_are_not_said_twice(client, busy):
    """With the same months of the year before, the quarter's page says the number in a sentence."""
    people = busy
    for month in ("2023-01", "2023-02", "2023-03"):
        hold_month(month, {CODES[0]: 18})
    report = built(people, people.location)
    client.force_login(people.leader)
    page = client.get(PAGES["location"]).content.decode()
    assert f"{LEOMINSTER['asb_reports']} reports of ASB in January to March 2024" in page
    assert "in the quarter (months held" not in page
    assert asb_by_row(content(report.html).decode())["leominster"] == LEOMINSTER["asb_reports"]


def test_what_residents_answered_is_equal_wherever_it_is_shown(client, busy):
    people = busy
    report = built(people, people.location)
    said = rf"{UNSAFE} of {ASKED} \({UNSAFE / ASKED:.0%}, 95% interval"
    for where, text in (
        ("HTML", content(report.html).decode()),
        ("PDF", text_of(content(report.pdf))),
        ("API", json.dumps(report.figures)),
    ):
        assert re.search(said, text), where
    client.force_login(people.leader)
    page = client.get(PAGES["location"]).content.decode()
    assert re.search(said, page)
    board = table_with(client.get("/programmes/west-mercia/").content.decode(), "Reach")
    (line,) = [row for row in board if row[0] == "Leominster"]
    assert f"{UNSAFE} / {ASKED} ({UNSAFE / ASKED:.0%})" in " ".join(line)
    api = APIClient()
    api.force_authenticate(people.leader)
    (wave,) = api.get("/api/v1/results/?location=leominster").json()["results"]
    (measure,) = api.get(f"/api/v1/results/{wave['id']}/").json()["measures"]
    assert (measure["figure"]["count"], measure["figure"]["base"]) == (UNSAFE, ASKED)


def test_a_figure_narrowed_to_its_quarter_is_the_one_of_the_whole_list(busy):
    """The period of a list chooses quarters; it never cuts one."""
    people = busy
    narrowed = listed(people, people.programme, "csv", first=FIRST, last=FIRST)
    assert of_rows(narrowed) == EXPECTED
    assert {row["Quarter"] for row in narrowed} == {str(Q4)}
