"""Many at once: a table of people who are given roles on one anchor, and invited where needed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.anchors import kind_of
from accounts.grants import end_role, take_back_role
from accounts.invitations import invite, role_id, withdraw
from accounts.models import Agency, Invitation, Membership, User
from accounts.people import AccountState, state_of
from accounts.permissions import Permission
from accounts.roles import CATALOGUE, Role
from core import clock, tabular
from core.errors import Refused
from core.forms import GovDateField, HouseForm


class RoleRowForm(HouseForm):
    """One row: who gets which role, from when until when."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=150,
        help_text=_("Needed for people who have no account yet."),
    )
    agency = forms.ModelChoiceField(
        queryset=Agency.objects.all(),
        required=False,
        label=_("Agency"),
        help_text=_("For people who have no account yet; empty for residents."),
    )
    role = forms.ChoiceField(label=_("Role"))
    starts_on = GovDateField(label=_("From"), initial=clock.today)
    ends_on = GovDateField(label=_("Until"), required=False)

    def __init__(self, *args: Any, roles: Collection[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.choices = [(one.value, CATALOGUE[one].name) for one in roles]
        if Role.PARTNER in roles:
            role.initial = Role.PARTNER.value

    def clean(self) -> dict[str, Any]:
        """Ask for the name of somebody new, and for dates in order."""
        data: dict[str, Any] = super().clean() or {}
        email, first, last = data.get("email"), data.get("starts_on"), data.get("ends_on")
        if email and not data.get("name") and _person(email) is None:
            self.add_error("name", _("Enter their name: they have no account yet"))
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first day"))
        return data


def register_role_table(*, key: str, model: type[Any], back: Callable[[Any], str]) -> None:
    """Offer the table for one kind of anchor; ``back`` is the page of its roles."""
    roles = [role for role in Role if model._meta.model_name in CATALOGUE[role].anchors]
    tabular.register(
        tabular.Table(
            key=key,
            title=_("People and roles"),
            intro=_(
                "Each row gives one role to one person. Who has no account is invited by mail. A "
                "list of e-mail addresses alone makes everybody a partner from today."
            ),
            form_class=RoleRowForm,
            form_kwargs=lambda target, by: {"roles": roles},
            key_columns=("email", "role"),
            target=model._default_manager.all,
            permission=Permission.MEMBERS_MANAGE,
            find=find,
            check=check,
            values=values,
            apply=apply,
            undo=undo,
            back=back,
            bare=("email", "name"),
        )
    )


def find(
    *, target: Any, keys: Collection[tuple[str, ...]], by: Any
) -> Mapping[tuple[str, ...], Any]:
    """Return the roles on the anchor that have not ended, by e-mail address and role."""
    lasts = Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today())
    rows = kind_of(type(target)).roles().filter(lasts, anchor=target)
    return tabular.match(
        rows.select_related("user"), keys, lambda row: tabular.folded(row.user.email, row.role)
    )


def values(record: Membership) -> dict[str, Any]:
    """Return what a table may change of a role that is there: its last day."""
    return {"ends_on": record.ends_on}


def check(*, target: Any, found: Any, cleaned: dict[str, Any], by: Any) -> None:
    """Refuse what giving the role would refuse."""
    email = cleaned.get("email") or ""
    if by is not None and email.lower() == by.email.lower():
        raise Refused(_t("This is your own e-mail address. Nobody gives a role to themselves."))
    person = _person(email)
    if person is not None and state_of(person) in (AccountState.SUSPENDED, AccountState.LEFT):
        raise Refused(_t("The account with this e-mail address was closed."))


def apply(
    *,
    target: Any,
    found: Membership | None,
    cleaned: dict[str, Any],
    by: Any,
    id: uuid.UUID,  # noqa: A002  # the field's own name
) -> Membership:
    """Give the role, inviting the person if need be, or change its last day."""
    if found is not None:
        end_role(membership=found, ends_on=cleaned["ends_on"], by=by)
        return found
    kind, role = kind_of(type(target)).memberships, Role(cleaned["role"])
    invite(
        id=id,
        email=cleaned["email"],
        name=cleaned["name"],
        agency=cleaned["agency"],
        by=by,
        roles=[(kind, target, role, cleaned["starts_on"], cleaned["ends_on"])],
    )
    return kind._default_manager.get(pk=role_id(id, kind, target, role))


def undo(*, target: Any, record: Any, before: dict[str, Any] | None, by: Any) -> None:
    """Withdraw the invitation that came with the role, end the role, or put its day back."""
    if before is not None:
        end_role(membership=record, ends_on=before["ends_on"], by=by)
        return
    for invitation in Invitation.objects.filter(
        user=record.user_id, accepted_at__isnull=True, revoked_at__isnull=True
    ):
        if role_id(invitation.pk, type(record), target, Role(record.role)) == record.pk:
            withdraw(invitation=invitation, by=by)
            return
    take_back_role(membership=record, by=by)


def _person(email: str) -> User | None:
    return User.objects.filter(email__iexact=email.strip()).first()
