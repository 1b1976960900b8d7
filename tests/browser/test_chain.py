"""The whole chain, walked by keyboard: from what a resident tells to the answer they read.

Eight people sign in, each in a browser of their own and in the product's own roles: the programme
manager, who sets up the town; the coordinator; the community coordinator; the partner, who comes
by the link of a mail and the code sent after it; the analyst; the verifier; the leader; and the
administrator, who moves the date over the end of the quarter. The resident has no account.
Resident and partner use a phone's screen without scripts. The town is the chain's own.
"""

from __future__ import annotations

import pytest

from tests.browser.chain import evidence, partner, plan, quarter, step, town, voice, workshop
from tests.browser.chain.calendar import move
from tests.browser.conftest import PHONE
from tests.browser.keyboard import Keyboard

BEFORE, AFTER = (25, 6, "Tuesday 25 June 2024"), (2, 7, "Tuesday 2 July 2024")


@pytest.fixture
def person(visit):
    """Return a function that sets somebody before a browser; signed in, if they have an account."""

    def sit_down(who: str | None = None) -> Keyboard:
        keyboard = Keyboard(visit())
        if who:
            keyboard.sign_in(who)
        return keyboard

    return sit_down


@pytest.fixture
def phone(visit):
    """Return a function that gives somebody a phone on which scripts are switched off."""
    return lambda: Keyboard(visit(viewport=PHONE, java_script_enabled=False))


@pytest.fixture
def quarter_over(person):
    """Return a function that moves the date over the end of the quarter; it is put back."""
    moved: list[Keyboard] = []

    def over() -> None:
        moved.append(person("admin"))
        move(moved[0], *AFTER)

    yield over
    for admin in moved:
        move(admin, *BEFORE)


def test_from_a_resident_s_concern_to_the_answer_with_eight_sign_ins(person, phone, quarter_over):
    town.set_up(person("manager"))
    coordinator, community, analyst = person("coordinator"), person("community"), person("analyst")
    town.open_public_page(coordinator)
    survey = evidence.open_a_wave(analyst)

    resident = phone()
    reference = voice.tell(resident)
    evidence.answer(resident, survey)
    evidence.others_answer(resident, survey)

    voice.read(community)
    voice.look_up(resident, reference)
    workshop.plan(coordinator)
    workshop.write_down(coordinator)
    voice.agree_priority(coordinator)

    partner.finish(phone())

    evidence.use_the_action(coordinator)
    evidence.build_the_package(analyst)
    quarter_over()
    evidence.finish_the_wave(analyst)

    plan.take_up(coordinator)
    plan.cite_evidence(coordinator)
    plan.respond(coordinator)
    plan.evaluate(coordinator)

    step.complete(coordinator)
    step.verify(person("verifier"))
    leader = person("leader")
    step.sign(leader)
    quarter.write(coordinator)
    quarter.approve(leader)

    voice.draft_answer(community)
    voice.approve_answer(coordinator)
    voice.read_answer(resident, reference)
