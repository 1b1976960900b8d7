"""What services of problems do, and what they refuse."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from core.errors import Conflict, NotAllowed, Refused
from problems.models import EvidenceLink, Plan
from problems.selectors.evidence import lines_of
from problems.selectors.plan import plan_page
from problems.services import interventions, links, pictures, problems
from problems.services.handing_over import hand_over, held_lines
from tests.factories.problems import (
    InterventionFactory,
    ProblemFactory,
    RichPictureFactory,
    upload,
)
from tests.factories.programmes import TargetPlaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def problem(people):
    return ProblemFactory(location=people.location, owner=people.coordinator)


@pytest.fixture
def plan(problem):
    return Plan.objects.select_related("problem__location__programme").get(problem=problem)


def opened(people, **more):
    return problems.open_problem(
        location=people.location,
        title="Noise on the square",
        what="Shouting at night.",
        by=people.coordinator,
        **more,
    )


def test_a_problem_is_opened_once_however_often_it_is_sent(people):
    key = uuid.uuid4()
    first, second = opened(people, id=key), opened(people, id=key)
    assert first.pk == second.pk
    assert first.plan.stage == "scanning"
    with pytest.raises(Refused):
        problems.open_problem(
            id=key, location=people.location, title="Other", what="Else.", by=people.coordinator
        )


def test_only_those_who_record_problems_open_one(people):
    for person in (people.partner, people.leader, people.verifier, people.community):
        with pytest.raises(NotAllowed):
            problems.open_problem(
                location=people.location, title="Noise", what="Shouting.", by=person
            )
    assert problems.open_problem(
        location=people.location, title="Noise", what="Shouting.", by=people.analyst
    )


def test_a_problem_is_led_by_somebody_with_a_role_there(people):
    with pytest.raises(Refused, match="role at Leominster"):
        opened(people, owner=people.neighbour)


def test_a_target_place_of_another_location_is_refused(people):
    place = TargetPlaceFactory(location=people.other_location)
    with pytest.raises(Refused, match="target place of Leominster"):
        opened(people, target_place=place)


def test_a_stale_save_is_refused(people, problem):
    problems.edit_problem(problem=problem, version=1, title="New", by=people.coordinator)
    with pytest.raises(Conflict):
        problems.edit_problem(problem=problem, version=1, title="Newer", by=people.coordinator)


def test_the_next_stage_needs_no_reason_and_going_back_does(people, plan):
    problems.move_stage(plan=plan, to="analysis", version=1, by=people.coordinator)
    plan.refresh_from_db()
    with pytest.raises(Refused, match="goes back or passes"):
        problems.move_stage(plan=plan, to="scanning", version=2, by=people.coordinator)
    change = problems.move_stage(
        plan=plan, to="scanning", version=2, reason="Described too widely.", by=people.coordinator
    )
    assert (change.out_of_order, change.reason) == (True, "Described too widely.")
    plan.refresh_from_db()
    assert plan.stage == "scanning"
    shown = plan_page(plan.problem, people.partner).changes
    assert [one.reason for one in shown] == ["", "Described too widely."]


def test_passing_a_stage_over_needs_a_reason(people, plan):
    with pytest.raises(Refused):
        problems.move_stage(plan=plan, to="response", version=1, by=people.coordinator)


def test_a_closed_problem_is_not_changed(people, problem):
    closed = problems.close_problem(
        problem=problem,
        outcome="smaller",
        closing_words="Light helps.",
        version=1,
        by=people.coordinator,
    )
    for write in (
        lambda: problems.edit_problem(
            problem=closed, version=2, title="New", by=people.coordinator
        ),
        lambda: problems.add_hypothesis(
            problem=closed, statement="Because.", by=people.coordinator
        ),
    ):
        with pytest.raises(Refused, match="closed"):
            write()
    again = problems.reopen_problem(
        problem=closed, reason="It is back.", version=2, by=people.coordinator
    )
    assert (again.state, again.closed_on) == ("open", None)


def test_a_problem_is_not_closed_while_an_intervention_runs(people, problem):
    InterventionFactory(problem=problem, state="running", started_on=dt.date(2024, 6, 1))
    with pytest.raises(Refused, match="still running"):
        problems.close_problem(
            problem=problem,
            outcome="smaller",
            closing_words="So.",
            version=1,
            by=people.coordinator,
        )


def test_a_verdict_on_a_hypothesis_says_why(people, problem):
    made = problems.add_hypothesis(
        problem=problem, statement="Nobody can see in.", by=people.coordinator
    )
    with pytest.raises(Refused, match="what in the evidence"):
        problems.edit_hypothesis(
            hypothesis=made,
            statement=made.statement,
            verdict="supported",
            verdict_words="",
            version=1,
            by=people.coordinator,
        )


def test_a_note_needs_its_source(people, problem):
    with pytest.raises(Refused, match="where it comes from"):
        links.link_evidence(
            problem=problem, kind="note", note="Somebody said so.", by=people.coordinator
        )


def test_only_what_the_linker_may_see_can_be_linked(people, problem):
    from tests.factories.actions import ActionFactory

    elsewhere = ActionFactory(
        location=people.other_location, owner=people.neighbour, asked_by=people.neighbour
    )
    with pytest.raises(Refused, match="from the list"):
        links.link_evidence(
            problem=problem, kind="action", target=elsewhere.pk, by=people.coordinator
        )
    own = ActionFactory(location=people.location, owner=people.partner, asked_by=people.coordinator)
    link = links.link_evidence(problem=problem, kind="action", target=own.pk, by=people.coordinator)
    assert link.target == own


def test_a_reader_who_may_not_see_the_target_sees_withheld(people, problem, package):
    link = links.link_evidence(
        problem=problem, kind="package", target=package.pk, note="Few.", by=people.coordinator
    )
    assert link.figure == "52 reports of anti-social behaviour, January 2024 to March 2024"
    assert link.fingerprint == package.fingerprint
    (shown,) = lines_of(EvidenceLink.objects.all(), people.coordinator)
    (hidden,) = lines_of(EvidenceLink.objects.all(), people.partner)
    assert shown.figure.startswith("52 reports")
    assert (hidden.figure, hidden.note, hidden.url, hidden.title) == ("", "", "", "")
    assert hidden.withheld.startswith("Withheld")


def test_a_newer_package_does_not_change_what_was_cited(people, problem, package):
    links.link_evidence(problem=problem, kind="package", target=package.pk, by=people.coordinator)
    package.state = "superseded"
    package.summary = {**package.summary, "reports": 60}
    package.save()
    (line,) = lines_of(EvidenceLink.objects.all(), people.coordinator)
    assert line.newer
    assert line.figure.startswith("52 reports")


def test_evidence_taken_back_stays_with_its_reason(people, problem):
    link = links.link_evidence(
        problem=problem, kind="note", note="Seen.", source="A walk", by=people.coordinator
    )
    links.withdraw_link(link=link, reason="Wrong street.", by=people.coordinator)
    page = plan_page(problem, people.partner)
    assert page.loose == ()
    assert [one.withdrawn_reason for one in page.taken_back] == ["Wrong street."]


# --- Pictures ---------------------------------------------------------------------------------


@pytest.fixture
def picture(people, problem):
    return RichPictureFactory(
        location=people.location, problem=problem, recorded_by=people.coordinator
    )


def test_a_picture_needs_words_for_those_who_cannot_see_it(people):
    with pytest.raises(Refused, match="in words"):
        pictures.add_picture(
            location=people.location,
            kind="problem",
            title="The square",
            viewpoint="Residents",
            drawn_on=dt.date(2024, 6, 1),
            text_alternative=" ",
            upload=upload(),
            by=people.coordinator,
        )


def test_a_region_lies_within_its_picture(people, picture):
    for wrong in ((90, 0, 20, 10), (0, 0, 0, 10), (-1, 0, 5, 5)):
        with pytest.raises(Refused, match="within the picture"):
            pictures.mark_region(
                picture=picture,
                label="Corner",
                by=people.coordinator,
                rectangle=tuple(Decimal(one) for one in wrong),
            )


def test_a_theme_becomes_one_hypothesis_and_one_intervention(people, picture):
    theme = pictures.add_theme(picture=picture, words="Too dark.", by=people.coordinator)
    first = pictures.theme_to_hypothesis(theme=theme, by=people.coordinator)
    assert pictures.theme_to_hypothesis(theme=theme, by=people.coordinator) == first
    assert first.statement == "Too dark."
    made = pictures.theme_to_intervention(theme=theme, by=people.coordinator)
    assert (made.technique, made.state) == ("", "planned")
    with pytest.raises(Refused, match="how it should work"):
        interventions.start_intervention(
            intervention=made, started_on=dt.date(2024, 6, 1), version=1, by=people.coordinator
        )


def test_a_later_picture_follows_an_earlier_one_once(people, picture):
    values = {
        "location": people.location,
        "kind": "problem",
        "title": "Again",
        "viewpoint": "Residents",
        "drawn_on": dt.date(2024, 6, 2),
        "text_alternative": "Lighter.",
        "follows": picture,
        "by": people.coordinator,
    }
    pictures.add_picture(**values, upload=upload())
    with pytest.raises(Refused, match="already"):
        pictures.add_picture(**values, upload=upload())


# --- Who sees what, and who takes over --------------------------------------------------------


def test_a_marked_problem_is_withheld_from_other_agencies(people, problem):
    from problems.models import Problem

    Problem.objects.filter(pk=problem.pk).update(
        marking="official-sensitive", handling="Police only."
    )
    assert Problem.objects.visible_to(people.coordinator).exists()
    assert not Problem.objects.visible_to(people.partner).exists()
    assert not Plan.objects.visible_to(people.partner).exists()


def test_what_a_leaver_leads_goes_to_the_successor(people, problem):
    InterventionFactory(problem=problem, title="Lights")
    assert held_lines(people.coordinator) == [
        f"{problem.title}, Leominster",
        "Lights, Leominster",
    ]
    told = hand_over(people.coordinator, people.analyst, people.manager)
    assert len(told) == 2
    problem.refresh_from_db()
    assert problem.owner == people.analyst
    assert held_lines(people.coordinator) == []
