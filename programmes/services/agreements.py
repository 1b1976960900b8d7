"""Sharing agreements: drafted, signed agency by agency, reviewed, withdrawn from, ended.

What nobody has signed may be changed; from the first signature on the text stands, and another
agreement is drafted instead. A withdrawal and an end take effect on the day itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Agency
from accounts.permissions import Permission
from accounts.sharing import Category
from core import clock, files
from core.choices import LedgerAction, Marking
from core.errors import Conflict, Refused
from core.history import because
from core.ledger import note
from core.marking import refuse_unhandled
from core.screen import day
from programmes import policy
from programmes.models import AgreementParty, Programme, SharingAgreement
from programmes.services.repeats import create_once, is_demonstration
from programmes.services.steps import refuse_future

DOCUMENTS = files.Kinds.PDF | files.Kinds.IMAGES
EDITABLE = (
    "title",
    "purpose",
    "legal_basis",
    "categories",
    "starts_on",
    "review_on",
    "ends_on",
    "responsible",
    "marking",
    "handling",
)


@transaction.atomic
def draft_agreement(
    *,
    programme: Programme,
    title: str,
    purpose: str,
    legal_basis: str,
    categories: Sequence[str],
    starts_on: dt.date,
    review_on: dt.date,
    ends_on: dt.date,
    parties: Iterable[Agency],
    by: Any,
    responsible: Any = None,
    marking: str = Marking.OFFICIAL,
    handling: str = "",
    id: UUID | None = None,  # noqa: A002  # the field's own name
    demonstration: bool | None = None,
) -> SharingAgreement:
    """Draft an agreement between at least two agencies; it opens nothing until they have signed.

    Sending the same ``id`` again with the same content is harmless. Raises core.errors.NotAllowed,
    Refused (fewer than two parties, no category, dates out of order, conflicting repeat).
    """
    policy.require(by, Permission.AGREEMENT_MANAGE, programme)
    same = {
        "programme": programme,
        "title": title.strip(),
        "purpose": purpose.strip(),
        "legal_basis": legal_basis,
        "categories": _ordered(categories),
        "starts_on": starts_on,
        "review_on": review_on,
        "ends_on": ends_on,
        "marking": marking,
        "handling": handling,
    }
    chosen = _at_least_two(parties)
    _check(same)
    with because(by=by):
        agreement, new = create_once(
            SharingAgreement,
            id,
            same,
            responsible=responsible or by,
            is_demonstration=is_demonstration(demonstration),
        )
        if new:
            _set_parties(agreement, chosen)
            _note("drafted", agreement, by)
    return agreement


@transaction.atomic
def change_agreement(
    *,
    agreement: SharingAgreement,
    version: int,
    by: Any,
    parties: Iterable[Agency] | None = None,
    **changes: Any,
) -> SharingAgreement:
    """Change an agreement that nobody has signed; ``changes`` holds fields of ``EDITABLE``.

    ``parties`` None leaves them. Raises core.errors.Conflict if someone saved in between,
    NotAllowed, Refused (signed already, ended, as ``draft_agreement``).
    """
    policy.require(by, Permission.AGREEMENT_MANAGE, agreement)
    stored = _locked(agreement, version)
    _refuse_ended(stored)
    if stored.parties.filter(signed_on__isnull=False).exists():
        raise Refused(
            _(
                "This agreement is signed, so its text stands. End it and draft another, or have "
                "the parties withdraw."
            )
        )
    for name, value in changes.items():
        if name not in EDITABLE:
            raise ValueError(f"{name} is no field that change_agreement changes")
        setattr(stored, name, value)
    stored.categories = _ordered(stored.categories)
    _check({name: getattr(stored, name) for name in EDITABLE})
    with because(by=by):
        stored.save_version(version, update_fields=[*EDITABLE, "version", "updated_at"])
        if parties is not None:
            _set_parties(stored, _at_least_two(parties))
        _note("changed", stored, by)
    return stored


@transaction.atomic
def sign_agreement(
    *, agreement: SharingAgreement, agency: Agency, name: str, version: int, by: Any
) -> AgreementParty:
    """Sign for an agency, today; ``version`` is that of the text the person read.

    ``by`` signs in ``name`` and holds the right to sign on the agency itself. Signing twice is
    harmless. Raises core.errors.Conflict if the text changed in between, NotAllowed, Refused (not
    a party, withdrawn, ended or run out, no name).
    """
    policy.require(by, Permission.AGREEMENT_SIGN, agency)
    stored = _locked(agreement, version)
    party = _party(stored, agency)
    if party.signed_on is not None:
        return party
    return _sign(stored, party, name, clock.today(), by)


@transaction.atomic
def record_paper_signature(
    *,
    agreement: SharingAgreement,
    agency: Agency,
    name: str,
    signed_on: dt.date,
    version: int,
    by: Any,
    upload: UploadedFile | None = None,
) -> AgreementParty:
    """Record that somebody signed for an agency on paper, with the signed document.

    ``upload`` (PDF or a picture) may be left out where the document is held already and bears this
    signature too; a new one takes its place. Raises core.errors.Conflict, NotAllowed, Refused (as
    ``sign_agreement``; signed already, date after today, no document).
    """
    policy.require(by, Permission.AGREEMENT_MANAGE, agreement)
    stored = _locked(agreement, version)
    party = _party(stored, agency)
    if party.signed_on is not None:
        raise Refused(_("%(agency)s has signed already.") % {"agency": agency})
    refuse_future(signed_on)
    if upload is None and stored.document_id is None:
        raise Refused(_("Add the signed document."))
    with because(by=by):
        if upload is not None:
            stored.document = files.store(upload, name=upload.name or "file", accept=DOCUMENTS)
            stored.save(update_fields=["document", "updated_at"])
        return _sign(stored, party, name, signed_on, by, on_paper=True)


@transaction.atomic
def withdraw_party(*, party: AgreementParty, reason: str, by: Any) -> AgreementParty:
    """Take an agency out of an agreement, from today on; the place and the reason stay.

    For those who sign for the agency, and those who manage the agreement. Doing it twice is
    harmless. Raises core.errors.NotAllowed, Refused (no reason, ended).
    """
    agreement = party.agreement
    if by is not None and not policy.holds(by, Permission.AGREEMENT_SIGN, party.agency):
        policy.require(by, Permission.AGREEMENT_MANAGE, agreement)
    if not reason.strip():
        raise Refused(_("Say why the agency withdraws."))
    stored = _locked(agreement)
    current: AgreementParty = _party(stored, party.agency, withdrawn_too=True)
    if current.withdrew_on is not None:
        return current
    _refuse_ended(stored)
    current.withdrew_on = clock.today()
    with because(by=by, reason=reason.strip()):
        current.save_version(current.version)
        _note("withdrew", stored, by, reason=reason.strip(), party=str(current.agency_id))
    return current


@transaction.atomic
def end_agreement(
    *, agreement: SharingAgreement, reason: str, version: int, by: Any
) -> SharingAgreement:
    """End an agreement early, from today on, with the reason.

    Raises core.errors.Conflict, NotAllowed, Refused (no reason, ended or run out already).
    """
    policy.require(by, Permission.AGREEMENT_MANAGE, agreement)
    if not reason.strip():
        raise Refused(_("Say why the agreement is ended."))
    stored = _locked(agreement, version)
    _refuse_ended(stored)
    stored.ended_on, stored.ended_reason = clock.today(), reason.strip()
    with because(by=by, reason=stored.ended_reason):
        stored.save_version(
            version, update_fields=["ended_on", "ended_reason", "version", "updated_at"]
        )
        _note("ended", stored, by, reason=stored.ended_reason)
    return stored


@transaction.atomic
def review_agreement(
    *, agreement: SharingAgreement, found: str, review_on: dt.date, version: int, by: Any
) -> SharingAgreement:
    """Record what a review found, and the day of the next; the text stands.

    Raises core.errors.Conflict, NotAllowed, Refused (nothing said, day past or after the end,
    ended).
    """
    policy.require(by, Permission.AGREEMENT_MANAGE, agreement)
    if not found.strip():
        raise Refused(_("Say what the review found."))
    stored = _locked(agreement, version)
    _refuse_ended(stored)
    if not clock.today() < review_on <= stored.ends_on:
        raise Refused(
            _("The next review lies after today and not after the end, %(date)s.")
            % {"date": day(stored.ends_on)}
        )
    stored.review_on = review_on
    with because(by=by, reason=found.strip()):
        stored.save_version(version, update_fields=["review_on", "version", "updated_at"])
        _note("reviewed", stored, by, reason=found.strip())
    return stored


def _sign(
    agreement: SharingAgreement,
    party: AgreementParty,
    name: str,
    signed_on: dt.date,
    by: Any,
    *,
    on_paper: bool = False,
) -> AgreementParty:
    _refuse_ended(agreement)
    if not name.strip():
        raise Refused(_("Enter the name of the person who signs."))
    party.signed_on, party.signed_name = signed_on, name.strip()
    party.signed_by, party.on_paper = by, on_paper
    with because(by=by):
        party.save_version(party.version)
        _note("signed", agreement, by, party=str(party.agency_id), on_paper=on_paper)
    return party


def _locked(agreement: SharingAgreement, version: int | None = None) -> SharingAgreement:
    """Return the stored agreement, locked; signing and changing wait for each other."""
    stored: SharingAgreement = SharingAgreement.objects.select_for_update(of=("self",)).get(
        pk=agreement.pk
    )
    if version is not None and stored.version != version:
        raise Conflict(
            _("Someone else changed this agreement while you were reading it."), current=stored
        )
    return stored


def _party(
    agreement: SharingAgreement, agency: Agency, *, withdrawn_too: bool = False
) -> AgreementParty:
    found: AgreementParty | None = agreement.parties.filter(agency=agency).first()
    if found is None:
        raise Refused(_("%(agency)s is no party to this agreement.") % {"agency": agency})
    if found.withdrew_on is not None and not withdrawn_too:
        raise Refused(
            _("%(agency)s has withdrawn from this agreement. Draft another.") % {"agency": agency}
        )
    return found


def _set_parties(agreement: SharingAgreement, agencies: Sequence[Agency]) -> None:
    """Make these the parties; only called while nobody has signed."""
    agreement.parties.exclude(agency__in=agencies).delete()
    there = set(agreement.parties.values_list("agency_id", flat=True))
    AgreementParty.objects.bulk_create(
        AgreementParty(
            agreement=agreement, agency=agency, is_demonstration=agreement.is_demonstration
        )
        for agency in agencies
        if agency.pk not in there
    )


def _at_least_two(parties: Iterable[Agency]) -> list[Agency]:
    chosen = list({agency.pk: agency for agency in parties}.values())
    if len(chosen) < 2:
        raise Refused(_("An agreement needs at least two agencies."))
    return chosen


def _ordered(categories: Sequence[str]) -> list[str]:
    return [value for value in Category.values if value in set(categories)]


def _check(fields: dict[str, Any]) -> None:
    if not fields["title"] or not fields["purpose"]:
        raise Refused(_("An agreement needs a title and a purpose."))
    if not fields["categories"]:
        raise Refused(_("Choose at least one category of information."))
    if not fields["starts_on"] <= fields["review_on"] <= fields["ends_on"]:
        raise Refused(_("The review lies between the first and the last day of the agreement."))
    refuse_unhandled(fields["marking"], fields["handling"])


def _refuse_ended(agreement: SharingAgreement) -> None:
    if agreement.ended_on is not None:
        raise Refused(
            _("This agreement was ended on %(date)s.") % {"date": day(agreement.ended_on)}
        )
    if agreement.ends_on < clock.today():
        raise Refused(_("This agreement ran out on %(date)s.") % {"date": day(agreement.ends_on)})


def _note(
    act: str, agreement: SharingAgreement, by: Any, *, reason: str = "", **detail: Any
) -> None:
    note(LedgerAction.AGREEMENT, by=by, subject=agreement, reason=reason, what=act, **detail)
