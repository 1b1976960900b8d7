"""Who belongs to a programme, a location or an agency: each role with its dates and its state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.people import COLOURS, NEVER_OPENED, AccountState, states_of
from accounts.roles import CATALOGUE, Role
from core import clock
from core.screen import day
from core.selectors import makers_of

ROLE_ORDER = {role: number for number, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One role of one person on one anchor.

    ``email`` is empty where it is withheld (``is_withheld``: the person's agency does not share
    it with the reader's). ``until`` None: open. ``state`` is in words, ``colour`` that of its tag;
    ``is_over`` says whether the role has ended. ``given_by`` is empty where the system gave it.
    ``url`` leads to the form that changes the role, empty for those who may not.
    """

    id: UUID
    person_id: UUID
    name: str
    agency: str
    email: str
    is_withheld: bool
    role: str | Promise
    since: dt.date
    until: dt.date | None
    state: str
    colour: str
    is_over: bool
    given_by: str
    url: str
    person_url: str


def roster(
    memberships: Any,
    *,
    covered: Callable[[list[User]], set[UUID]],
    change_url: Callable[[Membership], str],
    person_url: Callable[[User], str],
) -> list[RosterLine]:
    """Return the roles of a queryset of memberships: in post, to come, ended; then by role, name.

    ``covered`` returns the ids of the people whom the reader may know how to reach; ``change_url``
    and ``person_url`` return where to change the role and to look at the account, or nothing. A
    fixed number of queries, apart from what the three callables ask.
    """
    rows: list[Any] = list(memberships.select_related("user__agency"))
    if not rows:
        return []
    today = clock.today()
    people = list({row.user_id: row.user for row in rows}.values())
    states, reached = states_of(people), covered(people)
    makers = makers_of(type(rows[0]), [row.pk for row in rows])
    rows.sort(key=lambda row: _order(row, today))
    return [
        _line(
            row,
            states[row.user_id],
            today,
            given_by=makers.get(row.pk, ""),
            is_covered=row.user_id in reached,
            url=change_url(row),
            person_url=person_url(row.user),
        )
        for row in rows
    ]


def _order(row: Any, today: dt.date) -> tuple[int, int, str, int]:
    over = row.ends_on is not None and row.ends_on < today
    time = 2 if over else 1 if row.starts_on > today else 0
    ended = -row.ends_on.toordinal() if over else 0
    return time, ROLE_ORDER[Role(row.role)], str(row.user).casefold(), ended


def _line(
    row: Any,
    account: AccountState,
    today: dt.date,
    *,
    given_by: str,
    is_covered: bool,
    url: str,
    person_url: str,
) -> RosterLine:
    state, colour, is_over = state_of_role(row, account, today)
    person = row.user
    return RosterLine(
        id=row.pk,
        person_id=person.pk,
        name=str(person),
        agency=str(person.agency or ""),
        email=person.email if is_covered else "",
        is_withheld=not is_covered,
        role=CATALOGUE[Role(row.role)].name,
        since=row.starts_on,
        until=row.ends_on,
        state=state,
        colour=colour,
        is_over=is_over,
        given_by=given_by,
        url="" if is_over else url,
        person_url=person_url,
    )


def state_of_role(row: Any, account: AccountState, today: dt.date) -> tuple[str, str, bool]:
    """Return how a role stands in words, the colour of its tag, and whether it is over."""
    if row.ends_on is not None and row.ends_on < today:
        return _("Ended"), "grey", True
    if account in NEVER_OPENED:
        return str(account.label), COLOURS[account], False
    if account is not AccountState.OPEN:
        return _("Closed"), "red", False
    if row.starts_on > today:
        return _("From %(day)s") % {"day": day(row.starts_on)}, "blue", False
    return _("In post"), "green", False


def people_of(lines: Iterable[RosterLine]) -> int:
    """Return how many different people a list of roles names."""
    return len({line.person_id for line in lines})
