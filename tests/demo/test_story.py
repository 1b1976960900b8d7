"""The story: what is published is told with its source, what is invented says so."""

import datetime as dt
import re

import pytest

from demo.content import BUSINESS_DATE, STORY, read_story
from programmes.services.templates import shipped_templates


@pytest.fixture(scope="module")
def story():
    return read_story()


@pytest.fixture(scope="module")
def west_mercia(story):
    return next(programme for programme in story.programmes if programme.slug == "west-mercia")


def test_the_four_towns_are_those_of_the_published_account(west_mercia):
    assert [town.name for town in west_mercia.locations] == [
        "Leominster",
        "Evesham",
        "Shrewsbury",
        "Oswestry",
    ]


def test_business_stands_in_week_30_counting_from_monday_4_december_2023(west_mercia):
    assert west_mercia.starts_on == dt.date(2023, 12, 4)
    assert west_mercia.starts_on.weekday() == 0
    assert BUSINESS_DATE.strftime("%A %d %B %Y") == "Tuesday 25 June 2024"
    assert (BUSINESS_DATE - west_mercia.starts_on).days // 7 + 1 == 30


def test_the_grant_is_one_sum_without_an_invented_split(west_mercia):
    assert west_mercia.grant_pounds == 140_000
    told = " ".join(
        [west_mercia.summary, west_mercia.grant_note]
        + [town.summary for town in west_mercia.locations]
        + [item.note for step in west_mercia.steps for item in step.evidence]
    )
    sums = set(re.findall(r"£[\d,]+", told))
    assert sums == {"£999,025", "£180,000"}  # both of the wider grant
    assert "35,000" not in told  # a quarter each would be a split nobody published


def test_the_first_five_steps_are_signed_off_in_every_town_and_no_other(west_mercia):
    towns = {town.slug for town in west_mercia.locations}
    signed = {step.number: set(step.signed_off) for step in west_mercia.steps if step.signed_off}
    assert signed == dict.fromkeys([1, 2, 3, 4, 5], towns)


def test_step_5_begins_before_step_4_is_signed_off_and_says_why(west_mercia):
    steps = {step.number: step for step in west_mercia.steps}
    for town in west_mercia.locations:
        first = min(item.done_on[town.slug] for item in steps[5].evidence)
        assert first < steps[4].signed_off[town.slug]
    assert "support" in steps[5].out_of_order_reason
    assert steps[5].fact == "step-5-early"
    assert [step.number for step in west_mercia.steps if step.out_of_order_reason] == [5]


def test_the_work_of_january_to_march_2024_lies_in_that_quarter_in_every_town(west_mercia):
    towns = {town.slug for town in west_mercia.locations}
    told = [
        item for step in west_mercia.steps for item in step.evidence if item.fact == "quarter-4"
    ]
    assert {item.title for item in told} == {
        "Site visit",
        "Research in open sources",
        "Visual audit",
        "Briefing to the community safety partnership",
        "Local leader workshop",
        "Delivery group set up",
        "Training of the delivery group",
    }
    for item in told:
        assert set(item.done_on) == towns
        for day in item.done_on.values():
            assert dt.date(2024, 1, 1) <= day <= dt.date(2024, 3, 31), item.title


def test_every_fact_names_a_source_and_every_source_a_publisher(west_mercia):
    assert len(west_mercia.facts) >= 8
    for fact in west_mercia.facts:
        assert fact.sources, fact.key
        assert all(source.publisher and source.title for source in fact.sources)


def test_nothing_is_done_on_a_weekend_or_after_the_business_date(story):
    for programme in story.programmes:
        for step in programme.steps:
            for days in (step.signed_off, *(item.done_on for item in step.evidence)):
                for day in days.values():
                    assert day <= BUSINESS_DATE
                    assert day.weekday() < 5, day


def test_what_is_signed_off_has_all_the_evidence_that_its_step_requires(story):
    templates = {data["slug"]: data for data in shipped_templates()}
    for programme in story.programmes:
        required = {
            step["number"]: {item["key"] for item in step["evidence"] if item.get("required", True)}
            for step in templates[programme.template]["steps"]
        }
        for step in programme.steps:
            for town, signed_on in step.signed_off.items():
                shown = {
                    item.wanted
                    for item in step.evidence
                    if town in item.done_on and item.done_on[town] <= signed_on
                }
                assert required[step.number] <= shown, (programme.slug, town, step.number)


def test_people_are_named_after_roles_and_reachable_nowhere(story):
    words = {
        "system",
        "administrator",
        "programme",
        "manager",
        "coordinator",
        "from",
        "july",
        "community",
        "partner",
        "leader",
        "analyst",
        "trainer",
        "and",
        "verifier",
        "research",
        "another",
        "housing",
        "leominster",
        "evesham",
        "shrewsbury",
        "oswestry",
    }
    for person in story.people:
        assert set(re.findall(r"[a-z]+", person.name.lower())) <= words, person.name
        assert person.email.endswith("@demo.example")
    text = "".join(path.read_text(encoding="utf-8") for path in STORY.iterdir())
    assert not re.search(r"\b0\d{3,4}[ -]?\d{3}[ -]?\d{3,4}\b", text), "a telephone number"
    # A name below .example belongs to nobody (RFC 2606).
    assert not re.search(r"@(?!demo\.example\b)", text), "an e-mail address of somebody"
    assert not re.search(r"\b(?:Sgt|Insp|PCSO|Mr|Mrs|Ms|Cllr|Supt)\b\.? [A-Z]", text)


def test_every_agency_and_target_place_says_that_it_is_a_demonstration(story):
    for agency in story.agencies:
        assert "(demonstration)" in agency.name
    for _programme, town in story.locations():
        for place in town.places:
            assert "(demonstration)" in place.name
            assert place.summary.startswith("Made up")


def test_the_second_programme_says_that_it_does_not_exist(story):
    redditch = next(programme for programme in story.programmes if programme.slug == "redditch")
    assert "demonstration" in redditch.name
    assert "Invented from beginning to end" in redditch.source_note
    assert redditch.grant_pounds is None
    assert redditch.facts == ()
    assert all(town.is_demonstration for town in redditch.locations)


def test_no_endorsement_is_suggested(west_mercia):
    assert "has endorsed this demonstration" in west_mercia.source_note
    assert "Neither body" in west_mercia.source_note


def test_a_reference_to_somebody_who_is_not_there_is_found(tmp_path):
    for path in STORY.iterdir():
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    people = tmp_path / "people.toml"
    people.write_text(people.read_text().replace('location = "evesham"', 'location = "atlantis"'))
    with pytest.raises(ValueError, match="atlantis"):
        read_story(tmp_path)
