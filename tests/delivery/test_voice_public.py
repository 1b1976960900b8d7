"""The public page: for anybody, without account, JavaScript or cookie, and nothing kept of them."""

import datetime as dt
import json
import logging
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.serializers import serialize
from django.test import Client

from accounts.models import SignInCount
from accounts.tries import LIMITS
from accounts.visitors import address_of
from core.models import LedgerEntry
from delivery.models import Concern, SafeguardingMessage
from programmes import registry
from tests.factories.programmes import TargetPlaceFactory
from tests.factories.voice import (
    AnswerFactory,
    ConcernFactory,
    PriorityFactory,
    PublicPageFactory,
)

TODAY = dt.date(2024, 6, 25)
PAGE = "/p/leominster/"
PAGES = (PAGE, f"{PAGE}answers/", f"{PAGE}tell/", f"{PAGE}said/", f"{PAGE}worried/")
ADDRESS = "203.0.113.77"
BROWSER = "Sentinel-Browser/7"


@pytest.fixture
def page(people):
    return PublicPageFactory(location=people.location)


@pytest.fixture
def visitor():
    """Somebody without an account, whose phone refuses cookies; CSRF is checked as in life."""
    return Client(enforce_csrf_checks=True, REMOTE_ADDR=ADDRESS, headers={"user-agent": BROWSER})


def tell(client, **fields):
    client.cookies.clear()
    return client.post(
        f"{PAGE}tell/", {"id": str(uuid4()), "kind": "concern", "text": "It is dark.", **fields}
    )


def test_a_closed_page_and_a_location_that_does_not_exist_read_the_same(people, client):
    for path in PAGES:
        missing = client.get(path.replace("leominster", "nowhere"))
        closed = client.get(path)
        assert missing.status_code == closed.status_code == 404, path
    page = PublicPageFactory(location=people.location)
    assert all(client.get(path).status_code == 200 for path in PAGES)
    page.closed_on = TODAY
    page.save()
    assert all(client.get(path).status_code == 404 for path in PAGES)
    assert client.post(f"{PAGE}tell/", {"kind": "concern", "text": "x"}).status_code == 404


def test_every_page_says_it_is_not_watched_and_lets_people_leave(page, visitor):
    for path in PAGES:
        text = visitor.get(path).text
        assert "govuk-exit-this-page__button" in text, path
        if "answers" not in path:
            assert "999" in text, path
            assert "not watched live" in text, path


def test_nobody_needs_javascript_or_a_cookie(page, visitor):
    for path in PAGES:
        answer = visitor.get(path)
        assert not answer.cookies, path
        assert "htmx" not in answer.text, path
    answer = tell(visitor)
    assert answer.status_code == 200
    assert not answer.cookies
    for told in ("Your reference", "999", "101", "15 July 2024"):
        assert told in answer.text


def test_the_reference_shows_what_became_of_it(page, visitor):
    tell(visitor)
    code = tell(visitor).context["heard"].code
    said = visitor.post(f"{PAGE}said/", {"reference": code.lower()})
    assert "Nobody has read it yet" in said.text
    concern = Concern.objects.exclude(code_digest=None).latest("created_at")
    Concern.objects.filter(pk=concern.pk).update(
        state="answered", public_text="Dark.", published_on=TODAY
    )
    AnswerFactory(concern=concern, text="Repaired <b>now</b>.", published_on=TODAY)
    said = visitor.post(f"{PAGE}said/", {"reference": code})
    assert "Repaired &lt;b&gt;now&lt;/b&gt;." in said.text
    assert "You said, we did" in said.text
    wrong = visitor.post(f"{PAGE}said/", {"reference": "0000-0000-00000"})
    assert wrong.status_code == 422
    assert "nothing here with this reference" in wrong.text


def test_sent_twice_it_is_heard_once(page, visitor):
    key = str(uuid4())
    codes = {tell(visitor, id=key).context["heard"].code for _ in range(3)}
    assert len(codes) == Concern.objects.count() == 1


def test_where_is_a_target_place_or_words(people, page, visitor):
    place = TargetPlaceFactory(location=people.location, slug="grange", name="Grange")
    foreign = TargetPlaceFactory(location=people.other_location, slug="theirs", name="Theirs")
    assert "Theirs" not in visitor.get(f"{PAGE}tell/").text
    assert tell(visitor, place="grange", where="behind").status_code == 200
    assert tell(visitor, place="elsewhere", where="the green").status_code == 200
    assert tell(visitor, place=foreign.slug).status_code == 422
    kept = list(Concern.objects.order_by("created_at").values_list("target_place", "where"))
    assert kept == [(place.pk, "behind"), (None, "the green")]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "'; DROP TABLE delivery_concern; --",
        "{{ 7*7 }} {% csrf_token %}",
        "=cmd|'/c calc'!A1",
        "\u202etxt.exe \u200b\ufeff",
        "😀" * 400,
        "a" * 2000,
    ],
)
def test_hostile_words_are_kept_as_words(text, people, page, visitor):
    assert tell(visitor, text=text).status_code == 200
    concern = Concern.objects.get()
    Concern.objects.update(public_text=concern.text, published_on=TODAY, state="open")
    shown = visitor.get(PAGE).text
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "\u202e" not in shown
    client = Client()
    client.force_login(people.coordinator)
    inside = client.get(f"/locations/leominster/voice/{concern.pk}/")
    assert inside.status_code == 200
    assert "<script>alert" not in inside.text


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"text": "\u200b\u202e"},
        {"text": "a" * 2001},
        {"text": "nul \x00 inside"},
        {"kind": "complaint"},
        {"where": "w" * 201},
        {"id": "not-a-uuid"},
        {"trap": "http://spam.example"},
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(fields, page, visitor):
    answer = tell(visitor, **fields)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert not Concern.objects.exists()


def test_a_form_caught_by_the_trap_can_be_sent_again(page, visitor):
    answer = tell(visitor, trap="filled by a helpful browser")
    assert "Send it again" in answer.text
    assert 'name="trap" value=""' in answer.text


def test_a_flood_from_one_address_is_stopped_and_others_are_heard(page, visitor):
    allowed = LIMITS["public-post"]
    codes = [tell(visitor, text=f"Number {n}").status_code for n in range(allowed + 3)]
    assert codes == [200] * allowed + [429] * 3
    assert Concern.objects.count() == allowed
    blocked = tell(visitor, text="These words are not lost")
    assert "These words are not lost" in blocked.text
    assert "999" in blocked.text
    other = Client(enforce_csrf_checks=True, REMOTE_ADDR="198.51.100.9")
    assert tell(other).status_code == 200


def test_a_flood_from_everywhere_is_stopped_too(page, visitor, monkeypatch):
    monkeypatch.setitem(LIMITS, "public-post-all", 3)
    codes = [
        tell(Client(enforce_csrf_checks=True, REMOTE_ADDR=f"198.51.100.{n}")).status_code
        for n in range(5)
    ]
    assert codes == [200, 200, 200, 429, 429]


def test_guessing_references_is_slowed_down(page, visitor):
    codes = [
        visitor.post(f"{PAGE}said/", {"reference": f"0000-0000-{n:05}"}).status_code
        for n in range(LIMITS["public-look"] + 2)
    ]
    assert codes == [422] * LIMITS["public-look"] + [429] * 2


@pytest.mark.parametrize(
    ("near", "forwarded", "wanted"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "nonsense", "10.0.0.2"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        ("", "", ""),
    ],
)
def test_the_address_is_the_proxy_s_word_and_never_the_visitor_s(rf, near, forwarded, wanted):
    extra = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert address_of(rf.get(PAGE, REMOTE_ADDR=near, **extra)) == wanted


def test_nothing_that_identifies_is_kept_anywhere(page, visitor, caplog):
    caplog.set_level(logging.DEBUG)
    noted = LedgerEntry.objects.count()
    heard = tell(visitor, text="Sentinel words", where="Sentinel spot")
    code = heard.context["heard"].code
    visitor.post(f"{PAGE}said/", {"reference": code})
    visitor.post(
        f"{PAGE}worried/", {"id": str(uuid4()), "text": "Sentinel worry", "contact": "Sentinel c"}
    )
    traces = [ADDRESS, BROWSER, code, code.replace("-", "")]
    everything = every_row()
    for trace in traces:
        assert trace not in everything, trace
        assert trace not in caplog.text, trace
    # Their words stand in their own row and nowhere else: not in history, ledger or log.
    for words, model in (
        ("Sentinel words", Concern),
        ("Sentinel spot", Concern),
        ("Sentinel worry", SafeguardingMessage),
        ("Sentinel c", SafeguardingMessage),
    ):
        assert everything.count(words) == 1, words
        assert words in serialize("json", model.objects.all())
        assert words not in caplog.text
    assert Concern.objects.get().recorded_by is None
    assert LedgerEntry.objects.count() == noted
    assert not Concern.pgh_event_model.objects.exclude(pgh_context__metadata__user=None).exists()


def test_somebody_signed_in_is_nobody_here(people, page):
    client = Client()
    client.force_login(people.coordinator)
    before = LedgerEntry.objects.count()
    assert tell_signed_in(client).status_code == 200
    assert LedgerEntry.objects.count() == before
    event = Concern.pgh_event_model.objects.get()
    assert "user" not in event.pgh_context.metadata
    assert str(people.coordinator.pk) not in json.dumps(event.pgh_context.metadata)


def tell_signed_in(client):
    return client.post(
        f"{PAGE}tell/", {"id": str(uuid4()), "kind": "idea", "text": "An officer says"}
    )


def every_row():
    """Return every row of every table as text, but the counts of tries, which hold hashes."""
    found = []
    for model in apps.get_models():
        if model is SignInCount:
            keys = model.objects.values_list("key", flat=True)
            assert all(len(key) == 64 for key in keys)
        if model._meta.managed and not model._meta.proxy:
            found.append(serialize("json", model._default_manager.all()))
    return "\n".join(found)


def test_the_page_shows_what_is_published_and_nothing_else(people, page, visitor):
    ConcernFactory(location=people.location, text="hidden-original")
    ConcernFactory(
        location=people.location, open=True, text="hidden-words", public_text="shown-promise"
    )
    done = ConcernFactory(location=people.location, open=True, public_text="shown-concern")
    AnswerFactory(concern=done, text="shown-answer", published_on=TODAY)
    AnswerFactory(concern=done, text="hidden-draft")
    AnswerFactory(concern=done, text="hidden-withdrawn", withdrawn_on=TODAY)
    PriorityFactory(location=people.location, title="shown-priority", why="hidden-why")
    PriorityFactory(location=people.location, title="hidden-priority", published_on=None)
    PriorityFactory(location=people.location, title="hidden-ended", ended_on=TODAY)
    ConcernFactory(location=people.other_location, open=True, public_text="hidden-neighbour")
    text = visitor.get(PAGE).text + visitor.get(f"{PAGE}answers/").text
    for word in ("shown-promise", "shown-concern", "shown-answer", "shown-priority"):
        assert word in text, word
    assert "hidden-" not in text


def test_an_answer_taken_back_is_gone_with_the_next_click(people, page, visitor):
    done = ConcernFactory(location=people.location, open=True)
    answer = AnswerFactory(concern=done, text="shown-answer", published_on=TODAY)
    first = visitor.get(PAGE)
    assert "shown-answer" in first.text
    assert "no-cache" in first["Cache-Control"]
    client = Client()
    client.force_login(people.coordinator)
    client.post(
        f"/locations/leominster/voice/answers/{answer.pk}/withdraw/",
        {"version": answer.version, "reason": "It was wrong."},
    )
    assert "shown-answer" not in visitor.get(PAGE).text


def test_forms_and_replies_are_kept_by_no_cache_and_no_search_engine(page, visitor):
    for path in PAGES[2:]:
        answer = visitor.get(path)
        assert answer["Cache-Control"] == "no-store", path
        assert answer["X-Robots-Tag"] == "noindex", path
    assert visitor.get(PAGE)["X-Robots-Tag"] == "noindex"
    page.indexed = True
    page.save()
    assert "X-Robots-Tag" not in visitor.get(PAGE)
    assert 'content="noindex"' not in visitor.get(PAGE).text
    assert visitor.get(f"{PAGE}said/")["X-Robots-Tag"] == "noindex"


def test_a_worry_goes_to_the_restricted_store_alone(people, page, visitor):
    answer = visitor.post(f"{PAGE}worried/", {"id": str(uuid4()), "text": "A child is left alone"})
    assert answer.status_code == 200
    assert "call 999 now" in answer.text
    assert not Concern.objects.exists()
    message = SafeguardingMessage.objects.get()
    assert message.contact == ""
    assert "left alone" not in visitor.get(PAGE).text


def test_other_parts_add_passages_to_the_page(page, visitor, monkeypatch):
    passage = registry.PublicPassage(
        "test", "help/voice.html", lambda location: {"slug": location.slug}, 1
    )
    monkeypatch.setitem(registry._public_passages, "test", passage)
    assert "without an account, a name or an address" in visitor.get(PAGE).text


def test_the_page_costs_the_same_at_any_size(people, page, visitor, django_assert_max_num_queries):
    for _ in range(30):
        concern = ConcernFactory(location=people.location, open=True)
        AnswerFactory(concern=concern, published_on=TODAY)
        PriorityFactory(location=people.location)
    with django_assert_max_num_queries(25):
        visitor.get(PAGE)
