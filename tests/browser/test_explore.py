"""The map of reports: it draws its points on one canvas, a press says what lies there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE

EXPLORE = "/locations/shrewsbury/data/explore/"

# Where on screen the largest circle is that no other covers, and what it holds.
LARGEST = """() => {
  const map = document.getElementById("explore-map").leaflet;
  let layer = null;
  map.eachLayer((one) => { if (one.points) layer = one; });
  const { found, top } = layer.set(), size = map.getSize();
  const away = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
  const where = (one) => map.latLngToContainerPoint(map.unproject([one.x, one.y]));
  const inside = ({ x, y }) => x > 60 && y > 60 && x < size.x - 20 && y < size.y - 40;
  const circle = found.find((one) => inside(where(one))
    && found.every((other) => other === one || away(one, other) > other.r));
  const { x, y } = where(circle), { streets, street } = layer.points;
  return { x, y, n: circle.n, members: circle.members, top, street: streets[street[circle.first]] };
}"""

# How many pixels of the canvas are painted.
PAINTED = """() => {
  const canvas = document.querySelector(".app-explore__canvas");
  const all = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let painted = 0;
  for (let i = 3; i < all.length; i += 4) painted += all[i] > 0;
  return painted;
}"""


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_map_draws_its_points_and_a_press_answers(visit, viewport):
    analyst = visit("analyst", viewport=viewport)
    page = analyst.page
    page.goto(f"{EXPLORE}?category=all")
    status = page.locator("[data-explore-status]")
    expect(status).to_contain_text(re.compile(r"[\d,]+ map points with [\d,]+ reports"))
    assert page.evaluate(PAINTED) > 100
    assert page.locator("#explore-map path").count() == 1  # the boundary; no element for a point
    largest = page.evaluate(LARGEST)
    expect(status).to_contain_text(f"stands for {largest['top']:,} reports")
    page.locator("#explore-map").click(position={"x": largest["x"], "y": largest["y"]})
    popup = page.locator(".leaflet-popup-content")
    expect(popup).to_contain_text(f"{largest['n']:,} report")
    if largest["members"] > 1:
        expect(popup).to_contain_text(f"{largest['members']} map points close together")
    else:
        expect(popup).to_contain_text(largest["street"])
    assert analyst.complaints == []


def test_close_up_a_point_names_its_street_and_says_what_it_is_not(visit):
    analyst = visit("analyst", viewport=DESK)
    page = analyst.page
    page.goto(EXPLORE)
    expect(page.locator("#explore-map[data-explored=true]")).to_be_visible()
    before = page.locator(".app-explore__canvas").get_attribute("data-draws")
    page.evaluate(
        """() => {
          const map = document.getElementById("explore-map").leaflet;
          let layer = null;
          map.eachLayer((one) => { if (one.points) layer = one; });
          const { x, y } = layer.set().found[0];
          map.setView(map.unproject([x, y]), 17, { animate: false });
          const alone = layer.set().found[0]; // the highest of all map points
          map.setView(map.unproject([alone.x, alone.y]), 17, { animate: false });
        }"""
    )
    assert page.locator(".app-explore__canvas").get_attribute("data-draws") != before
    largest = page.evaluate(LARGEST)
    page.locator("#explore-map").click(position={"x": largest["x"], "y": largest["y"]})
    popup = page.locator(".leaflet-popup-content")
    assert largest["members"] == 1
    expect(popup).to_contain_text(largest["street"])
    expect(popup).to_contain_text(f"{largest['n']:,} report")
    expect(popup).to_contain_text("A map point is not where something happened")
    assert analyst.complaints == []


def test_the_choice_stands_in_the_address_and_the_form_changes_it(visit):
    analyst = visit("analyst", viewport=DESK)
    page = analyst.page
    page.goto(EXPLORE)
    page.get_by_text("Choose months and categories", exact=True).click()
    page.get_by_label("Burglary").check()
    page.get_by_label("Anti-social behaviour").uncheck()
    page.get_by_role("button", name="Apply filters").click()
    expect(page).to_have_url(re.compile("category=burglary"))
    expect(page.get_by_text("(Burglary)")).to_be_visible()
    expect(page.locator("#explore-map[data-explored=true]")).to_be_visible()


def test_points_that_cannot_be_loaded_are_said_and_the_table_stays(visit):
    analyst = visit("analyst", viewport=DESK)
    analyst.may_be_refused = True
    analyst.page.route("**/explore/points/**", lambda route: route.fulfill(status=404))
    analyst.page.goto(EXPLORE)
    expect(analyst.page.locator("[data-explore-status]")).to_contain_text("could not be loaded")
    expect(analyst.page.locator(".app-map__table tbody tr").first).to_be_visible()


def test_without_scripts_the_tables_say_it_all(visit):
    page = visit("analyst", viewport=PHONE, java_script_enabled=False).page
    page.goto(EXPLORE)
    expect(page.locator(".app-map__table tbody tr").first).to_be_visible()
    expect(page.locator(".app-map__canvas noscript p")).to_be_visible()  # text engines skip it
    expect(page.locator(".app-figure__chart")).to_be_visible()
