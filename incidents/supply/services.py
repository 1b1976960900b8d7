"""Writes: data asked for, an answer recorded, a gap made somebody's, a package used."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.errors import Refused
from core.history import because
from delivery.models import Meeting
from delivery.services.actions import ask_action
from incidents.choices import RequestState
from incidents.models import DataGap, DataPackage, DataRequest, Feed, PackageUse
from incidents.supply.selectors import Gap
from programmes.models import Location, Programme
from programmes.policy import require
from programmes.services.repeats import create_once, is_demonstration


@transaction.atomic
def ask_for_data(
    *,
    id: UUID | None,  # noqa: A002  # the field's own name
    programme: Programme,
    agency: Any,
    wanted: str,
    first_month: dt.date,
    last_month: dt.date,
    asked_on: dt.date,
    due_on: dt.date,
    by: Any,
    feed: Feed | None = None,
    agreement: Any = None,
    demonstration: bool | None = None,
) -> DataRequest:
    """Record that data were asked of an agency. Sending the same ``id`` again is harmless.

    Raises core.errors.NotAllowed without the right to import, Refused for months or days out of
    order, a day to come, or a feed or agreement that is not of this agency and programme.
    """
    require(by, Permission.DATA_IMPORT, programme)
    if first_month > last_month:
        raise Refused(_("The first month must not come after the last."))
    if due_on < asked_on:
        raise Refused(_("It cannot be due before it was asked for."))
    if asked_on > clock.today():
        raise Refused(_("The day on which it was asked for cannot lie ahead."))
    if feed is not None and (feed.agency_id, feed.programme_id) != (agency.pk, programme.pk):
        raise Refused(_("“%(feed)s” is supplied by another agency.") % {"feed": feed.title})
    if agreement is not None:
        parties = {party.agency_id for party in agreement.parties.all()}
        if agreement.programme_id != programme.pk or agency.pk not in parties:
            raise Refused(
                _("%(agency)s has no place in that sharing agreement.") % {"agency": agency}
            )
    with because(by=by):
        request, __ = create_once(
            DataRequest,
            id,
            {
                "programme": programme,
                "agency": agency,
                "feed": feed,
                "agreement": agreement,
                "wanted": wanted.strip(),
                "first_month": first_month,
                "last_month": last_month,
                "asked_on": asked_on,
                "due_on": due_on,
                "asked_by": by,
            },
            is_demonstration=is_demonstration(demonstration),
        )
    return request


@transaction.atomic
def answer_request(
    *, request: DataRequest, state: str, answer: str, by: Any, version: int
) -> DataRequest:
    """Record what became of a request: it came, was refused, or is no longer needed.

    Raises NotAllowed, Refused (a refusal without the agency's reason; closed before), Conflict.
    """
    require(by, Permission.DATA_IMPORT, request.programme)
    if request.state != RequestState.ASKED:
        raise Refused(_("This request is closed already."))
    if state == RequestState.ASKED:
        raise Refused(_("Say what became of it."))
    if state == RequestState.REFUSED and not answer.strip():
        raise Refused(_("Say why the agency refused."))
    request.state, request.answer = state, answer.strip()
    request.closed_on = clock.today()
    with because(by=by):
        request.save_version(version)
    return request


@transaction.atomic
def own_gap(
    *,
    id: UUID | None,  # noqa: A002  # the field's own name
    location: Location,
    gap: Gap,
    title: str,
    owner: Any,
    due_on: dt.date,
    details: str,
    by: Any,
) -> DataGap:
    """Make a gap somebody's: an action at the location, which the record of the gap points to.

    ``id`` is the action's: sending it again is harmless. Raises what delivery's ask_action raises,
    and Refused if somebody has taken the gap on already.
    """
    there = DataGap.objects.filter(action_id=id).first() if id else None
    if there is not None:
        return there
    if gap.owned is not None and gap.owned.action.is_open:
        raise Refused(_("%(name)s has taken this on already.") % {"name": gap.owned.action.owner})
    action = ask_action(
        id=id, location=location, title=title, owner=owner, due_on=due_on, details=details, by=by
    )
    with because(by=by):
        return DataGap.objects.create(
            location=location,
            kind=gap.kind,
            feed=gap.feed,
            force=gap.force,
            request=gap.request,
            first_month=gap.first_month,
            last_month=gap.last_month,
            action=action,
            is_demonstration=action.is_demonstration,
        )


@transaction.atomic
def note_use(
    *,
    id: UUID | None,  # noqa: A002  # the field's own name
    package: DataPackage,
    meeting: Meeting,
    used_for: str,
    by: Any,
    demonstration: bool | None = None,
) -> PackageUse:
    """Record that a meeting used a package.

    Raises NotAllowed without the right to record delivery at the location, Refused for a meeting
    elsewhere or one that has the package already.
    """
    require(by, Permission.DELIVERY_RECORD, package.location)
    if meeting.location_id != package.location_id:
        raise Refused(_("“%(thing)s” belongs to another location.") % {"thing": meeting})
    with because(by=by):
        other = PackageUse.objects.filter(package=package, meeting=meeting).exclude(pk=id)
        if other.exists():
            raise Refused(_("This package is noted for that meeting already."))
        use, __ = create_once(
            PackageUse,
            id,
            {"package": package, "meeting": meeting, "used_for": used_for.strip()},
            is_demonstration=is_demonstration(demonstration),
        )
    return use
