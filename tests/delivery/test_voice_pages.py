"""The voice inside: pages, lists, API and ledger show each reader what is theirs to see."""

import datetime as dt
from uuid import uuid4

import pytest
from django.test import Client
from rest_framework.test import APIClient

from core.choices import LedgerAction
from core.models import LedgerEntry
from delivery.exports.voice import ANSWERS, CONCERNS
from delivery.models import Answer, Concern, Priority, PublicPage, SafeguardingMessage
from delivery.registrations.voice import chapter
from delivery.selectors.voice import people_heard
from programmes.registry import evidence_provider
from tests.factories.actions import ActionFactory
from tests.factories.meetings import DecisionFactory, IssueFactory, MeetingFactory
from tests.factories.programmes import TargetPlaceFactory
from tests.factories.voice import (
    AnswerFactory,
    ConcernFactory,
    PriorityFactory,
    PublicPageFactory,
    SafeguardingMessageFactory,
)

TODAY = dt.date(2024, 6, 25)
VOICE = "/locations/leominster/voice/"


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def date_of(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def test_from_what_was_said_to_the_answer_in_the_browser_s_words(people):
    PublicPageFactory(location=people.location)
    anybody, moderator, manager = (
        Client(),
        signed_in(people.community),
        signed_in(people.coordinator),
    )
    anybody.post(
        "/p/leominster/tell/",
        {"id": str(uuid4()), "kind": "concern", "text": "Ann Smith says it is dark"},
    )
    concern = Concern.objects.get()
    assert "Ann Smith says it is dark" in moderator.get(VOICE).text
    at = f"{VOICE}{concern.pk}/"
    read = {"version": 1, "kind": "concern", "public_text": "It is dark.", "publish": "yes"}
    moderator.post(f"{at}read/", {**read, **date_of("answer_by", dt.date(2024, 7, 1))})
    made = moderator.post(
        f"{VOICE}priorities/new/?concern={concern.pk}",
        {"id": str(uuid4()), "title": "Light", "publish": "yes", **date_of("agreed_on", TODAY)},
    )
    priority = Priority.objects.get()
    assert made.url == priority.get_absolute_url()
    assert list(priority.concerns.all()) == [concern]
    asked = moderator.post(
        f"{VOICE}priorities/{priority.pk}/action/",
        {
            "id": str(uuid4()),
            "title": "Repair the lamps",
            "owner": people.partner.pk,
            **date_of("due_on", dt.date(2024, 7, 5)),
        },
    )
    assert asked.status_code == 302
    assert "Repair the lamps" in moderator.get(priority.get_absolute_url()).text
    moderator.post(
        f"{VOICE}priorities/{priority.pk}/answer/",
        {"id": str(uuid4()), "kind": "did", "text": "The lamps are repaired."},
    )
    answer = Answer.objects.get()
    assert "The lamps are repaired." not in anybody.get("/p/leominster/").text
    assert moderator.post(f"{answer.get_absolute_url()}approve/").status_code == 403
    assert "answer to approve" in manager.get("/").text
    manager.post(f"{answer.get_absolute_url()}approve/", {"version": answer.version})
    shown = anybody.get("/p/leominster/").text
    assert "The lamps are repaired." in shown
    assert "25 June 2024" in shown
    assert "Ann Smith" not in shown
    concern.refresh_from_db()
    assert concern.state == "answered"


def test_original_words_are_read_by_those_who_moderate_alone(people):
    ConcernFactory(location=people.location, open=True, text="own-words-q")
    hidden = ConcernFactory(location=people.location, text="new-words-q")
    for person, reads in (
        (people.community, True),
        (people.coordinator, True),
        (people.manager, True),
        (people.partner, False),
        (people.leader, False),
        (people.verifier, False),
        (people.analyst, False),
    ):
        client = signed_in(person)
        pages = "".join(client.get(f"{VOICE}?list={key}").text for key in ("new", "open", "closed"))
        assert ("own-words-q" in pages) is ("new-words-q" in pages) is reads, person
        there = client.get(f"{VOICE}{hidden.pk}/").status_code
        assert there == (200 if reads else 404), person


def test_every_look_at_a_safeguarding_message_is_in_the_ledger(people):
    message = SafeguardingMessageFactory(location=people.location, text="worry-words-q")
    client = signed_in(people.coordinator)
    for _ in range(2):
        assert "worry-words-q" in client.get(message.get_absolute_url()).text
    looks = LedgerEntry.objects.filter(
        action=LedgerAction.VIEW,
        subject="delivery.SafeguardingMessage",
        subject_id=str(message.pk),
        actor=people.coordinator.pk,
    )
    assert looks.count() == 2
    for person in (people.community, people.leader, people.partner, people.analyst):
        refused = signed_in(person)
        assert refused.get(message.get_absolute_url()).status_code == 404, person
        assert refused.get(f"{VOICE}safeguarding/").status_code == 403, person
        assert LedgerEntry.objects.filter(action=LedgerAction.DENIED, actor=person.pk).exists()


def test_safeguarding_words_stand_on_their_own_page_alone(people):
    message = SafeguardingMessageFactory(location=people.location, text="worry-words-q")
    client = signed_in(people.coordinator)
    for path in ("/", VOICE, f"{VOICE}safeguarding/", "/locations/leominster/"):
        assert "worry-words-q" not in client.get(path).text, path
    assert "message to pass on" in client.get("/").text
    assert "message to pass on" not in signed_in(people.community).get("/").text
    client.post(
        f"{message.get_absolute_url()}passed-on/",
        {"version": 1, "note": "Social care", **date_of("handled_on", TODAY)},
    )
    assert "message to pass on" not in client.get("/").text


def test_moving_to_safeguarding_is_asked_once_more_and_leaves_the_list(people):
    concern = ConcernFactory(location=people.location, text="worry-words-q")
    client = signed_in(people.community)
    assert "cannot be moved back" in client.get(f"{VOICE}{concern.pk}/safeguard/").text
    moved = client.post(f"{VOICE}{concern.pk}/safeguard/", {"version": 1})
    assert moved.url == VOICE
    assert "worry-words-q" not in client.get(f"{VOICE}?list=new").text
    assert SafeguardingMessage.objects.get().pk == concern.pk


def test_a_priority_begins_with_the_place_the_decision_and_its_actions(people):
    by = people.coordinator
    place = TargetPlaceFactory(location=people.location)
    concern = ConcernFactory(location=people.location, open=True, target_place=place)
    meeting = MeetingFactory(location=people.location, called_by=by)
    issue = IssueFactory(meeting=meeting, concern=concern, recorded_by=by)
    decision = DecisionFactory(
        location=people.location, meeting=meeting, issue=issue, recorded_by=by
    )
    DecisionFactory(location=people.location, recorded_by=by)
    asked = {"location": people.location, "owner": people.partner, "asked_by": by}
    action = ActionFactory(decision=decision, **asked)
    ActionFactory(**asked)
    address = f"{VOICE}priorities/new/?concern={concern.pk}"
    initial = signed_in(by).get(address).context["form"].initial
    assert (initial["target_place"], initial["decision"]) == (place.pk, decision.pk)
    sent = {
        "title": "Light",
        "publish": "no",
        "decision": decision.pk,
        **date_of("agreed_on", TODAY),
    }
    signed_in(by).post(address, {"id": str(uuid4()), **sent})
    assert list(Priority.objects.get().actions.all()) == [action]


def test_the_list_begins_with_what_waits_and_else_with_what_was_answered(people):
    client = signed_in(people.community)
    ConcernFactory(location=people.location, state="answered", text="answered-words-q")
    assert "answered-words-q" in client.get(VOICE).text
    ConcernFactory(location=people.location, open=True, text="open-words-q")
    assert "open-words-q" in client.get(VOICE).text
    ConcernFactory(location=people.location, text="new-words-q")
    shown = client.get(VOICE).text
    assert "new-words-q" in shown
    assert "open-words-q" not in shown


def test_the_public_page_is_opened_and_closed_from_inside(people):
    client, anybody = signed_in(people.coordinator), Client()
    form = {"is_open": "yes", "intro": "Hello", "promise_days": 15, "indexed": "no"}
    client.post(f"{VOICE}public-page/", form)
    assert "Hello" in anybody.get("/p/leominster/").text
    client.post(f"{VOICE}public-page/", {**form, "is_open": "no", "version": 1})
    assert anybody.get("/p/leominster/").status_code == 404
    assert PublicPage.objects.get().promise_days == 15
    refused = signed_in(people.community).post(f"{VOICE}public-page/", form)
    assert refused.status_code == 403


def test_exports_leave_original_words_to_those_who_moderate(people):
    ConcernFactory(location=people.location, open=True, text="own-words-q")
    ConcernFactory(location=people.location, text="new-words-q")
    SafeguardingMessageFactory(location=people.location, text="worry-words-q")
    for person, rows, withheld in (
        (people.coordinator, 2, ()),
        (people.leader, 1, ("text", "where")),
    ):
        listed = list(CONCERNS.queryset(person, people.location))
        assert len(listed) == rows, person
        says = CONCERNS.withheld(person, people.location)
        assert {tuple(says(row)) for row in listed} == {withheld}, person
    assert list(CONCERNS.queryset(people.neighbour, people.location)) == []


def test_the_list_of_answers_holds_what_is_published(people):
    concern = ConcernFactory(location=people.location, open=True, public_text="Dark.")
    shown = AnswerFactory(concern=concern, published_on=TODAY)
    AnswerFactory(concern=concern)
    AnswerFactory(concern=concern, withdrawn_on=TODAY)
    rows = list(ANSWERS.queryset(people.leader, people.location))
    assert rows == [shown]
    assert ANSWERS.by_key["about"].of(shown) == "Dark."


@pytest.fixture
def api():
    def ask(person):
        client = APIClient()
        client.force_authenticate(person)
        return client

    return ask


def test_the_api_shows_moderators_the_words_and_others_what_is_published(people, api):
    ConcernFactory(location=people.location, open=True, text="own-words-q", where="own-spot-q")
    ConcernFactory(location=people.location, text="new-words-q")
    whole = api(people.community).get("/api/v1/concerns/").json()["results"]
    assert {one["text"] for one in whole} == {"own-words-q", "new-words-q"}
    assert all(one["withheld"] == [] for one in whole)
    part = api(people.leader).get("/api/v1/concerns/?location=leominster").json()["results"]
    assert [(one["text"], one["where"], one["withheld"]) for one in part] == [
        (None, None, ["text", "where"])
    ]
    assert api(people.neighbour).get("/api/v1/concerns/").json()["results"] == []


def test_the_api_enters_for_somebody_once(people, api):
    body = {
        "id": str(uuid4()),
        "location": "leominster",
        "kind": "idea",
        "text": "A bench",
        "channel": "phone",
        "heard_on": "2024-06-24",
    }
    client = api(people.community)
    first = client.post("/api/v1/concerns/", body, format="json")
    assert (first.status_code, first.json()["text"]) == (201, "A bench")
    assert client.post("/api/v1/concerns/", body, format="json").status_code == 200
    other = client.post("/api/v1/concerns/", {**body, "text": "Two"}, format="json")
    assert other.status_code == 409
    public = {**body, "id": str(uuid4()), "channel": "public_page"}
    assert client.post("/api/v1/concerns/", public, format="json").status_code == 400
    refused = api(people.partner).post("/api/v1/concerns/", body, format="json")
    assert refused.status_code in (403, 409)
    assert Concern.objects.count() == 1


def test_priorities_and_answers_for_programs(people, api):
    concern = ConcernFactory(location=people.location, open=True)
    AnswerFactory(concern=concern, published_on=TODAY, text="Done.")
    AnswerFactory(concern=concern, text="Draft.")
    body = {"location": "leominster", "title": "Light", "agreed_on": "2024-06-24"}
    assert api(people.community).post("/api/v1/priorities/", body, format="json").status_code == 201
    assert api(people.partner).post("/api/v1/priorities/", body, format="json").status_code == 403
    read = api(people.partner)
    assert [one["title"] for one in read.get("/api/v1/priorities/").json()["results"]] == ["Light"]
    assert [one["text"] for one in read.get("/api/v1/feedback/").json()["results"]] == ["Done."]
    both = api(people.coordinator).get("/api/v1/feedback/").json()["results"]
    assert {one["text"] for one in both} == {"Done.", "Draft."}


def test_a_successor_opens_every_promise_from_the_pack(people):
    late = ConcernFactory(location=people.location, open=True, answer_by=dt.date(2024, 6, 20))
    ConcernFactory(location=people.location, answer_by=TODAY)
    ConcernFactory(location=people.location, open=True, state="answered")
    told = chapter(people.location, people.coordinator)
    assert told.promises
    assert [row.due for row in told.rows] == [dt.date(2024, 6, 20), TODAY]
    client = signed_in(people.coordinator)
    assert all(client.get(row.url).status_code == 200 for row in told.rows)
    assert late.text in told.rows[0].title
    outsider = chapter(people.location, people.leader)
    assert late.text not in str(outsider.rows)


def test_people_heard_are_evidence_on_a_step_in_the_same_number(people):
    ConcernFactory.create_batch(3, location=people.location)
    ConcernFactory(location=people.location, not_taken="empty")
    counted = evidence_provider("residents-heard").counts([people.location])
    heard = people_heard(people.location, dt.date(2024, 1, 1), TODAY)
    assert counted[people.location.pk].count == heard == 3
    assert f"Heard: {heard}." in signed_in(people.leader).get("/locations/leominster/").text


def test_joining_and_linking_offer_what_is_here_alone(people):
    priority = PriorityFactory(location=people.location)
    here = ConcernFactory(location=people.location, open=True)
    there = ConcernFactory(location=people.other_location, open=True)
    client = signed_in(people.community)
    at = f"{VOICE}priorities/{priority.pk}/join/"
    assert str(here.pk) in client.get(at).text
    assert client.post(at, {"concerns": [str(there.pk)]}).status_code == 422
    assert client.post(at, {"concerns": [str(here.pk)]}).status_code == 302
    assert list(priority.concerns.all()) == [here]


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(people):
    concern = ConcernFactory(location=people.location)
    client = signed_in(people.community)
    read = {"version": 1, "kind": "concern", "public_text": "Dark.", "publish": "yes"}
    read |= date_of("answer_by", dt.date(2024, 7, 1))
    at = f"{VOICE}{concern.pk}/read/"
    assert client.post(at, read).status_code == 302
    assert client.post(at, {**read, "public_text": "Other"}).status_code == 409
