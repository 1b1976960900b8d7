"""People, agencies, and the bases of memberships."""

from accounts.models.agency import Agency, AgencyMembership, AgencyUserPermission
from accounts.models.agreement import Agreement
from accounts.models.attempt import SignInCount
from accounts.models.grant import Grant
from accounts.models.invitation import AccessLink, Invitation, digest_of
from accounts.models.membership import Membership, MembershipQuerySet
from accounts.models.token import ApiToken
from accounts.models.user import User

__all__ = [
    "AccessLink",
    "Agency",
    "AgencyMembership",
    "AgencyUserPermission",
    "Agreement",
    "ApiToken",
    "Grant",
    "Invitation",
    "Membership",
    "MembershipQuerySet",
    "SignInCount",
    "User",
    "digest_of",
]
