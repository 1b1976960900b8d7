"""What the access matrix asks for: one's own records, the neighbour's, and another agency's.

``own`` is Leominster's ordinary record of each kind, ``n_…`` the same of Redditch, ``x_…`` one at
Leominster that belongs to Teme or is held back without an agreement. Texts in them are sentinels:
``SECRETS`` says which personas may ever find one in an answer, whatever they ask for.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from accounts.models import AgencyMembership, ApiToken
from accounts.roles import Role
from incidents.models import DataPackage
from places.models import AreaDefinition
from programmes.models import (
    Consent,
    Evidence,
    ProgrammeMembership,
    SignOff,
    StepRecord,
)
from reports.models import ProgressReport
from tests import areas
from tests.factories.accounts import UserFactory
from tests.factories.core import JobRunFactory, StoredFileFactory
from tests.factories.incidents import IncidentFactory, package_zip
from tests.factories.places import lsoa_set, square
from tests.factories.programmes import (
    ConsentFactory,
    EvidenceWantedFactory,
    SharingAgreementFactory,
    StepRecordFactory,
    TargetPlaceFactory,
)
from tests.house.test_url_table import names
from tests.matrix.cast import Cast
from tests.personas import give_location_role
from tests.world import A_DATE, make_one_of_everything, noted_at

# Personas who read a secret: by role at Leominster and by the owner's agency or an agreement.
POLICE = {"community", "verifier", "analyst", "leader", "coordinator", "manager", "token_reader"}
READ_PEOPLE = {"community", "coordinator", "manager", "token_reader"}
READ_DATA = {"analyst", "leader", "coordinator", "manager", "token_reader", "researcher"}
SECRETS: dict[str, set[str]] = {
    # Teme's sensitive evidence: those who read evidence, of agencies that Teme shares with.
    "x-title-q7": {"covered", "teme"},
    "x-note-q7": {"covered", "teme"},
    "x-link-q7": {"covered", "teme"},
    "x-file-name-q7": {"covered", "teme"},
    "x-file-bytes-q7": {"covered", "teme"},
    # Teme's consent.
    "x-resident-q7": {"covered", "teme"},
    "x-contact-q7": {"covered", "teme"},
    # A consent of the police.
    "own-resident-q7": READ_PEOPLE | {"covered"},
    "own-contact-q7": READ_PEOPLE | {"covered"},
    # A package from restricted sources: the lead agency's, for those who read data.
    "x-package-bytes-q7": READ_DATA - {"researcher"} | {"covered"},
    # A package of the police's and of Teme's data: whoever is covered for both.
    "x-supplied-package-q7": {"covered"},
    # A package with a drawn boundary in it: the lead agency's.
    "x-drawn-package-q7": READ_DATA | {"covered"},
    # A drawn boundary and what is said of it: the lead agency's, for those who see the place.
    "-2.73917": POLICE | {"covered"},
    "x-area-note-q7": POLICE | {"covered"},
    # The lead agency's sensitive step.
    "x-step-notes-q7": POLICE | {"covered"},
    "x-statement-q7": POLICE | {"covered"},
    # The neighbour's.
    "neighbours-title-q7": {"neighbour"},
    "neighbours-note-q7": {"neighbour"},
    "neighbours-bytes-q7": {"neighbour"},
    "neighbours-resident-q7": {"neighbour"},
    "neighbours-place-q7": {"neighbour"},
    "neighbours-agreement-q7": {"neighbour"},
    # How to reach the verifier: those who see people, of an agency that is covered.
    "verifier@example.test": READ_PEOPLE | {"covered", "verifier", "admin"},
    # How to reach a partner of Teme's: those who see people, of an agency that Teme shares with.
    "x-partner-q7@example.test": {"covered", "teme", "admin"},
    # Somebody of the housing agency without a role: those who hold a role on the agency.
    "inside-housing-q7": {"agency_leader", "admin"},
}


def make_things(cast: Cast) -> dict[str, Any]:
    """Make the records and return what the placeholders of the tables stand for."""
    people = cast.people
    made = make_one_of_everything(people)
    Consent.objects.filter(pk=made["programmes.Consent"].pk).update(
        name="own-resident-q7", contact="own-contact-q7"
    )
    known = {
        **names(made),
        **_neighbours(cast),
        **_anothers(cast),
        **_accounts(cast),
        "programme_id": people.programme.pk,
        "location_id": people.location.pk,
        "n_programme_id": people.other_programme.pk,
        "n_location_id": people.other_location.pk,
    }
    for make in (*areas.said("things", "neighbours"), *areas.said("things", "anothers")):
        known.update(make(cast, known))
    return known


def _package(location: Any, content: bytes, **fields: Any) -> DataPackage:
    file = StoredFileFactory(name="package.zip", content=package_zip(content))
    return DataPackage.objects.create(
        location=location,
        first_month=dt.date(2024, 1, 1),
        last_month=dt.date(2024, 3, 1),
        recipe={},
        built_on=A_DATE,
        file=file,
        briefing_html=StoredFileFactory(name="briefing.html", content=content),
        briefing_pdf=file,
        **{"fingerprint": "1" * 64, **fields},
    )


def _neighbours(cast: Cast) -> dict[str, Any]:
    """Make the twins at Redditch of what the tables name at Leominster."""
    people, location = cast.people, cast.people.other_location
    by, owner = people.neighbour, people.neighbour.agency
    step = StepRecordFactory(location=location, definition__number=1)
    file = StoredFileFactory(name="walk.csv", content=b"neighbours-bytes-q7\n")
    evidence = Evidence.objects.create(
        step_record=step,
        title="neighbours-title-q7",
        note="neighbours-note-q7",
        done_on=A_DATE,
        recorded_by=by,
        file=file,
    )
    SignOff.objects.create(step_record=step, signed_by=by, signed_on=A_DATE)
    report = ProgressReport.objects.create(
        location=location,
        quarter="2023-24-Q4",
        figures={},
        fingerprint="0" * 64,
        built_on=A_DATE,
        html=file,
        pdf=file,
        annex=file,
        annex_marking="official-sensitive",
        annex_owners=[owner.pk],
    )
    agreement = SharingAgreementFactory(
        programme=people.other_programme,
        title="neighbours-agreement-q7",
        signed=[owner],
        unsigned=[cast.agencies["none"]],
        document=file,
    )
    consent = ConsentFactory(
        location=location, name="neighbours-resident-q7", agency=owner, recorded_by=by
    )
    partner = UserFactory(email="n-partner@example.test", name="Neighbours", agency=owner)
    leaders = ProgrammeMembership.objects.filter(anchor=people.other_programme)
    return {
        "n_programme": people.other_programme.slug,
        "n_location": location.slug,
        "n_place": "grange",
        "n_place_id": TargetPlaceFactory(
            location=location, slug="grange", name="neighbours-place-q7"
        ).pk,
        "n_step": step.definition.number,
        "n_step_id": step.pk,
        "n_evidence_id": evidence.pk,
        "n_package_id": _package(location, b"neighbours-bytes-q7\n").pk,
        "n_report_id": report.pk,
        "n_consent_id": consent.pk,
        "n_agreement_id": agreement.pk,
        "n_party_id": agreement.parties.get(agency=cast.agencies["none"]).pk,
        "n_job_id": JobRunFactory(requested_by=by).pk,
        "n_entry_id": noted_at(location).pk,
        "n_member_id": give_location_role(partner, location, Role.PARTNER).pk,
        "n_programme_member_id": leaders.get().pk,
        "n_person_id": partner.pk,
    }


def _published(cast: Cast) -> None:
    """Hold a published month of Leominster."""
    location = cast.people.location
    location.area = lsoa_set("E01014048")
    location.save(update_fields=["area"])
    IncidentFactory()


def drawn(note: str) -> AreaDefinition:
    """Return a drawn boundary with a note and a corner that nothing else has."""
    return AreaDefinition.objects.create(
        kind="drawn", boundary=square(-2.73917, 52.22613), residents=1_200, note=note
    )


def _anothers(cast: Cast) -> dict[str, Any]:
    """Make what another agency owns, or what a role alone does not open."""
    people, teme = cast.people, cast.agencies["teme"]
    step = StepRecord.objects.get(location=people.location)
    sensitive = {"marking": "official-sensitive", "handling": "Only as agreed."}
    StepRecord.objects.filter(pk=step.pk).update(notes="Walks are on Mondays.")
    evidence = Evidence.objects.create(
        step_record=step,
        title="x-title-q7",
        note="x-note-q7",
        link="https://example.test/x-link-q7",
        done_on=A_DATE,
        recorded_by=cast.users["teme"],
        agency=teme,
        file=StoredFileFactory(name="x-file-name-q7.csv", content=b"x-file-bytes-q7\n"),
        **sensitive,
    )
    consent = ConsentFactory(
        location=people.location,
        name="x-resident-q7",
        contact="x-contact-q7",
        agency=teme,
        recorded_by=cast.users["teme"],
    )
    place = TargetPlaceFactory(
        location=people.location, slug="x-place", name="Drawn place", area=drawn("x-area-note-q7")
    )
    held_back = StepRecordFactory(
        location=people.location, definition__number=2, notes="x-step-notes-q7", **sensitive
    )
    unsigned = StepRecordFactory(location=people.location, definition__number=3)
    for number in (2, 3):  # every location has every step
        StepRecordFactory(location=people.other_location, definition__number=number)
    SignOff.objects.create(
        step_record=held_back,
        signed_by=people.leader,
        signed_on=A_DATE,
        statement="x-statement-q7",
        **sensitive,
    )
    _published(cast)
    partner = UserFactory(email="x-partner-q7@example.test", name="Partner of Teme", agency=teme)
    give_location_role(partner, people.location, Role.PARTNER)
    return {
        "x_evidence_id": evidence.pk,
        "x_consent_id": consent.pk,
        "x_package_id": _package(people.location, b"x-package-bytes-q7\n", restricted=True).pk,
        "x_supplied_package_id": _package(
            people.location,
            b"x-supplied-package-q7\n",
            restricted=True,
            fingerprint="3" * 64,
            supplied_by=[people.police.pk, teme.pk],
        ).pk,
        "x_drawn_package_id": _package(
            people.location,
            b"x-drawn-package-q7\n",
            fingerprint="2" * 64,
            summary={"area_kind": "drawn"},
        ).pk,
        "x_place": place.slug,
        "x_place_id": place.pk,
        "x_step": held_back.definition.number,
        "x_step_id": held_back.pk,
        "x_job_id": JobRunFactory(requested_by=cast.users["teme"]).pk,
        "open_step_id": unsigned.pk,
        "wanted_id": EvidenceWantedFactory(step=unsigned.definition).pk,
    }


def _accounts(cast: Cast) -> dict[str, Any]:
    people, users = cast.people, cast.users
    UserFactory(name="inside-housing-q7", agency=cast.agencies["housing"])
    return {
        "housing_id": cast.agencies["housing"].pk,
        "new_id": uuid.uuid4(),
        "police_id": people.police.pk,
        "teme_id": cast.agencies["teme"].pk,
        "coordinator_id": people.coordinator.pk,
        "leader_id": people.leader.pk,
        "manager_id": people.manager.pk,
        "housing_member_id": AgencyMembership.objects.get(user=users["agency_leader"]).pk,
        "reader_token_id": ApiToken.objects.get(user=users["token_reader"]).pk,
    }
