"""Sharing agreements: who finds them, what is said of them, their pages and the API."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from programmes.models import AgreementParty, SharingAgreement
from programmes.selectors.agreements import agreement_detail, agreements_seen, lapsing
from programmes.selectors.week import my_week
from programmes.services import agreements as services
from tests.factories.accounts import AgencyFactory
from tests.factories.programmes import ProgrammeFactory, SharingAgreementFactory
from tests.programmes.agreement_helpers import PDF, TODAY, draft, may_sign_for, opens, sign
from tests.programmes.helpers import form_id


@pytest.fixture
def chief(people):
    return may_sign_for(people.police, "Petra Police")


@pytest.fixture
def director(people):
    return may_sign_for(people.housing, "Harry Housing", email="director@example.test")


# --- Who finds them -------------------------------------------------------------------------------


def test_a_partners_leader_without_any_role_in_the_programme_finds_it(people, director):
    agreement = draft(people)
    other = SharingAgreementFactory(
        programme=ProgrammeFactory(), signed=[people.police, AgencyFactory()]
    )
    seen = SharingAgreement.objects.visible_to(director)
    assert [one.pk for one in seen] == [agreement.pk]
    assert SharingAgreement.objects.visible_to(people.stranger).count() == 0
    assert SharingAgreement.objects.visible_to(people.neighbour).count() == 0
    assert not SharingAgreement.objects.visible_to(people.manager).filter(pk=other.pk).exists()
    assert not AgreementParty.objects.visible_to(director).filter(agreement=other).exists()


def test_it_stands_on_the_week_of_those_who_are_to_see_to_it(people, director, chief):
    agreement = draft(people)
    assert [one.warning for one in my_week(user=director).agreements] == [
        "Waiting for your signature for Marches Housing"
    ]
    sign(agreement, director)
    assert my_week(user=director).agreements[0].warning.startswith("Waiting for signatures")
    sign(agreement, chief)
    assert my_week(user=director).agreements == ()
    assert my_week(user=people.manager).agreements == ()
    assert my_week(user=people.coordinator).agreements == ()


@pytest.mark.parametrize(
    ("day", "warning"),
    [
        (dt.date(2024, 10, 19), None),
        (dt.date(2024, 10, 20), "Review due on 1 December 2024"),
        (dt.date(2024, 12, 1), "Review is due since 1 December 2024"),
        (dt.date(2025, 5, 13), "Lapses after 24 June 2025"),
        (dt.date(2025, 6, 24), "Lapses after 24 June 2025"),
        (dt.date(2025, 6, 25), None),
    ],
)
def test_what_is_about_to_lapse_is_named_six_weeks_before(people, day, warning):
    SharingAgreementFactory(
        programme=people.programme,
        signed=[people.police, people.housing],
        review_on=dt.date(2024, 12, 1),
        ends_on=dt.date(2025, 6, 24),
    )
    found = lapsing(user=people.manager, on=day)
    assert [one.warning for one in found] == ([warning] if warning else [])
    assert lapsing(user=people.coordinator, on=day) == ()


def test_how_it_stands_is_said_in_words(people, chief, director):
    def words(agreement, day=TODAY):
        return agreement_detail(agreement=agreement, user=people.manager, on=day).words

    agreement = draft(people, starts_on=dt.date(2024, 7, 1))
    assert words(agreement) == (
        "Draft: waiting for signatures of Marches Housing and West Mercia Police"
    )
    sign(agreement, chief)
    assert words(agreement) == "Waiting for signatures of Marches Housing"
    party = sign(agreement, director)
    assert words(agreement) == "Signed: in force from 1 July 2024"
    assert words(agreement, dt.date(2024, 7, 1)) == "In force until 24 June 2025"
    assert words(agreement, dt.date(2025, 6, 25)) == "Lapsed on 24 June 2025"
    services.withdraw_party(party=party, reason="Sold", by=director)
    assert words(agreement).startswith("Not in force")
    services.end_agreement(
        agreement=agreement, reason="Over", version=agreement.version, by=people.manager
    )
    assert words(agreement) == "Ended on 25 June 2024"


def test_what_it_opens_is_said_as_the_rule_does_it(people, chief, director):
    third = AgencyFactory(name="Shire Council")
    agreement = draft(people, parties=[people.police, people.housing, third])
    sign(agreement, chief)
    detail = agreement_detail(agreement=agreement, user=people.manager)
    assert detail.opens == ("It opens nothing until at least two agencies have signed.",)
    sign(agreement, director)
    told = " ".join(agreement_detail(agreement=agreement, user=people.manager).opens)
    assert "People of Marches Housing and West Mercia Police who have a role" in told
    assert "Shire Council has not signed: nothing is opened to it" in told


def test_a_list_takes_as_many_queries_for_2_agreements_as_for_12(people, django_assert_num_queries):
    for count in (2, 12):
        while SharingAgreement.objects.count() < count:
            SharingAgreementFactory(
                programme=people.programme, signed=[people.police, people.housing]
            )
        with django_assert_num_queries(2):
            assert len(agreements_seen(user=people.manager, on=TODAY)) == count


# --- Pages and API --------------------------------------------------------------------------------


def date(name: str, day: dt.date) -> dict[str, int]:
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def test_from_draft_to_signature_over_the_pages(client, people, director, chief):
    base = "/programmes/west-mercia/agreements/"
    client.force_login(people.manager)
    assert "No sharing agreement yet" in client.get(base).content.decode()
    sent = {
        "id": form_id(client.get(f"{base}new/")),
        "title": "Sharing at Leominster",
        "parties": [str(people.police.pk), str(people.housing.pk)],
        "categories": ["sensitive_notes", "people"],
        "purpose": "To work together.",
        "legal_basis": "cda-1998-s115",
        **date("starts_on", TODAY),
        **date("review_on", dt.date(2024, 12, 1)),
        **date("ends_on", dt.date(2025, 6, 24)),
    }
    assert client.post(f"{base}new/", {**sent, "parties": [sent["parties"][0]]}).status_code == 422
    made = client.post(f"{base}new/", sent)
    assert made.status_code == 302
    assert client.post(f"{base}new/", sent).url == made.url
    agreement = SharingAgreement.objects.get()
    assert agreement.responsible == people.manager
    paper = {
        "version": agreement.version,
        "agency": str(people.police.pk),
        "name": "C. Constable",
        **date("signed_on", TODAY),
        "document": SimpleUploadedFile("signed.pdf", PDF),
    }
    assert client.post(f"{made.url}paper/", paper).status_code == 302
    page = client.get(made.url).content.decode()
    assert "C. Constable" in page
    assert "on paper" in page
    assert b"".join(client.get(f"{made.url}document/").streaming_content) == PDF

    client.force_login(director)
    home = client.get("/").content.decode()
    assert "Waiting for your signature for Marches Housing" in home
    assert "Sharing at Leominster" in client.get("/agreements/").content.decode()
    assert client.get("/programmes/west-mercia/").status_code == 404
    assert client.get(made.url).status_code == 200
    shown = client.get(f"{made.url}sign/").content.decode()
    assert "To work together." in shown
    version = re.search(r'name="version" value="(\d+)"', shown)
    signature = {
        "version": version.group(1),
        "agency": str(people.housing.pk),
        "name": "Harry Housing",
        "agree": "on",
    }
    assert client.post(f"{made.url}sign/", {**signature, "agree": ""}).status_code == 422
    forged = {**signature, "agency": str(people.police.pk)}
    assert client.post(f"{made.url}sign/", forged).status_code == 422
    assert client.post(f"{made.url}sign/", signature).status_code == 302
    assert opens(people)
    assert client.get(f"{made.url}change/").status_code == 403
    assert client.get(f"{made.url}end/").status_code == 403

    party = agreement.parties.get(agency=people.housing)
    withdraw = f"{made.url}parties/{party.pk}/withdraw/"
    assert client.post(withdraw, {"reason": "Sold"}).status_code == 302
    assert not opens(people)
    other = agreement.parties.get(agency=people.police)
    assert client.get(f"{made.url}parties/{other.pk}/withdraw/").status_code == 403


def test_the_manager_changes_reviews_and_ends_over_the_pages(client, people):
    agreement = draft(people)
    base = agreement.get_absolute_url()
    client.force_login(people.manager)
    page = client.get(f"{base}change/")
    assert page.context["form"]["title"].value() == "Sharing at Leominster"
    sent = {
        "version": agreement.version,
        "title": "A better title",
        "parties": [str(people.police.pk), str(people.housing.pk)],
        "categories": ["people"],
        "purpose": "To work together.",
        "legal_basis": "cda-1998-s115",
        **date("starts_on", TODAY),
        **date("review_on", dt.date(2024, 12, 1)),
        **date("ends_on", dt.date(2025, 6, 24)),
    }
    assert client.post(f"{base}change/", sent).status_code == 302
    assert client.post(f"{base}change/", {**sent, "title": "Stale"}).status_code == 409
    agreement.refresh_from_db()
    assert (agreement.title, agreement.categories) == ("A better title", ["people"])
    review = {
        "version": agreement.version,
        "found": "Needed.",
        **date("review_on", dt.date(2025, 1, 1)),
    }
    assert client.post(f"{base}review/", review).status_code == 302
    agreement.refresh_from_db()
    end = {"version": agreement.version, "reason": "Not needed"}
    assert client.post(f"{base}end/", end).status_code == 302
    page = client.get(base).content.decode()
    assert "Ended on 25 June 2024" in page
    assert "Not needed" in page
    assert "End the agreement" not in page


def test_programs_read_agreements_and_sign(people, director):
    agreement = draft(people)
    api = APIClient()
    api.force_authenticate(director)
    path = f"/api/v1/agreements/{agreement.pk}/"
    (row,) = api.get("/api/v1/agreements/").data["results"]
    assert row["categories"] == ["sensitive_notes"]
    assert [party["signed_on"] for party in row["parties"]] == [None, None]
    sent = {"agency": str(people.housing.pk), "name": "Harry Housing"}
    assert api.post(f"{path}sign/", sent, format="json").status_code == 428
    match = {"If-Match": f'"{agreement.version}"'}
    forged = {**sent, "agency": str(people.police.pk)}
    assert api.post(f"{path}sign/", forged, format="json", headers=match).status_code == 400
    signed = api.post(f"{path}sign/", sent, format="json", headers=match)
    assert signed.status_code == 200
    names = {party["signed_name"] for party in signed.data["parties"]}
    assert names == {"", "Harry Housing"}
    again = api.get(path, headers={"If-None-Match": signed["ETag"]})
    assert again.status_code == 200  # a signature changes it, the text's version does not
    api.force_authenticate(people.manager)
    assert api.post(f"{path}sign/", sent, format="json", headers=match).status_code == 403
    api.force_authenticate(people.stranger)
    assert api.get(path).status_code == 404


def test_a_document_is_the_agreements_own(client, people, director):
    agreement = draft(people)
    client.force_login(director)
    assert client.get(f"{agreement.get_absolute_url()}document/").status_code == 404
    client.force_login(people.neighbour)
    assert client.get(agreement.get_absolute_url()).status_code == 404
