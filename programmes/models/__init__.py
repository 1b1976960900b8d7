"""Programmes, their step templates, locations and step records."""

from programmes.models.agreement import AgreementParty, SharingAgreement
from programmes.models.consent import Consent
from programmes.models.membership import LocationMembership, ProgrammeMembership
from programmes.models.permission import LocationUserPermission, ProgrammeUserPermission
from programmes.models.place import Location, TargetPlace
from programmes.models.programme import Programme
from programmes.models.record import Evidence, SignOff, StepRecord
from programmes.models.template import EvidenceWanted, StepDefinition, StepTemplate
from programmes.models.verification import Verification

__all__ = [
    "AgreementParty",
    "Consent",
    "Evidence",
    "EvidenceWanted",
    "Location",
    "LocationMembership",
    "LocationUserPermission",
    "Programme",
    "ProgrammeMembership",
    "ProgrammeUserPermission",
    "SharingAgreement",
    "SignOff",
    "StepDefinition",
    "StepRecord",
    "StepTemplate",
    "TargetPlace",
    "Verification",
]
