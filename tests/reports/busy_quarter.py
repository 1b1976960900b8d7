"""A quarter of work at two locations, made through the services; its figures are counted by hand.

Every figure differs from every other, so that two that were swapped are noticed. Around what counts
lies what must not: records of the day before and the day after, of another location, withdrawn,
dropped, cancelled, only planned, or sent twice.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from accounts.roles import Role
from core.clock import business_date as at
from core.jobs import run_now
from delivery.models import HelpRequest
from delivery.selectors.meeting_people import Invitee
from delivery.services import (
    actions,
    answers,
    help,  # noqa: A004  # the module of asking for help
    meeting_capture,
    meeting_people,
    meetings,
    training,
    voice,
    voice_answers,
)
from delivery.services.quietly import without_mail
from incidents.packages.services import request_package
from programmes.models import Location
from surveys.answering import from_mapping
from surveys.models import Question
from surveys.services import finish_wave, make_survey, open_wave
from surveys.services.answers import submit
from surveys.wording import questions_of
from tests.factories.groups import TrainingCourseFactory
from tests.factories.places import AreaFactory, lsoa_set
from tests.factories.programmes import LocationFactory
from tests.incidents.streets import CODES, hold_month, make_areas
from tests.personas import People, give_location_role

FIRST, LAST = dt.date(2024, 1, 1), dt.date(2024, 3, 31)
BEFORE, AFTER = FIRST - dt.timedelta(days=1), LAST + dt.timedelta(days=1)
MID = dt.date(2024, 2, 14)

# What was done from January to March 2024, by the names of the figures.
LEOMINSTER = {
    "people_heard": 11,
    "answers_did": 3,
    "answers_could_not": 2,
    "meetings_held": 4,
    "decisions": 6,
    "training_sessions": 5,
    "people_trained": 47,
    "actions_done": 8,
    "help_asked": 1,
    "asb_reports": 52,
}
EVESHAM = {
    "people_heard": 6,
    "answers_did": 1,
    "answers_could_not": 0,
    "meetings_held": 2,
    "decisions": 3,
    "training_sessions": 4,
    "people_trained": 29,
    "actions_done": 5,
    "help_asked": 0,
    "asb_reports": 17,
}
# Until 25 June 2024, the records around the quarter included.
SO_FAR = {
    "leominster": {"people_heard": 14, "people_trained": 67, "actions_done": 10},
    "evesham": {"people_heard": 8, "people_trained": 49, "actions_done": 7},
}
UNSAFE, ASKED = 23, 61
SAFE = "safe-after-dark"


class Work:
    """Does the work of one location, each piece on a day."""

    def __init__(self, people: People, location: Location) -> None:
        """Work at a location as its people."""
        self.people, self.location = people, location

    def hear(self, on: dt.date, text: str = "It is dark behind the garages.") -> Any:
        """Hear somebody on a day."""
        with at(on):
            return voice.record_concern(
                id=uuid4(),
                location=self.location,
                kind="concern",
                text=text,
                channel="phone",
                heard_on=on,
                by=self.people.manager,
            )

    def answer(self, concern: Any, kind: str, on: dt.date, *, publish: bool = True) -> Any:
        """Draft an answer, and publish it on a day."""
        with at(on):
            read = voice.moderate(
                concern=concern,
                version=concern.version,
                by=self.people.manager,
                kind="concern",
                target_place=None,
                public_text="It is dark there.",
                publish=True,
                answer_by=on + dt.timedelta(days=20),
            )
            draft = voice_answers.draft_answer(
                id=uuid4(), kind=kind, text="The lamps.", by=self.people.coordinator, concern=read
            )
            if not publish:
                return draft
            return voice_answers.approve_answer(answer=draft, version=1, by=self.people.manager)

    def plan(self, on: dt.date) -> Any:
        """Plan a meeting for a day."""
        with at(on):
            return meetings.plan_meeting(
                id=uuid4(),
                location=self.location,
                kind="delivery_group",
                title=f"Meeting of {on}",
                held_on=on,
                invited=[Invitee(user=self.people.manager)],
                by=self.people.manager,
            )

    def meet(self, on: dt.date) -> Any:
        """Hold a meeting on a day."""
        meeting = self.plan(on)
        with at(on):
            meeting_people.mark_attendance(
                attendance=meeting.attendance.get(), state="present", by=self.people.manager
            )
            return meetings.close_meeting(
                meeting=meeting, version=meeting.version, by=self.people.manager
            )

    def decide(self, on: dt.date) -> Any:
        """Take a decision on a day."""
        with at(on):
            return meeting_capture.record_decision(
                id=uuid4(),
                location=self.location,
                text="Light the court.",
                decided_on=on,
                by=self.people.manager,
            )

    def train(self, on: dt.date, *, agency: int = 0, community: int = 0) -> Any:
        """Train people of an agency and of the community on a day."""
        heads = [(self.people.housing, agency), (None, community)]
        with at(on):
            return training.record_training(
                location=self.location,
                course=TrainingCourseFactory(),
                held_on=on,
                by=self.people.manager,
                heads=[training.Heads(who, number) for who, number in heads if number],
                id=uuid4(),
            )

    def ask(self, on: dt.date) -> Any:
        """Ask for an action on a day."""
        with at(on):
            return actions.ask_action(
                id=uuid4(),
                location=self.location,
                title="Repair the light",
                owner=self.people.manager,
                due_on=on + dt.timedelta(days=14),
                by=self.people.manager,
                tell=False,
            )

    def do(self, on: dt.date) -> Any:
        """Finish an action on a day."""
        asked = self.ask(on - dt.timedelta(days=3))
        with at(on):
            return answers.finish_action(action=asked, by=self.people.manager, note="Done.")

    def ask_for_help(self, on: dt.date) -> HelpRequest:
        """Ask the tasking group for help on a day."""
        with at(on):
            return help.ask_for_help(
                location=self.location,
                tier="tasking",
                title="Let the contractor in",
                reason="The lamps have been out since winter.",
                decide_by=on + dt.timedelta(days=10),
                by=self.people.manager,
                id=uuid4(),
                tell=False,
            )


def make_busy_quarter(people: People) -> Location:
    """Make the quarter; return the second location, Evesham. Business stands on 25 June 2024."""
    evesham: Location = LocationFactory(programme=people.programme, slug="evesham", name="Evesham")
    give_location_role(people.coordinator, evesham, Role.COORDINATOR)
    with without_mail():
        _leominster(Work(people, people.location))
        _evesham(Work(people, evesham))
    _reports_of_asb(people, evesham)
    _survey(people)
    return evesham


def _leominster(work: Work) -> None:
    people = work.people
    days = (FIRST, FIRST, dt.date(2024, 1, 20), MID, MID, LAST)
    heard = [work.hear(day, f"It is dark, {number}.") for number, day in enumerate(days)]
    heard += [work.hear(MID, f"It is loud, {number}.") for number in range(5)]
    _not_heard(work)
    for concern in heard[:3]:
        work.answer(concern, "did", LAST)
    for concern in heard[3:5]:
        work.answer(concern, "could_not", FIRST + dt.timedelta(days=50))
    work.answer(heard[5], "did", AFTER)
    withdrawn = work.answer(heard[6], "did", MID)
    with at(AFTER):
        voice_answers.withdraw_answer(
            answer=withdrawn, version=withdrawn.version, reason="Wrong lamps", by=people.manager
        )
    work.answer(heard[7], "could_not", MID, publish=False)
    for day in (FIRST, MID, MID, LAST, BEFORE, AFTER):
        work.meet(day)
    work.plan(MID)
    cancelled = work.plan(MID)
    with at(MID):
        meetings.cancel_meeting(
            meeting=cancelled, reason="Snow", version=cancelled.version, by=people.manager
        )
    for day in (FIRST, MID, MID, MID, LAST, LAST, BEFORE, AFTER, AFTER):
        work.decide(day)
    for day, agency, community in (
        (FIRST, 14, 0),
        (MID, 9, 4),
        (MID, 0, 7),
        (MID, 6, 0),
        (LAST, 3, 4),
        (BEFORE, 12, 0),
        (AFTER, 0, 8),
    ):
        work.train(day, agency=agency, community=community)
    for day in (FIRST, FIRST, MID, MID, MID, MID, LAST, LAST, BEFORE, AFTER):
        work.do(day)
    _not_done(work)
    _asked_for_help(work)


def _not_heard(work: Work) -> None:
    """Sent twice, without words, moved to safeguarding; and what lies around the quarter."""
    people = work.people
    for why in ("same", "empty"):
        concern = work.hear(MID, f"Again, {why}.")
        with at(MID):
            voice.not_take_further(
                concern=concern, version=concern.version, why=why, note="", by=people.manager
            )
    worry = work.hear(MID, "I am worried about a child.")
    with at(MID):
        voice.move_to_safeguarding(concern=worry, version=worry.version, by=people.manager)
    work.hear(BEFORE, "Before.")
    work.hear(AFTER, "After.")
    work.hear(dt.date(2023, 11, 1), "In the weeks before the programme began.")


def _not_done(work: Work) -> None:
    """Dropped, opened again, still open."""
    people = work.people
    dropped, again = work.ask(MID), work.do(MID)
    with at(MID):
        actions.drop_action(action=dropped, reason="Not ours", by=people.manager)
        actions.reopen_action(action=again, reason="Out again", by=people.manager)
    work.ask(MID)


def _asked_for_help(work: Work) -> None:
    """One that is passed up to the board, one taken back, one of the next quarter."""
    people = work.people
    passed = work.ask_for_help(MID)
    with at(MID):
        help.decide(
            request=passed,
            outcome="passed_up",
            decision="The board has the money.",
            by=people.leader,
            next_decide_by=LAST,
            tell=False,
        )
    taken_back = work.ask_for_help(MID)
    with at(MID):
        help.withdraw(request=taken_back, reason="Solved", by=people.manager)
    work.ask_for_help(AFTER)
    assert HelpRequest.objects.filter(sent_on__range=(FIRST, LAST)).count() == 3


def _evesham(work: Work) -> None:
    heard = [work.hear(MID, f"It is muddy, {number}.") for number in range(6)]
    work.hear(BEFORE, "Before.")
    work.hear(AFTER, "After.")
    work.answer(heard[0], "did", MID)
    for _number in range(2):
        work.meet(MID)
    for _number in range(3):
        work.decide(MID)
    for day, number in ((MID, 5), (MID, 6), (MID, 8), (LAST, 10), (BEFORE, 11), (AFTER, 9)):
        work.train(day, agency=number)
    for day in (MID, MID, MID, MID, LAST, BEFORE, AFTER):
        work.do(day)


def _reports_of_asb(people: People, evesham: Location) -> None:
    """Count 20, 11 and 21 in Leominster, 17 in Evesham; more before, after and elsewhere."""
    make_areas(people.location)
    here, _second, there = CODES
    evesham.area = lsoa_set(there)
    evesham.save(update_fields=["area"])
    AreaFactory(code=there)
    for month, own, other in (
        ("2023-12", 33, 2),
        ("2024-01", 20, 5),
        ("2024-02", 11, 9),
        ("2024-03", 21, 3),
        ("2024-04", 8, 6),
    ):
        hold_month(month, {here: own, there: other}, other=4, without=1)
    with at(dt.date(2024, 6, 25)):
        run_now(
            request_package(
                location=people.location,
                first_month=FIRST,
                last_month=LAST.replace(day=1),
                by=people.manager,
                deliver=False,
            )
        )


def _survey(people: People) -> None:
    """Ask 61 people in Leominster, of whom 23 feel unsafe after dark."""
    questions = list(Question.objects.filter(location=None, code=SAFE).newest())
    with at(dt.date(2024, 2, 19)):
        survey = make_survey(
            location=people.location,
            title="Feeling safe",
            purpose="To know how it feels here.",
            asked_by="The delivery group",
            by=people.manager,
            questions=questions,
            id=uuid4(),
        )
        wave = open_wave(
            survey=survey,
            mode="open_link",
            opens_on=dt.date(2024, 2, 19),
            closes_on=dt.date(2024, 3, 17),
            by=people.manager,
            id=uuid4(),
        )
        asked = questions_of(wave)
        for number in range(ASKED):
            said = "bit-unsafe" if number < UNSAFE else "very-safe"
            submit(wave=wave, id=uuid4(), answers=from_mapping(asked, {SAFE: said}))
    with at(dt.date(2024, 3, 20)):
        finish_wave(wave=wave, version=wave.version, by=people.manager)
