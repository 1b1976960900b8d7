"""A person who withdraws consent is gone at once: from every page, list, map, feed and print."""

import datetime as dt
import zipfile

import pytest
from rest_framework.test import APIClient

from assets.evidence import PROVIDERS
from assets.models import Asset
from core import files
from core.exports import find_export, services
from core.jobs.runner import execute
from programmes.registry import handover_chapters
from programmes.services.consents import withdraw_consent
from tests.factories.assets import AssetFactory, ConnectionFactory

NAME, ROLE, OFFER = "Ann-of-the-court-q9", "knows-everybody-q9", "lends-tools-q9"
SENTINELS = (NAME, ROLE, OFFER)
LIST = "/locations/leominster/assets/"


@pytest.fixture
def ann(people):
    """A contributor, connected with a hall; the partner is the person."""
    asset = AssetFactory(
        location=people.location,
        person=True,
        name=NAME,
        role=ROLE,
        offers=OFFER,
        agency=people.police,
        recorded_by=people.coordinator,
        checked_by=people.coordinator,
        check_by=dt.date(2024, 6, 20),
    )
    asset.consent.user = people.partner
    asset.consent.save()
    hall = AssetFactory(location=people.location, name="Hall", recorded_by=people.coordinator)
    ConnectionFactory(source=hall, target=asset, recorded_by=people.coordinator, how="Key")
    return asset, hall


def exported(people, key):
    run = services.request_export(
        export=find_export(key),
        scope=people.location,
        form="csv",
        reason="For the quarterly board",
        by=people.manager,
    )
    execute(run.pk)
    run.refresh_from_db()
    with files.open_file(run.result_file) as stream, zipfile.ZipFile(stream) as archive:
        return run, b"".join(archive.read(name) for name in archive.namelist()).decode()


def everywhere(client, people, ann, hall):
    """Yield (where, text) of whatever could show a contributor, for those who see most."""
    api = APIClient()
    for who in (people.coordinator, people.manager, people.admin):
        client.force_login(who)
        api.force_authenticate(who)
        for path in (
            LIST,
            f"{LIST}?q=tools",
            f"{LIST}?kind=person",
            f"{LIST}{ann.pk}/",
            f"{LIST}{ann.pk}/edit/",
            f"{LIST}{ann.pk}/sheet/",
            f"{LIST}{hall.pk}/",
            f"{LIST}{hall.pk}/connect/",
            f"{LIST}new/?kind=person",
            "/locations/leominster/",
            "/locations/leominster/map/",
            "/locations/leominster/map/geojson/",
            "/locations/leominster/history/",
            "/locations/leominster/handover/",
            "/locations/leominster/handover/print/",
            "/",
        ):
            yield f"{who} {path}", client.get(path).content.decode()
        for path in ("/api/v1/assets/", f"/api/v1/assets/{ann.pk}/"):
            yield f"{who} {path}", api.get(path).content.decode()
    client.force_login(people.partner)
    for path in (f"{LIST}mine/", f"{LIST}{ann.pk}/", LIST):
        yield f"partner {path}", client.get(path).content.decode()
    for reader in (people.coordinator, people.manager):
        for chapter in handover_chapters():
            yield f"chapter {chapter.key}", str(chapter.build(people.location, reader))
    for key in ("assets.assets", "assets.connections"):
        yield f"export {key}", exported(people, key)[1]


def test_who_withdraws_is_gone_at_once_everywhere(client, people, ann):
    asset, hall = ann
    before = {
        where: text for where, text in everywhere(client, people, asset, hall) if NAME in text
    }
    # The test would prove nothing if nobody had been shown anywhere.
    shown = " ".join(before)
    for where in (LIST, "mine/", "/sheet/", "/api/v1/assets/", "chapter contributors", "export"):
        assert where in shown, where
    run, _text = exported(people, "assets.assets")
    counted = {
        one.key: one.counts([people.location])[people.location.pk].count
        for one in PROVIDERS
        if one.key == "community-assets"
    }
    assert counted == {"community-assets": 2}

    withdraw_consent(
        consent=asset.consent, version=asset.consent.version, by=people.partner, note="No time"
    )

    left = [
        (where, one)
        for where, text in everywhere(client, people, asset, hall)
        for one in SENTINELS
        if one in text
    ]
    assert left == []
    assert PROVIDERS[0].counts([people.location])[people.location.pk].count == 1
    assert Asset.objects.all().visible_to(people.admin).filter(pk=asset.pk).count() == 0
    # A list that was made before is not handed out any more, on the page and to programs.
    client.force_login(people.manager)
    assert client.get(f"/exports/{run.pk}/file/").status_code == 403
    api = APIClient()
    api.force_authenticate(people.manager)
    assert api.get(f"/api/v1/exports/{run.pk}/file/").status_code == 403


def test_who_leaves_the_list_themselves_is_gone_and_lands_where_they_may_be(client, people, ann):
    asset, _hall = ann
    client.force_login(people.partner)
    assert NAME in client.get(f"{LIST}mine/").content.decode()
    answer = client.post(f"{LIST}mine/leave/", {"note": "", "version": 1})
    assert (answer.status_code, answer.url) == (302, "/locations/leominster/")
    assert client.get(f"{LIST}mine/").status_code == 404
    asset.consent.refresh_from_db()
    assert asset.consent.withdrawn_on == dt.date(2024, 6, 25)


def test_a_consent_that_runs_out_counts_no_more_the_day_after(people, ann):
    from core.clock import business_date

    asset, _hall = ann
    asset.consent.ends_on = dt.date(2024, 6, 25)
    asset.consent.save()
    assert Asset.objects.all().visible_to(people.coordinator).filter(pk=asset.pk).exists()
    with business_date(dt.date(2024, 6, 26)):
        assert not Asset.objects.all().visible_to(people.coordinator).filter(pk=asset.pk).exists()
