"""The house's forms: markup, hidden id and version, dates, months, files, plain errors."""

import datetime as dt
import re
import uuid

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from core.forms import (
    CountTextarea,
    GovDateField,
    HintedRadios,
    HouseFileField,
    HouseForm,
    HouseModelForm,
    MonthField,
)

FIXED = "6f3b1c1e-6a5a-4b5e-9a69-0f8e8a3f4a01"


class Plan(HouseForm):
    title = forms.CharField(label="Name of the place", help_text="As residents say", max_length=20)
    email = forms.EmailField(label="E-mail address", required=False)
    weeks = forms.IntegerField(label="Planned length", min_value=1, max_value=60)
    kind = forms.ChoiceField(
        label="Kind", choices=[("a", "A"), ("b", "B")], widget=HintedRadios(hints={"a": "First"})
    )
    done_on = GovDateField(label="Done on")
    notes = forms.CharField(label="Notes", widget=CountTextarea(max_length=50), required=False)
    agreed = forms.BooleanField(label="All agree")


def cleaned(field, value):
    return field.clean(value)


def message(field, value) -> str:
    with pytest.raises(forms.ValidationError) as error:
        field.clean(value)
    assert len(error.value.messages) == 1
    return error.value.messages[0]


# --- Hidden id and version ---------------------------------------------------------------------


def test_each_form_shown_carries_its_own_fresh_id():
    ids = [re.search(r'name="id" value="([^"]+)"', str(Plan()))[1] for _ in range(2)]
    assert ids[0] != ids[1]
    assert uuid.UUID(ids[0]).version == 4


def test_the_id_sent_is_kept_when_the_form_comes_back_with_errors():
    form = Plan({"id": FIXED})
    assert not form.is_valid()
    assert f'name="id" value="{FIXED}"' in str(form)
    assert form.cleaned_data["id"] == uuid.UUID(FIXED)


@pytest.mark.parametrize("sent", ["", "not-a-uuid"])
def test_a_form_without_a_proper_id_is_refused_in_plain_words(sent):
    form = Plan({"id": sent})
    assert not form.is_valid()
    assert "did not arrive as it was sent" in str(form)


def test_an_edit_carries_the_version_and_no_id():
    form = Plan(version=7)
    assert 'name="version" value="7"' in str(form)
    assert "id" not in form.fields


def test_a_search_carries_neither():
    class Search(HouseForm):
        creates = False
        words = forms.CharField()

    assert set(Search().fields) == {"words"}


def test_a_model_form_takes_id_or_version_from_its_instance():
    from core.models import BusinessDate

    class DateForm(HouseModelForm):
        class Meta:
            model = BusinessDate
            fields = ["date"]

    saved = BusinessDate()
    saved._state.adding = False
    saved.version = 3
    assert "id" in DateForm().fields
    assert "id" not in DateForm(instance=saved).fields
    assert DateForm(instance=saved).fields["version"].initial == 3


# --- Markup ------------------------------------------------------------------------------------


def test_hint_and_error_are_tied_to_the_input():
    html = str(Plan({"id": FIXED}))
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert 'aria-invalid="true"' in html


def test_the_error_summary_links_to_the_first_control_of_each_field():
    html = str(Plan({"id": FIXED, "done_on_day": "1", "done_on_month": "3"}))
    links = re.findall(r'<li><a href="#([^"]+)">', html)
    assert links == ["id_title", "id_weeks", "id_kind_0", "id_done_on_year", "id_agreed"]
    for target in links:
        assert f'id="{target}"' in html


def test_a_form_without_errors_has_no_summary():
    assert "govuk-error-summary" not in str(Plan())


def test_a_field_that_may_stay_empty_says_so():
    html = str(Plan())
    assert "E-mail address (optional)" in html
    assert "Name of the place (optional)" not in html


def test_options_carry_their_hints():
    html = str(Plan()["kind"])
    assert 'aria-describedby="id_kind_0-hint"' in html
    assert "First" in html
    assert html.count("govuk-radios__hint") == 1


def test_a_counted_text_says_its_limit_without_javascript():
    html = str(Plan()["notes"])
    assert 'data-maxlength="50"' in html
    assert 'aria-describedby="id_notes-info"' in html
    assert "You can enter up to 50 characters" in html
    assert " maxlength" not in html  # more may be typed; the count tells, nothing is cut off


def test_what_was_typed_is_escaped_when_it_comes_back():
    evil = '"><script>alert(1)</script>'
    html = str(Plan({"id": FIXED, "title": evil, "notes": evil, "done_on_day": evil}))
    assert "<script>alert" not in html


def test_numbers_are_typed_not_spun():
    html = str(Plan()["weeks"])
    assert 'type="text" inputmode="numeric"' in html


def test_a_widget_without_own_template_still_prints():
    class Odd(HouseForm):
        creates = False
        colour = forms.CharField(
            widget=forms.ColorInput if hasattr(forms, "ColorInput") else forms.SplitDateTimeWidget
        )

    assert "<input" in str(Odd())


# --- Plain words -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        ({}, "title", "Enter name of the place"),
        (
            {"title": "x" * 21},
            "title",
            "“Name of the place” must be 20 characters or fewer; it has 21",
        ),
        ({"email": "nobody"}, "email", "Enter an e-mail address, like name@example.org"),
        ({"weeks": "ten"}, "weeks", "“Planned length” must be a whole number"),
        ({"weeks": "0"}, "weeks", "“Planned length” must be 1 or more"),
        ({"weeks": "61"}, "weeks", "“Planned length” must be 60 or less"),
        ({}, "kind", "Choose kind"),
        ({"kind": "z"}, "kind", "Choose one of the options for: Kind"),
        ({}, "agreed", "Tick: All agree"),
        ({}, "done_on", "Enter the date for “Done on”, like 12 March 2024"),
    ],
)
def test_errors_name_the_field_and_what_to_do(data, name, words):
    assert Plan({"id": FIXED, **data}).errors[name] == [words]


def test_words_that_a_form_gives_itself_are_kept():
    class Own(HouseForm):
        place = forms.CharField(error_messages={"required": "Say where"})

    assert Own({"id": FIXED}).errors["place"] == ["Say where"]


# --- Dates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        ("12", "3", "2024"),
        (" 12 ", "03", "2024"),
        ("12", "March", "2024"),
        ("12", "mar", "2024"),
        "2024-03-12",
    ],
)
def test_a_date_is_read_from_numbers_names_and_iso(typed):
    assert cleaned(GovDateField(), typed) == dt.date(2024, 3, 12)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("31", "2", "2024"), "“Done on” must be a real date, like 12 March 2024"),
        (("12", "13", "2024"), "“Done on” must be a real date, like 12 March 2024"),
        (("²", "3", "2024"), "“Done on” must be a real date, like 12 March 2024"),
        (("12", "ma", "2024"), "“Done on” must be a real date, like 12 March 2024"),
        (("12", "3", "24"), "“Done on” must have a year of four digits, like 2024"),
        (("12", "", "2024"), "“Done on” must include a month, like 12 March 2024"),
        (("12", "", ""), "“Done on” must include a month and a year, like 12 March 2024"),
        ("12/03/2024", "“Done on” must be a real date, like 12 March 2024"),
    ],
)
def test_a_wrong_date_gets_one_clear_error(typed, words):
    assert message(GovDateField(label="Done on"), typed) == words


def test_a_date_outside_its_limits_says_the_limit():
    field = GovDateField(
        label="Done on", min_value=dt.date(2023, 12, 4), max_value=lambda: dt.date(2024, 6, 25)
    )
    assert message(field, "2023-12-03") == "“Done on” must be 4 December 2023 or later"
    assert message(field, "2024-06-26") == "“Done on” must be 25 June 2024 or earlier"
    assert cleaned(field, "2024-06-25") == dt.date(2024, 6, 25)


def test_a_date_may_stay_empty_where_it_is_optional():
    class Optional(HouseForm):
        creates = False
        day = GovDateField(required=False)

    form = Optional({"day_day": "", "day_month": "", "day_year": ""})
    assert form.is_valid()
    assert form.cleaned_data["day"] is None


def test_the_boxes_show_what_was_typed_and_mark_the_wrong_one():
    class One(HouseForm):
        creates = False
        day = GovDateField()

    html = str(One({"day_day": "12", "day_month": "13", "day_year": "2024"})["day"])
    assert [
        re.search(rf'name="day_{p}"[^>]* value="([^"]*)"', html)[1]
        for p in ("day", "month", "year")
    ] == ["12", "13", "2024"]
    wrong = re.findall(r'name="day_(\w+)"[^>]*aria-invalid="true"', html)
    assert wrong == ["month"]


def test_a_stored_date_fills_the_boxes_and_is_no_change():
    field = GovDateField()
    html = field.widget.render("day", dt.date(2024, 3, 12), {"id": "id_day"})
    assert 'value="12"' in html
    assert 'value="2024"' in html
    assert not field.has_changed(dt.date(2024, 3, 12), ("12", "march", "2024"))
    assert field.has_changed(dt.date(2024, 3, 12), ("13", "3", "2024"))


# --- Months and files --------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["3 2024", "03 2024", "03/2024", "March 2024", "2024-03"])
def test_a_month_is_read_in_the_ways_people_write_it(typed):
    assert cleaned(MonthField(), typed) == dt.date(2024, 3, 1)


@pytest.mark.parametrize("typed", ["13 2024", "2024", "Ma 2024", "2024-13", "0 2024", "3 24"])
def test_a_month_that_is_none_is_refused(typed):
    assert message(MonthField(), typed) == "Enter a real month, like 3 2024 or March 2024"


def test_a_month_from_a_list_must_be_on_it():
    field = MonthField(months=[dt.date(2024, 1, 1), dt.date(2024, 2, 1)])
    assert cleaned(field, "2024-02") == dt.date(2024, 2, 1)
    assert message(field, "2024-03") == "Choose a month from the list"
    html = field.widget.render("m", field.prepare_value(dt.date(2024, 2, 1)))
    assert '<option value="2024-02" selected>February 2024</option>' in html


def test_a_file_is_refused_by_ending_and_size_before_it_is_read():
    field = HouseFileField(accept=(".csv", ".zip"), max_bytes=10)
    good = SimpleUploadedFile("street.CSV", b"a,b")
    assert field.clean(good) is good
    wrong = message(field, SimpleUploadedFile("street.exe", b"a"))
    assert wrong == "The file must be one of .csv, .zip; street.exe is not"
    large = message(field, SimpleUploadedFile("street.csv", b"x" * 11))
    assert large == "The file must be 10 bytes or smaller; street.csv is 11 bytes"
    assert (
        message(field, SimpleUploadedFile("street.csv", b"")) == "The file is empty. Choose another"
    )
    assert message(field, None) == "Choose a file"
    assert field.widget.attrs["accept"] == ".csv,.zip"
