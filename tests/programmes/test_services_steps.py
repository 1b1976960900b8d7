"""Soft gates, hard sign-offs, evidence that is sent twice, opening again."""

import datetime as dt
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.errors import Conflict, NotAllowed, Refused
from core.models import StoredFile
from programmes import services
from programmes.choices import StepState
from programmes.models import Evidence, SignOff, StepRecord
from programmes.selectors.facts import facts_of
from tests.programmes.helpers import fill, note

DAY = dt.date(2024, 1, 10)


def test_the_first_evidence_begins_a_step_on_its_day(people, step):
    note(step(1), by=people.coordinator, on=DAY)
    assert step(1).started_on == DAY
    assert facts_of(step(1)).state == StepState.UNDER_WAY


def test_work_ahead_of_an_open_step_needs_a_reason_which_is_kept(people, step):
    with pytest.raises(Refused, match="step 1 not signed off"):
        note(step(2), by=people.coordinator, on=DAY)
    assert not Evidence.objects.exists()
    assert step(2).started_on is None
    note(step(2), by=people.coordinator, on=DAY, reason="The walk was booked already.")
    record = step(2)
    assert record.out_of_order_reason == "The walk was booked already."
    assert record.out_of_order_by == people.coordinator
    assert record.out_of_order_on == dt.date(2024, 6, 25)
    note(record, by=people.community, on=DAY)  # asked once, not every time


def test_work_in_order_keeps_no_reason_even_if_one_is_given(people, step, signed):
    signed(1)
    note(step(2), by=people.coordinator, on=DAY, reason="Just in case")
    assert step(2).out_of_order_reason == ""


def test_starting_out_of_order_needs_a_reason_too(people, step):
    with pytest.raises(Refused, match="steps 1, 2, 3 and 4"):
        services.start_step(record=step(5), started_on=DAY, by=people.coordinator)
    services.start_step(
        record=step(5),
        started_on=DAY,
        by=people.coordinator,
        out_of_order_reason="Senior leaders asked for it.",
    )
    assert step(5).out_of_order_reason == "Senior leaders asked for it."


def test_starting_twice_on_the_same_day_is_harmless_on_another_refused(people, step):
    for _time in range(2):
        services.start_step(record=step(1), started_on=DAY, by=people.coordinator)
    with pytest.raises(Refused, match="10 January 2024"):
        services.start_step(record=step(1), started_on=dt.date(2024, 1, 11), by=people.coordinator)


def test_nothing_is_recorded_for_a_day_to_come(people, step):
    tomorrow = dt.date(2024, 6, 26)
    with pytest.raises(Refused, match="future"):
        note(step(1), by=people.coordinator, on=tomorrow)
    with pytest.raises(Refused, match="future"):
        services.start_step(record=step(1), started_on=tomorrow, by=people.coordinator)


def test_sign_off_is_refused_until_every_required_kind_is_there(people, step):
    fill(step(1), by=people.coordinator, on=DAY, leave_out=1)
    with pytest.raises(Refused, match="Support of the partnership"):
        services.sign_off(record=step(1), by=people.leader)
    assert not SignOff.objects.exists()
    last = step(1).definition.evidence_wanted.get(key="leaders-support")
    note(step(1), by=people.coordinator, on=DAY, wanted=last)
    made = services.sign_off(record=step(1), by=people.leader, statement="Seen.")
    assert made.signed_on == dt.date(2024, 6, 25)
    assert not made.by_own_hand
    assert facts_of(step(1)).state == StepState.SIGNED_OFF


def test_optional_evidence_does_not_hold_up_a_sign_off(people, step, signed):
    signed(4)  # step 4 also wants an optional survey of trainees
    facts = facts_of(step(4))
    assert facts.is_signed_off
    assert any(not kind.required and not kind.is_there for kind in facts.evidence)


def test_signing_off_ones_own_evidence_is_allowed_and_said(people, step):
    fill(step(1), by=people.manager, on=DAY)
    assert services.sign_off(record=step(1), by=people.manager).by_own_hand


@pytest.mark.parametrize("name", ["coordinator", "community", "partner", "verifier", "analyst"])
def test_only_managers_and_leaders_sign_off(people, step, name):
    fill(step(1), by=people.coordinator, on=DAY)
    with pytest.raises(NotAllowed):
        services.sign_off(record=step(1), by=getattr(people, name))


def test_a_repeated_sign_off_is_harmless_and_a_second_one_refused(people, step):
    fill(step(1), by=people.coordinator, on=DAY)
    key = uuid4()
    first = services.sign_off(record=step(1), by=people.leader, statement="Seen.", id=key)
    assert services.sign_off(record=step(1), by=people.leader, statement="Seen.", id=key) == first
    with pytest.raises(Refused, match="signed off already"):
        services.sign_off(record=step(1), by=people.manager, id=uuid4())
    assert SignOff.objects.count() == 1


def test_a_signed_off_step_takes_no_changes_until_it_is_opened_again(people, step, signed):
    signed(1)
    evidence = Evidence.objects.first()
    with pytest.raises(Refused, match="Open it again"):
        note(step(1), by=people.coordinator, on=DAY)
    with pytest.raises(Refused, match="Open it again"):
        services.withdraw_evidence(evidence=evidence, reason="Wrong town", by=people.coordinator)
    with pytest.raises(Refused, match="Open it again"):
        services.edit_plan(
            record=step(1),
            planned_start=DAY,
            planned_end=DAY,
            notes="",
            version=step(1).version,
            by=people.coordinator,
        )
    with pytest.raises(Refused, match="why"):
        services.reopen(record=step(1), reason=" ", by=people.leader)
    opened = services.reopen(record=step(1), reason="The figures were redone.", by=people.leader)
    assert opened.reopened_reason == "The figures were redone."
    services.withdraw_evidence(evidence=evidence, reason="Wrong town", by=people.coordinator)
    facts = facts_of(step(1))
    assert facts.state == StepState.UNDER_WAY
    assert [kind.key for kind in facts.missing] == ["data-package"]
    fill(step(1), by=people.coordinator, on=DAY)
    services.sign_off(record=step(1), by=people.manager)
    assert SignOff.objects.count() == 2


def test_withdrawn_evidence_stays_with_its_reason_but_counts_no_more(people, step):
    kind = step(1).definition.evidence_wanted.get(key="common-purpose")
    evidence = note(step(1), by=people.coordinator, on=DAY, wanted=kind)
    assert facts_of(step(1)).done == 1
    with pytest.raises(Refused, match="why"):
        services.withdraw_evidence(evidence=evidence, reason="", by=people.coordinator)
    for _time in range(2):
        services.withdraw_evidence(evidence=evidence, reason="Old draft", by=people.coordinator)
    evidence.refresh_from_db()
    assert evidence.withdrawn_reason == "Old draft"
    assert evidence.withdrawn_by == people.coordinator
    assert facts_of(step(1)).done == 0


def test_sending_the_same_evidence_twice_stores_it_once(people, step):
    key = uuid4()
    first = note(step(1), by=people.coordinator, on=DAY, id=key)
    assert note(step(1), by=people.coordinator, on=DAY, id=key) == first
    assert Evidence.objects.count() == 1
    with pytest.raises(Refused, match="other content"):
        note(step(1), by=people.coordinator, on=DAY, id=key, note="Something else")
    with pytest.raises(Refused, match="other content"):
        note(step(1), by=people.manager, on=DAY, id=key)


def test_the_same_file_sent_twice_is_stored_once(people, step):
    key = uuid4()

    def send(content: bytes) -> Evidence:
        upload = SimpleUploadedFile("walk.txt", content, content_type="text/plain")
        return note(step(1), by=people.coordinator, on=DAY, id=key, upload=upload)

    first = send(b"What we saw on the walk.\n")
    assert first.file.name == "walk.txt"
    assert send(b"What we saw on the walk.\n") == first
    assert StoredFile.objects.count() == 1
    with pytest.raises(Refused, match="other content"):
        send(b"Something else.\n")


def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_is_stored(people, step):
    upload = SimpleUploadedFile("walk.png", b"<script>alert(1)</script>", content_type="image/png")
    with pytest.raises(Refused):
        note(step(1), by=people.coordinator, on=DAY, upload=upload)
    assert not Evidence.objects.exists()
    assert step(1).started_on is None


def test_evidence_needs_something_that_shows_what_was_done(people, step):
    with pytest.raises(Refused, match="note, a link or a file"):
        note(step(1), by=people.coordinator, on=DAY, note=" ")


def test_a_kind_of_evidence_of_another_step_is_refused(people, step):
    other = step(2).definition.evidence_wanted.first()
    with pytest.raises(Refused, match="another step"):
        note(step(1), by=people.coordinator, on=DAY, wanted=other)


@pytest.mark.parametrize(
    "name", ["partner", "leader", "verifier", "analyst", "neighbour", "researcher", "stranger"]
)
def test_those_who_do_not_record_steps_cannot_record_evidence(people, step, name):
    with pytest.raises(NotAllowed):
        note(step(1), by=getattr(people, name), on=DAY)


def test_a_plan_saved_over_anothers_save_is_refused(people, step):
    mine, theirs = step(3), step(3)
    services.edit_plan(
        record=theirs,
        planned_start=DAY,
        planned_end=DAY,
        notes="Theirs",
        version=1,
        by=people.manager,
    )
    with pytest.raises(Conflict) as refusal:
        services.edit_plan(
            record=mine,
            planned_start=DAY,
            planned_end=DAY,
            notes="Mine",
            version=1,
            by=people.coordinator,
        )
    assert refusal.value.current.notes == "Theirs"
    assert StepRecord.objects.get(pk=mine.pk).notes == "Theirs"


def test_a_planned_end_before_the_start_is_refused(people, step):
    with pytest.raises(Refused, match="on or after"):
        services.edit_plan(
            record=step(3),
            planned_start=DAY,
            planned_end=DAY - dt.timedelta(1),
            notes="",
            version=1,
            by=people.coordinator,
        )


def test_a_step_ready_by_counted_evidence_alone_still_needs_its_reason(people, step, monkeypatch):
    from programmes import registry

    class Every:
        key = "counts-all"

        def counts(self, locations):
            return {place.pk: registry.EvidenceCount(2) for place in locations}

    monkeypatch.setattr(registry, "_providers", {"counts-all": Every()})
    step(2).definition.evidence_wanted.update(provider="counts-all")
    assert facts_of(step(2)).state == StepState.READY
    with pytest.raises(Refused, match="out of order"):
        services.sign_off(record=step(2), by=people.leader)
