"""Agreements, consents and what there is to protect, told to the services day by day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.template.loader import render_to_string

from accounts.models import Agency
from core import clock
from core.choices import Marking
from core.pdf import render_pdf
from demo.content import Story
from demo.content_sharing import (
    AgreementEntry,
    ConsentEntry,
    DrawnEntry,
    PartyEntry,
    SensitiveEntry,
)
from demo.loading.programmes import identity, user_of
from programmes import services
from programmes.consents import WORDING
from programmes.models import Consent, Location, Programme, SharingAgreement, StepRecord
from programmes.services import agreements, consents


def is_there(story: Story) -> bool:
    """Say whether it was loaded (all in one transaction)."""
    wanted = {identity("agreement", entry.key) for entry in story.sharing.agreements}
    return SharingAgreement.objects.filter(pk__in=wanted).count() == len(wanted)


@transaction.atomic
def load(story: Story) -> None:
    """Draft and sign the agreements, then record what they protect."""
    agencies = {entry.key: Agency.objects.get(name=entry.name) for entry in story.agencies}
    sharing = story.sharing
    for agreement in sharing.agreements:
        _agreement(agreement, agencies)
    for evidence in sharing.sensitive:
        _sensitive(evidence)
    for place in sharing.drawn:
        _drawn(place)
    for consent in sharing.consents:
        _consent(consent)


def _agreement(entry: AgreementEntry, agencies: Mapping[str, Agency]) -> None:
    manager = user_of("manager")
    with clock.business_date(entry.starts_on):
        agreement = agreements.draft_agreement(
            id=identity("agreement", entry.key),
            programme=Programme.objects.get(slug=entry.programme),
            title=entry.title,
            purpose=entry.purpose,
            legal_basis=entry.legal_basis,
            categories=entry.categories,
            starts_on=entry.starts_on,
            review_on=entry.review_on,
            ends_on=entry.ends_on,
            parties=[agencies[party.agency] for party in entry.parties],
            responsible=user_of(entry.responsible),
            by=manager,
            demonstration=True,
        )
    signed = [party for party in entry.parties if party.signed_on is not None]
    for party in sorted(signed, key=lambda one: str(one.signed_on)):
        with clock.business_date(party.signed_on):
            _sign(entry, party, agreement, agencies)


def _sign(
    entry: AgreementEntry,
    party: PartyEntry,
    agreement: SharingAgreement,
    agencies: Mapping[str, Agency],
) -> None:
    """Let an agency sign here by one of its people, or keep its signature on paper."""
    agreement.refresh_from_db()
    agency = agencies[party.agency]
    if party.signed_by:
        person = user_of(party.signed_by)
        agreements.sign_agreement(
            agreement=agreement,
            agency=agency,
            name=person.name,
            version=agreement.version,
            by=person,
        )
        return
    assert party.signed_on is not None
    agreements.record_paper_signature(
        agreement=agreement,
        agency=agency,
        name=party.paper_name,
        signed_on=party.signed_on,
        version=agreement.version,
        by=user_of("manager"),
        upload=None if agreement.document_id else _document(entry, agencies),
    )


def _document(entry: AgreementEntry, agencies: Mapping[str, Agency]) -> Any:
    """Return the page that was signed on paper, made up like all of it."""
    on_paper = [
        {"agency": agencies[party.agency], "name": party.paper_name, "signed_on": party.signed_on}
        for party in entry.parties
        if party.paper_name
    ]
    html = render_to_string(
        "demo/signatures.html",
        {
            "title": entry.title,
            "subtitle": "Signatures on paper",
            "marking": Marking.OFFICIAL.label,
            "agreement": entry,
            "parties": on_paper,
        },
    )
    content = render_pdf(html, marking=Marking.OFFICIAL.label)
    return SimpleUploadedFile("signatures.pdf", content, content_type="application/pdf")


def _sensitive(entry: SensitiveEntry) -> None:
    with clock.business_date(entry.done_on):
        services.record_evidence(
            record=StepRecord.objects.get(
                location__slug=entry.location, definition__number=entry.step
            ),
            id=identity("evidence", entry.location, entry.step, entry.title),
            title=entry.title,
            note=entry.note,
            done_on=entry.done_on,
            marking=Marking.OFFICIAL_SENSITIVE,
            handling=entry.handling,
            by=user_of(entry.by),
            demonstration=True,
        )


def _drawn(entry: DrawnEntry) -> None:
    location = Location.objects.get(slug=entry.location)
    by = user_of("coordinator")
    place = services.create_target_place(
        id=identity("place", entry.location, entry.slug),
        location=location,
        slug=entry.slug,
        name=entry.name,
        summary=entry.summary,
        by=by,
        demonstration=True,
    )
    ring = [*entry.points, entry.points[0]]
    services.set_drawn_area(
        owner=place,
        boundary=MultiPolygon(Polygon(ring), srid=4326),
        note=entry.note,
        by=by,
        demonstration=True,
    )


def _consent(entry: ConsentEntry) -> None:
    by = user_of(entry.by)
    with clock.business_date(entry.given_on):
        consent: Consent = consents.record_consent(
            id=identity("consent", entry.location, entry.key),
            location=Location.objects.get(slug=entry.location),
            name=entry.name,
            contact=entry.contact,
            purpose=entry.purpose,
            wording=str(WORDING[entry.purpose]),
            given_on=entry.given_on,
            given_how=entry.given_how,
            ends_on=entry.ends_on,
            by=by,
            demonstration=True,
        )
    if entry.withdrawn_on is not None:
        with clock.business_date(entry.withdrawn_on):
            consents.withdraw_consent(
                consent=consent,
                version=consent.version,
                withdrawn_on=entry.withdrawn_on,
                note=entry.withdrawn_note,
                by=by,
            )
