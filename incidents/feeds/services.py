"""Writes about feeds: made, changed, their categories put into common words."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import Agency
from accounts.permissions import Permission
from accounts.sharing import Category as Shared
from core.errors import NotAllowed, Refused
from core.history import because
from incidents.models import Feed, FeedCategory
from programmes.models import Programme, SharingAgreement
from programmes.policy import require
from programmes.services.repeats import create_once, is_demonstration
from programmes.sharing import shared_with


@transaction.atomic
def create_feed(
    *,
    id: UUID | None,  # noqa: A002  # the field's own name
    programme: Programme,
    agency: Agency,
    title: str,
    kind: str,
    grain: str,
    terms: str,
    by: Any,
    agreement: SharingAgreement | None = None,
    published: bool = False,
    public_figures: bool = False,
    demonstration: bool | None = None,
) -> Feed:
    """Make a feed. Sending the same ``id`` again is harmless.

    Its address is made from the title; its salt is random and never shown. Raises NotAllowed
    without the right to import or for an agency whose extracts are not open to the person, Refused
    for an agreement of others.
    """
    require(by, Permission.DATA_IMPORT, programme)
    _check(programme, agency, agreement, by)
    with because(by=by):
        feed, __ = create_once(
            Feed,
            id,
            {
                "programme": programme,
                "agency": agency,
                "title": title.strip(),
                "kind": kind,
                "grain": grain,
                "terms": terms.strip(),
                "agreement": agreement,
                "published": published,
                "public_figures": public_figures,
            },
            slug=free_slug(title),
            salt=secrets.token_hex(32),
            is_demonstration=is_demonstration(demonstration),
        )
    return feed


@transaction.atomic
def edit_feed(*, feed: Feed, version: int, by: Any, **changes: Any) -> Feed:
    """Change what is said of a feed; whose it is and what a row stands for stay.

    Raises NotAllowed, Refused, Conflict.
    """
    require(by, Permission.DATA_IMPORT, feed.programme)
    unknown = set(changes) - {"title", "kind", "terms", "agreement", "published", "public_figures"}
    if unknown:
        raise TypeError(f"A feed's {sorted(unknown)} cannot be changed.")
    for name, value in changes.items():
        setattr(feed, name, value.strip() if isinstance(value, str) else value)
    _check(feed.programme, feed.agency, feed.agreement, by)
    with because(by=by):
        feed.save_version(version)
    return feed


@transaction.atomic
def map_categories(*, feed: Feed, said: Mapping[UUID, tuple[bool, str, str]], by: Any) -> int:
    """Say what categories are (anti-social behaviour or not, qualifier, theme).

    Returns how many changed. Raises NotAllowed, Refused for a category of another feed.
    """
    require(by, Permission.DATA_IMPORT, feed.programme)
    rows = {one.pk: one for one in FeedCategory.objects.select_for_update().filter(feed=feed)}
    changed = 0
    with because(by=by):
        for key, (is_asb, qualifier, theme) in said.items():
            row = rows.get(key)
            if row is None:
                raise Refused(_("This category belongs to another feed."))
            if (row.is_asb, row.qualifier, row.theme) != (is_asb, qualifier, theme):
                row.is_asb, row.qualifier, row.theme = is_asb, qualifier, theme
                row.save_version(row.version)
                changed += 1
    return changed


def free_slug(title: str) -> str:
    """Return an address name that no feed has yet."""
    base = slugify(title)[:40].strip("-") or "feed"
    number, slug = 1, base
    while slug in ("new", "requests") or Feed.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


def _check(
    programme: Programme, agency: Agency, agreement: SharingAgreement | None, by: Any
) -> None:
    """Refuse an agency that is closed to the person, and an agreement it has no place in."""
    if by is not None and not by.is_superuser:
        shared = shared_with(by, programme)
        if not shared.covers(Shared.FORCE_EXTRACTS, agency.pk):
            raise NotAllowed(
                _("No sharing agreement opens the records of %(agency)s to your agency.")
                % {"agency": agency}
            )
    if agreement is not None:
        parties = {party.agency_id for party in agreement.parties.all()}
        if agreement.programme_id != programme.pk or agency.pk not in parties:
            raise Refused(
                _("%(agency)s has no place in that sharing agreement.") % {"agency": agency}
            )
