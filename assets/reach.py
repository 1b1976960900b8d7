"""What assets and their connections ask of those who see them, for the account of who can."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.sharing import Category
from assets.models import Asset, Connection
from programmes.reach import Reach, at_location, register_reach
from programmes.sharing import is_sensitive

PEOPLE = frozenset({Permission.PEOPLE_READ})


def asset_reach(asset: Asset) -> Reach:
    """Return it: a contributor by consent and for few, anything else as its location."""
    matters = frozenset({Permission.ASSET_RECORD, Permission.EXPORT})
    if asset.is_person:
        return _person(asset, matters)
    categories = [Category.EXACT_COORDINATES, Category.PEOPLE]
    why = [
        _(
            "How it is reached is seen by those who see people here. Where it is, and how it is "
            "reached, other agencies see only while a sharing agreement opens it to them."
        )
    ]
    if is_sensitive(asset):
        categories.append(Category.SENSITIVE_NOTES)
        why.append(
            _(
                "It is OFFICIAL-SENSITIVE: agencies other than the one whose information it is "
                "read it only while a sharing agreement opens sensitive notes to them."
            )
        )
    return at_location(
        asset.location,
        matters=matters,
        categories=tuple(categories),
        read_as=(Category.SENSITIVE_NOTES,) if is_sensitive(asset) else (),
        owner=asset.agency,
        recorded_by_id=asset.recorded_by_id,
        why=tuple(why),
    )


def connection_reach(connection: Connection) -> Reach:
    """Return it: whoever sees both ends; a person's end decides where there is one."""
    ends = (connection.source, connection.target)
    person = next((end for end in ends if end.is_person), None)
    if person is not None:
        return _person(person, frozenset({Permission.ASSET_RECORD}))
    return at_location(
        connection.location,
        matters=frozenset({Permission.ASSET_RECORD}),
        why=(_("Whoever sees both ends sees what connects them."),),
    )


def _person(asset: Asset, matters: frozenset[Permission]) -> Reach:
    return at_location(
        asset.location,
        sight=PEOPLE,
        reads=PEOPLE,
        matters=matters | {Permission.PEOPLE_RECORD},
        categories=(Category.PEOPLE,),
        withheld_as=(Category.PEOPLE,),
        owner=asset.agency,
        recorded_by_id=asset.recorded_by_id,
        own_id=asset.consent.user_id if asset.consent is not None else None,
        why=(
            _(
                "A local contributor is listed while their consent stands. Only those who work "
                "with people here see them, and of another agency’s only while a sharing agreement "
                "opens contact details to them. The person themselves sees their own entry."
            ),
        ),
    )


def register() -> None:
    """Make them known to the account of who can see what."""
    register_reach(Asset, asset_reach)
    register_reach(Connection, connection_reach)
