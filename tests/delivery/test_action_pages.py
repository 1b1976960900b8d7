"""The pages of actions: the partner's path by a mail's link, the coordinator's, the calendar."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import AccessLink
from delivery.choices import ActionState
from delivery.forms.actions import FinishForm
from delivery.models import Action
from delivery.selectors.actions import waiting_for
from delivery.services import answers
from programmes.models import Evidence
from tests.factories.actions import ActionFactory, picture
from tests.factories.programmes import EvidenceWantedFactory, StepRecordFactory
from tests.signing import sign_in_by_link

TODAY = dt.date(2024, 6, 25)
SOON = dt.date(2024, 7, 2)
SECRET = re.compile(r"http://localhost:8000(/accounts/link/\S+)")


@pytest.fixture
def asked(ask, people, settings, django_capture_on_commit_callbacks):
    """An action of the partner, and the address in the mail that asked for it."""
    settings.SECOND_FACTOR_WAIVED = False
    with django_capture_on_commit_callbacks(execute=True):
        action = ask()
    return action, SECRET.search(mail.outbox[0].body)[1]


@pytest.fixture
def own(asked, people, client):
    """The partner's own page in a limited session."""
    sign_in_by_link(client, people.partner)
    return asked[0].own_url()


def test_from_the_mail_to_the_finished_action(
    asked, people, client, django_capture_on_commit_callbacks
):
    action, path = asked
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(path)
    code = re.search(r"\b(\d{6})\b", mail.outbox[-1].body)[1]
    answer = client.post(answer.url, {"code": code})
    assert answer.url == action.own_url()
    page = client.get(answer.url)
    assert action.title in page.text
    assert client.post(answer.url, {"do": "accept"}).status_code == 302
    done = client.post(answer.url, {"do": "finish", "note": "Repaired", "photo": picture()})
    assert done.status_code == 302
    action.refresh_from_db()
    assert (action.state, action.closing_note) == (ActionState.DONE, "Repaired")
    assert "Thank you" in client.get(answer.url).text
    photo = client.get(f"{action.own_url()}photo/")
    assert photo["Content-Type"] == "image/jpeg"
    assert photo.getvalue()
    photo.close()


def test_a_scanner_that_opens_everything_changes_nothing(asked, people):
    action, path = asked
    before = Action.objects.values().get()
    for _ in range(5):
        Client().get(path)
        Client().get(action.own_url())
        Client().head(action.own_url())
    assert Action.objects.values().get() == before


def test_a_link_that_is_too_old_or_revoked_opens_nothing(asked, client):
    _action, path = asked
    AccessLink.objects.update(expires_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_a_code_opens_once(asked, client, django_capture_on_commit_callbacks):
    _action, path = asked
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path)
    code = re.search(r"\b(\d{6})\b", mail.outbox[-1].body)[1]
    assert client.post(f"{path}code/", {"code": code}).status_code == 302
    assert Client().post(f"{path}code/", {"code": code}).status_code == 422


def test_a_limited_session_sees_own_actions_alone(own, people, client, asked):
    other = ActionFactory(
        location=people.location, owner=people.coordinator, asked_by=people.manager
    )
    assert client.get(other.own_url()).status_code == 404
    assert client.post(other.own_url(), {"do": "accept"}).status_code == 404
    for path in (asked[0].get_absolute_url(), "/locations/leominster/actions/", "/notices/"):
        assert client.get(path).url.startswith("/accounts/login/")
    page = client.get("/my-actions/").text
    assert asked[0].title in page
    assert other.title not in page
    home = client.get("/").text
    assert asked[0].title in home
    assert "My locations" not in home


def test_a_helper_finds_the_action_among_their_own(ask, people, client):
    action = ask(helpers=[people.verifier])
    client.force_login(people.verifier)
    page = client.get(action.own_url())
    assert page.status_code == 200
    assert "You help; Partner answers for it." in page.text
    assert "Yes, I will do it" not in page.text
    assert client.post(action.own_url(), {"do": "accept"}).status_code == 403


def test_another_date(own, client):
    answer = client.post(
        own,
        {
            "do": "propose",
            "due_on_day": "9",
            "due_on_month": "7",
            "due_on_year": "2024",
            "why": "Holiday",
        },
    )
    assert answer.status_code == 302
    assert Action.objects.get().proposed_due_on == dt.date(2024, 7, 9)
    assert "You proposed 9 July 2024 instead" in client.get(own).text


def test_a_date_in_the_past_keeps_what_was_typed(own, client):
    page = client.post(
        own,
        {
            "do": "propose",
            "due_on_day": "1",
            "due_on_month": "6",
            "due_on_year": "2024",
            "why": "Words that must not be lost",
        },
    )
    assert page.status_code == 422
    assert "Words that must not be lost" in page.text
    assert "must be 25 June 2024 or later" in page.text


def test_what_blocks_it(own, client):
    assert client.post(own, {"do": "block", "reason": ""}).status_code == 422
    assert client.post(own, {"do": "block", "reason": "No lamps"}).status_code == 302
    page = client.get(own).text
    assert "No lamps" in page
    assert "Nothing blocks it any more" in page


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("photo.heic", b"\x00\x00\x00\x18ftypheic", "HEIC"),
        ("photo.jpg", b"\x00\x00\x00\x18ftypheic" + b"0" * 100, "not a JPEG file"),
        ("photo.jpg", b"words", "photo.jpg"),
        ("photo.pdf", b"%PDF-1.7", "photo.pdf is not"),
    ],
)
def test_a_photo_that_cannot_be_taken_loses_no_words(own, client, name, content, said):
    page = client.post(
        own,
        {
            "do": "finish",
            "note": "Words that must not be lost",
            "photo": SimpleUploadedFile(name, content),
        },
    )
    assert page.status_code == 422
    assert "Words that must not be lost" in page.text
    assert said in page.text
    assert Action.objects.get().state == ActionState.ASKED


def test_a_photo_that_is_too_large_is_refused_with_its_size(own, client, monkeypatch):
    monkeypatch.setattr(FinishForm.base_fields["photo"], "max_bytes", 100)
    page = client.post(own, {"do": "finish", "note": "Kept words", "photo": picture()})
    assert page.status_code == 422
    assert "must be 100 bytes or smaller" in page.text
    assert "Kept words" in page.text


def test_after_passing_it_on_one_is_led_to_ones_list(own, people, client):
    from accounts.roles import Role
    from tests.factories.accounts import UserFactory
    from tests.personas import give_location_role

    colleague = UserFactory(agency=people.housing)
    give_location_role(colleague, people.location, Role.PARTNER)
    answer = client.post(own, {"do": "pass", "to": colleague.pk, "why": ""})
    assert answer.url == "/my-actions/"
    assert client.get(own).status_code == 404
    stranger = client.post(own, {"do": "pass", "to": people.leader.pk})
    assert stranger.status_code == 404


def test_a_form_that_says_nothing_is_a_bad_request(own, client):
    assert client.post(own, {}).status_code == 400
    assert client.post(own, {"do": "delete"}).status_code == 400


def test_the_coordinator_asks_sees_and_answers(people, client):
    client.force_login(people.coordinator)
    page = client.get("/locations/leominster/actions/")
    assert "No actions yet" in page.text
    form = client.get("/locations/leominster/actions/new/").context["form"]
    sent = {
        "id": str(form.fields["id"].initial()),
        "title": "Cut the hedge",
        "owner": people.partner.pk,
        "due_on_day": "2",
        "due_on_month": "7",
        "due_on_year": "2024",
        "marking": "official",
    }
    answer = client.post("/locations/leominster/actions/new/", sent)
    assert answer.status_code == 302, answer.text
    assert client.post("/locations/leominster/actions/new/", sent).url == answer.url
    action = Action.objects.get()
    answers.propose_date(action=action, due_on=dt.date(2024, 7, 9), by=people.partner)
    page = client.get(answer.url).text
    assert "Another date is proposed: 9 July 2024" in page
    assert client.post(f"{answer.url}answer/", {"accept": "yes"}).status_code == 302
    action.refresh_from_db()
    assert action.due_on == dt.date(2024, 7, 9)
    assert "Cut the hedge" in client.get("/locations/leominster/actions/?state=all").text
    assert "Nothing is found" in client.get("/locations/leominster/actions/?whose=mine").text


def test_blocked_ones_stand_first_in_the_list(ask, people, client):
    ask(title="Soon", due_on=TODAY)
    later = ask(title="Later", due_on=SOON)
    answers.block_action(action=later, reason="No lamps", by=people.partner)
    client.force_login(people.leader)
    page = client.get("/locations/leominster/actions/").text
    assert page.index("Later</a>") < page.index("Soon</a>")
    assert "Ask for an action" not in page


def test_one_press_makes_evidence(ask, people, client):
    step = StepRecordFactory(location=people.location, definition__number=1)
    action = ask(step=step)
    answers.finish_action(action=action, note="Repaired", by=people.partner)
    client.force_login(people.coordinator)
    page = client.get(action.get_absolute_url()).text
    assert "Use it as evidence" in page
    client.post(f"{action.get_absolute_url()}evidence/", {"step": step.pk})
    assert Evidence.objects.get().title == action.title
    assert "Evidence on step 1" in client.get(action.get_absolute_url()).text


def test_an_action_can_be_the_kind_of_evidence_that_a_step_asks_for(ask, people, client):
    step = StepRecordFactory(location=people.location, definition__number=1)
    other = StepRecordFactory(location=people.location, definition__number=2)
    kind, foreign = (
        EvidenceWantedFactory(step=one.definition, label=f"Lamps {one.definition.number}")
        for one in (step, other)
    )
    action = ask()
    answers.finish_action(action=action, note="Repaired", by=people.partner)
    client.force_login(people.coordinator)
    address = f"{action.get_absolute_url()}evidence/"
    assert "Lamps 1" in client.get(address).text
    wrong = client.post(address, {"step": step.pk, "wanted": foreign.pk})
    assert wrong.status_code == 422
    assert "It is asked for on step 2" in wrong.text
    client.post(address, {"step": step.pk, "wanted": kind.pk})
    assert Evidence.objects.get().wanted == kind


def test_what_is_done_and_no_evidence_yet_waits_two_weeks_for_whoever_runs_actions(
    ask, people, client
):
    action = ask(title="Lamps repaired")
    answers.finish_action(action=action, note="Repaired", by=people.partner)
    assert waiting_for(people.coordinator).done == (action,)
    assert waiting_for(people.coordinator, TODAY + dt.timedelta(days=14)).done == ()
    assert waiting_for(people.leader).done == ()
    client.force_login(people.coordinator)
    assert "not yet evidence on a step" in client.get("/").text
    step = StepRecordFactory(location=people.location, definition__number=1)
    client.post(f"{action.get_absolute_url()}evidence/", {"step": step.pk})
    assert waiting_for(people.coordinator).done == ()


def test_a_comment_with_nothing_in_it_shows_the_page_with_its_error(ask, people, client):
    action = ask()
    client.force_login(people.coordinator)
    url = f"{action.get_absolute_url()}comment/"
    assert client.post(url, {"text": ""}).status_code == 422
    assert client.get(url).url == action.get_absolute_url()
    page = client.get(action.get_absolute_url())
    key = page.context["comment_form"]["id"].value()
    client.post(url, {"text": "Thank you", "id": key})
    client.post(url, {"text": "Thank you", "id": key})
    assert action.comments.count() == 1
