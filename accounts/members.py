"""Pages on which people are given roles: the same for every kind of anchor.

Each floor makes them concrete for its own anchors: it names the queryset, the addresses and the
frame of the page. Who sees the anchor sees who belongs to it; who manages its members gives, dates
and ends roles there, and never their own.
"""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.anchors import AnchorKind, kind_of
from accounts.grants import end_role, may_give, take_back_role
from accounts.invitations import invite
from accounts.member_forms import RoleChangeForm, RoleForm
from accounts.models import Membership, User
from accounts.people import contacts_open
from accounts.permissions import Permission
from accounts.roles import CATALOGUE, Role
from accounts.rosters import RosterLine, people_of, roster
from accounts.sharing import Category
from core import clock
from core.views import CreateView, DetailView, UpdateView

KNOWN_AT_MOST = 200


class AnchorPages:
    """What the pages of one kind of anchor share.

    ``url_names`` are those of the list, of giving a role and of changing one; ``table_key`` is the
    registered table of many roles at once.
    """

    url_names: ClassVar[dict[str, str]] = {}
    anchor_key: ClassVar[str] = "slug"
    table_key: ClassVar[str] = ""

    object: Any
    kwargs: dict[str, Any]
    request: Any
    queryset: ClassVar[Any]

    @cached_property
    def kind(self) -> AnchorKind:
        """Return the kind of anchor that these pages are about."""
        return kind_of(self.queryset.model)

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks the anchor."""
        return {self.anchor_key: self.kwargs[self.anchor_key]}

    def address(self, name: str, *more: Any) -> str:
        """Return one of the addresses of this anchor."""
        key = getattr(self.object, self.anchor_key)
        return reverse(self.url_names[name], args=[key, *more])

    def frame(self) -> dict[str, Any]:
        """Return the context that the page's frame needs: ``frame`` (a template), ``crumbs``."""
        raise NotImplementedError

    def covered(self, people: list[User]) -> set[UUID]:
        """Return the ids of those whom the reader may know how to reach."""
        return contacts_open(self.request.user, people)

    def roles_offered(self) -> list[Role]:
        """Return the roles that are given on this kind of anchor."""
        name = self.queryset.model._meta.model_name
        return [role for role in Role if name in CATALOGUE[role].anchors]

    def memberships(self) -> Any:
        """Return the roles on the anchor that the reader may see."""
        rows: Any = self.kind.memberships._default_manager.all()
        rows = rows.filter(anchor=self.object)
        if may_give(self.request.user, self.object):
            return rows
        return rows.visible_to(self.request.user)


class MembersView(AnchorPages, DetailView):
    """Who belongs to an anchor, in which role, from when until when."""

    abstract = True
    permission = Permission.VIEW
    template_name = "accounts/members.html"
    also_shows = (User,)
    ledger_touches = (Category.PEOPLE,)

    def inherited(self) -> list[tuple[Any, str, list[RosterLine]]]:
        """Return roles that hold here from above: heading, address of that page, roles."""
        return []

    def lines(self, memberships: Any, *, changes: bool = True) -> list[RosterLine]:
        """Return roles as the page shows them."""
        user = self.request.user
        manages = changes and may_give(user, self.object)
        people = User.objects.all().visible_to(user, Permission.MEMBERS_MANAGE)
        seen = set(
            people.filter(pk__in=memberships.order_by().values("user")).values_list("pk", flat=True)
        )

        def change_url(membership: Membership) -> str:
            own = membership.user_id == user.pk
            if changes and (own or manages):
                return self.address("change", membership.pk)
            return ""

        return roster(
            memberships,
            covered=self.covered,
            change_url=change_url,
            person_url=lambda person: (
                reverse("people:person", args=[person.pk]) if person.pk in seen else ""
            ),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the roles."""
        lines = self.lines(self.memberships())
        standing = [line for line in lines if not line.is_over]
        inherited = self.inherited()
        manages = may_give(self.request.user, self.object)
        every = [*lines, *(line for _heading, _url, some in inherited for line in some)]
        return {
            **kwargs,
            **self.frame(),
            "lines": standing,
            "ended": [line for line in lines if line.is_over],
            "inherited": inherited,
            "people": people_of(standing),
            "withheld": any(line.is_withheld for line in every),
            "manages": manages,
            "new_url": self.address("new") if manages else "",
            "many_url": self.many_url() if manages else "",
        }

    def many_url(self) -> str:
        """Return where a list of people is sent in; nothing where none is taken."""
        if not self.table_key:
            return ""
        return reverse("core:table-new", args=[self.table_key, self.object.pk])


class MemberCreateView(AnchorPages, CreateView):
    """Gives a role to somebody, who is invited if they have no account."""

    abstract = True
    permission = Permission.MEMBERS_MANAGE
    form_class = RoleForm
    template_name = "accounts/member_new.html"

    def known(self) -> Any:
        """Return people with an account to choose from; none where they would be too many."""
        user = self.request.user
        rows = User.objects.all().visible_to(user, Permission.MEMBERS_MANAGE).filter(is_active=True)
        return rows if rows.count() <= KNOWN_AT_MOST else rows.none()

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer whom the person knows and what can be given here."""
        return {
            "known": self.known(),
            "roles": self.roles_offered(),
            "anchor": self.object._meta.model_name,
        }

    def perform(self, form: Any) -> str:
        """Invite, or give the role."""
        data = form.cleaned_data
        person: User | None = data.get("person")
        role = (
            self.kind.memberships,
            self.object,
            Role(data["role"]),
            data["starts_on"],
            data["ends_on"],
        )
        invitation = invite(
            id=data["id"],
            email=person.email if person is not None else data["email"],
            name=data["name"],
            agency=data["agency"],
            message=data["message"],
            roles=[role],
            by=self.request.user,
        )
        if invitation is None:
            words = _t("The role is given. A mail tells them so.")
        else:
            words = _t("%(name)s is invited. The mail is on its way.") % {"name": invitation.user}
        messages.success(self.request, words)
        return self.address("list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        return {
            **kwargs,
            **self.form_frame(),
            "heading": _("Give a role"),
            "caption": str(self.object),
            "submit_label": _("Give the role"),
            "cancel_url": self.address("list"),
        }

    def form_frame(self) -> dict[str, Any]:
        """Return the crumbs of a form below the list."""
        frame = self.frame()
        more = (_t("People and roles"), self.address("list"))
        return {"crumbs": [*frame.get("form_crumbs", []), more]}


class MemberChangeView(AnchorPages, UpdateView):
    """Sets another end for a role, or ends it now; one's own role can only end earlier."""

    abstract = True
    permission = Permission.VIEW
    form_class = RoleChangeForm
    template_name = "accounts/member_change.html"
    also_shows = (User,)

    @cached_property
    def membership(self) -> Any:
        """Return the role; raise Http404 if the reader does not see it here."""
        rows = self.memberships().select_related("anchor", "user__agency")
        found = rows.filter(pk=self.kwargs["member"]).first()
        if found is None:
            self.ledger_record = None  # not of the anchor: a role that is hidden is denied
            raise Http404
        return found

    def fetch(self) -> Any:
        """Return the anchor, once it is clear that the role may be changed."""
        self.object = super().fetch()
        own = self.membership.user_id == self.request.user.pk
        if not own and not may_give(self.request.user, self.object):
            raise PermissionDenied
        return self.object

    def get_form_kwargs(self) -> dict[str, Any]:
        """Say whose role it is and how long it lasts."""
        return {
            "is_own": self.membership.user_id == self.request.user.pk,
            "until": self.membership.ends_on,
            "version": self.membership.version,
        }

    def perform(self, form: Any) -> str:
        """End or date the role."""
        data = form.cleaned_data
        known = {
            "membership": self.membership,
            "by": self.request.user,
            "reason": data["reason"],
            "version": data["version"],
        }
        if data["how"] == RoleChangeForm.NOW:
            take_back_role(**known)
            words = _t("The role has ended.")
        else:
            last = None if data["how"] == RoleChangeForm.OPEN else data["ends_on"]
            end_role(ends_on=last, **known)
            words = _t("The role’s last day is changed.")
        messages.success(self.request, words)
        still_seen = self.scoped().filter(pk=self.object.pk).exists()
        return self.address("list") if still_seen else "/"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the role and the words around the form."""
        frame = self.frame()
        return {
            **kwargs,
            "membership": self.membership,
            "role_name": CATALOGUE[Role(self.membership.role)].name,
            "is_own": self.membership.user_id == self.request.user.pk,
            "today": clock.today(),
            "heading": _("Change a role"),
            "caption": str(self.object),
            "submit_label": _("Change the role"),
            "cancel_url": self.address("list"),
            "crumbs": [
                *frame.get("form_crumbs", []),
                (_t("People and roles"), self.address("list")),
            ],
        }
