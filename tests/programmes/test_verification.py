"""The verification of a step: sent, returned with reasons, sent again, agreed."""

import datetime as dt
from uuid import uuid4

import pytest

from core.errors import NotAllowed, Refused
from programmes import services
from programmes.models import Verification
from programmes.selectors.verification import latest_word, verifications_waiting
from tests.programmes.helpers import fill, form_id

DAY = dt.date(2024, 1, 10)


@pytest.fixture
def ready(people, step):
    fill(step(1), by=people.coordinator, on=DAY)
    return step(1)


def send(record, people, text=""):
    return services.send_to_verifier(record=record, by=people.coordinator, text=text)


def verify(record, by, *, agreed=True, text=""):
    return services.verify_step(record=record, agreed=agreed, text=text, by=by)


def test_a_step_goes_to_the_verifier_comes_back_and_goes_again(people, ready):
    send(ready, people, "Ask the group.")
    assert verify(ready, people.verifier, agreed=False, text="Who came?").kind == "returned"
    assert send(ready, people, "The list is there now.").kind == "resent"
    assert verify(ready, people.verifier).kind == "agreed"
    words = [(row.kind, row.said_by) for row in ready.verifications.order_by("created_at")]
    assert words == [
        ("sent", people.coordinator),
        ("returned", people.verifier),
        ("resent", people.coordinator),
        ("agreed", people.verifier),
    ]


def test_who_signs_a_step_off_is_told_what_its_verifier_has_not_said_yet(client, people, ready):
    client.force_login(people.leader)

    def page():
        return client.get("/locations/leominster/steps/1/sign-off/").content.decode()

    waits, returned = "has been with its verifier since", "Its verifier returned this step"
    assert waits not in page()
    send(ready, people)
    assert waits in page()
    verify(ready, people.verifier, agreed=False, text="Who came?")
    assert waits not in page()
    assert returned in page()
    send(ready, people, "The list is there now.")
    verify(ready, people.verifier)
    assert waits not in page()
    assert returned not in page()


def test_a_return_needs_reasons_and_an_answer(people, ready):
    send(ready, people)
    with pytest.raises(Refused, match="what is missing"):
        verify(ready, people.verifier, agreed=False)
    verify(ready, people.verifier, agreed=False, text="Who came?")
    with pytest.raises(Refused, match="waits for the location"):
        verify(ready, people.verifier)
    with pytest.raises(Refused, match="what was done"):
        send(ready, people)


def test_a_step_that_lacks_evidence_is_neither_sent_nor_verified(people, step):
    fill(step(1), by=people.coordinator, on=DAY, leave_out=1)
    with pytest.raises(Refused, match="Still missing"):
        send(step(1), people)
    with pytest.raises(Refused, match="Still missing"):
        verify(step(1), people.verifier)


def test_nobody_verifies_their_own_work_or_without_the_right(people, ready):
    with pytest.raises(NotAllowed):
        verify(ready, people.leader)
    ready.evidence.update(recorded_by=people.verifier)
    with pytest.raises(Refused, match="You worked on this step"):
        verify(ready, people.verifier)


def test_sending_the_same_form_twice_says_it_once(people, ready):
    key = uuid4()
    for _ in range(2):
        services.send_to_verifier(record=ready, by=people.coordinator, text="Look", id=key)
    assert Verification.objects.count() == 1


def test_a_step_opened_again_is_to_be_verified_anew(people, ready):
    verify(ready, people.verifier)
    with pytest.raises(Refused, match="verified already"):
        verify(ready, people.verifier)
    services.sign_off(record=ready, by=people.leader)
    services.reopen(record=ready, by=people.leader, reason="More came up")
    assert latest_word(ready) is None
    assert verify(ready, people.verifier).kind == "agreed"


def test_each_finds_what_waits_for_them(people, ready):
    send(ready, people)
    to_verify, returned = verifications_waiting(people.verifier)
    assert [(line.location, line.number) for line in to_verify] == [("Leominster", 1)]
    assert returned == ()
    assert verifications_waiting(people.coordinator) == ((), ())
    verify(ready, people.verifier, agreed=False, text="Who came?")
    assert verifications_waiting(people.verifier)[0] == ()
    assert [line.text for line in verifications_waiting(people.coordinator)[1]] == ["Who came?"]
    assert verifications_waiting(people.neighbour) == ((), ())


def test_the_pages_lead_from_the_week_to_the_answer(client, people, ready):
    send(ready, people)
    client.force_login(people.verifier)
    assert "Steps to verify" in client.get("/").content.decode()
    url = f"{ready.get_absolute_url()}verify/"
    shown = client.get(url)
    answer = client.post(
        url, {"id": form_id(shown), "outcome": "returned", "text": "Who came?"}, follow=True
    )
    assert "Returned with reasons" in answer.content.decode()
    client.force_login(people.coordinator)
    assert "Returned by the verifier" in client.get("/").content.decode()
    client.force_login(people.partner)
    assert client.get(url).status_code == 403
