"""Markings: a sensitive one comes with an instruction, and goes with the file and the document."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Agency
from core import files
from core.choices import Marking
from core.errors import Refused
from core.forms import HouseForm, MarkedForm
from core.marking import HANDLING_MAX, handling_of, highest, marked_name, refuse_unhandled
from tests.factories.core import StoredFileFactory

SENSITIVE = "official-sensitive"


class AskMarking(MarkedForm, HouseForm):
    creates = False


def test_a_record_that_is_sensitive_needs_a_handling_instruction():
    record = Agency(name="A", kind="police", marking=SENSITIVE)
    with pytest.raises(ValidationError, match="handled"):
        record.clean()
    record.handling = "Keep it among us."
    record.clean()
    Agency(name="A", kind="police").clean()


def test_services_refuse_a_sensitive_marking_without_instruction():
    with pytest.raises(Refused, match="handled"):
        refuse_unhandled(SENSITIVE, "  ")
    refuse_unhandled(SENSITIVE, "Keep it.")
    refuse_unhandled("official", "")


def test_forms_explain_the_markings_and_ask_for_the_instruction():
    form = AskMarking()
    text = str(form)
    assert "Everyday work" in text
    assert "Harm could follow" in text
    form = AskMarking({"marking": SENSITIVE, "handling": " "})
    assert not form.is_valid()
    assert "Say how it is to be handled" in str(form.errors["handling"])
    form = AskMarking({"marking": SENSITIVE, "handling": "Keep it."})
    assert form.is_valid()
    form = AskMarking({})
    assert form.is_valid()
    assert form.cleaned_data["marking"] == Marking.OFFICIAL
    assert not AskMarking({"marking": "secret"}).is_valid()
    kept = {"marking": SENSITIVE, "handling": "Keep it."}
    form = AskMarking({}, initial=kept)
    assert form.is_valid()
    assert form.cleaned_data == kept


def test_the_highest_marking_wins():
    assert highest([]) == Marking.OFFICIAL
    assert highest(["official", SENSITIVE, "official"]) == Marking.OFFICIAL_SENSITIVE
    assert highest(["official"]) == Marking.OFFICIAL


def test_instructions_of_sensitive_parts_are_put_together_each_once_and_whole():
    parts = [
        ("official", "Not this."),
        (SENSITIVE, "One."),
        (SENSITIVE, "Two."),
        (SENSITIVE, "One."),
        (SENSITIVE, "x" * HANDLING_MAX),
    ]
    assert handling_of(parts) == "One. Two."


@pytest.mark.parametrize(
    ("name", "marking", "shown"),
    [
        ("walk.jpg", SENSITIVE, "walk (OFFICIAL-SENSITIVE).jpg"),
        ("walk.jpg", "official", "walk.jpg"),
        ("a.b.tar", SENSITIVE, "a.b (OFFICIAL-SENSITIVE).tar"),
        ("walk", "", "walk"),
    ],
)
def test_a_sensitive_file_leaves_under_a_name_that_says_so(name, marking, shown):
    assert marked_name(name, marking) == shown


def test_a_download_carries_its_records_marking(db):
    stored = StoredFileFactory(name="table.csv")
    answer = files.response(stored, marking=SENSITIVE)
    assert "table (OFFICIAL-SENSITIVE).csv" in answer["Content-Disposition"]
    assert answer["X-Protective-Marking"] == "OFFICIAL-SENSITIVE"
    answer.close()
    answer = files.response(stored)
    assert 'filename="table.csv"' in answer["Content-Disposition"]
    assert "X-Protective-Marking" not in answer
    answer.close()
