"""The product's main job, done by people in a browser: with scripts, without, and by keyboard."""

from __future__ import annotations

import csv
import io
import json
import re
import time
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.visitor import Visitor

# A picture of one red dot: small, and yet a true PNG.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8"
    "cfc000000301010018dd8db00000000049454e44ae426082"
)
LONG = 120_000  # milliseconds: a job on a busy machine


def record_evidence(visitor: Visitor, town: str, note: str, name: str) -> None:
    """Record evidence with a file on step 6 of a town, from the town's own page on."""
    page = visitor.page
    page.goto(f"/locations/{town}/")
    page.get_by_role("link", name="Open the step").or_(
        page.get_by_role("link", name=re.compile("Develop solution rich pictures"))
    ).first.click()
    page.get_by_role("link", name="Record evidence").or_(
        page.get_by_role("button", name="Record evidence")
    ).first.click()
    page.get_by_label("Themes drawn from the pictures").check()
    page.get_by_label("Title").fill(f"Themes of the third picture, {name}")
    page.get_by_label("Day").fill("24")
    page.get_by_label("Month").fill("6")
    page.get_by_label("Year").fill("2024")
    page.get_by_label("Note").fill(note)
    page.locator("input[type=file]").set_input_files(
        files=[{"name": f"{name}.png", "mimeType": "image/png", "buffer": DOT}]
    )
    page.get_by_role("button", name="Record the evidence").click()
    expect(page.get_by_text("The evidence is recorded.")).to_be_visible()
    expect(page.get_by_text(note).first).to_be_visible()


def wait_for_result(visitor: Visitor) -> None:
    """Wait beside the bar of a job and open its result.

    Without scripts a person presses "Check again". (The page also reloads itself through a
    noscript element, which the browser does not honour when scripts are only switched off for it
    by its remote control.)
    """
    page = visitor.page
    result = page.get_by_role("button", name="See the result").or_(
        page.get_by_role("link", name="See the result")
    )
    again = page.get_by_role("button", name="Check again").or_(
        page.get_by_role("link", name="Check again")
    )
    deadline = time.monotonic() + LONG / 1000
    while not visitor.scripts and not result.is_visible() and time.monotonic() < deadline:
        page.wait_for_timeout(1000)
        if again.is_visible():
            again.click()
    result.click(timeout=LONG)


def build_package(visitor: Visitor) -> None:
    """Ask for Leominster's package from January to June 2024 and wait beside its bar."""
    page = visitor.page
    page.goto("/locations/leominster/data/")
    page.get_by_label("From").select_option(label="January 2024")
    page.get_by_label("To", exact=True).select_option(label="June 2024")
    page.get_by_role("button", name="Build the package").click()
    expect(page).to_have_url(re.compile("/jobs/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Leominster")
    wait_for_result(visitor)
    expect(page).to_have_url(re.compile("/locations/leominster/data/packages/"))


def download(visitor: Visitor, words: str) -> tuple[str, bytes]:
    """Press a download button; return the file's name and bytes."""
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("button", name=words).or_(
            visitor.page.get_by_role("link", name=words)
        ).first.click()
    got = waiting.value
    return got.suggested_filename, Path(got.path()).read_bytes()


def check_package(content: bytes) -> None:
    """The zip counts 20, 11, 21 and 21 reports, and two months that are missing, not zero."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        names = set(package.namelist())
        described = json.loads(package.read("datapackage.json"))
        rows = list(csv.DictReader(io.StringIO(package.read("monthly_counts.csv").decode())))
    assert {
        "incidents.csv",
        "places.csv",
        "hotspots.geojson",
        "boundary.geojson",
        "clusters.csv",
        "clusters.geojson",
        "comparison.csv",
        "similar_areas.csv",
        "data_quality.csv",
        "briefing.html",
        "briefing.pdf",
    } <= names
    assert described["licenses"] or described["sources"]
    ours = [
        row
        for row in rows
        if row["area"] == "Leominster" and row["category"] == "Anti-social behaviour"
    ]
    assert [(row["month"], row["count"], row["status"]) for row in ours] == [
        ("2024-01", "20", "observed"),
        ("2024-02", "11", "observed"),
        ("2024-03", "21", "observed"),
        ("2024-04", "21", "observed"),
        ("2024-05", "", "missing"),
        ("2024-06", "", "missing"),
    ]


def build_report(visitor: Visitor) -> None:
    """Ask for Leominster's progress report of January to March 2024 and wait for it."""
    page = visitor.page
    page.goto("/locations/leominster/reports/")
    page.get_by_label("Financial quarter").select_option(value="2023-24-Q4")
    page.get_by_role("button", name="Build the report").click()
    expect(page).to_have_url(re.compile("/jobs/"))
    wait_for_result(visitor)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_coordinator_records_evidence_builds_a_package_and_a_report(visit, scripts):
    coordinator = visit("coordinator", java_script_enabled=scripts)
    name = "with" if scripts else "without"
    record_evidence(coordinator, "evesham", f"Four themes, {name} scripts.", name)
    build_package(coordinator)
    expect(coordinator.page.get_by_text("OFFICIAL").first).to_be_visible()
    _name, content = download(coordinator, "Download the package (zip)")
    check_package(content)
    build_report(coordinator)
    name, content = download(coordinator, re.compile("PDF"))
    assert name.endswith(".pdf")
    assert content.startswith(b"%PDF-1.7")
    assert len(content) > 20_000


def test_the_bar_of_a_job_moves_by_itself(visit):
    """With scripts the job's page goes from waiting to done without being loaded again."""
    analyst = visit("analyst")
    loads: list[str] = []
    build = analyst.page
    build.goto("/locations/shrewsbury/data/")
    build.get_by_label("From").select_option(label="February 2024")
    build.get_by_label("To", exact=True).select_option(label="March 2024")
    build.get_by_role("button", name="Build the package").click()
    expect(build).to_have_url(re.compile("/jobs/"))
    build.on("load", lambda _page: loads.append(build.url))
    expect(build.get_by_text(re.compile("Finished on"))).to_be_visible(timeout=LONG)
    assert loads == []


def test_a_leader_sees_every_town_and_step_on_one_page(visit):
    leader = visit("leader")
    page = leader.page
    page.goto("/programmes/west-mercia/")
    for town in ("Leominster", "Evesham", "Shrewsbury", "Oswestry"):
        expect(page.get_by_role("link", name=town, exact=True).first).to_be_visible()
    board = page.get_by_role("table").first
    expect(board).to_contain_text("Signed off")
    expect(board).to_contain_text("out of order")
    expect(page.get_by_text("Tuesday 25 June 2024 (week 30)")).to_be_visible()
    expect(page.get_by_text("Demonstration").first).to_be_visible()
    expect(page.get_by_role("link", name="Record evidence")).to_have_count(0)


def test_the_neighbour_finds_nothing_of_leominster(visit):
    neighbour = visit("neighbour")
    for path in (
        "/locations/leominster/",
        "/locations/leominster/steps/6/",
        "/locations/leominster/data/",
        "/locations/leominster/reports/",
        "/locations/leominster/places/town-centre/",
        "/programmes/west-mercia/",
        "/locations/leominster/steps/6/evidence/new/",
    ):
        assert neighbour.status_of(path) == 404, path
    assert neighbour.status_of("/locations/redditch/") == 200
    neighbour.page.goto("/")
    expect(neighbour.page.get_by_text("Leominster")).to_have_count(0)


def test_a_partner_on_a_phone_sees_the_town_and_no_button_that_fails(visit):
    partner = visit("partner", viewport=PHONE)
    partner.page.goto("/locations/leominster/")
    expect(partner.page.get_by_role("region", name="Location: Leominster")).to_be_visible()
    expect(partner.page.get_by_text("Record evidence")).to_have_count(0)
    assert partner.status_of("/locations/leominster/steps/6/evidence/new/") == 403


def test_the_administrator_moves_the_date_forward_and_back(visit):
    admin = visit("admin")
    for day, month, words in ((2, 7, "Tuesday 2 July 2024"), (25, 6, "Tuesday 25 June 2024")):
        admin.page.goto("/demo/date/")
        admin.page.get_by_label("Day").fill(str(day))
        admin.page.get_by_label("Month").fill(str(month))
        admin.page.get_by_label("Year").fill("2024")
        admin.page.get_by_role("button", name="Move the date").click()
        expect(admin.page.get_by_text(f"The business date is now {words}.")).to_be_visible()


# --- By keyboard alone ----------------------------------------------------------------------------


def tab_to(visitor: Visitor, selector: str, most: int = 80) -> None:
    """Press Tab until the control is focused; it must show that it is."""
    for _press in range(most):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("s => document.activeElement.matches(s)", selector):
            ring = visitor.page.evaluate(
                "() => { const e = document.activeElement, s = getComputedStyle(e),"
                " n = e.nextElementSibling, b = n && getComputedStyle(n, '::before');"
                " return s.outlineStyle + s.boxShadow + (b ? b.boxShadow + b.outlineStyle : ''); }"
            )
            assert ring.replace("none", ""), f"{selector} does not show its focus"
            return
    raise AssertionError(f"{selector} is not reached by {most} presses of Tab")


def test_signing_in_and_recording_evidence_need_no_mouse(visit, stack):
    visitor = visit()
    page, keys = visitor.page, visitor.page.keyboard
    account = stack.accounts["coordinator"]
    page.goto("/accounts/login/")
    tab_to(visitor, "input[name=login]")
    keys.type(account["email"])
    tab_to(visitor, "input[name=password]")
    keys.type(account["password"])
    keys.press("Enter")
    expect(page).not_to_have_url(re.compile("/accounts/login/"))
    page.goto("/locations/evesham/steps/6/")
    tab_to(visitor, "a[href$='/evidence/new/'], a[href*='/evidence/new/?']")
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/evidence/new/"))
    tab_to(visitor, "input[name=wanted]")
    keys.press("Space")
    tab_to(visitor, "input[name=done_on_day]")
    keys.type("20")
    tab_to(visitor, "input[name=done_on_month]")
    keys.type("6")
    tab_to(visitor, "input[name=done_on_year]")
    keys.type("2024")
    tab_to(visitor, "textarea[name=note]")
    keys.type("Recorded without a mouse.")
    tab_to(visitor, "main form button[type=submit]")
    keys.press("Enter")
    expect(page.get_by_text("The evidence is recorded.")).to_be_visible()
    expect(page.get_by_text("Recorded without a mouse.").first).to_be_visible()


def test_an_error_in_a_form_is_announced_and_leads_to_its_field(visit):
    coordinator = visit("coordinator")
    page = coordinator.page
    page.goto("/locations/evesham/steps/6/evidence/new/")
    coordinator.may_be_refused = True
    page.get_by_role("button", name="Record the evidence").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Add a note, a link or a file that shows what was done")
    expect(page).to_have_title(re.compile("^Error:"))
    page.get_by_role("link", name="Add a note, a link or a file that shows what was done").click()
    assert page.evaluate("document.activeElement.name") == "note"
