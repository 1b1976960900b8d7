"""What the demonstration shows of sharing: who is covered for what, and what is about to lapse."""

import datetime as dt

import pytest

from accounts.models import User
from accounts.sharing import Category
from demo.content import BUSINESS_DATE
from programmes.models import AgreementParty, Consent, Evidence, Programme, SharingAgreement
from programmes.sharing import opens_evidence, shared_with

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("demonstration", "its_rooms"),
]


def person(name):
    return User.objects.get(email=f"{name}@demo.example")


def shared(name, on=BUSINESS_DATE):
    return shared_with(person(name), Programme.objects.get(slug="west-mercia"), on)


def test_police_council_housing_and_community_group_share_and_others_do_not():
    police = person("coordinator").agency_id
    for name in ("leader", "partner", "community", "coordinator"):
        assert shared(name).covers(Category.SENSITIVE_NOTES, police), name
    for name in ("verifier", "researcher", "admin"):
        assert not shared(name).covers(Category.SENSITIVE_NOTES, police), name


def test_when_the_agreement_has_run_out_each_agency_keeps_its_own():
    later = dt.date(2025, 1, 1)
    police, housing = person("coordinator").agency_id, person("partner").agency_id
    assert shared("partner", later).covers(Category.SENSITIVE_NOTES, housing)
    assert not shared("partner", later).covers(Category.SENSITIVE_NOTES, police)


def test_sensitive_evidence_of_police_and_of_housing_is_there_to_try_it():
    sensitive = Evidence.objects.filter(marking="official-sensitive")
    agencies = {str(row.agency) for row in sensitive}
    assert agencies == {"Police (demonstration)", "Housing provider (demonstration)"}
    for row in sensitive:
        assert opens_evidence(shared("partner"), row)
        assert not opens_evidence(shared("verifier"), row)


def test_the_agreement_on_force_extracts_waits_for_the_council():
    waiting = AgreementParty.objects.filter(signed_on=None)
    assert [str(party.agency) for party in waiting] == ["Council (demonstration)"]
    agreement = SharingAgreement.objects.get(pk=waiting[0].agreement_id)
    assert agreement.categories == [Category.FORCE_EXTRACTS]
    assert not shared("leader").covers(Category.FORCE_EXTRACTS, person("analyst").agency_id)


def test_one_agreement_is_due_for_review_within_six_weeks_and_one_has_run_out():
    due = SharingAgreement.objects.filter(
        review_on__range=(BUSINESS_DATE, BUSINESS_DATE + dt.timedelta(weeks=6))
    )
    assert [row.title for row in due] == ["Working together in four towns (demonstration)"]
    assert SharingAgreement.objects.filter(ends_on__lt=BUSINESS_DATE).count() == 1


def test_two_of_nine_consents_were_taken_back():
    assert Consent.objects.count() == 9
    assert Consent.objects.all().standing(BUSINESS_DATE).count() == 7


def test_a_signature_on_paper_has_its_document():
    agreements = SharingAgreement.objects.filter(parties__on_paper=True).distinct()
    assert agreements.count() == 2
    for agreement in agreements:
        assert agreement.document.name == "signatures.pdf"
