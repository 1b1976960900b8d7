"""Community assets: people by consent only, everything else once, near, and checked again."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from accounts.sharing import Category
from assets.models import Asset, Connection
from assets.points import point_words, read_point
from assets.selectors.assets import Wanted, asset_list
from assets.services.assets import (
    check_asset,
    correct_own_entry,
    edit_asset,
    record_asset,
    withdraw_asset,
)
from assets.services.connections import connect_assets
from core.clock import business_date as at
from core.errors import Conflict, NotAllowed, Refused
from core.selectors import history_of
from programmes.services.consents import withdraw_consent
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.assets import AssetFactory, ConnectionFactory, point
from tests.factories.programmes import ConsentFactory, SharingAgreementFactory, TargetPlaceFactory
from tests.personas import give_location_role

A_DAY = dt.date(2024, 6, 1)


def recorded(people, **fields):
    given = {"kind": "place", "name": "Hall", "last_checked_on": A_DAY, "by": people.coordinator}
    return record_asset(location=people.location, **{**given, **fields})


def consent(people, **fields):
    given = {
        "location": people.location,
        "purpose": "contributor",
        "name": "Ann Jones",
        "agency": people.police,
        "recorded_by": people.coordinator,
    }
    return ConsentFactory(**{**given, **fields})


@pytest.fixture
def council_worker(people):
    """A coordinator of Leominster who works for an agency without an agreement."""
    user = UserFactory(name="Council", agency=AgencyFactory(name="Council"))
    give_location_role(user, people.location, Role.COORDINATOR)
    return user


@pytest.mark.parametrize(
    "text",
    ["52.2271, -2.7391", "52.2271 -2.7391", "SO 49611 59021", "349611 259021", "so4961159021"],
)
def test_a_place_may_be_written_in_degrees_or_on_the_grid(text):
    found = read_point(text)
    assert found.srid == 4326
    assert (round(found.y, 3), round(found.x, 3)) == (52.227, -2.739)


@pytest.mark.parametrize(
    "text",
    ["", "Corn Square", "52.2271", "-2.7391, 52.2271", "0, 0", "SO 123 45", "nan, nan", "1e400, 2"],
)
def test_what_is_no_place_in_britain_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        read_point(text)


def test_latitude_and_longitude_the_wrong_way_round_are_named():
    with pytest.raises(ValueError, match="latitude"):
        read_point("-2.7391, 52.2271")


def test_a_place_reads_back_as_it_was_written():
    assert read_point(point_words(point())).coords == point().coords


def test_the_same_sending_twice_makes_one_and_other_words_are_refused(people):
    key = uuid4()
    first = recorded(people, id=key)
    assert recorded(people, id=key) == first
    with pytest.raises(Refused):
        recorded(people, id=key, name="Another hall")
    assert first.agency == people.police
    assert first.checked_by == people.coordinator


def test_nobody_is_listed_without_consent(people):
    with pytest.raises(Refused, match="consent"):
        recorded(people, kind="person", name="Ann Jones")
    with pytest.raises(IntegrityError), transaction.atomic():
        AssetFactory(
            location=people.location, kind="person", name="Ann", recorded_by=people.coordinator
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": "contact"},
        {"withdrawn_on": dt.date(2024, 6, 20)},
        {"ends_on": dt.date(2024, 6, 24)},
    ],
)
def test_only_a_standing_consent_to_be_listed_counts(people, wrong):
    with pytest.raises(Refused):
        recorded(people, kind="person", consent=consent(people, **wrong))


def test_a_consent_from_another_location_does_not_count(people):
    elsewhere = consent(people, location=people.other_location)
    with pytest.raises(Refused, match="not to be listed"):
        recorded(people, kind="person", consent=elsewhere)


def test_a_contributor_bears_the_name_of_the_consent_and_is_listed_once(people):
    agreed = consent(people)
    asset = recorded(people, kind="person", name="Somebody else", consent=agreed)
    assert asset.name == "Ann Jones"
    with pytest.raises(Refused, match="already"):
        recorded(people, kind="person", consent=agreed)


def test_a_contributor_has_no_place_on_the_map(people):
    with pytest.raises(Refused, match="no place"):
        recorded(people, kind="person", consent=consent(people), point=point())
    with pytest.raises(IntegrityError), transaction.atomic():
        AssetFactory(
            location=people.location,
            person=True,
            agency=people.police,
            recorded_by=people.coordinator,
            point=point(),
        )
    asset = recorded(people, kind="person", consent=consent(people))
    edit_asset(asset=asset, version=asset.version, by=people.coordinator, point=point(), role="x")
    asset.refresh_from_db()
    assert asset.point is None
    assert asset.role == "x"


def test_a_name_is_on_the_list_once(people):
    recorded(people, name="Town Hall")
    with pytest.raises(Refused, match="already"):
        recorded(people, name="town  hall")
    recorded(people, name="Town hall", kind="institution")  # another kind is another thing


def test_a_point_far_away_is_taken_for_a_slip(people, leominster):
    assert recorded(people, point=point()).point is not None
    with pytest.raises(Refused, match="km from"):
        recorded(people, name="Far", point=point(-1.5, 53.8))


def test_the_future_another_locations_place_and_a_partner_are_refused(people):
    with pytest.raises(Refused):
        recorded(people, last_checked_on=dt.date(2024, 6, 26))
    with pytest.raises(Refused, match="day after"):
        recorded(people, check_by=dt.date(2024, 5, 1))
    elsewhere = TargetPlaceFactory(location=people.other_location)
    with pytest.raises(Refused, match="another location"):
        recorded(people, target_place=elsewhere)
    for by in (people.partner, people.leader, people.neighbour):
        with pytest.raises(NotAllowed):
            recorded(people, by=by)


def test_a_stale_change_is_refused(people):
    asset = recorded(people)
    check_asset(
        asset=asset, checked_on=dt.date(2024, 6, 20), check_by=None, version=1, by=people.community
    )
    asset.refresh_from_db()
    assert (asset.last_checked_on, asset.checked_by) == (dt.date(2024, 6, 20), people.community)
    with pytest.raises(Conflict):
        edit_asset(asset=Asset.objects.get(), version=1, by=people.coordinator, offers="More")


def test_what_is_taken_off_needs_a_reason_and_leaves_the_list(people):
    asset = recorded(people)
    with pytest.raises(Refused):
        withdraw_asset(asset=asset, reason=" ", by=people.coordinator)
    withdraw_asset(asset=asset, reason="Closed", by=people.coordinator)
    assert asset_list(location=people.location, user=people.coordinator).total == 0
    assert recorded(people).pk != asset.pk  # there may be one of that name again


def test_who_has_an_account_corrects_their_own_entry_and_nobody_else_does(people):
    asset = recorded(people, kind="person", consent=consent(people, user=people.partner))
    corrected = correct_own_entry(
        asset=asset, role="Mends things", offers="Tools", contact="", version=1, by=people.partner
    )
    assert corrected.checked_by == people.partner
    with pytest.raises(NotAllowed):
        correct_own_entry(
            asset=asset, role="", offers="", contact="", version=2, by=people.coordinator
        )
    with at(dt.date(2024, 6, 26)):
        asset.consent.refresh_from_db()
        withdraw_consent(consent=asset.consent, version=1, by=people.partner)
        with pytest.raises(NotAllowed):
            correct_own_entry(
                asset=Asset.objects.get(),
                role="",
                offers="",
                contact="",
                version=2,
                by=people.partner,
            )


def test_people_are_seen_by_few_and_the_rest_of_the_list_by_all(people):
    AssetFactory(location=people.location, name="Hall", recorded_by=people.coordinator)
    AssetFactory(
        location=people.location,
        person=True,
        name="Ann",
        agency=people.police,
        recorded_by=people.coordinator,
    )
    seen = {
        who: [row.name for row in asset_list(location=people.location, user=user).rows]
        for who, user in vars(people).items()
        if who in ("manager", "coordinator", "community", "partner", "leader", "verifier")
    }
    assert seen["manager"] == seen["coordinator"] == seen["community"] == ["Ann", "Hall"]
    assert seen["partner"] == seen["leader"] == seen["verifier"] == ["Hall"]
    assert asset_list(location=people.location, user=people.neighbour).rows == []


def test_a_person_of_another_agency_is_hidden_until_an_agreement_covers_people(
    people, council_worker
):
    AssetFactory(
        location=people.location,
        person=True,
        name="Ann",
        agency=people.police,
        recorded_by=people.coordinator,
    )
    assert asset_list(location=people.location, user=council_worker).total == 0
    SharingAgreementFactory(
        programme=people.programme,
        categories=[Category.PEOPLE],
        signed=[people.police, council_worker.agency],
    )
    assert asset_list(location=people.location, user=council_worker).total == 1


def test_another_agencys_place_and_contact_are_withheld_and_it_cannot_be_changed(
    people, council_worker
):
    asset = AssetFactory(
        location=people.location,
        agency=people.police,
        recorded_by=people.coordinator,
        point=point(),
        address="Corn Square",
        contact="01568 000",
    )
    (shown,) = asset_list(location=people.location, user=council_worker).rows
    assert (shown.point, shown.address, shown.contact) == (None, "", "")
    assert shown.withheld == {"point", "address", "contact"}
    assert any("exact coordinates" in words for words in shown.withheld_words)
    with pytest.raises(NotAllowed):
        edit_asset(asset=asset, version=1, by=council_worker, offers="Nothing")
    asset.refresh_from_db()
    assert asset.point is not None
    wanted = Wanted(words="Corn Square")
    assert asset_list(location=people.location, user=council_worker, wanted=wanted).rows == []
    assert asset_list(location=people.location, user=people.coordinator, wanted=wanted).rows


def test_a_partner_does_not_see_how_an_asset_is_reached(people):
    AssetFactory(
        location=people.location,
        agency=people.housing,
        recorded_by=people.partner,
        contact="01568 000",
    )
    (shown,) = asset_list(location=people.location, user=people.partner).rows
    assert shown.contact == ""


def test_a_connection_with_a_hidden_end_is_hidden(people):
    hall = AssetFactory(location=people.location, recorded_by=people.coordinator)
    ann = AssetFactory(
        location=people.location,
        person=True,
        agency=people.police,
        recorded_by=people.coordinator,
    )
    connect_assets(source=hall, target=ann, how="Holds the key", by=people.coordinator)
    assert Connection.objects.visible_to(people.coordinator).count() == 1
    assert Connection.objects.visible_to(people.partner).count() == 0


def test_a_connection_is_kept_once_and_within_a_location(people):
    one, two = (
        AssetFactory(location=people.location, recorded_by=people.coordinator) for _ in range(2)
    )
    connect_assets(source=one, target=two, how="Share a shed", by=people.coordinator)
    for source, target in ((one, two), (two, one), (one, one)):
        with pytest.raises(Refused):
            connect_assets(source=source, target=target, how="Again", by=people.coordinator)
    far = AssetFactory(location=people.other_location, recorded_by=people.neighbour)
    with pytest.raises(NotAllowed):
        connect_assets(source=one, target=far, how="Far", by=people.coordinator)
    assert ConnectionFactory._meta.model.objects.count() == 1


def test_history_tells_nothing_of_a_person_whose_consent_ended(people):
    asset = recorded(people, kind="person", consent=consent(people), role="Knows all")
    edit_asset(asset=asset, version=1, by=people.coordinator, role="Knows many")
    told = str(history_of(asset, reader=people.coordinator))
    assert "Ann Jones" in told
    assert "Knows many" in told
    withdraw_consent(consent=asset.consent, version=1, by=people.coordinator)
    told = str(history_of(asset, reader=people.coordinator))
    assert "Ann Jones" not in told
    assert "Knows" not in told
