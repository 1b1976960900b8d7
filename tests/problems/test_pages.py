"""Pages of problems say where a plan stands, what is missing, and who may press what."""

from __future__ import annotations

import uuid

import pytest

from tests.factories.problems import (
    HypothesisFactory,
    InterventionFactory,
    ProblemFactory,
    RichPictureFactory,
    upload,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def problem(people):
    return ProblemFactory(location=people.location, owner=people.coordinator)


def text_of(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_new_plan_says_what_to_do_next(client, people, problem):
    client.force_login(people.coordinator)
    page = text_of(client, problem.get_absolute_url())
    assert "Answer the six tests: 6 are open" in page
    assert "Do this next" in page
    assert "Agree an objective" in page


def test_a_reader_sees_the_plan_and_no_button(client, people, problem):
    client.force_login(people.partner)
    page = text_of(client, problem.get_absolute_url())
    assert problem.title in page
    assert "Do this next" not in page
    assert "Write down a hypothesis" not in page.replace("Write down a hypothesis</li>", "")


def test_the_six_tests_are_answered_yes_no_or_not_yet(client, people, problem):
    client.force_login(people.coordinator)
    answer = client.post(
        f"{problem.get_absolute_url()}tests/",
        {"version": 1, "cheers_harm": "yes", "cheers_harm_words": "Fear.", "cheers_events": "no"},
    )
    assert answer.status_code == 302
    problem.refresh_from_db()
    assert (problem.cheers_harm, problem.cheers_events, problem.cheers_community) == (
        True,
        False,
        None,
    )


def test_going_back_without_a_reason_is_an_error_of_the_form(client, people, problem):
    client.force_login(people.coordinator)
    url = f"{problem.get_absolute_url()}stage/"
    sent = {"to": "response", "version": 1, "id": str(uuid.uuid4())}
    answer = client.post(url, sent)
    assert answer.status_code == 422
    assert "Say why the plan goes back or passes a stage over" in answer.content.decode()
    assert client.post(url, {**sent, "reason": "Known already."}).status_code == 302
    assert "Known already." in text_of(client, problem.get_absolute_url())


def test_an_intervention_says_what_must_come_before_its_start(client, people, problem):
    intervention = InterventionFactory(problem=problem)
    client.force_login(people.coordinator)
    page = text_of(client, intervention.get_absolute_url())
    assert "Set what is compared" in page
    assert "The work has begun" not in page


def test_a_picture_of_another_locations_problem_is_refused(client, people, problem):
    elsewhere = ProblemFactory(location=people.other_location, owner=people.neighbour)
    client.force_login(people.coordinator)
    url = f"/locations/{people.location.slug}/problems/pictures/new/"
    sent = {
        "id": str(uuid.uuid4()),
        "kind": "problem",
        "title": "The square",
        "viewpoint": "Residents",
        "drawn_on_day": "3",
        "drawn_on_month": "6",
        "drawn_on_year": "2024",
        "text_alternative": "A dark square.",
        "marking": "official",
    }
    wrong = client.post(url, {**sent, "problem": str(elsewhere.pk), "file": upload()})
    assert wrong.status_code == 422
    right = client.post(url, {**sent, "problem": str(problem.pk), "file": upload()})
    assert right.status_code == 302
    assert "A dark square." in text_of(client, right.headers["Location"])


def test_a_picture_does_not_betray_a_marked_problem(client, people):
    marked = ProblemFactory(
        location=people.location,
        owner=people.coordinator,
        title="A guarded title",
        marking="official-sensitive",
        handling="Police only.",
    )
    picture = RichPictureFactory(
        location=people.location, problem=marked, recorded_by=people.coordinator
    )
    client.force_login(people.partner)
    page = text_of(client, picture.get_absolute_url())
    assert "A guarded title" not in page
    client.force_login(people.coordinator)
    assert "A guarded title" in text_of(client, picture.get_absolute_url())


def test_a_region_is_marked_by_four_numbers(client, people):
    picture = RichPictureFactory(location=people.location, recorded_by=people.coordinator)
    client.force_login(people.coordinator)
    sent = {
        "id": str(uuid.uuid4()),
        "label": "Corner",
        "left": "10",
        "top": "20",
        "width": "30.5",
        "height": "15",
    }
    url = f"{picture.get_absolute_url()}regions/new/"
    assert client.post(url, {**sent, "width": "95"}).status_code == 422
    assert client.post(url, sent).status_code == 302
    assert client.post(url, sent).status_code == 302  # sent twice: marked once
    assert picture.regions.count() == 1
    assert 'width="30.5%"' in text_of(client, picture.get_absolute_url())


def test_the_overview_and_the_handover_name_open_problems(client, people, problem):
    InterventionFactory(problem=problem, state="running", title="Evening walks")
    client.force_login(people.coordinator)
    assert problem.title in text_of(client, people.location.get_absolute_url())
    from problems.registrations import chapter

    rows = chapter(people.location, people.coordinator).rows
    assert [row.title for row in rows] == [problem.title, "Evening walks"]


def test_steps_count_interventions_and_pictures(people, problem):
    from programmes.registry import evidence_provider

    InterventionFactory(problem=problem)
    InterventionFactory(problem=problem, state="dropped")
    RichPictureFactory(location=people.location, recorded_by=people.coordinator)
    HypothesisFactory(problem=problem)
    found = {
        key: evidence_provider(key).counts([people.location]).get(people.location.pk)
        for key in ("interventions", "problem-rich-pictures", "solution-rich-pictures")
    }
    assert found["interventions"].count == 1
    assert found["problem-rich-pictures"].words == "1 rich picture"
    assert found["solution-rich-pictures"] is None
