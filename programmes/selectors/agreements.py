"""Sharing agreements as shown: how they stand, what they open to whom, what is about to lapse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Prefetch, Q
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import Agency
from accounts.permissions import Permission
from accounts.sharing import Category
from core import clock
from core.screen import day
from programmes.models import AgreementParty, Programme, SharingAgreement

SOON = dt.timedelta(weeks=6)


class Standing(StrEnum):
    """How an agreement stands on a day."""

    WAITING = "waiting"
    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    LAPSED = "lapsed"


LOOKS = {
    Standing.WAITING: "due_soon",
    Standing.NOT_YET: "draft",
    Standing.IN_FORCE: "on_track",
    Standing.WITHDRAWN: "closed",
    Standing.ENDED: "closed",
    Standing.LAPSED: "late",
}


@dataclass(frozen=True, slots=True)
class PartyLine:
    """An agency's place in an agreement: signed (by whom, how), waiting, or withdrawn.

    ``may_sign`` and ``may_withdraw`` hold for the reader.
    """

    id: UUID
    agency: str
    signed_on: dt.date | None
    signed_name: str
    on_paper: bool
    withdrew_on: dt.date | None
    may_sign: bool = False
    may_withdraw: bool = False

    @property
    def waits(self) -> bool:
        """Whether its signature is still wanted."""
        return self.signed_on is None and self.withdrew_on is None

    @property
    def stands(self) -> bool:
        """Whether it has signed and not withdrawn."""
        return self.signed_on is not None and self.withdrew_on is None


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement on a day.

    ``words`` say how it stands, ``warning`` what is about to happen or overdue (empty: nothing),
    ``opens`` in sentences what it opens to whom. ``signed`` says whether anybody has signed: then
    the text stands.
    """

    id: UUID
    title: str
    url: str
    programme: str
    standing: Standing
    look: str
    words: str
    warning: str
    purpose: str
    legal_basis: str
    categories: tuple[str, ...]
    starts_on: dt.date
    review_on: dt.date
    ends_on: dt.date
    ended_on: dt.date | None
    ended_reason: str
    responsible: str
    has_document: bool
    is_demonstration: bool
    version: int
    signed: bool
    parties: tuple[PartyLine, ...]
    opens: tuple[str, ...]

    @property
    def waiting_for_me(self) -> tuple[PartyLine, ...]:
        """The parties for which the reader may sign, and has not."""
        return tuple(party for party in self.parties if party.may_sign)

    @property
    def is_waiting(self) -> bool:
        """Whether a signature is still wanted."""
        return not self.is_over and any(party.waits for party in self.parties)

    @property
    def covers_now(self) -> bool:
        """Whether it opens something, now or from its first day on."""
        return self.standing in (Standing.IN_FORCE, Standing.NOT_YET)

    @property
    def is_over(self) -> bool:
        """Whether it can never count again."""
        return self.standing in (Standing.ENDED, Standing.LAPSED)


def agreements_seen(
    *, user: Any, programme: Programme | None = None, on: dt.date | None = None
) -> tuple[Agreed, ...]:
    """Return the agreements that a person may see, what needs doing first. Three queries."""
    on = on or clock.today()
    rows = SharingAgreement.objects.all().visible_to(user)
    if programme is not None:
        rows = rows.filter(programme=programme)
    found = read(rows, user=user, on=on)
    order = {kind: place for place, kind in enumerate(Standing)}
    return tuple(sorted(found, key=lambda one: (not one.warning, order[one.standing], one.ends_on)))


def agreement_detail(
    *, agreement: SharingAgreement, user: Any, on: dt.date | None = None
) -> Agreed:
    """Return one agreement; the caller has checked the scope."""
    rows = SharingAgreement.objects.filter(pk=agreement.pk)
    return read(rows, user=user, on=on or clock.today())[0]


def lapsing(
    *,
    user: Any,
    programme: Programme | None = None,
    on: dt.date | None = None,
    within: dt.timedelta = SOON,
) -> tuple[Agreed, ...]:
    """Return what a person is to see to: their signature, reviews and ends within six weeks.

    Those of agreements that they manage, or for whose parties they sign; the most pressing first.
    """
    on = on or clock.today()
    rows: Any = SharingAgreement.objects.all()
    mine = rows.visible_to(user, Permission.AGREEMENT_SIGN) | rows.visible_to(
        user, Permission.AGREEMENT_MANAGE
    )
    if programme is not None:
        mine = mine.filter(programme=programme)
    mine = mine.filter(ended_on__isnull=True, ends_on__gte=on)
    found = [one for one in read(mine, user=user, on=on, within=within) if one.warning]
    return tuple(sorted(found, key=lambda one: (not one.waiting_for_me, one.ends_on, one.title)))


def read(rows: Any, *, user: Any, on: dt.date, within: dt.timedelta = SOON) -> list[Agreed]:
    """Return agreements with their parties, for a reader. Two queries."""
    own = Agency.objects.all().visible_to(user, Permission.AGREEMENT_SIGN).order_by().values("pk")
    parties = (
        AgreementParty.objects.select_related("agency")
        .annotate(mine_to_sign=ExpressionWrapper(Q(agency__in=own), BooleanField()))
        .order_by("agency__name")
    )
    found = list(
        rows.select_related("programme", "responsible")
        .prefetch_related(Prefetch("parties", queryset=parties))
        .order_by("ends_on", "title")
        .distinct()
    )
    signs = {party.agency_id for row in found for party in row.parties.all() if party.mine_to_sign}
    return [_agreed(row, signs, on, within) for row in found]


def _agreed(row: SharingAgreement, signs: set[UUID], on: dt.date, within: dt.timedelta) -> Agreed:
    open_ended = row.ended_on is None and row.ends_on >= on
    parties = tuple(_line(party, signs, open_ended) for party in row.parties.all())
    standing = standing_of(row, parties, on)
    return Agreed(
        id=row.pk,
        title=row.title,
        url=row.get_absolute_url(),
        programme=row.programme.name,
        standing=standing,
        look=LOOKS[standing],
        words=_words(row, standing, parties),
        warning=_warning(row, standing, parties, on, within),
        purpose=row.purpose,
        legal_basis=str(row.get_legal_basis_display()),
        categories=tuple(str(Category(value).label) for value in row.categories),
        starts_on=row.starts_on,
        review_on=row.review_on,
        ends_on=row.ends_on,
        ended_on=row.ended_on,
        ended_reason=row.ended_reason,
        responsible=str(row.responsible or ""),
        has_document=row.document_id is not None,
        is_demonstration=row.is_demonstration,
        version=row.version,
        signed=any(party.signed_on for party in parties),
        parties=parties,
        opens=_opens(row, standing, parties),
    )


def _line(party: AgreementParty, signs: set[UUID], open_ended: bool) -> PartyLine:
    waits = party.signed_on is None and party.withdrew_on is None
    mine = open_ended and party.agency_id in signs
    return PartyLine(
        id=party.pk,
        agency=party.agency.name,
        signed_on=party.signed_on,
        signed_name=party.signed_name,
        on_paper=party.on_paper,
        withdrew_on=party.withdrew_on,
        may_sign=mine and waits,
        may_withdraw=mine and party.withdrew_on is None,
    )


def standing_of(row: SharingAgreement, parties: Sequence[PartyLine], on: dt.date) -> Standing:
    """Return how an agreement stands: it opens something from two standing signatures on."""
    if row.ended_on is not None and row.ended_on <= on:
        return Standing.ENDED
    if row.ends_on < on:
        return Standing.LAPSED
    if sum(party.stands for party in parties) >= 2:
        return Standing.IN_FORCE if row.starts_on <= on else Standing.NOT_YET
    return Standing.WAITING if any(party.waits for party in parties) else Standing.WITHDRAWN


def _names(parties: Iterable[PartyLine]) -> str:
    return get_text_list([party.agency for party in parties], _("and"))


def _words(row: SharingAgreement, standing: Standing, parties: Sequence[PartyLine]) -> str:
    waiting = _names(party for party in parties if party.waits)
    words = {
        Standing.WAITING: _("Draft: waiting for signatures of %(names)s"),
        Standing.NOT_YET: _("Signed: in force from %(start)s"),
        Standing.IN_FORCE: _("In force until %(end)s"),
        Standing.WITHDRAWN: _("Not in force: fewer than two agencies stand by it"),
        Standing.ENDED: _("Ended on %(ended)s"),
        Standing.LAPSED: _("Lapsed on %(end)s"),
    }
    if standing == Standing.WAITING and any(party.stands for party in parties):
        words[standing] = _("Waiting for signatures of %(names)s")
    return words[standing] % {
        "names": waiting,
        "start": day(row.starts_on),
        "end": day(row.ends_on),
        "ended": day(row.ended_on) if row.ended_on else "",
    }


def _warning(
    row: SharingAgreement,
    standing: Standing,
    parties: Sequence[PartyLine],
    on: dt.date,
    within: dt.timedelta,
) -> str:
    """Say what a person is to see to: a signature, the end, the review. Empty: nothing."""
    if standing in (Standing.ENDED, Standing.LAPSED, Standing.WITHDRAWN):
        return ""
    mine = [party for party in parties if party.may_sign]
    if mine:
        return _("Waiting for your signature for %(names)s") % {"names": _names(mine)}
    if dated := _date_warning(row, on, within):
        return dated
    if any(party.waits for party in parties):
        return _("Waiting for signatures of %(names)s") % {
            "names": _names(party for party in parties if party.waits)
        }
    return ""


def _date_warning(row: SharingAgreement, on: dt.date, within: dt.timedelta) -> str:
    if row.ends_on <= on + within:
        return _("Lapses after %(date)s") % {"date": day(row.ends_on)}
    if row.review_on <= on:
        return _("Review is due since %(date)s") % {"date": day(row.review_on)}
    if row.review_on <= on + within:
        return _("Review due on %(date)s") % {"date": day(row.review_on)}
    return ""


def _opens(
    row: SharingAgreement, standing: Standing, parties: Sequence[PartyLine]
) -> tuple[str, ...]:
    """Say in sentences what the agreement opens, to whom, and what it does not."""
    together = [party for party in parties if party.stands]
    facts = {
        "names": _names(together),
        "programme": row.programme.name,
        "start": day(row.starts_on),
        "end": day(row.ends_on),
    }
    if standing in (Standing.ENDED, Standing.LAPSED):
        return (_("It opens nothing any more: what it covered is withheld again."),)
    if len(together) < 2:
        return (_("It opens nothing until at least two agencies have signed."),)
    first = (
        _("People of %(names)s who have a role in %(programme)s see each other’s:")
        if standing == Standing.IN_FORCE
        else _(
            "From %(start)s, people of %(names)s who have a role in %(programme)s see each other’s:"
        )
    )
    sentences = [first % facts]
    sentences += [
        _("%(agency)s has not signed: nothing is opened to it, nor of its own.")
        % {"agency": party.agency}
        for party in parties
        if party.waits
    ]
    sentences += [
        _("%(agency)s has withdrawn: nothing is opened to it, nor of its own.")
        % {"agency": party.agency}
        for party in parties
        if party.withdrew_on is not None
    ]
    sentences.append(
        _(
            "It gives nobody a role: who has none in the programme sees nothing by it. After "
            "%(end)s it opens nothing."
        )
        % facts
    )
    return tuple(sentences)
