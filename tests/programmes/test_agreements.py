"""Sharing agreements: drafted, signed by each agency, reviewed, withdrawn from, ended."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.sharing import Category
from core.choices import LedgerAction
from core.errors import Conflict, NotAllowed, Refused
from core.models import LedgerEntry
from core.selectors import history_of
from programmes.models import AgreementParty, SharingAgreement
from programmes.services import agreements as services
from tests.factories.accounts import AgencyFactory
from tests.programmes.agreement_helpers import PDF, TODAY, draft, may_sign_for, opens, sign
from tests.programmes.sharing_world import on


@pytest.fixture
def chief(people):
    return may_sign_for(people.police, "Petra Police")


@pytest.fixture
def director(people):
    return may_sign_for(people.housing, "Harry Housing", email="director@example.test")


def acts(agreement) -> list[str]:
    entries = LedgerEntry.objects.filter(
        action=LedgerAction.AGREEMENT, subject_id=str(agreement.pk)
    )
    return [entry.detail["what"] for entry in entries.order_by("id")]


def test_it_opens_something_when_the_second_agency_has_signed(people, chief, director):
    agreement = draft(people)
    assert not opens(people)
    sign(agreement, chief)
    assert not opens(people)
    party = sign(agreement, director)
    assert opens(people)
    assert (party.signed_on, party.signed_name, party.signed_by) == (
        TODAY,
        "Harry Housing",
        director,
    )
    assert acts(agreement) == ["drafted", "signed", "signed"]


def test_sending_a_draft_twice_makes_one_and_another_text_is_refused(people):
    key = uuid4()
    assert draft(people, id=key) == draft(people, id=key)
    assert AgreementParty.objects.count() == 2
    with pytest.raises(Refused):
        draft(people, id=key, title="Another")


@pytest.mark.parametrize("name", ["coordinator", "leader", "partner", "analyst", "neighbour"])
def test_only_the_programmes_manager_drafts(people, name):
    with pytest.raises(NotAllowed):
        draft(people, by=getattr(people, name))


@pytest.mark.parametrize(
    "changes",
    [
        {"parties": []},
        {"categories": []},
        {"title": " "},
        {"purpose": ""},
        {"review_on": dt.date(2025, 7, 1)},
        {"ends_on": dt.date(2024, 6, 1)},
    ],
)
def test_a_draft_that_says_too_little_is_refused(people, changes):
    with pytest.raises(Refused):
        draft(people, **changes)
    assert not SharingAgreement.objects.exists()


def test_one_agency_twice_is_no_two_parties(people):
    with pytest.raises(Refused):
        draft(people, parties=[people.police, people.police])


def test_the_text_can_be_changed_until_somebody_has_signed(people, chief):
    council = AgencyFactory()
    agreement = draft(people)
    changed = services.change_agreement(
        agreement=agreement,
        version=agreement.version,
        by=people.manager,
        title="Sharing, second draft",
        parties=[people.police, council],
    )
    assert changed.version == agreement.version + 1
    assert {party.agency for party in changed.parties.all()} == {people.police, council}
    sign(changed, chief)
    with pytest.raises(Refused, match="text stands"):
        services.change_agreement(
            agreement=changed, version=changed.version, by=people.manager, purpose="All of it"
        )


def test_nobody_signs_a_text_that_changed_while_they_read_it(people, director):
    read = draft(people)
    services.change_agreement(
        agreement=read, version=read.version, by=people.manager, categories=list(Category.values)
    )
    with pytest.raises(Conflict):
        sign(read, director)
    assert not AgreementParty.objects.filter(signed_on__isnull=False).exists()


def test_two_agencies_sign_the_same_text_one_after_the_other(people, chief, director):
    agreement = draft(people)
    sign(agreement, chief)
    sign(agreement, director)  # with the version both have read
    assert opens(people)


def test_signing_needs_the_right_on_the_agency_itself(people, chief, director):
    agreement = draft(people)
    for user, agency in (
        (people.manager, people.police),  # leads the programme, does not sign for the police
        (people.leader, people.police),
        (chief, people.housing),
        (director, people.police),
        (people.partner, people.housing),
    ):
        with pytest.raises(NotAllowed):
            sign(agreement, user, agency=agency)


def test_an_agency_that_is_no_party_cannot_sign(people):
    other = may_sign_for(AgencyFactory(), "Otto Other")
    with pytest.raises(Refused, match="no party"):
        sign(draft(people), other)


def test_signing_twice_is_harmless(people, director):
    agreement = draft(people)
    first = sign(agreement, director)
    again = sign(agreement, director, name="Somebody else")
    assert (again.pk, again.signed_name) == (first.pk, "Harry Housing")
    assert acts(agreement) == ["drafted", "signed"]


def test_what_has_ended_or_run_out_cannot_be_signed(people, director):
    ended = draft(people)
    services.end_agreement(
        agreement=ended, reason="Not needed", version=ended.version, by=people.manager
    )
    ended.refresh_from_db()
    with pytest.raises(Refused, match="ended on 25 June 2024"):
        sign(ended, director)
    lapsed = draft(people)
    on(dt.date(2025, 6, 25))
    with pytest.raises(Refused, match="ran out"):
        sign(lapsed, director)


def test_a_signature_on_paper_comes_with_the_document(people, director):
    agreement = draft(people)
    sign(agreement, director)
    given = {
        "agreement": agreement,
        "agency": people.police,
        "name": "C. Constable",
        "signed_on": dt.date(2024, 6, 20),
        "version": agreement.version,
        "by": people.manager,
    }
    with pytest.raises(Refused, match="signed document"):
        services.record_paper_signature(**given)
    party = services.record_paper_signature(**given, upload=SimpleUploadedFile("signed.pdf", PDF))
    assert (party.on_paper, party.signed_by) == (True, people.manager)
    agreement.refresh_from_db()
    assert agreement.document.name == "signed.pdf"
    assert opens(people)
    with pytest.raises(Refused, match="signed already"):
        services.record_paper_signature(**given)


@pytest.mark.parametrize(
    "changes",
    [
        {"upload": SimpleUploadedFile("signed.txt", b"words")},
        {"upload": SimpleUploadedFile("signed.pdf", b"no PDF at all")},
        {"signed_on": dt.date(2024, 6, 26)},
        {"name": " "},
    ],
)
def test_a_paper_signature_that_cannot_be_is_refused(people, changes):
    agreement = draft(people)
    given = {
        "agreement": agreement,
        "agency": people.police,
        "name": "C. Constable",
        "signed_on": TODAY,
        "version": agreement.version,
        "by": people.manager,
        "upload": SimpleUploadedFile("signed.pdf", PDF),
        **changes,
    }
    with pytest.raises(Refused):
        services.record_paper_signature(**given)
    assert not AgreementParty.objects.filter(signed_on__isnull=False).exists()


def test_only_the_manager_records_paper(people, director):
    agreement = draft(people)
    with pytest.raises(NotAllowed):
        services.record_paper_signature(
            agreement=agreement,
            agency=people.housing,
            name="H. Housing",
            signed_on=TODAY,
            version=agreement.version,
            by=director,
            upload=SimpleUploadedFile("signed.pdf", PDF),
        )


@pytest.mark.parametrize("who", ["director", "manager"])
def test_withdrawing_closes_at_once_and_cannot_be_signed_again(people, chief, director, who):
    agreement = draft(people)
    sign(agreement, chief)
    party = sign(agreement, director)
    by = director if who == "director" else people.manager
    services.withdraw_party(party=party, reason="New owners", by=by)
    assert not opens(people)
    with pytest.raises(Refused, match="withdrawn"):
        sign(agreement, director)
    assert acts(agreement)[-1] == "withdrew"
    (change, *_) = history_of(party, reader=people.manager)
    assert change.why == "New owners"


def test_nobody_else_withdraws_an_agency(people, chief, director):
    agreement = draft(people)
    party = sign(agreement, director)
    for user in (chief, people.coordinator, people.leader, people.neighbour):
        with pytest.raises(NotAllowed):
            services.withdraw_party(party=party, reason="No", by=user)
    with pytest.raises(Refused):
        services.withdraw_party(party=party, reason=" ", by=director)


def test_ending_closes_at_once(people, chief, director):
    agreement = draft(people)
    sign(agreement, chief)
    sign(agreement, director)
    with pytest.raises(NotAllowed):
        services.end_agreement(
            agreement=agreement, reason="No", version=agreement.version, by=director
        )
    services.end_agreement(
        agreement=agreement, reason="Scheme closed", version=agreement.version, by=people.manager
    )
    assert not opens(people)
    entry = LedgerEntry.objects.filter(action=LedgerAction.AGREEMENT).order_by("-id").first()
    assert (entry.detail["what"], entry.reason) == ("ended", "Scheme closed")


def test_a_review_sets_the_next_one(people):
    agreement = draft(people)
    done = services.review_agreement(
        agreement=agreement,
        found="Still needed.",
        review_on=dt.date(2025, 3, 1),
        version=agreement.version,
        by=people.manager,
    )
    assert done.review_on == dt.date(2025, 3, 1)
    for wrong in (TODAY, dt.date(2025, 6, 25)):
        with pytest.raises(Refused):
            services.review_agreement(
                agreement=done,
                found="Yes",
                review_on=wrong,
                version=done.version,
                by=people.manager,
            )
