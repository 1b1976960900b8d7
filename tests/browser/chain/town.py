"""A town of its own for the chain: the manager sets it up and gives three people their roles."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.keyboard import Keyboard

TOWN = "Ludlow"
HERE = "/locations/ludlow/"
PLACE = "Station car park"
PEOPLE = (
    ("Coordinator, Leominster and Evesham", "Coordinator"),
    ("Community coordinator (", "Community coordinator"),
    ("Partner (", "Partner"),
)
INTRO = "Police, council, housing provider and residents work on the station car park together."


def set_up(manager: Keyboard) -> None:
    """Add the town with its area and a target place, its people, and its public page."""
    page = manager.page
    page.goto("/programmes/west-mercia/")
    manager.press("Add a location")
    manager.fill("Name", TOWN)
    manager.press("Add the location")
    manager.sees("The location is set up with its steps.")
    draw_its_area(manager)
    page.goto(HERE)
    manager.press("Target places")
    manager.press("Add the first target place")
    manager.fill("Name", PLACE)
    page.keyboard.press("Enter")
    manager.heading(PLACE)
    for person, role in PEOPLE:
        give_role(manager, person, role)


def draw_its_area(manager: Keyboard) -> None:
    """Say which LSOAs are counted: those of the town's wards."""
    page = manager.page
    page.goto(f"{HERE}area/?kind=lsoa_set")
    manager.fill("Find LSOAs", TOWN)
    manager.press("Search")
    boxes = page.locator("input[name=picked]")
    expect(boxes.first).to_be_attached()
    for box in boxes.all():
        manager.reach(box)
        page.keyboard.press("Space")
    manager.press("Save the area")
    manager.sees("The area is saved.")


def give_role(manager: Keyboard, person: str, role: str) -> None:
    """Give somebody who works elsewhere in the programme a role here."""
    page = manager.page
    page.goto(f"{HERE}members/")
    manager.press(re.compile("^Give (the first role|somebody a role)|^Give a role"))
    manager.pick("Somebody you work with already", person)
    manager.choose(role, exact=True)
    manager.press("Give the role")
    manager.heading("People and roles")
    manager.sees(person.removesuffix(" ("))


def open_public_page(coordinator: Keyboard) -> None:
    """Open the page that residents read, with a promise of an answer within 20 days."""
    page = coordinator.page
    page.goto(HERE)
    coordinator.press("Residents’ voice")
    coordinator.press("Open it", exact=True)
    coordinator.choose(re.compile("^Open"))
    coordinator.fill("Introduction", INTRO)
    coordinator.press("Save", exact=True)
    coordinator.heading("Residents’ voice")
