"""A real browser in front of the real product: its web server, its worker, its database."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.stack import Stack, running
from tests.browser.visitor import Visitor

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items):
    """Mark what drives a browser, so that ``-m "not browser"`` leaves it out."""
    for item in items:
        if "/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


# For the package, not the session: the browser's loop would forbid Django's database to whatever
# test comes after in the same process.
@pytest.fixture(scope="package")
def stack(tmp_path_factory) -> Iterator[Stack]:
    with running(tmp_path_factory.mktemp("product")) as product:
        yield product


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser of the machine, or (where none is packaged) the one of Playwright."""
    path = os.environ.get("ENGAGEMENT_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


AT_LEOMINSTER = "anchor_id = (select id from programmes_location where slug = 'leominster')"
ON_WEST_MERCIA = "anchor_id = (select id from programmes_programme where slug = 'west-mercia')"


# The coordinator has sent a table with a wrong row and taken a list.
TABLE_AND_LIST = """
import time
from accounts.models import User
from core.exports import find_export
from core.exports.services import request_export
from core.tabular import find_table
from core.tabular.reading import read_text
from core.tabular.services import receive_table
from programmes.models import Location
by = User.objects.get(email="coordinator@demo.example")
place = Location.objects.get(slug="leominster")
sheet = read_text("Name,Why this place\\nPark,Dark\\n,Nameless\\n", "places.csv")
receive_table(table=find_table("programmes.target_places"), target=place, sheet=sheet, by=by)
run = request_export(export=find_export("programmes.members"), scope=place, form="xlsx",
                     reason="For the quarterly board", by=by)
while run.is_open:
    time.sleep(0.2)
    run.refresh_from_db()
assert run.state == "succeeded", run.error
"""


@pytest.fixture(scope="package")
def made(stack) -> dict[str, str]:
    """Ids of what the tests' own pages are about: a package, a report, a piece of evidence."""
    stack.command("build_data_package", "leominster", "--from", "2024-01", "--to", "2024-04")
    stack.command("build_progress_report", "leominster", "--quarter", "2023-24-Q4")
    # A command runs for nobody; the page of a job is its requester's.
    stack.change(
        "update core_jobrun set requested_by_id ="
        " (select id from accounts_user where email = 'coordinator@demo.example')"
    )
    stack.command("shell", "--no-imports", "--command", TABLE_AND_LIST)
    one = "select id from {} where {} order by created_at limit 1"
    return {
        "location": stack.value(one.format("programmes_location", "slug = 'leominster'")),
        "table": stack.value(one.format("core_tabularimport", "true")),
        "export": stack.value(one.format("core_jobrun", "kind = 'core.export'")),
        "evidence": stack.value(
            one.format(
                "programmes_evidence",
                "step_record_id in (select r.id from programmes_steprecord r"
                " join programmes_location l on l.id = r.location_id"
                " join programmes_stepdefinition d on d.id = r.definition_id"
                " where l.slug = 'leominster' and d.number = 6)",
            )
        ),
        "consent": stack.value(
            one.format(
                "programmes_consent",
                "withdrawn_on is null and location_id in"
                " (select id from programmes_location where slug = 'leominster')",
            )
        ),
        "agreement": stack.value(one.format("programmes_sharingagreement", "ended_on is null")),
        "party": stack.value(
            one.format(
                "programmes_agreementparty",
                "agreement_id = (select id from programmes_sharingagreement"
                " where ended_on is null order by created_at limit 1)",
            )
        ),
        "package": stack.value(one.format("incidents_datapackage", "true")),
        "report": stack.value(one.format("reports_progressreport", "true")),
        "job": stack.value(one.format("core_jobrun", "state = 'succeeded'")),
        "person": stack.value(one.format("accounts_user", "email = 'coordinator@demo.example'")),
        "agency": stack.value(
            "select agency_id from accounts_user where email = 'manager@demo.example'"
        ),
        "member": stack.value(one.format("programmes_locationmembership", AT_LEOMINSTER)),
        "programme_member": stack.value(
            one.format("programmes_programmemembership", f"{ON_WEST_MERCIA} and role = 'leader'")
        ),
        "agency_member": stack.value(
            one.format("accounts_agencymembership", "role = 'programme_manager'")
        ),
    }


@pytest.fixture
def visit(stack, chromium):
    """Return a function that opens a browser for a person; at the end no page has complained."""
    visitors: list[Visitor] = []

    def open_browser(who: str | None = None, **options) -> Visitor:
        context = chromium.new_context(
            base_url=stack.url,
            viewport=options.pop("viewport", DESK),
            locale="en-GB",
            accept_downloads=True,
            **options,
        )
        visitor = Visitor(context, stack, scripts=options.get("java_script_enabled", True))
        visitors.append(visitor)
        if who:
            visitor.sign_in(who)
        return visitor

    yield open_browser
    complaints = [line for visitor in visitors for line in visitor.complaints]
    for visitor in visitors:
        visitor.context.close()
    assert complaints == []
