"""Who withdraws consent is gone at once from whatever the product gives out.

One resident stands wherever a resident can stand. ``OUTPUTS`` names each way in which the product
could show them, and every page that links lead to is read besides. A new output is one line there.
Nothing is proven about an output that never showed the name, so each must have shown it before;
``NAMELESS`` are those that name no resident by design, before and after.

What stays, and why: the register of consents keeps who withdrew, for those who keep it, without a
way to reach them; what was mailed is out of the house; an approved report is frozen, and holds no
names of people but those that somebody typed into its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from rest_framework.test import APIClient

from core.clock import business_date as at
from core.exports.registry import exports_for
from core.jobs import run_now
from core.models import JobRun
from delivery.services.handover import request_pack
from delivery.services.meeting_minutes import request_minutes
from engagement.api import router
from programmes.services.consents import withdraw_consent
from tests.factories.voice import PublicPageFactory
from tests.house.withdrawn_world import (
    ADDRESS,
    AT,
    LEFT_OUT,
    NAME,
    REGISTER,
    SENTINELS,
    TODAY,
    World,
    api,
    calendar_feed,
    digests,
    draft_report,
    file_of,
    invitations,
    listed,
    make_world,
    page,
    printed_minutes,
    printed_pack,
    signed_in,
    standing,
    take,
    text_of,
)

OUTPUTS: dict[str, Callable[[World], str]] = {
    "contributors": page(f"{AT}assets/?kind=person"),
    "search by name": page(f"{AT}assets/?q=Quillfeather"),
    "search by what is offered": page(f"{AT}assets/?q=tools"),
    "a contributor's page": page(f"{AT}assets/{{w.asset.pk}}/"),
    "a contributor's sheet": page(f"{AT}assets/{{w.asset.pk}}/sheet/"),
    "a contributor's form": page(f"{AT}assets/{{w.asset.pk}}/edit/"),
    "what a hall is connected with": page(f"{AT}assets/{{w.hall.pk}}/"),
    "contributors, API": api("assets/?location=leominster"),
    "a contributor, API": api("assets/{w.asset.pk}/"),
    "group": page(f"{AT}group/"),
    "a group's page": page(f"{AT}group/{{w.group.pk}}/"),
    "a member's form": page(f"{AT}group/{{w.group.pk}}/members/{{w.member.pk}}/"),
    "members, API": api("members/"),
    "a member, API": api("members/{w.member.pk}/"),
    "consents to list somebody by": page(f"{AT}assets/new/?kind=person"),
    "consents to seat somebody by": page(f"{AT}group/{{w.group.pk}}/members/new/?as=community"),
    "a meeting that lies ahead": page(f"{AT}meetings/{{w.ahead.pk}}/"),
    "whom to invite": page(f"{AT}meetings/new/?kind=delivery_group"),
    "a meeting that was held": page(f"{AT}meetings/{{w.held.pk}}/"),
    "the capture of a meeting": page(f"{AT}meetings/{{w.ahead.pk}}/capture/"),
    "minutes, page": page(f"{AT}meetings/{{w.held.pk}}/minutes/"),
    "minutes, PDF": printed_minutes,
    "meetings, API": api("meetings/{w.held.pk}/attendance/"),
    "invitations by mail, with their calendar": invitations,
    "a training": page(f"{AT}training/{{w.session.pk}}/"),
    "a training's form": page(f"{AT}training/{{w.session.pk}}/edit/"),
    "the form of a training": page(f"{AT}training/new/"),
    "handover, the group": page(f"{AT}handover/chapters/group/", "manager"),
    "handover, contributors": page(f"{AT}handover/chapters/contributors/", "manager"),
    "handover, PDF": printed_pack,
    "list of members, CSV": listed("delivery.members"),
    "list of members, Excel": listed("delivery.members", "xlsx"),
    "list of assets, CSV": listed("assets.assets"),
    "list of assets, Excel": listed("assets.assets", "xlsx"),
    "list of connections": listed("assets.connections"),
}
NAMELESS: dict[str, Callable[[World], str]] = {
    "my week of the coordinator": standing("/"),
    "my week of the manager": standing("/", "manager"),
    "the location": standing(AT),
    "the board": standing("/programmes/west-mercia/", "manager"),
    "map": standing(f"{AT}map/"),
    "map, GeoJSON": standing(f"{AT}map/geojson/"),
    "network": standing(f"{AT}stakeholders/network/"),
    "calendar feed": calendar_feed,
    "a meeting for calendars": standing(f"{AT}meetings/{{w.ahead.pk}}/calendar/"),
    "weekly mail": digests,
    "draft report of the location": draft_report("location"),
    "draft report of the programme": draft_report("programme"),
    "public page": lambda w: text_of(Client().get("/p/leominster/")),
    "a group's history": standing(f"{AT}group/{{w.group.pk}}/history/"),
    "history of the location": standing(f"{AT}history/"),
    "lately": standing("/lately/"),
    "ledger": standing("/ledger/", "manager"),
}


@pytest.fixture
def world(people) -> Iterator[World]:
    """Ann sits in the group, is a contributor, was at a meeting and a training, is asked to one."""
    with at(TODAY):
        yield make_world(people)


def withdraw(w: World) -> None:
    for consent in w.consents:
        withdraw_consent(consent=consent, version=consent.version, by=w.people.coordinator)


def said(text: str) -> list[str]:
    return [one for one in SENTINELS if one in text]


def crawled(user: Any, first: tuple[str, ...] = ("/", AT), most: int = 600) -> dict[str, list[str]]:
    """Follow every link of one's own pages; return which of them say something of Ann."""
    client, seen, waiting = signed_in(user), set(first), list(first)
    found: dict[str, list[str]] = {}
    while waiting:
        path = waiting.pop(0)
        answer = client.get(path)
        if answer.status_code != 200:
            continue
        text = text_of(answer)
        if said(text):
            found[path] = said(text)
        for written in re.findall(r'(?:href|action|src)="(/[^"#]*)', text):
            target = written.replace("&amp;", "&")
            if target not in seen and not LEFT_OUT.match(target):
                seen.add(target)
                waiting.append(target)
        assert len(seen) < most, "the crawl runs away"
    return found


def test_every_output_forgets_who_withdraws(world):
    silent = [name for name, read in OUTPUTS.items() if not said(read(world))]
    assert silent == [], "these never showed her, so they would prove nothing"
    withdraw(world)
    left = {name: said(read(world)) for name, read in OUTPUTS.items()}
    assert {name: words for name, words in left.items() if words} == {}


def test_outputs_that_name_no_resident_never_do(world):
    PublicPageFactory(location=world.location)
    before = {name: read(world) for name, read in NAMELESS.items()}
    assert [name for name, text in before.items() if len(text) < 100] == []
    withdraw(world)
    after = {f"{name}, after": read(world) for name, read in NAMELESS.items()}
    assert [name for name, text in {**before, **after}.items() if said(text)] == []


@pytest.mark.parametrize("who", ["coordinator", "manager", "partner"])
def test_no_page_that_links_lead_to_says_her_name_but_the_register(world, who):
    user = getattr(world.people, who)
    if who == "coordinator":  # whoever sees most of her finds her all over the product
        assert len(crawled(user)) > 15
    withdraw(world)
    found = crawled(user)
    assert {path: words for path, words in found.items() if not path.startswith(REGISTER)} == {}
    # In the register who withdrew stays known by name, and is not to be reached any more.
    assert {word for words in found.values() for word in words} <= {NAME}
    assert bool(found) == (who != "partner")


def test_files_made_before_the_withdrawal_are_not_handed_out_any_more(world):
    keys = [one.key for one in exports_for(world.people.manager, world.location)]
    runs = {(key, "csv"): take(world, key, "csv") for key in keys}
    for key in ("delivery.members", "assets.assets"):
        runs[key, "xlsx"] = take(world, key, "xlsx")
    run_now(request_pack(location=world.location, by=world.people.manager, deliver=False))
    run_now(request_minutes(meeting=world.held, by=world.people.coordinator, deliver=False))
    held = {
        "pack": page(f"{AT}handover/file/", "manager"),
        "minutes": page(f"{AT}meetings/{{w.held.pk}}/minutes/pdf/"),
        **{f"{key}, {form}": _made(run) for (key, form), run in runs.items()},
    }
    before = {name for name, read in held.items() if said(read(world))}
    assert before >= {"pack", "minutes", "delivery.members, csv", "assets.assets, xlsx"}
    withdraw(world)
    assert {name: said(read(world)) for name, read in held.items() if said(read(world))} == {}


def _made(run: JobRun) -> Callable[[World], str]:
    """Read a list's file as its page and as the API hand it out."""

    def read(w: World) -> str:
        program = APIClient()
        program.force_authenticate(w.people.manager)
        return file_of(w, run) + text_of(program.get(f"/api/v1/exports/{run.pk}/file/"))

    return read


def test_every_list_taken_anew_is_without_her(world):
    keys = [one.key for one in exports_for(world.people.manager, world.location)]
    assert len(keys) > 10
    withdraw(world)
    found = {key: said(file_of(world, take(world, key, "csv"))) for key in keys}
    assert {key: words for key, words in found.items() if words} == {}


def test_nothing_that_programs_list_says_her_name_but_the_register(world):
    lists_of = {prefix: api(f"{prefix}/") for prefix, _view, _name in router.registry}
    assert said(lists_of["members"](world))
    withdraw(world)
    found = {prefix: said(read(world)) for prefix, read in lists_of.items()}
    assert {prefix: words for prefix, words in found.items() if words} == {"consents": [NAME]}


def test_nobody_is_written_to_on_the_strength_of_a_withdrawn_consent(world):
    assert f"['{ADDRESS}']" in invitations(world)
    withdraw(world)
    assert ADDRESS not in invitations(world)
    told = sorted(one.to[0] for one in mail.outbox)
    assert told == [world.people.coordinator.email, world.people.partner.email]
