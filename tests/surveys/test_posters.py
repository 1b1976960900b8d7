"""The poster of a wave: made by a job, taken from the page of the wave, never out of date."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from core.jobs import run_now
from core.models import JobRun
from tests.factories.surveys import WaveFactory


@pytest.fixture
def wave(survey):
    return WaveFactory(
        survey=survey, opens_on=dt.date(2024, 6, 10), closes_on=dt.date(2024, 7, 7), mode="open"
    )


def at(wave, name):
    return reverse(f"surveys:{name}", args=[wave.survey.location.slug, wave.pk])


def test_the_poster_is_taken_from_the_page_of_the_wave_it_was_made_for(client, people, wave):
    client.force_login(people.coordinator)
    address = at(wave, "wave-poster-file")
    assert client.get(address).status_code == 404
    asked = client.post(at(wave, "wave-poster"))
    run_now(JobRun.objects.get(kind="surveys.poster"))
    assert asked.status_code == 302
    assert address in client.get(at(wave, "wave-detail")).content.decode()
    answer = client.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_a_poster_with_an_older_last_day_is_offered_no_more(client, people, wave):
    client.force_login(people.coordinator)
    client.post(at(wave, "wave-poster"))
    run_now(JobRun.objects.get(kind="surveys.poster"))
    wave.closes_on = dt.date(2024, 7, 14)
    wave.save_version(wave.version)
    assert at(wave, "wave-poster-file") not in client.get(at(wave, "wave-detail")).content.decode()
    assert client.get(at(wave, "wave-poster-file")).status_code == 404
