"""The API tells the same figures as the page and the list, and nobody's answers."""

import datetime as dt

import pytest
from rest_framework.test import APIClient

from core.exports.registry import find_export
from surveys.exports import result_rows
from surveys.models import Wave
from surveys.selectors import results_of
from tests.factories.surveys import WaveFactory, answer
from tests.signing import sign_in_fully

SAFE = "safe-after-dark"


@pytest.fixture
def wave(survey):
    wave = WaveFactory(survey=survey, opens_on=dt.date(2024, 2, 19), closes_on=dt.date(2024, 3, 17))
    answer(wave, {SAFE: "bit-unsafe"}, 58)
    answer(wave, {SAFE: "very-unsafe"}, 23)
    answer(wave, {SAFE: "very-safe"}, 131)
    return Wave.objects.select_related("survey__location").get(pk=wave.pk)


@pytest.fixture
def api(people):
    client = APIClient()
    sign_in_fully(client, people.coordinator)
    return client


def test_page_api_and_list_say_the_same(wave, api):
    figure = results_of(wave).measure(SAFE).figure
    told = api.get(f"/api/v1/results/{wave.pk}/").json()
    (measure,) = [one for one in told["measures"] if one["code"] == SAFE]
    assert measure["figure"]["count"] == figure.count == 81
    assert measure["figure"]["low"] == figure.low
    (row,) = [one for one in result_rows([wave]) if one.code == SAFE and one.is_measure]
    assert row.figure == figure
    page = api.get(f"/locations/leominster/surveys/waves/{wave.pk}/results/").content.decode()
    assert "38.2%" in page
    assert "31.9–44.9%" in page


def test_the_api_takes_a_sheet_once_and_never_reads_it_back(survey, api):
    wave = WaveFactory(survey=survey)
    sent = {
        "id": "9a3c8f10-2d0a-4d57-8a90-d5b0a7f7c001",
        "wave": str(wave.pk),
        "batch": "Post",
        "sheet": 7,
        "answered_on": "2024-06-12",
        "answers": {SAFE: "very-safe"},
    }
    first = api.post("/api/v1/submissions/", sent, format="json")
    again = api.post("/api/v1/submissions/", sent, format="json")
    other = {**sent, "answers": {SAFE: "very-unsafe"}}
    changed = api.post("/api/v1/submissions/", other, format="json")
    assert (first.status_code, again.status_code, changed.status_code) == (201, 200, 409)
    assert "answers" not in first.json()
    assert first.json()["survey"] == str(survey.pk)
    assert b"very-safe" not in api.get("/api/v1/submissions/").content


def test_researchers_get_answers_of_finished_waves_without_texts_or_days(people, wave):
    export = find_export("surveys.answers")
    rows = export.queryset(people.researcher, people.programme)
    assert rows.count() == 212
    assert "text" not in {column.key for column in export.columns}
    assert not export.queryset(people.neighbour, people.programme).exists()
    assert not export.queryset(people.partner, people.programme).exists()
