"""People, agencies, and the bases of memberships."""

from accounts.models.agency import Agency, AgencyMembership, AgencyUserPermission
from accounts.models.attempt import SignInCount
from accounts.models.grant import Grant
from accounts.models.membership import Membership, MembershipQuerySet
from accounts.models.token import ApiToken
from accounts.models.user import User

__all__ = [
    "Agency",
    "AgencyMembership",
    "AgencyUserPermission",
    "ApiToken",
    "Grant",
    "Membership",
    "MembershipQuerySet",
    "SignInCount",
    "User",
]
