"""What the models of the packages in use hold of people: theirs to define, ours to answer for.

Beside ``core.personal``, which reads what our own models declare. A model that is in use and could
hold personal data by a field's type stands in one of the two tables, whole.
"""

from __future__ import annotations

from core.personal import Personal

OTHERS: dict[str, dict[str, Personal]] = {
    "account.EmailAddress": {"user": Personal.IDENTITY, "email": Personal.CONTACT},
    "account.EmailConfirmation": {"key": Personal.TRACE},
    "mfa.Authenticator": {"user": Personal.IDENTITY, "data": Personal.TRACE},
    "usersessions.UserSession": {
        "user": Personal.IDENTITY,
        "ip": Personal.TRACE,
        "user_agent": Personal.TRACE,
        "session_key": Personal.TRACE,
        "data": Personal.TRACE,
    },
    "sessions.Session": {"session_key": Personal.TRACE, "session_data": Personal.TRACE},
    "pghistory.Context": {"id": Personal.TRACE, "metadata": Personal.TRACE},
    "pghistory.Events": {"pgh_data": Personal.FREE_TEXT, "pgh_context": Personal.TRACE},
    "pghistory.MiddlewareEvents": {"user": Personal.AUTHOR, "url": Personal.TRACE},
    "guardian.UserObjectPermission": {"user": Personal.IDENTITY},
}

WITHOUT_PEOPLE = {
    "auth.Group": "not used: roles are memberships",
    "auth.Permission": "names of permissions",
    "contenttypes.ContentType": "names of models",
    "gis.PostGISGeometryColumns": "PostGIS' own description of columns",
    "gis.PostGISSpatialRefSys": "PostGIS' own reference systems",
    "guardian.GroupObjectPermission": "not used: no groups",
}
