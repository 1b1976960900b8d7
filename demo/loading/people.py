"""Agencies and people of the demonstration, their passwords and their tokens."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from accounts.grants import give_role
from accounts.models import Agency, AgencyMembership, ApiToken, User
from accounts.roles import Role
from accounts.services import create_token
from core import clock
from core.history import because
from demo.content import Person, Story
from demo.loading import accounts_file
from demo.loading.accounts_file import DemoAccount

REASON = "Demonstration loaded"
TOKEN_NAME = "Demonstration"  # noqa: S105  # the token's name, not the token


def are_there(people: Iterable[Person]) -> bool:
    """Say whether everybody can sign in with what the file says (passwords not tried)."""
    people = list(people)
    kept = accounts_file.read()
    there = set(
        User.objects.filter(email__in=[person.email for person in people]).values_list(
            "email", flat=True
        )
    )
    return accounts_file.is_private() and all(
        person.email in there and (not person.may_sign_in or person.key in kept)
        for person in people
    )


@transaction.atomic
def load(story: Story, people: Iterable[Person]) -> None:
    """Make the agencies and people that are missing, and let the file and the database agree."""
    kept = accounts_file.read()
    accounts: dict[str, DemoAccount] = dict(kept)
    with because(reason=REASON):
        agencies = {
            entry.key: Agency.objects.get_or_create(
                name=entry.name, defaults={"kind": entry.kind, "is_demonstration": True}
            )[0]
            for entry in story.agencies
        }
        for person in people:
            known = kept.get(person.key)
            if known is not None and known.email != person.email:
                known = None
            account = _make(person, agencies.get(person.agency), known)
            if account is not None:
                accounts[person.key] = account
            if any(given.role == Role.PROGRAMME_MANAGER for given in person.roles):
                _give(person, agencies[person.agency], Role.PROGRAMME_MANAGER, story)
            for given in person.roles:
                if given.agency:
                    _give(person, agencies[given.agency], given.role, story)
    accounts_file.write(accounts)


def _make(person: Person, agency: Agency | None, known: DemoAccount | None) -> DemoAccount | None:
    """Make or mend one person; return how they sign in, None for those who do not."""
    password = None
    if person.may_sign_in:
        password = known.password if known else accounts_file.new_password()
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(
            person.email,
            password,
            name=person.name,
            job_title=person.job_title,
            agency=agency,
            is_staff=person.is_staff,
            is_demonstration=True,
        )
    elif password is not None and not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password", "updated_at"])
    if password is None:
        return None
    return DemoAccount(person.email, password, _token(user, known.token if known else ""))


def _give(person: Person, agency: Agency, role: Role, story: Story) -> None:
    """Give a role on an agency: its managers set programmes up, its leaders sign for it."""
    user = User.objects.get(email=person.email)
    if AgencyMembership.objects.filter(user=user, anchor=agency, role=role).exists():
        return
    first_day = min(programme.starts_on for programme in story.programmes)
    give_role(
        membership_model=AgencyMembership,
        user=user,
        anchor=agency,
        role=role,
        starts_on=min(first_day, clock.today()),
        by=None,
        is_demonstration=True,
        reason=REASON,
    )


def _token(user: User, known: str) -> str:
    """Return a token that works: the known one, or a new one."""
    if (
        known
        and ApiToken.objects.filter(
            user=user, digest=ApiToken.digest_of(known), revoked_at__isnull=True
        ).exists()
    ):
        return known
    return create_token(user=user, name=TOKEN_NAME, by=None)[1]
