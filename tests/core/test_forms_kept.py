"""What a form says when it comes back: a file that is gone, a text that is no choice."""

from __future__ import annotations

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template

from accounts.models import Agency
from core.forms import HouseFileField, HouseForm

pytestmark = pytest.mark.django_db


class Sheet(HouseForm):
    creates = False
    title = forms.CharField(label="Title")
    agency = forms.ModelChoiceField(Agency.objects.all(), label="Agency", required=False)
    file = HouseFileField(label="File", accept=(".txt",), max_bytes=1000, required=False)


def shown(form: Sheet) -> str:
    return Template("{{ form.file.as_field_group }}").render(Context({"form": form}))


def sent(name: str, **data: str) -> Sheet:
    form = Sheet(data, {"file": SimpleUploadedFile(name, b"words")})
    form.is_valid()
    return form


def test_a_file_that_comes_back_with_other_errors_has_to_be_chosen_again():
    form = sent("walk.txt")
    assert list(form.errors) == ["title"]
    assert "walk.txt was not kept" in shown(form)
    assert "was not kept" not in shown(Sheet())
    assert "was not kept" not in shown(sent("walk.exe")), "its own error says enough"


def test_a_text_that_is_no_key_reads_like_any_wrong_choice():
    form = sent("walk.txt", title="A walk", agency="Nowhere")
    assert form.errors["agency"] == ["Choose one of the options for: Agency"]
