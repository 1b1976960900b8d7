"""Who reads which part of the ledger, in which words, and how far back it goes at what cost."""

import datetime as dt
import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.grants import give_role
from accounts.models import AgencyMembership
from accounts.roles import Role
from core.choices import LedgerAction
from core.ledger import note
from core.ledger.notes import write
from core.ledger.seals import seal
from core.models import LedgerEntry
from programmes.models import Evidence, Location, Programme
from tests.ledgers import last_id, noted, unguarded
from tests.personas import LONG_AGO

LEDGER, MINE, API = "/ledger/", "/ledger/mine/", "/api/v1/ledger/"


@pytest.fixture
def since(people):
    """Leave out what making the personas has noted."""
    return last_id()


@pytest.fixture
def read(client, people, since):
    """Return a function that gives the ids of the entries that somebody reads at an address."""

    def ids(who, path=LEDGER):
        client.force_login(getattr(people, who))
        response = client.get(path)
        assert response.status_code == 200, path
        return {line.id for line in response.context["page"].lines if line.id > since}

    return ids


def entry(action=LedgerAction.VIEW, **parts):
    before = last_id()
    note(action, **parts)
    (made,) = noted(before)
    return made.pk


def lead_of(people, agency, name="stranger"):
    """Make somebody a leader on an agency."""
    give_role(
        membership_model=AgencyMembership,
        user=getattr(people, name),
        anchor=agency,
        role=Role.LEADER,
        starts_on=LONG_AGO,
        by=None,
    )


def test_a_manager_reads_what_lies_under_their_programme_and_nothing_else(people, read):
    own = {
        entry(subject=people.location),
        entry(subject=people.programme, by=people.neighbour),
        entry(LedgerAction.DENIED, subject=people.location, by=people.neighbour),
    }
    others = {
        entry(subject=people.other_location),
        entry(subject=people.other_programme),
        entry(LedgerAction.SIGN_IN, by=people.coordinator),
        entry(),
    }
    assert read("manager") & (own | others) == own
    assert read("leader") & (own | others) == own


def test_a_list_over_several_places_is_read_at_each_of_them(people, read):
    before = last_id()
    places = [(Location._meta.label, one.pk) for one in (people.location, people.other_location)]
    write(LedgerAction.SEARCH, places=places)
    (made,) = noted(before)
    assert made.pk in read("manager")


def test_an_agency_reads_what_concerned_its_information_and_what_its_people_did(people, read):
    lead_of(people, people.neighbour.agency)
    own = {
        entry(subject=people.location, owner=people.neighbour.agency.pk),
        entry(LedgerAction.SIGN_IN, by=people.neighbour),
        entry(subject=people.location, by=people.neighbour),
        entry(subject=people.neighbour.agency),
    }
    others = {
        entry(subject=people.location, owner=people.police.pk),
        entry(subject=people.location, by=people.coordinator),
    }
    assert read("stranger") & (own | others) == own


def test_an_administrator_reads_accounts_and_rights_and_no_content(people, read):
    kept = {
        entry(action, by=people.coordinator)
        for action in LedgerAction
        if action
        in (
            LedgerAction.SIGN_IN,
            LedgerAction.SIGN_IN_FAILED,
            LedgerAction.SIGN_OUT,
            LedgerAction.ACCOUNT,
            LedgerAction.PERMISSION,
        )
    }
    others = {
        entry(action, by=people.coordinator, subject=people.location)
        for action in ("view", "search", "download", "export", "disclose", "change", "denied")
    }
    assert read("admin") & (kept | others) == kept


def test_everyone_reads_their_own_doings_and_nobody_elses_there(people, read):
    mine = entry(subject=people.location, by=people.partner)
    entry(subject=people.location, by=people.manager)
    assert read("partner", MINE) >= {mine}
    assert set(LedgerEntry.objects.filter(pk__in=read("partner", MINE)).values_list("actor")) == {
        (people.partner.pk,)
    }


@pytest.mark.parametrize("who", ["partner", "coordinator", "analyst", "stranger", "neighbour"])
def test_who_reads_no_ledger_is_denied_which_is_noted(client, people, who):
    client.force_login(getattr(people, who))
    before = last_id()
    assert client.get(LEDGER).status_code == 403
    assert [one.action for one in noted(before)] == ["denied"]
    assert client.get(API).json()["results"] == []


def test_reading_the_ledger_is_noted_too(client, people):
    client.force_login(people.manager)
    before = last_id()
    client.get(f"{LEDGER}?person=Jane")
    (made,) = noted(before)
    assert (made.action, made.subject, made.actor) == (
        "search",
        "core.LedgerEntry",
        people.manager.pk,
    )
    assert made.detail == {"filters": ["person"]}


def test_the_link_is_in_the_navigation_of_those_who_may(client, people):
    for who, shown in (("manager", True), ("admin", True), ("partner", False)):
        client.force_login(getattr(people, who))
        assert (b'href="/ledger/"' in client.get("/jobs/").content) is shown, who


def test_filters_narrow_by_person_deed_kind_place_and_day(people, read):
    denied = entry(LedgerAction.DENIED, subject=people.location, by=people.partner)
    seen = entry(subject=people.programme, by=people.coordinator)
    old = entry(subject=people.location, by=people.coordinator)
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("UPDATE core_ledgerentry SET at = '2024-03-12 12:00Z' WHERE id = %s", [old])
    both = {denied, seen, old}
    today = timezone.localdate()
    for query, found in (
        ("person=partn", {denied}),
        ("person=coordinator@example.test", {seen, old}),
        ("person=Nobody", set()),
        ("what=denied", {denied}),
        ("subject=programmes.Programme", {seen}),
        (f"subject=programmes.Location&id={people.location.pk}", {denied, old}),
        ("location=leominster", {denied, old}),
        (
            "since_day=12&since_month=3&since_year=2024&until_day=12&until_month=3&until_year=2024",
            {old},
        ),
        (
            f"since_day={today.day}&since_month={today.month}&since_year={today.year}",
            {denied, seen},
        ),
    ):
        assert read("manager", f"{LEDGER}?{query}") & both == found, query


def test_a_place_that_one_does_not_read_cannot_be_asked_for(client, people, read):
    hidden = entry(subject=people.other_location)
    client.force_login(people.manager)
    response = client.get(f"{LEDGER}?location={people.other_location.slug}")
    assert "location" in response.context["form"].errors
    assert hidden not in {line.id for line in response.context["page"].lines}


@pytest.mark.parametrize("stretch", [50_000, 7])
def test_pages_of_fifty_go_back_and_forth_without_loss(client, people, monkeypatch, stretch):
    monkeypatch.setattr("programmes.selectors.ledger.STRETCH", stretch)
    for _number in range(120):
        note(LedgerAction.VIEW, subject=people.location, by=people.coordinator)
    client.force_login(people.manager)
    query = "person=coordinator&what=view&location=leominster"
    seen, url, pages = [], f"?{query}", []
    while url:
        context = client.get(LEDGER + url).context
        pages.append([line.id for line in context["page"].lines])
        seen += pages[-1]
        url, newer = context["older_url"], context["newer_url"]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert seen == sorted(set(seen), reverse=True)
    back = client.get(LEDGER + newer).context
    assert [line.id for line in back["page"].lines] == pages[1]


def test_a_page_costs_the_same_however_much_it_holds(client, people):
    costs = set()
    for count in (3, 60):
        for number in range(count):
            note(
                LedgerAction.VIEW,
                subject=people.location if number % 2 else people.programme,
                by=people.coordinator if number % 3 else people.leader,
            )
        client.force_login(people.manager)
        client.get(LEDGER)
        with CaptureQueriesContext(connection) as queries:
            client.get(LEDGER)
        costs.add(len(queries))
    assert len(costs) == 1
    assert max(costs) <= 20


def test_names_are_those_of_today_and_what_is_gone_says_so(client, people):
    people.coordinator.name = "Jo New"
    people.coordinator.save()
    entry(subject=people.location, by=people.coordinator)
    write(LedgerAction.VIEW, places=[(Location._meta.label, people.location.pk)])
    gone = LedgerEntry(
        action="view",
        actor=uuid.uuid4(),
        anchor="programmes.Location",
        anchor_id=people.location.pk,
    )
    gone.save(force_insert=True)
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("UPDATE core_ledgerentry SET subject = 'old.Model' WHERE id = %s", [gone.pk])
    client.force_login(people.manager)
    page = client.get(LEDGER)
    for text in ("Jo New", "the system", "a person no longer held", "Leominster", "old.Model"):
        assert text in page.content.decode(), text


def test_how_far_the_ledger_is_sealed_is_shown(client, people):
    seal()
    client.force_login(people.manager)
    assert (
        b"Sealed up to" in client.get(LEDGER).content
        or b"not sealed yet" in client.get(LEDGER).content
    )


def test_history_and_ledger_of_a_place_are_linked_for_those_who_read_both(client, people):
    for who, shown in (("manager", True), ("coordinator", False)):
        client.force_login(getattr(people, who))
        page = client.get("/locations/leominster/history/").content
        assert (b"/ledger/?location=leominster" in page) is shown, who


def test_the_api_gives_the_same_entries_newest_first_and_is_read_only(client, people, read):
    made = {entry(subject=people.location), entry(subject=people.programme)}
    hidden = entry(subject=people.other_location)
    client.force_login(people.manager)
    rows = client.get(API).json()["results"]
    ids = [row["id"] for row in rows]
    assert ids == sorted(ids, reverse=True)
    assert made <= set(ids)
    assert hidden not in ids
    one = rows[0]["id"]
    assert client.get(f"{API}{one}/").status_code == 200
    assert client.get(f"{API}{hidden}/").status_code == 404
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)(f"{API}{one}/", "{}", "application/json").status_code == 405
    assert client.post(API, json.dumps({}), "application/json").status_code == 405
    for query, found in (
        (f"anchor_id={people.programme.pk}", Programme),
        ("subject=programmes.Location", Location),
        (f"since={(timezone.now() + dt.timedelta(days=1)).isoformat()[:19]}Z", None),
    ):
        rows = client.get(f"{API}?{query}").json()["results"]
        labels = {row["subject"] for row in rows if row["id"] in made}
        assert labels == ({found._meta.label} if found else set()), query


def test_the_export_holds_what_one_may_read_and_asks_for_both_rights(people):
    from core.exports import find_export
    from programmes.ledger_export import entries_of

    export = find_export("core.ledger")
    own = {entry(subject=people.location), entry(subject=people.programme)}
    other = entry(subject=people.other_location)
    ids = set(entries_of(people.manager, people.programme).values_list("id", flat=True))
    assert own <= ids
    assert other not in ids
    assert not entries_of(people.coordinator, people.programme).exists()
    for who, may in (("manager", True), ("leader", True), ("coordinator", False)):
        scope = export.scope_in_reach(getattr(people, who), Programme, pk=people.programme.pk)
        assert (scope is not None) is may, who
    rows = export.prepare(list(entries_of(people.manager, people.programme)[:5]))
    cells = [[column.of(row) for column in export.columns] for row in rows]
    assert all(len(row) == len(export.columns) for row in cells)


def test_no_entry_holds_what_a_record_says(client, people):
    from tests.factories.programmes import StepRecordFactory

    step = StepRecordFactory(location=people.location, definition__number=1)
    Evidence.objects.create(
        step_record=step,
        title="Secret title",
        note="Secret note",
        done_on=dt.date(2024, 6, 1),
        recorded_by=people.coordinator,
    )
    before = last_id()
    client.force_login(people.coordinator)
    client.get(step.get_absolute_url())
    client.get("/api/v1/evidence/")
    kept = json.dumps(
        [
            [str(value) for value in row]
            for row in LedgerEntry.objects.filter(id__gt=before).values_list()
        ]
    )
    assert "Secret" not in kept
    assert "programmes.Evidence" in kept
