"""The handover pack: made without whoever leaves, opened by whoever follows."""

import datetime as dt

import pytest

from accounts.grants import derive_all
from accounts.leaving import suspend
from core import clock
from core.jobs import run_now
from core.models import BusinessDate
from delivery.selectors.handover import handover_pack
from delivery.services import handover as services
from tests.core.test_pdf import failures
from tests.factories.accounts import UserFactory
from tests.factories.help import HelpRequestFactory
from tests.factories.voice import ConcernFactory
from tests.personas import give_location_role

TODAY, FIRST = dt.date(2024, 6, 25), dt.date(2024, 7, 1)
URL = "/locations/leominster/handover/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def successor(people):
    with clock.business_date(TODAY):
        person = UserFactory(name="Coordinator from July", agency=people.police)
        give_location_role(person, people.location, "coordinator", starts_on=FIRST)
        return person


@pytest.fixture
def promises(people, ask):
    with clock.business_date(dt.date(2024, 6, 1)):
        return [
            ask(title="Repair the light", due_on=dt.date(2024, 6, 18)),
            ask(title="Agree a walk", owner=people.coordinator, due_on=dt.date(2024, 7, 9)),
            HelpRequestFactory(location=people.location, sent_by=people.coordinator),
            ConcernFactory(location=people.location, state="open", answer_by=dt.date(2024, 7, 4)),
        ]


def links_of(pack):
    return [row.url for chapter in pack.chapters for row in chapter.rows if row.url]


def test_the_coordinator_is_gone_without_notice_and_the_successor_opens_every_promise(
    client, people, promises, successor
):
    with clock.business_date(TODAY):
        suspend(user=people.coordinator, by=people.admin, reason="Without notice")
        client.force_login(successor)
        assert client.get(URL).status_code == 404  # their role starts on 1 July
        client.force_login(people.manager)
        page = client.get(URL).content.decode()
        assert "Coordinator from July, from 1 July 2024" in page
        assert "Vacant: no coordinator is in post" in page
    BusinessDate.objects.update(date=FIRST)
    with clock.business_date(FIRST):
        derive_all(FIRST)  # as the turn of the date does
        client.force_login(successor)
        page = client.get(URL)
        assert page.status_code == 200
        pack = page.context["pack"]
        titles = {row.title for chapter in pack.chapters for row in chapter.rows}
        assert {"Repair the light", "Agree a walk", "Let the contractor in"} <= titles
        assert pack.promises == 4
        assert pack.overdue == 2  # the light, and the decision asked for by 28 June
        whole = handover_pack(location=people.location, reader=successor)
        assert len(whole.chapters) > len(pack.chapters)
        for url in {*links_of(pack), *links_of(whole)}:
            assert client.get(url).status_code == 200, url
        for chapter in whole.chapters:
            assert client.get(f"{URL}chapters/{chapter.key}/").status_code in (200, 404)


def test_partners_leaders_and_neighbours_do_not_open_it(client, people):
    for person, status in (
        (people.partner, 403),
        (people.leader, 403),
        (people.community, 403),
        (people.neighbour, 404),
        (people.manager, 200),
        (people.coordinator, 200),
    ):
        client.force_login(person)
        assert client.get(URL).status_code == status, person
        assert client.get(f"{URL}chapters/steps/").status_code == status


def test_the_print_is_a_marked_pdf_of_its_reader_and_dies_when_anything_changes(
    client, people, promises
):
    with clock.business_date(TODAY):
        run = services.request_pack(location=people.location, by=people.manager, deliver=False)
        run_now(run)
        client.force_login(people.manager)
        answer = client.get(f"{URL}file/")
        assert answer.status_code == 200
        body = b"".join(answer.streaming_content)
        assert body.startswith(b"%PDF")
        assert failures(body) == []
        client.force_login(people.coordinator)
        assert client.get(f"{URL}file/").status_code == 302  # nobody else's print
        client.force_login(people.manager)
        promises[0].state, promises[0].closed_on = "done", TODAY
        promises[0].save()
        assert client.get(f"{URL}file/").status_code == 302
