"""A link in a mail and a code sent there open a session limited to one's own actions."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client

from accounts.assurance import Level, level_of
from accounts.links import CODE_TRIES, send_link
from accounts.models import AccessLink
from accounts.tries import LIMITS
from core import clock
from core.errors import Refused
from core.models import LedgerEntry
from tests.factories.accounts import UserFactory


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def sent(people, settings, commits):
    """A link for the partner of the location: its row and its path."""
    settings.SECOND_FACTOR_WAIVED = False
    with commits():
        link = send_link(
            user=people.partner,
            target="/accounts/profile/",
            subject="Something for you",
            lead_text="You are asked to do something.",
            by=people.coordinator,
        )
    path = re.search(r"http://localhost:8000(/accounts/link/\S+)", mail.outbox[0].body)[1]
    return link, path


def ask(client, path, commits):
    with commits():
        return client.post(path)


def code_in_mail():
    return re.search(r"\b(\d{6})\b", mail.outbox[-1].body)[1]


def test_the_mail_goes_to_the_person_and_only_a_hash_is_kept(sent, people):
    _, path = sent
    assert mail.outbox[0].to == [people.partner.email]
    token = path.split("/")[3]
    assert len(token) == 43
    assert token not in str(AccessLink.objects.values().get())


def test_opening_it_any_number_of_times_changes_nothing(sent, client):
    _, path = sent
    before = AccessLink.objects.values().get()
    for _ in range(50):
        answer = Client().get(path)
        assert answer.status_code == 200
        assert answer["Referrer-Policy"] == "strict-origin"
        assert "no-store" in answer["Cache-Control"]
    assert Client().head(path).status_code == 200
    assert AccessLink.objects.values().get() == before
    assert len(mail.outbox) == 1


def test_button_and_code_open_a_session_of_the_lowest_level(sent, client, people, commits):
    _, path = sent
    answer = ask(client, path, commits)
    assert answer.url == f"{path}code/"
    assert mail.outbox[-1].to == [people.partner.email]
    assert "_auth_user_id" not in client.session
    page = client.get(answer.url)
    assert page["Referrer-Policy"] == "strict-origin"
    answer = client.post(answer.url, {"code": code_in_mail()})
    assert answer.url == "/accounts/profile/"
    page = client.get(answer.url)
    assert page.status_code == 200
    assert level_of(page.wsgi_request) == Level.LINK
    assert "You are not fully signed in" in page.text
    noted = LedgerEntry.objects.get(action="sign_in")
    assert (noted.actor, noted.detail["way"], noted.by_way_of) == (
        people.partner.pk,
        "link",
        "link",
    )


@pytest.mark.parametrize("path", ["/", "/accounts/profile/", "/jobs/"])
def test_that_session_reaches_ones_own(sent, client, commits, path):
    opened(client, sent, commits)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/programmes/", "/locations/leominster/", "/accounts/security/", "/accounts/sessions/"]
)
def test_everything_else_asks_for_the_full_sign_in(sent, client, commits, path):
    opened(client, sent, commits)
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.url == f"/accounts/login/?next={path}"
    assert client.get("/api/v1/me/").status_code == 403


def opened(client, sent, commits):
    answer = ask(client, sent[1], commits)
    client.post(answer.url, {"code": code_in_mail()})


def test_a_password_afterwards_opens_a_new_session(sent, client, people, commits):
    people.partner.set_password("correct horse battery staple")
    people.partner.save()
    opened(client, sent, commits)
    before = client.session.session_key
    client.post(
        "/accounts/login/",
        {"login": people.partner.email, "password": "correct horse battery staple"},
    )
    assert client.session.session_key != before
    assert "by_way_of" not in client.session


def test_a_code_works_once(sent, client, commits):
    form = ask(client, sent[1], commits).url
    code = code_in_mail()
    assert client.post(form, {"code": code}).status_code == 302
    assert Client().post(form, {"code": code}).status_code == 422


def test_a_code_works_for_ten_minutes(sent, client, commits):
    form = ask(client, sent[1], commits).url
    row = AccessLink.objects.get()
    AccessLink.objects.update(code_expires_at=row.code_expires_at - dt.timedelta(minutes=10))
    assert client.post(form, {"code": code_in_mail()}).status_code == 422
    assert "_auth_user_id" not in client.session


def test_after_five_wrong_codes_the_right_one_is_worth_nothing(sent, client, commits):
    form = ask(client, sent[1], commits).url
    code = code_in_mail()
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(CODE_TRIES):
        assert client.post(form, {"code": wrong}).status_code == 422
    assert client.post(form, {"code": code}).status_code == 422
    assert LedgerEntry.objects.filter(action="sign_in_failed").count() == CODE_TRIES + 1


def test_a_new_code_makes_the_one_before_worthless(sent, client, commits):
    form = ask(client, sent[1], commits).url
    first = code_in_mail()
    ask(client, sent[1], commits)
    second = code_in_mail()
    if first != second:
        assert client.post(form, {"code": first}).status_code == 422
    assert client.post(form, {"code": second}).status_code == 302


def test_another_persons_code_does_not_open_it(sent, client, people, commits):
    form = ask(client, sent[1], commits).url
    mine = code_in_mail()
    with commits():
        send_link(user=people.leader, target="/", subject="Yours", lead_text="Yours.")
    theirs = re.search(r"8000(/accounts/link/\S+)", mail.outbox[-1].body)[1]
    ask(Client(), theirs, commits)
    if code_in_mail() != mine:
        assert client.post(form, {"code": code_in_mail()}).status_code == 422
    assert client.post(form, {"code": mine}).status_code == 302
    assert client.session["_auth_user_id"] == str(people.partner.pk)


def test_five_codes_in_a_quarter_of_an_hour_are_enough(sent, client, commits):
    for _ in range(LIMITS["link-mail"]):
        assert ask(client, sent[1], commits).status_code == 302
    answer = ask(client, sent[1], commits)
    assert answer.status_code == 422
    assert "several codes already" in answer.text
    assert len(mail.outbox) == 1 + LIMITS["link-mail"]


def test_expired_revoked_closed_and_invented_links_say_the_same(sent, client, people, commits):
    link, path = sent
    form = ask(client, path, commits).url
    code = code_in_mail()

    def dead(at):
        pages = [client.get(at), client.post(at)]
        return all(page.status_code == 404 and "no longer works" in page.text for page in pages)

    assert dead(f"/accounts/link/{'x' * 43}/")
    AccessLink.objects.update(expires_at=link.created_at)
    assert dead(path)
    assert client.post(form, {"code": code}).status_code == 404
    AccessLink.objects.update(expires_at=link.expires_at)
    people.partner.is_active = False
    people.partner.save()
    assert dead(path)
    assert client.post(form, {"code": code}).status_code == 404
    people.partner.is_active = True
    people.partner.save()
    AccessLink.objects.update(revoked_at=clock.now())
    assert dead(path)
    assert client.post(form, {"code": code}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_who_is_fully_signed_in_goes_on_without_a_code(sent, client, people, settings):
    settings.SECOND_FACTOR_WAIVED = True
    client.force_login(people.partner)
    assert client.post(sent[1]).url == "/accounts/profile/"
    assert len(mail.outbox) == 1
    assert level_of(client.get("/accounts/profile/").wsgi_request) == Level.FULL


def test_the_link_of_another_person_takes_over_the_session(sent, client, people, commits):
    client.force_login(people.manager)
    opened(client, sent, commits)
    assert client.session["_auth_user_id"] == str(people.partner.pk)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "x", "/\\evil"])
def test_a_link_leads_to_our_pages_only(people, target):
    with pytest.raises(Refused):
        send_link(user=people.partner, target=target, subject="x", lead_text="x")


def test_a_closed_account_gets_no_link(business_date):
    with pytest.raises(Refused):
        send_link(user=UserFactory(is_active=False), target="/", subject="x", lead_text="x")


def test_history_and_ledger_keep_no_token(sent, client, people, commits):
    from pghistory.models import Context

    opened(client, sent, commits)
    token = sent[1].split("/")[3]
    kept = [str(row.metadata) for row in Context.objects.all()]
    kept += [str(row) for row in LedgerEntry.objects.values()]
    assert kept
    assert not any(token in text for text in kept)
