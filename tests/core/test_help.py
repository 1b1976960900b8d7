"""Help: a list of subjects, each with its page, open to everyone."""

import pytest

from core.help import topics


def test_the_list_names_every_subject(client, db):
    page = client.get("/help/").content.decode()
    assert len(topics()) >= 8
    for topic in topics():
        assert str(topic.title) in page
        assert f"/help/{topic.slug}/" in page


@pytest.mark.parametrize("slug", [topic.slug for topic in topics()])
def test_a_subject_has_its_page_and_leads_on_to_the_others(client, db, slug):
    page = client.get(f"/help/{slug}/")
    assert page.status_code == 200
    assert page.content.decode().count("/help/") >= len(topics())


def test_a_subject_that_is_none_is_not_found(client, db):
    assert client.get("/help/nothing/").status_code == 404


def test_every_page_leads_to_help(client, db):
    assert 'href="/help/"' in client.get("/accounts/login/").content.decode()
