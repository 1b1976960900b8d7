"""The step templates that come with the product."""

import json

from django.core.management import call_command

from programmes import services
from programmes.models import EvidenceWanted, StepDefinition, StepTemplate


def test_both_lists_are_stored_with_eight_steps_that_each_want_evidence(db):
    services.ensure_templates()
    assert set(StepTemplate.objects.values_list("slug", flat=True)) == {"west-mercia", "lisp"}
    for template in StepTemplate.objects.all():
        steps = list(template.steps.order_by("number"))
        assert [step.number for step in steps] == [1, 2, 3, 4, 5, 6, 7, 8]
        for step in steps:
            assert step.question
            assert step.deliverables
            assert step.evidence_wanted.filter(required=True).count() >= 2


def test_the_planned_weeks_are_the_published_proposal(db):
    services.ensure_templates()
    weeks = StepDefinition.objects.filter(template__slug="west-mercia").order_by("number")
    assert list(weeks.values_list("first_week", "last_week")) == [
        (1, 6),
        (4, 10),
        (8, 14),
        (10, 16),
        (12, 18),
        (18, 26),
        (24, 32),
        (30, 40),
    ]


def test_loading_again_changes_nothing_even_where_a_text_was_changed(db):
    services.ensure_templates()
    step = StepDefinition.objects.get(template__slug="lisp", number=1)
    step.name = "Our own words"
    step.save()
    assert services.ensure_templates() == []
    step.refresh_from_db()
    assert step.name == "Our own words"
    assert EvidenceWanted.objects.filter(step=step).count() == 4


def test_the_command_tells_what_it_added_in_one_line_of_json(db, capsys):
    call_command("load_step_templates", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["total"] == 2
    assert len(told["added"]) == 2
    call_command("load_step_templates", "--json")
    assert json.loads(capsys.readouterr().out)["added"] == []
