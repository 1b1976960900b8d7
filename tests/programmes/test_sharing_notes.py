"""Sensitive notes: withheld on every page, in the API, in the file, in the history, in the feed."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from core.choices import Marking
from core.errors import NotAllowed
from core.selectors import history_of
from programmes import services
from programmes.models import Evidence, SignOff, StepRecord
from programmes.selectors.week import lately_for
from tests.programmes.helpers import note
from tests.programmes.sharing_world import DAY, SECRETS, make_sharing, on

STEP = "/locations/leominster/steps/1/"
PAGES = [
    "/",
    "/locations/leominster/",
    "/locations/leominster/steps/",
    STEP,
    "/locations/leominster/history/",
]


@pytest.fixture
def world(people, town, step):
    return make_sharing(people, town, step)


@pytest.fixture
def reader(client, world):
    client.force_login(world.housing_person)
    return client


@pytest.fixture
def api(world):
    client = APIClient()
    client.force_authenticate(world.housing_person)
    return client


def told(client, paths=PAGES) -> str:
    answers = [client.get(path) for path in paths]
    assert {answer.status_code for answer in answers} == {200}
    return "".join(answer.content.decode() for answer in answers)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_uncovered_readers_learn_only_that_it_is_there_its_kind_and_its_date(reader, world):
    text = told(reader)
    for secret in SECRETS:
        assert secret not in text
    page = told(reader, [STEP])
    words = "Withheld: no sharing agreement with West Mercia Police covers sensitive notes."
    assert words in page
    assert world.secret.wanted.label in page
    assert "Done on 10 January 2024" in page
    assert "OFFICIAL-SENSITIVE" in page
    assert "recorded by" not in page


def test_covered_readers_and_those_of_the_agency_itself_read_it(reader, world):
    world.agree(categories=["sensitive_notes"])
    page = told(reader, [STEP])
    for secret in SECRETS:
        assert secret in page
    assert "Withheld" not in page
    assert "Masked words" in told(reader, [STEP])
    assert "Masked words" in told(reader, ["/locations/leominster/history/"])
    reader.force_login(world.people.coordinator)
    assert "What nobody else should read" in told(reader, [STEP])


def test_it_is_withheld_again_on_the_day_after_the_last(reader, world):
    agreement = world.agree()
    on(agreement.ends_on)
    assert "What nobody else should read" in told(reader, [STEP])
    on(agreement.ends_on + dt.timedelta(days=1))
    assert "What nobody else should read" not in told(reader, [STEP])


def test_an_agreement_on_another_category_leaves_it_withheld(reader, world):
    world.agree(categories=["people", "force_extracts", "exact_coordinates"])
    assert "What nobody else should read" not in told(reader, [STEP])


def test_what_is_not_marked_is_open_to_every_agency(reader, world, step):
    note(step(1), by=world.people.coordinator, on=DAY, title="Plain words")
    assert "Plain words" in told(reader, [STEP])


def test_those_without_a_right_to_read_evidence_do_not_learn_its_title(client, world):
    client.force_login(world.people.partner)  # of the housing provider
    page = told(client, [STEP, "/", "/locations/leominster/"])
    for secret in SECRETS:
        assert secret not in page


def test_the_file_is_refused_and_opened_with_the_agreement(reader, api, world):
    path = f"{STEP}evidence/{world.secret.pk}/file/"
    assert reader.get(path).status_code == 403
    assert api.get(f"/api/v1/evidence/{world.secret.pk}/file/").status_code == 403
    world.agree(categories=["sensitive_notes"])
    assert body(reader.get(path)) == b"the plan"
    assert body(api.get(f"/api/v1/evidence/{world.secret.pk}/file/")) == b"the plan"


def test_whether_there_is_a_file_is_not_told_either(reader, api, world):
    Evidence.objects.filter(pk=world.secret.pk).update(file=None)
    assert reader.get(f"{STEP}evidence/{world.secret.pk}/file/").status_code == 403
    assert api.get(f"/api/v1/evidence/{world.secret.pk}/file/").status_code == 403


def test_the_api_shows_the_row_without_what_is_withheld(api, world):
    names = [
        "title",
        "note",
        "link",
        "file_name",
        "recorded_by",
        "withdrawn_reason",
        "handling",
    ]
    one = api.get(f"/api/v1/evidence/{world.secret.pk}/")
    listed = api.get("/api/v1/evidence/").data["results"]
    for shown in (one.data, *listed):
        assert shown["withheld"] == names
        assert [shown[name] for name in names] == [None] * len(names)
        assert shown["wanted"] == world.secret.wanted_id
        assert shown["done_on"] == "2024-01-10"
        assert shown["marking"] == Marking.OFFICIAL_SENSITIVE
    assert not any(secret in one.content.decode() for secret in SECRETS)
    world.agree(categories=["sensitive_notes"])
    shown = api.get(f"/api/v1/evidence/{world.secret.pk}/").data
    assert shown["withheld"] == []
    assert shown["note"] == "What nobody else should read"


def test_a_list_asks_for_coverage_once(api, world, step, django_assert_max_num_queries):
    for number in range(5):
        note(
            step(1),
            by=world.people.coordinator,
            on=DAY,
            title=f"Walk {number}",
            marking=Marking.OFFICIAL_SENSITIVE,
            handling="Eyes only",
        )
    with django_assert_max_num_queries(6):
        assert len(api.get("/api/v1/evidence/").data["results"]) == 6


def test_a_guess_at_the_content_is_no_repeat(api, world, step):
    sent = {
        "id": str(world.secret.pk),
        "step_record": str(step(1).pk),
        "title": "Masked words",
        "note": "What nobody else should read",
        "done_on": "2024-01-10",
    }
    assert api.post("/api/v1/evidence/", sent, format="json").status_code == 409


def test_a_writer_of_another_agency_cannot_withdraw_it(reader, api, world):
    path = f"{STEP}evidence/{world.secret.pk}/withdraw/"
    refused = reader.get(path)
    assert refused.status_code == 403
    assert "Masked words" not in refused.content.decode()
    assert reader.post(path, {"reason": "No"}).status_code == 403
    refused = api.post(f"/api/v1/evidence/{world.secret.pk}/withdraw/", {"reason": "No"})
    assert refused.status_code == 403
    with pytest.raises(NotAllowed):
        services.withdraw_evidence(evidence=world.secret, reason="No", by=world.housing_person)
    world.agree(categories=["sensitive_notes"])
    assert reader.post(path, {"reason": "Wrong town"}).status_code == 302


def test_the_reason_of_a_withdrawal_is_withheld_too(reader, world):
    services.withdraw_evidence(
        evidence=world.secret, reason="Names a resident", by=world.people.coordinator
    )
    assert "Names a resident" not in told(reader)
    assert "Withdrawn on 25 June 2024" in told(reader, [STEP])


def test_the_history_tells_that_it_changed_and_no_word_more(world):
    services.withdraw_evidence(
        evidence=world.secret, reason="Names a resident", by=world.people.coordinator
    )
    changes = history_of(world.secret, reader=world.housing_person)
    assert [change.what for change in changes] == ["update", "insert"]
    assert not any(secret in str(changes) for secret in (*SECRETS, "Names a resident"))
    assert "Masked words" in str(history_of(world.secret, reader=world.people.coordinator))
    assert "Masked words" not in str(history_of(world.secret))  # no reader: nothing is open


def test_taking_the_marking_off_does_not_open_what_was_written_under_it(world):
    Evidence.objects.filter(pk=world.secret.pk).update(
        marking=Marking.OFFICIAL, title="Plain", note="Plain", handling=""
    )
    assert not any(
        secret in str(history_of(world.secret, reader=world.housing_person)) for secret in SECRETS
    )


def test_the_feed_tells_that_something_was_recorded(world):
    on(dt.date(2024, 1, 20))
    (item,) = lately_for(user=world.housing_person)
    assert item.title == world.secret.wanted.label
    assert item.by == ""
    world.agree(starts_on=dt.date(2024, 1, 1))
    (item,) = lately_for(user=world.housing_person)
    assert item.title == "Masked words"


def test_evidence_is_of_the_recorders_agency_else_of_the_lead_agency(world, step):
    people = world.people
    assert world.secret.agency == people.police
    theirs = note(
        step(1),
        by=world.housing_person,
        on=DAY,
        title="Ours",
        marking=Marking.OFFICIAL_SENSITIVE,
        handling="Eyes only",
        id=uuid4(),
    )
    assert theirs.agency == people.housing
    people.community.agency = None
    people.community.save()
    assert note(step(1), by=people.community, on=DAY, title="Mine").agency == people.police


def test_the_rule_holds_the_other_way_round(client, world, step):
    note(
        step(1),
        by=world.housing_person,
        on=DAY,
        title="Ours",
        note="Housing words",
        marking=Marking.OFFICIAL_SENSITIVE,
        handling="Eyes only",
    )
    client.force_login(world.people.manager)
    page = told(client, [STEP])
    assert "Housing words" not in page
    assert "no sharing agreement with Marches Housing" in page


@pytest.fixture
def marked(world, step):
    """A signed-off step whose notes and statements are marked."""
    record = step(2)
    StepRecord.objects.filter(pk=record.pk).update(
        notes="Hidden notes",
        out_of_order_reason="Hidden reason",
        out_of_order_on=DAY,
        out_of_order_by=world.people.coordinator,
        marking=Marking.OFFICIAL_SENSITIVE,
        handling="Hidden handling",
    )
    SignOff.objects.create(
        step_record=record,
        signed_by=world.people.leader,
        signed_on=DAY,
        statement="Hidden statement",
        reopened_on=DAY,
        reopened_by=world.people.leader,
        reopened_reason="Hidden reopening",
    )
    return record


def test_notes_and_statements_of_a_marked_step_are_withheld_everywhere(reader, api, world, marked):
    pages = [*PAGES, "/locations/leominster/steps/2/", "/programmes/west-mercia/"]
    assert "Hidden" not in told(reader, pages)
    shown = api.get(f"/api/v1/steps/{marked.pk}/")
    assert "Hidden" not in shown.content.decode()
    assert shown.data["withheld"] == ["notes", "out_of_order_reason", "handling"]
    assert "Hidden" not in api.get("/api/v1/steps/").content.decode()
    world.agree(categories=["sensitive_notes"])
    page = told(reader, ["/locations/leominster/steps/2/"])
    for words in ("notes", "reason", "handling", "statement", "reopening"):
        assert f"Hidden {words}" in page
    assert api.get(f"/api/v1/steps/{marked.pk}/").data["notes"] == "Hidden notes"


def test_notes_that_are_withheld_cannot_be_written_over(reader, api, world, marked):
    path = "/locations/leominster/steps/2/plan/"
    assert reader.get(path).status_code == 403
    assert reader.post(path, {"notes": "x"}).status_code == 403
    version = StepRecord.objects.get(pk=marked.pk).version
    answer = api.patch(
        f"/api/v1/steps/{marked.pk}/",
        {"notes": "x"},
        format="json",
        headers={"If-Match": f'"{version}"'},
    )
    assert answer.status_code == 403
    assert StepRecord.objects.get(pk=marked.pk).notes == "Hidden notes"


def test_a_progress_report_counts_what_is_marked_and_says_none_of_it(world, marked, town):
    from core.records import to_plain
    from reports.gather import gather
    from reports.quarters import Quarter

    figures = gather(subject=town, quarter=Quarter.parse("2023-24-Q4"))
    assert figures.locations[0].withheld == 1
    text = str(to_plain(figures))
    assert not any(secret in text for secret in (*SECRETS, "Hidden"))
