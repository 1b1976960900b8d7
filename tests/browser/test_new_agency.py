"""A new agency comes in: its manager is invited, brings six people, signs an agreement."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.mails import link_in_mail
from tests.browser.test_journey import LONG
from tests.browser.visitor import Visitor

AGENCY = "Bromyard Housing"
COUNCIL = "Council (demonstration)"
PASSWORD = "velvet-anchor-drizzle-42"  # of an invented person
SIX = (
    ("coordinator", "Coordinator", AGENCY),
    ("leader", "Leader", AGENCY),
    ("analyst", "Analyst", AGENCY),
    ("verifier", "Trainer or verifier", "Training body (demonstration)"),
    ("partner", "Partner", COUNCIL),
    ("researcher", "Research partner", "University (demonstration)"),
)


def address(name: str) -> str:
    return f"{name}@bromyard.example"


def press(page: Page, name: str) -> None:
    """Press what bears a name, be it a button or a link that looks like one."""
    page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first.click()


def fill_day(page: Page, position: int, day: int, month: int, year: int) -> None:
    """Fill the date that stands at a position of the form."""
    for label, value in (("Day", day), ("Month", month), ("Year", year)):
        page.get_by_label(label).nth(position).fill(str(value))


def open_account(visitor: Visitor, name: str) -> None:
    """Open an account through its invitation, after a scanner has looked at it 50 times."""
    page = visitor.page
    link = link_in_mail(visitor.stack.var, address(name))
    for _time in range(50):
        assert page.request.get(link).status == 200
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Open your account")
    page.get_by_label("E-mail address").fill(address(name))
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Open my account").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.locator("input[name=login]").fill(address(name))
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page).not_to_have_url(re.compile("/accounts/login/"))
    # The invitation is used up: whoever finds the mail later gets nothing from it.
    assert page.request.get(link).status in (200, 410)
    expect(page.get_by_role("heading", level=1)).to_have_text("My week")


def invite_its_manager(admin: Visitor) -> None:
    """Let a system administrator add the agency and invite whoever manages it."""
    page = admin.page
    page.goto("/agencies/")
    press(page, "Add an agency")
    page.get_by_label("Name").fill(AGENCY)
    page.get_by_label("Kind").select_option(label="Housing provider")
    page.locator("main").get_by_role("button").first.click()
    press(page, "Invite its first manager")
    page.get_by_label("Or anybody else, by e-mail address").fill(address("head"))
    page.get_by_label("Their name").fill("Head of Bromyard Housing")
    page.get_by_label("Programme manager").check()
    page.get_by_role("button", name="Give the role").click()
    expect(page.get_by_text("Invited").first).to_be_visible()


def set_up_a_programme(page: Page) -> str:
    """Set up a programme with a location; return the programme's address."""
    page.goto("/")
    press(page, "Set up a programme")
    page.get_by_label("Name").fill("Bromyard programme")
    page.get_by_label("West Mercia eight steps (edition 2)").check()
    fill_day(page, 0, 1, 7, 2024)
    page.get_by_role("button", name="Set up the programme").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bromyard programme")
    programme = page.url
    press(page, "Add the first location")
    page.get_by_label("Name").fill("Bromyard")
    page.get_by_role("button", name="Add the location").click()
    expect(page.get_by_text("The location is set up with its steps.")).to_be_visible()
    return programme


def invite_six(page: Page, programme: str) -> None:
    """Paste a list of six people, look at what would be done, and have it done."""
    page.goto(f"{programme}members/")
    press(page, "Invite several at once")
    lines = ["E-mail address\tName\tAgency\tRole\tFrom"]
    lines += [
        f"{address(name)}\t{name.title()} of Bromyard\t{agency}\t{role}\t25/06/2024"
        for name, role, agency in SIX
    ]
    page.get_by_label("Or cells copied from a spreadsheet").fill("\n".join(lines))
    page.get_by_role("button", name="Check the table").click()
    expect(page.get_by_text("Nothing is stored yet.")).to_be_visible()
    page.get_by_role("button", name="Store these 6 rows").click()
    page.get_by_role("button", name="See the result").or_(
        page.get_by_role("link", name="See the result")
    ).click(timeout=LONG)
    page.goto(f"{programme}members/")
    for name, _role, _agency in SIX:
        expect(page.get_by_text(f"{name.title()} of Bromyard").first).to_be_visible()
    expect(page.get_by_text(address("coordinator"))).to_be_visible()
    expect(page.get_by_text(address("partner"))).to_have_count(0)  # of another agency


def sign(page: Page) -> None:
    """Read the agreement that is open, and sign it for one's agency."""
    press(page, "Read and sign")
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.locator("main").get_by_role("button", name=re.compile("^Sign")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sharing in Bromyard")


def agree(page: Page, programme: str) -> None:
    """Draft an agreement with the council and sign it."""
    page.goto(f"{programme}agreements/")
    press(page, "Draft an agreement")
    page.get_by_label("Title").fill("Sharing in Bromyard")
    page.get_by_label(AGENCY).check()
    page.get_by_label(COUNCIL).check()
    page.get_by_label(re.compile("^People: contact")).check()
    page.get_by_label(re.compile("^Sensitive notes")).check()
    page.get_by_role("textbox", name="Purpose").fill("To work on the estate together.")
    page.get_by_label("Crime and Disorder Act 1998, section 115").check()
    fill_day(page, 0, 25, 6, 2024)
    fill_day(page, 1, 1, 12, 2024)
    fill_day(page, 2, 24, 6, 2025)
    page.get_by_label("OFFICIAL", exact=True).check()
    page.get_by_role("button", name="Draft the agreement").click()
    expect(page.get_by_text("Waiting for your signature")).to_be_visible()
    sign(page)


def test_a_new_agency_invites_six_people_signs_an_agreement_and_sees_who_sees_what(visit):
    invite_its_manager(visit("admin"))
    head = visit()
    open_account(head, "head")
    page = head.page
    programme = set_up_a_programme(page)
    invite_six(page, programme)
    agree(page, programme)

    leader = visit("leader")  # of the council, without a role in this programme
    leader.page.goto("/")
    leader.page.get_by_role("link", name="Sharing in Bromyard").click()
    sign(leader.page)
    assert leader.status_of(programme) == 404  # a signature is no role

    page.goto(f"{programme}members/")
    expect(page.get_by_text(address("partner"))).to_be_visible()  # the agreement opens it
    expect(page.get_by_text(address("verifier"))).to_have_count(0)

    partner = visit()
    open_account(partner, "partner")

    page.goto(programme)
    page.get_by_role("link", name="Who can see this").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who can see this, and why")
    expect(page.locator("main").get_by_text("Head of Bromyard Housing")).to_be_visible()
    expect(page.get_by_role("heading", name=COUNCIL)).to_be_visible()
    expect(page.get_by_role("link", name="Sharing in Bromyard").first).to_be_visible()

    partner.page.goto(programme)
    expect(partner.page.get_by_role("heading", level=1)).to_have_text("Bromyard programme")
    assert partner.status_of(f"{programme}edit/") == 403
    assert partner.status_of("/locations/leominster/") == 404
