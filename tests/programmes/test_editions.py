"""A newer edition of the steps: what it changes, and that nothing recorded is lost."""

import datetime as dt
import json

import pytest
from django.core.management import call_command

from core.errors import NotAllowed, Refused
from programmes import services
from programmes.models import EvidenceWanted, StepDefinition, StepTemplate
from programmes.selectors.editions import edition_move, newer_edition
from programmes.selectors.facts import facts_of
from tests.programmes.helpers import fill, note

DAY = dt.date(2024, 1, 10)


@pytest.fixture
def newer(template):
    """Return the next edition: one kind counted now, one new, one dropped from step 1."""
    made = StepTemplate.objects.create(
        slug=template.slug, edition=template.edition + 1, name=template.name
    )
    for step in template.steps.all():
        kinds = list(step.evidence_wanted.all())
        step.pk = None
        step.template = made
        step._state.adding = True
        copy = StepDefinition.objects.create(
            template=made,
            number=step.number,
            name=step.name,
            first_week=step.first_week,
            last_week=step.last_week,
        )
        for kind in kinds:
            if (step.number, kind.key) == (1, "selection-tests"):
                continue
            EvidenceWanted.objects.create(
                step=copy,
                key=kind.key,
                label=kind.label,
                required=kind.required,
                order=kind.order,
                provider="decisions" if kind.key == "common-purpose" else kind.provider,
            )
    EvidenceWanted.objects.create(
        step=made.steps.get(number=1), key="a-photo", label="A photo", required=False
    )
    return made


def test_the_shipped_edition_feeds_more_kinds_from_records(template):
    providers = set(
        EvidenceWanted.objects.filter(step__template=template)
        .exclude(provider="")
        .values_list("provider", flat=True)
    )
    assert template.edition == 2
    assert {
        "training-attendance",
        "group-consents",
        "success-measures",
        "baselines",
        "comparison-areas",
        "survey-waves",
        "residents-heard",
        "decisions",
        "escalations",
    } <= providers


def test_the_page_tells_what_changes_before_anything_does(client, people, town, step, newer):
    kind = step(1).definition.evidence_wanted.get(key="selection-tests")
    note(step(1), by=people.coordinator, on=DAY, wanted=kind)
    move = edition_move(people.programme, newer)
    assert [line.label for line in move.counted] == ["Common purpose statement"]
    assert [line.label for line in move.added] == ["A photo"]
    assert [(line.label, line.pieces) for line in move.dropped] == [
        ("The four tests for choosing a place", 1)
    ]
    client.force_login(people.manager)
    page = client.get("/programmes/west-mercia/edition/").content.decode()
    assert "Step 1: A photo" in page
    assert "(1 piece recorded)" in page


def test_moving_keeps_evidence_dates_and_sign_offs(people, town, step, signed, newer):
    signed(1)
    before = {
        row.pk: (row.title, row.wanted.key if row.wanted else "", row.done_on)
        for row in step(1).evidence.select_related("wanted")
    }
    plan = step(3).planned_end
    services.move_to_edition(programme=people.programme, template=newer, by=people.manager)
    after = {
        row.pk: (row.title, row.wanted.key if row.wanted else "", row.done_on)
        for row in step(1).evidence.select_related("wanted")
    }
    stays = {
        pk: (title, "" if key == "selection-tests" else key, day)
        for pk, (title, key, day) in before.items()
    }
    assert after == stays
    assert step(1).definition.template == newer
    assert step(3).planned_end == plan
    facts = facts_of(step(1))
    assert facts.is_signed_off
    assert all(kind.is_there for kind in facts.evidence if kind.required)


def test_moving_twice_changes_nothing_more(people, town, newer):
    moved = services.move_to_edition(programme=people.programme, template=newer, by=people.manager)
    again = services.move_to_edition(programme=moved, template=newer, by=people.manager)
    assert again.version == moved.version
    assert newer_edition(again) is None


def test_another_list_an_older_edition_and_a_missing_step_are_refused(people, town, newer):
    other = StepTemplate.objects.get(slug="lisp")
    with pytest.raises(Refused, match="another"):
        services.move_to_edition(programme=people.programme, template=other, by=people.manager)
    older = StepTemplate.objects.create(slug="west-mercia", edition=1, name="Old")
    with pytest.raises(Refused, match="older"):
        services.move_to_edition(programme=people.programme, template=older, by=people.manager)
    newer.steps.get(number=8).delete()
    with pytest.raises(Refused, match="step 8"):
        services.move_to_edition(programme=people.programme, template=newer, by=people.manager)


def test_only_who_manages_the_programme_moves_it(people, town, newer):
    with pytest.raises(NotAllowed):
        services.move_to_edition(programme=people.programme, template=newer, by=people.coordinator)


def test_the_command_moves_and_says_what_it_did(people, town, newer, capsys):
    call_command("move_to_edition", "west-mercia", "--dry-run", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["added"] == ["A photo"]
    people.programme.refresh_from_db()
    assert people.programme.template != newer
    call_command("move_to_edition", "west-mercia", "--json")
    people.programme.refresh_from_db()
    assert people.programme.template == newer


def test_filling_goes_on_by_the_new_edition(people, town, step, newer):
    services.move_to_edition(programme=people.programme, template=newer, by=people.manager)
    fill(step(1), by=people.coordinator, on=DAY)
    assert facts_of(step(1)).wanted == 4
