"""What a data package asks of those who see it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.sharing import Category
from incidents.models import DataPackage, Feed, FeedCategory, FeedFile
from places.choices import DefinitionKind
from programmes.reach import Reach, at_location, register_reach


def package_reach(package: DataPackage) -> Reach:
    """Return it: whoever reads the location's data; of restricted sources, by agreement only."""
    right = frozenset({Permission.DATA_READ})
    why = [_("Only those who read the data of the location open its packages.")]
    closed: list[Category] = []
    if package.restricted:
        closed.append(Category.FORCE_EXTRACTS)
        why.append(
            _(
                "It holds what agencies supply and do not publish, so it is for those who see the "
                "location, and of other agencies only while every one that supplied to it opens "
                "force extracts to them by a sharing agreement."
            )
        )
    if is_drawn(package):
        closed.append(Category.EXACT_COORDINATES)
        why.append(
            _(
                "Its files hold a drawn boundary, so other agencies see it only while a sharing "
                "agreement opens exact coordinates to them."
            )
        )
    return at_location(
        package.location,
        sight=right,
        needs=frozenset({Permission.VIEW}) if package.restricted else frozenset(),
        reads=right,
        suppliers=tuple(package.supplied_by),
        matters=frozenset({Permission.PACKAGE_BUILD, Permission.EXPORT}),
        categories=tuple(closed),
        withheld_as=tuple(closed),
        why=tuple(why),
    )


def is_drawn(package: DataPackage) -> bool:
    """Say whether a drawn boundary is in its files, or would be in the same package today."""
    area = package.location.area
    drawn = DefinitionKind.DRAWN.value
    return (area is not None and area.kind == drawn) or package.summary.get("area_kind") == drawn


def feed_reach(feed: Feed) -> Reach:
    """Return it: whoever reads data on the programme, of agencies to whom extracts are open."""
    right = frozenset({Permission.DATA_READ})
    return Reach(
        programme=feed.programme,
        from_locations=True,
        reads=right,
        matters=frozenset({Permission.DATA_IMPORT}),
        categories=(Category.FORCE_EXTRACTS,),
        withheld_as=(Category.FORCE_EXTRACTS,),
        owner=feed.agency,
        why=(
            _("Only those who read data on the whole programme open it."),
            _(
                "It belongs to %(agency)s; other agencies see it only while a sharing agreement "
                "opens force extracts to them."
            )
            % {"agency": feed.agency},
        ),
    )


def register() -> None:
    """Make it known to the account of who can see what."""
    register_reach(DataPackage, package_reach)
    register_reach(Feed, feed_reach)
    for model in (FeedCategory, FeedFile):
        register_reach(model, lambda row: feed_reach(row.feed))
