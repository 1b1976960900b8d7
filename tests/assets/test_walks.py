"""Walks: started, noted in half a minute, followed up; photos without their place."""

import datetime as dt
import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.roles import Role
from assets.models import Observation
from assets.selectors.walks import walk_page, walks_of
from assets.services.walks import (
    add_observation,
    edit_observation,
    follow_up,
    start_walk,
    withdraw_observation,
)
from core import files
from core.errors import NotAllowed, Refused
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.assets import ObservationFactory, point
from tests.factories.core import StoredFileFactory
from tests.factories.programmes import TargetPlaceFactory
from tests.personas import give_location_role

A_DAY = dt.date(2024, 6, 1)


@pytest.fixture
def walk(people):
    return start_walk(
        location=people.location,
        walked_on=A_DAY,
        route="Station to court",
        residents=5,
        police=1,
        partners=2,
        by=people.coordinator,
    )


def photo(name="walk.jpg"):
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "camera-of-somebody"
    Image.new("RGB", (40, 30), "red").save(stream, format="JPEG", exif=exif)
    return SimpleUploadedFile(name, stream.getvalue(), content_type="image/jpeg")


def seen(people, walk, **fields):
    given = {"kind": "improve", "theme": "lighting", "text": "Two lamps out."}
    return add_observation(**{"audit": walk, "by": people.coordinator, **given, **fields})


def test_a_walk_counts_people_and_names_nobody(people, walk):
    assert walk.people == 8
    (line,) = walks_of(location=people.location, user=people.partner)
    assert (line.improve, line.strengths) == (0, 0)


def test_a_walk_is_not_in_the_future_nor_made_by_everybody(people):
    given = {"location": people.location, "route": "Round the block"}
    with pytest.raises(Refused):
        start_walk(walked_on=dt.date(2024, 6, 26), by=people.coordinator, **given)
    for by in (people.partner, people.verifier, people.neighbour):
        with pytest.raises(NotAllowed):
            start_walk(walked_on=A_DAY, by=by, **given)


def test_an_observation_sent_twice_is_kept_once_with_its_photo(people, walk):
    key = uuid4()
    first = seen(people, walk, id=key, upload=photo())
    assert seen(people, walk, id=key, upload=photo()) == first
    assert Observation.objects.count() == 1
    with pytest.raises(Refused):
        seen(people, walk, id=key, text="Something else")


def test_a_photo_is_made_anew_and_what_is_no_picture_is_refused(people, walk):
    one = seen(people, walk, upload=photo())
    with files.open_file(one.photo) as stream:
        assert b"camera-of-somebody" not in stream.read()
    with pytest.raises(Refused):
        seen(people, walk, upload=SimpleUploadedFile("walk.jpg", b"<svg onload=alert(1)>"))
    with pytest.raises(Refused):
        seen(people, walk, upload=SimpleUploadedFile("walk.svg", b"<svg/>"))


def test_an_observation_says_something_near_by_and_at_this_location(people, leominster, walk):
    with pytest.raises(Refused):
        seen(people, walk, text=" ")
    with pytest.raises(Refused, match="km from"):
        seen(people, walk, point=point(-0.1, 51.5))
    elsewhere = TargetPlaceFactory(location=people.other_location)
    with pytest.raises(Refused, match="another location"):
        seen(people, walk, target_place=elsewhere)
    assert seen(people, walk, point=point()).point is not None


def test_what_is_taken_off_counts_no_more(people, walk):
    one = seen(people, walk)
    seen(people, walk, kind="strength", theme="people", text="Neighbours came out.")
    withdraw_observation(observation=one, reason="Wrong walk", by=people.community)
    page = walk_page(walk=walk, user=people.partner)
    assert (page.improve, page.strengths, page.by_theme) == (0, 1, [])


def test_another_agencys_exact_place_and_photo_are_withheld(client, people, walk):
    one = ObservationFactory(
        audit=walk,
        agency=people.police,
        recorded_by=people.coordinator,
        point=point(),
        place="By garage 7",
        photo=StoredFileFactory(name="walk.png", content_type="image/png"),
    )
    worker = UserFactory(agency=AgencyFactory(name="Council"))
    give_location_role(worker, people.location, Role.COORDINATOR)
    (shown,) = walk_page(walk=walk, user=worker).observations
    assert (shown.point, shown.place, shown.photo_id) == (None, "", None)
    assert shown.text == "Two lamps are out."
    with pytest.raises(NotAllowed):
        edit_observation(observation=one, version=1, by=worker, text="Nothing")
    page = one.get_absolute_url()
    client.force_login(worker)
    assert client.get(f"{page}photo/").status_code == 403
    assert b"garage 7" not in client.get(page).content
    assert "-2.739" not in client.get("/locations/leominster/map/").content.decode()
    client.force_login(people.coordinator)
    assert b"".join(client.get(f"{page}photo/").streaming_content)
    assert "-2.739" in client.get("/locations/leominster/map/").content.decode()


def test_an_action_may_follow_from_an_observation_once(people, walk):
    one = seen(people, walk)
    given = {
        "observation": one,
        "title": "Mend the lamps",
        "owner": people.partner,
        "due_on": dt.date(2024, 7, 1),
        "by": people.coordinator,
    }
    key = uuid4()
    action = follow_up(id=key, **given)
    assert follow_up(id=key, **given) == action
    one.refresh_from_db()
    assert one.action == action
    with pytest.raises(Refused, match="already"):
        follow_up(id=uuid4(), **given)


def test_a_phone_notes_something_with_three_answers(client, people, walk):
    client.force_login(people.community)
    page = f"/locations/leominster/walks/{walk.pk}/observe/"
    sent = {"id": str(uuid4()), "kind": "improve", "theme": "litter", "text": "Bags"}
    answer = client.post(page, sent)
    assert (answer.status_code, answer.url) == (302, page)
    assert client.post(page, sent).status_code == 302  # the answer was lost: sent again
    assert Observation.objects.count() == 1
    done = client.post(page, {**sent, "id": str(uuid4()), "finish": "yes"})
    assert done.url == walk.get_absolute_url()
