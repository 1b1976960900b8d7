"""Sending a table: checked and shown first, stored when one says so, undone after."""

from __future__ import annotations

import datetime as dt
import io
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.grants import end_role
from accounts.roles import Role
from core import clock
from core.choices import JobState, TabularState
from core.errors import BadInput, NotAllowed, Refused
from core.jobs.runner import execute
from core.models import JobRun, TabularImport
from core.selectors import history_of
from core.tabular import find_table, services
from core.tabular.reading import read_bytes
from programmes.models import Location, LocationMembership, TargetPlace
from tests.factories.programmes import TargetPlaceFactory
from tests.personas import give_location_role

PLACES = "programmes.target_places"


@pytest.fixture
def coordinator(client, people):
    client.force_login(people.coordinator)
    return people.coordinator


def send(people, text, *, by=None, key=PLACES, target=None, name="places.csv", key_id=None):
    return services.receive_table(
        table=find_table(key),
        target=target or people.location,
        sheet=read_bytes(text.encode(), name),
        by=by or people.coordinator,
        id=key_id,
    )


def store(sent, *, by=None, good_rows_only=False) -> JobRun:
    by = by or sent.requested_by
    services.request_apply(sent=sent, good_rows_only=good_rows_only, by=by)
    return finish(sent)


def undo(sent) -> JobRun:
    services.request_undo(sent=sent, by=sent.requested_by)
    return finish(sent)


def finish(sent) -> JobRun:
    sent.refresh_from_db()
    execute(sent.job_id)
    sent.refresh_from_db()
    sent.job.refresh_from_db()
    return sent.job


def plans(sent):
    return [row["plan"] for row in sent.rows]


def names(people):
    return sorted(people.location.target_places.values_list("name", flat=True))


def test_a_table_is_shown_before_anything_is_stored(people):
    TargetPlaceFactory(location=people.location, name="The Grange", summary="")
    TargetPlaceFactory(location=people.location, name="Mill Street", summary="Noise")
    sent = send(
        people,
        "Name,Why this place\nthe  grange,Gatherings\nMill Street,Noise\nPark,New\n,Nothing\n",
    )
    assert plans(sent) == ["update", "same", "create", "error"]
    assert sent.rows[0]["changes"] == {
        "name": ["The Grange", "the  grange"],
        "summary": ["", "Gatherings"],
    }
    assert sent.rows[3]["errors"] == {"name": ["Enter the place’s name"]}
    assert names(people) == ["Mill Street", "The Grange"]


def test_stored_rows_are_matched_by_key_and_the_same_file_again_changes_nothing(people):
    there = TargetPlaceFactory(location=people.location, name="Grange", summary="Old")
    text = "Name,Why this place\nGrange,New\nPark,Dark\n"
    run = store(send(people, text))
    assert (run.state, run.result) == (
        JobState.SUCCEEDED,
        {"created": 1, "changed": 1, "same": 0, "wrong": 0},
    )
    there.refresh_from_db()
    assert (there.summary, names(people)) == ("New", ["Grange", "Park"])
    again = send(people, text)
    assert plans(again) == ["same", "same"]
    with pytest.raises(Refused):
        services.request_apply(sent=again, good_rows_only=False, by=people.coordinator)


def test_the_history_says_which_table_it_was(people):
    store(send(people, "Name\nPark\n"))
    place = TargetPlace.objects.get(name="Park")
    told = history_of(place)
    assert told[0].why == "Table places.csv"


def test_a_column_left_out_stays_and_an_empty_cell_empties(people):
    place = TargetPlaceFactory(location=people.location, name="Grange", summary="Keep")
    assert plans(send(people, "Name\nGrange\n")) == ["same"]
    store(send(people, "Name,Why this place\nGrange,\n"))
    place.refresh_from_db()
    assert place.summary == ""


def test_the_same_key_twice_in_a_file_is_wrong_in_both_rows(people):
    sent = send(people, "Name\nPark\nGrange\n park \n")
    assert plans(sent) == ["error", "create", "error"]
    assert "also in row 4" in sent.rows[0]["errors"]["name"][0]


def test_a_name_that_several_records_share_is_refused(people):
    TargetPlaceFactory.create_batch(2, location=people.location, name="Grange")
    sent = send(people, "Name,Why this place\nGrange,x\n")
    assert plans(sent) == ["error"]


def test_wrong_rows_hold_everything_back_unless_the_good_ones_are_asked_for(people):
    sent = send(people, "Name,Why this place\nPark,x\n,y\n")
    with pytest.raises(Refused):
        services.request_apply(sent=sent, good_rows_only=False, by=people.coordinator)
    run = store(sent, good_rows_only=True)
    assert run.result == {"created": 1, "changed": 0, "same": 0, "wrong": 1}
    assert names(people) == ["Park"]


def test_a_row_that_changed_since_the_preview_stops_the_whole_table(people):
    place = TargetPlaceFactory(location=people.location, name="Grange", summary="Old")
    sent = send(people, "Name,Why this place\nPark,x\nGrange,New\n")
    TargetPlace.objects.filter(pk=place.pk).update(summary="Somebody else's")
    run = store(sent)
    assert run.state == JobState.FAILED
    assert names(people) == ["Grange"]
    assert services.state_of(sent) == TabularState.PREVIEWED
    assert "Somebody has changed this" in sent.rows[1]["errors"][""][0]
    place.refresh_from_db()
    assert place.summary == "Somebody else's"


def test_a_second_delivery_changes_nothing(people):
    sent = send(people, "Name\nPark\n")
    services.request_apply(sent=sent, good_rows_only=False, by=people.coordinator)
    services.request_apply(sent=sent, good_rows_only=False, by=people.coordinator)
    sent.refresh_from_db()
    assert execute(sent.job_id) is True
    assert execute(sent.job_id) is False
    assert names(people) == ["Park"]


def test_a_crash_after_storing_does_not_store_twice(people):
    """The next attempt finds what ``once`` has kept."""
    sent = send(people, "Name\nPark\n")
    store(sent)
    JobRun.objects.filter(pk=sent.job_id).update(
        state=JobState.QUEUED, checkpoints={"stored": sent.job.result}
    )
    assert finish(sent).state == JobState.SUCCEEDED
    assert names(people) == ["Park"]


def test_the_same_sending_twice_is_one_table(people):
    key = uuid4()
    first = send(people, "Name\nPark\n", key_id=key)
    assert send(people, "Name\nPark\n", key_id=key) == first
    with pytest.raises(Refused):
        send(people, "Name\nGrange\n", key_id=key)


def test_undo_takes_away_what_was_made_and_puts_back_what_was_changed(people):
    place = TargetPlaceFactory(location=people.location, name="Grange", summary="Old")
    sent = send(people, "Name,Why this place\nGrange,New\nPark,x\n")
    store(sent)
    run = undo(sent)
    assert (run.state, run.result) == (JobState.SUCCEEDED, {"undone": 2, "kept": 0})
    place.refresh_from_db()
    assert (place.summary, names(people), sent.state) == ("Old", ["Grange"], "undone")
    services.request_undo(sent=sent, by=people.coordinator)  # again: harmless
    assert names(people) == ["Grange"]


def test_undo_names_what_was_changed_since_and_leaves_it(people):
    place = TargetPlaceFactory(location=people.location, name="Grange", summary="Old")
    sent = send(people, "Name,Why this place\nGrange,New\nPark,x\nMill,y\n")
    store(sent)
    TargetPlace.objects.filter(name__in=["Grange", "Park"]).update(summary="Since")
    assert undo(sent).result == {"undone": 1, "kept": 2}
    place.refresh_from_db()
    assert (place.summary, names(people)) == ("Since", ["Grange", "Park"])
    kept = {one["name"]: one["kept"] for one in sent.done if one["kept"]}
    assert kept == {
        "Grange": "Somebody has changed it since.",
        "Park": "Somebody has changed it since.",
    }


def test_undo_keeps_a_location_on_which_something_hangs(people):
    key = "programmes.locations"
    text = "Name,Why this location\nOswestry,x\nTelford,y\n"
    sent = send(people, text, key=key, target=people.programme, by=people.manager)
    store(sent)
    oswestry = Location.objects.get(name="Oswestry")
    give_location_role(people.partner, oswestry, Role.PARTNER)
    assert undo(sent).result == {"undone": 1, "kept": 1}
    assert Location.objects.filter(name="Oswestry").exists()
    assert not Location.objects.filter(name="Telford").exists()


def test_who_lost_the_role_meanwhile_stores_nothing(people):
    sent = send(people, "Name\nPark\n")
    services.request_apply(sent=sent, good_rows_only=False, by=people.coordinator)
    role = LocationMembership.objects.get(user=people.coordinator)
    yesterday = clock.today() - dt.timedelta(days=1)
    end_role(membership=role, ends_on=yesterday, by=people.manager, reason="left")
    assert finish(sent).state == JobState.DENIED
    assert (names(people), services.state_of(sent)) == ([], TabularState.PREVIEWED)


def test_whose_account_was_closed_meanwhile_stores_nothing(people):
    sent = send(people, "Name\nPark\n")
    services.request_apply(sent=sent, good_rows_only=False, by=people.coordinator)
    type(people.coordinator).objects.filter(pk=people.coordinator.pk).update(is_active=False)
    assert finish(sent).state == JobState.DENIED
    assert names(people) == []


@pytest.mark.parametrize("who", ["partner", "neighbour", "researcher"])
def test_only_who_may_change_the_target_may_send_there(people, who):
    with pytest.raises(NotAllowed):
        send(people, "Name\nPark\n", by=getattr(people, who))


def test_nobody_else_stores_or_undoes_my_table(people):
    sent = send(people, "Name\nPark\n")
    with pytest.raises(NotAllowed):
        services.request_apply(sent=sent, good_rows_only=False, by=people.manager)
    store(sent)
    with pytest.raises(NotAllowed):
        services.request_undo(sent=sent, by=people.manager)


def test_the_template_has_every_field_of_the_form(client, people, coordinator):
    at = [PLACES, people.location.pk]
    page = client.get(reverse("core:table-template-xlsx", args=at))
    book = openpyxl.load_workbook(io.BytesIO(page.content))
    assert [cell.value for cell in book["Table"][1]] == ["Name", "Why this place"]
    assert [cell.value for cell in book["Notes"]["A"]] == ["Column", "Name", "Why this place"]
    text = client.get(reverse("core:table-template-csv", args=at)).content.decode("utf-8-sig")
    assert text == "Name,Why this place\r\n"


def test_the_pages_lead_from_sending_to_undoing(client, people, coordinator):
    new = reverse("core:table-new", args=[PLACES, people.location.pk])
    shown = client.get(new)
    assert shown.status_code == 200
    upload = SimpleUploadedFile("my.csv", b"Name,Why this place\nPark,Dark\n,x\n")
    form_id = shown.context["form"]["id"].value()
    answer = client.post(new, {"id": form_id, "file": upload, "pasted": ""})
    sent = TabularImport.objects.get(pk=form_id)
    assert answer.status_code == 302
    assert answer.url == sent.get_absolute_url()
    page = client.get(answer.url).content.decode()
    assert "Store the 1 good row only" in page
    assert "Enter the place’s name" in page
    answer = client.post(reverse("core:table-apply", args=[sent.pk]), {"rows": "good"})
    assert answer.url.startswith("/jobs/")
    finish(sent)
    assert "Undo this table" in client.get(sent.get_absolute_url()).content.decode()
    client.post(reverse("core:table-undo", args=[sent.pk]))
    finish(sent)
    assert "was undone" in client.get(sent.get_absolute_url()).content.decode()
    assert sent.file_name in client.get(reverse("core:tables")).content.decode()


def test_the_mended_rows_can_be_sent_again(client, people, coordinator):
    sent = send(people, 'Name,Why this place\nPark,x\n,"=1+1"\n')
    text = client.get(reverse("core:table-errors-csv", args=[sent.pk])).content.decode("utf-8-sig")
    head, row = text.splitlines()
    assert head == "Name,Why this place,What is wrong"
    assert row.startswith(",'=1+1,")
    mended = send(people, text.replace("\n,", "\nMill,"))
    assert [r["values"] for r in mended.rows] == [{"name": "Mill", "summary": "=1+1"}]
    page = client.get(reverse("core:table-errors-xlsx", args=[sent.pk]))
    again = read_bytes(page.content, "mend.xlsx")
    assert again.lines[0].cells == ("Name", "Why this place", "What is wrong")
    assert again.lines[1].cells[:2] == ("", "=1+1")


def test_the_page_of_a_table_is_its_senders_while_they_may_send_there(client, people, coordinator):
    sent = send(people, "Name\nPark\n")
    url = sent.get_absolute_url()
    assert client.get(url).status_code == 200
    client.force_login(people.manager)
    assert client.get(url).status_code == 404
    client.force_login(people.partner)
    new = reverse("core:table-new", args=[PLACES, people.location.pk])
    assert client.get(new).status_code == 403
    client.force_login(people.neighbour)
    assert client.get(new).status_code == 404
    assert client.get(new.replace(PLACES, "no.such")).status_code == 404


def test_pasted_cells_are_read_as_the_file_would_be(client, people, coordinator):
    new = reverse("core:table-new", args=[PLACES, people.location.pk])
    key = str(uuid4())
    client.post(new, {"id": key, "pasted": "Name\tWhy this place\nPark\tDark\n"})
    assert plans(TabularImport.objects.get(pk=key)) == ["create"]
    answer = client.post(new, {"id": str(uuid4()), "pasted": "Nam\nPark\n"})
    assert answer.status_code == 422
    assert "found “Nam”" in answer.content.decode()
    assert TabularImport.objects.count() == 1


def test_five_thousand_rows_are_taken_and_one_more_is_refused(people):
    rows = "".join(f"Place {n}\n" for n in range(5000))
    sent = send(people, f"Name\n{rows}")
    assert len(sent.rows) == 5000
    with pytest.raises(BadInput, match="5,000"):
        send(people, f"Name\n{rows}One more\n")
