"""People: the accounts that somebody looks after, and what can be done to them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.account_pages import Account, account_of
from accounts.invitations import resend, withdraw
from accounts.models import Agency, ApiToken, Invitation, User
from accounts.people import (
    COLOURS,
    AccountState,
    contacts_open,
    edit_person,
    in_state,
    looks_after,
    manages_members_somewhere,
    states_of,
)
from accounts.services import revoke_token
from accounts.sharing import Category
from core.forms import HouseForm
from core.views import ActionView, DetailView, ListView, UpdateView

PEOPLE = User.objects.select_related("agency")
MANAGE = "manage_members"


class PeopleFilter(forms.Form):
    """Narrows the list of people."""

    q = forms.CharField(label=_("Name"), required=False, max_length=100)
    agency = forms.ModelChoiceField(
        queryset=Agency.objects.all(), required=False, label=_("Agency"), empty_label=_("Any")
    )
    state = forms.ChoiceField(
        label=_("Account"), required=False, choices=[("", _("Any")), *AccountState.choices]
    )


class PeopleView(ListView):
    """The people whose accounts the reader looks at: an administrator all, a manager theirs."""

    queryset = PEOPLE
    permission = "view"
    template_name = "accounts/people.html"
    ledger_touches = (Category.PEOPLE,)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list to those who manage people."""
        if not manages_members_somewhere(request.user):
            raise PermissionDenied
        return super().get(request, *args, **kwargs)

    def rows(self) -> Any:
        """Return the people by name, narrowed by the form."""
        rows = self.scoped().order_by("name", "email")
        self.filter = PeopleFilter(self.request.GET or None)
        if not self.filter.is_bound or not self.filter.is_valid():
            return rows
        wanted = self.filter.cleaned_data
        if words := wanted["q"].strip():
            found = Q(name__icontains=words)
            if self.request.user.is_staff:
                found |= Q(email__icontains=words)
            rows = rows.filter(found)
        if wanted["agency"]:
            rows = rows.filter(agency=wanted["agency"])
        if wanted["state"]:
            rows = in_state(rows, AccountState(wanted["state"]))
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how each account stands."""
        people = list(kwargs["object_list"])
        states = states_of(people)
        reached = contacts_open(self.request.user, people)
        return {
            **kwargs,
            "filter": self.filter,
            "people": [
                {
                    "person": person,
                    "url": reverse("people:person", args=[person.pk]),
                    "email": person.email if person.pk in reached else "",
                    "state": states[person.pk].label,
                    "colour": COLOURS[states[person.pk]],
                }
                for person in people
            ],
            "is_filtered": self.filter.is_bound,
        }


class _OnePerson:
    """Pages about one person whose account the reader looks after."""

    queryset: ClassVar[Any] = PEOPLE
    kwargs: dict[str, Any]
    request: Any
    object: Any
    ledger_touches: ClassVar[tuple[str, ...]] = (Category.PEOPLE,)

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks the person."""
        return {"pk": self.kwargs["person"]}

    def page_url(self) -> str:
        """Return the person's page."""
        return reverse("people:person", args=[self.object.pk])

    def words(self, heading: Any, submit_label: Any) -> dict[str, Any]:
        """Return the words around a form about the person."""
        return {
            "heading": heading,
            "caption": str(self.object),
            "submit_label": submit_label,
            "cancel_url": self.page_url(),
            "crumbs": [
                (_t("People"), reverse("people:people")),
                (str(self.object), self.page_url()),
            ],
        }

    def still(self) -> str:
        """Return the person's page, or the list where the person is now out of sight."""
        seen = PEOPLE.visible_to(self.request.user).filter(pk=self.object.pk)
        return self.page_url() if seen.exists() else reverse("people:people")


class PersonView(_OnePerson, DetailView):
    """One account: who it is, which roles, how it is signed in to."""

    queryset = PEOPLE
    permission = "view"
    template_name = "accounts/person.html"
    also_shows = (Invitation, ApiToken)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add everything known of the account."""
        account: Account = account_of(self.object, viewer=self.request.user)
        return {
            **kwargs,
            "person": self.object,
            "account": account,
            "crumbs": [(_t("People"), reverse("people:people"))],
        }


class PersonForm(HouseForm):
    """Who somebody is."""

    creates = False

    name = forms.CharField(label=_("Name"), max_length=150)
    job_title = forms.CharField(label=_("Job title"), required=False, max_length=150)
    agency = forms.ModelChoiceField(
        queryset=Agency.objects.all(),
        required=False,
        label=_("Agency"),
        empty_label=_("None: a resident, or somebody of no agency"),
        help_text=_("What agencies share with each other depends on it."),
    )


class Managed(_OnePerson):
    """Only for those who look after the account as a whole."""

    def may(self, obj: Any, permission: str | None = None) -> bool:
        """Ask whether the account is theirs to change."""
        return looks_after(self.request.user, obj)


class PersonUpdateView(Managed, UpdateView):
    """Changes name, job title and agency."""

    queryset = PEOPLE
    permission = MANAGE
    form_class = PersonForm
    template_name = "accounts/person_form.html"
    success_message = _("The account is changed.")

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        """Fill the form with what stands."""
        person = self.object
        initial = {"name": person.name, "job_title": person.job_title, "agency": person.agency}
        return PersonForm(data=data, initial=initial)

    def perform(self, form: Any) -> str:
        """Save it."""
        edit_person(person=self.object, by=self.request.user, **form.cleaned_data)
        return self.still()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        return {**kwargs, **self.words(_("Change the account"), _("Save"))}


class _OfPerson(_OnePerson, ActionView):
    """A button about something of a person's."""

    abstract = True
    things: Any = None
    keyword = ""

    def thing(self) -> Any:
        """Return what the address names below the person, or raise Http404."""
        rows = self.things.filter(user=self.object, pk=self.kwargs[self.keyword])
        found = rows.select_related("user__agency").first()
        if found is None:
            raise Http404
        return found

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it; a refusal is shown on the person's page."""
        return super().post(request, *args, **kwargs)


class InvitationResendView(_OfPerson):
    """Sends an invitation again."""

    queryset = PEOPLE
    permission = MANAGE
    things = Invitation.objects.all()
    keyword = "invitation"
    success_message = _("The invitation is sent again. The older link works no longer.")

    def perform(self) -> str:
        """Send it."""
        resend(invitation=self.thing(), by=self.request.user)
        return self.still()


class InvitationWithdrawView(_OfPerson):
    """Withdraws an invitation with the roles that came with it."""

    queryset = PEOPLE
    permission = MANAGE
    things = Invitation.objects.all()
    keyword = "invitation"
    success_message = _("The invitation is withdrawn, and the roles that came with it.")

    def perform(self) -> str:
        """Withdraw it."""
        withdraw(invitation=self.thing(), by=self.request.user)
        return self.still()


class PersonTokenRevokeView(Managed, ActionView):
    """Revokes somebody else's token."""

    queryset = PEOPLE
    permission = MANAGE
    success_message = _("The token works no longer.")

    def perform(self) -> str:
        """Revoke it."""
        token = ApiToken.objects.filter(user=self.object, pk=self.kwargs["token"]).first()
        if token is None:
            raise Http404
        revoke_token(token=token, by=self.request.user)
        return self.page_url()
