"""The navigation of a location: every page under a heading, the one we are in marked and open."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from accounts.permissions import Permission
from programmes.pages import location_navigation
from programmes.registry import PageGroup, location_pages

MOST_IN_A_GROUP = 7
ALWAYS_IN_SIGHT = {"overview", "steps"}


def test_every_page_of_a_location_stands_in_a_group_that_can_be_taken_in_at_a_glance():
    pages = location_pages()
    assert {page.key for page in pages if page.group is PageGroup.TOP} == ALWAYS_IN_SIGHT
    for group in PageGroup:
        several = [page for page in pages if page.group is group]
        assert 1 < len(several) <= MOST_IN_A_GROUP, group
        assert len({page.order for page in several}) == len(several), group


def test_pages_come_group_by_group_and_a_group_has_its_heading_once(people):
    items = location_navigation(people.location, frozenset(Permission), "log")
    headings = [str(item["heading"]) for item in items if item["heading"]]
    assert headings == [str(group.label) for group in PageGroup if group is not PageGroup.TOP]
    assert [item["text"] for item in items if item["current"]] == ["Log"]


def test_who_may_not_open_a_groups_first_page_still_reads_its_heading(people):
    wanted = frozenset(Permission) - {Permission.DATA_READ, Permission.LOCATION_MANAGE}
    items = location_navigation(people.location, wanted)
    assert "Handover pack" not in [item["text"] for item in items]
    assert "Reports and records" in [str(item["heading"]) for item in items]


def groups_of(html):
    """Return each group at a desk: its heading, whether it is open."""
    found = re.findall(
        r'<details class="app-side-navigation__group"( open)?><summary[^>]*>([^<]+)</summary>', html
    )
    return {heading: bool(is_open) for is_open, heading in found}


@pytest.mark.parametrize(
    ("page", "opened"),
    [
        ("programmes:location-detail", {"Work", "People", "Residents", "Place and data"}),
        ("delivery:log", {"Work"}),
        ("assets:stakeholder-list", {"People"}),
    ],
)
def test_the_group_of_the_page_is_open_and_on_the_overview_all_are(client, people, page, opened):
    client.force_login(people.coordinator)
    html = client.get(reverse(page, args=["leominster"])).content.decode()
    shown = {heading for heading, is_open in groups_of(html).items() if is_open}
    assert shown >= opened
    if page != "programmes:location-detail":
        assert shown == opened


def test_on_a_phone_one_menu_holds_every_page_and_says_where_we_are(client, people):
    client.force_login(people.coordinator)
    html = client.get(reverse("delivery:log", args=["leominster"])).content.decode()
    menu = html[html.index('<details class="app-page-menu">') : html.index("app-side-navigation--")]
    assert re.search(r'app-page-menu__current">Log<', menu)
    assert len(re.findall(r'aria-current="page"', menu)) == 1
    for page in location_pages():
        assert str(page.label).replace("'", "&#x27;") in menu, page.key
