"""Closing accounts and opening them again: suspended, back, left; the second factor reset."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.account_pages import Account, account_of
from accounts.leaving import held_by, leave, restore, suspend
from accounts.member_forms import ReasonForm
from accounts.models import User
from accounts.people import looks_after
from accounts.second_factor import reset_second_factor
from accounts.views.people import MANAGE, PEOPLE, Managed
from core.views import UpdateView


class SuspendView(Managed, UpdateView):
    """Closes an account for a while."""

    queryset = PEOPLE
    permission = MANAGE
    form_class = ReasonForm
    template_name = "accounts/person_form.html"
    success_message = _("The account is suspended. Every session and token has ended.")

    def perform(self, form: Any) -> str:
        """Suspend it."""
        suspend(user=self.object, by=self.request.user, reason=form.cleaned_data["reason"])
        return self.still()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        intro = _(
            "They are signed out everywhere at once, their tokens and links are dead, their "
            "waiting jobs are denied. Roles stay, and count for nothing until you open the "
            "account again."
        )
        words = self.words(_("Suspend this account"), _("Suspend the account"))
        return {**kwargs, **words, "intro": intro}


class RestoreView(Managed, UpdateView):
    """Opens a closed account again."""

    queryset = PEOPLE
    permission = MANAGE
    form_class = ReasonForm
    template_name = "accounts/person_form.html"

    def perform(self, form: Any) -> str:
        """Open it, or invite anew."""
        invitation = restore(
            user=self.object, by=self.request.user, reason=form.cleaned_data["reason"]
        )
        if invitation is None:
            words = _t("The account is open again. A mail tells them.")
        else:
            words = _t("They are invited to open the account again.")
        messages.success(self.request, words)
        return self.still()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        if self.object.left_on:
            intro = _(
                "They get an invitation and choose a new password. Their roles have ended and do "
                "not come back by themselves: give them anew. What was handed over stays where it "
                "is."
            )
        else:
            intro = _(
                "They sign in as before, with the roles that have not ended meanwhile. Their "
                "tokens do not come back."
            )
        words = self.words(_("Open this account again"), _("Open the account"))
        return {**kwargs, **words, "intro": intro}


class ResetSecondFactorView(Managed, UpdateView):
    """Takes the second factor off an account, for somebody who has lost it."""

    queryset = PEOPLE
    permission = MANAGE
    form_class = ReasonForm
    template_name = "accounts/person_form.html"
    success_message = _("The second step is reset. A mail tells them.")

    def may(self, obj: Any, permission: str | None = None) -> bool:
        """Let system administrators do it, never for themselves."""
        return bool(self.request.user.is_staff) and looks_after(self.request.user, obj)

    def perform(self, form: Any) -> str:
        """Reset it."""
        reset_second_factor(
            user=self.object, by=self.request.user, reason=form.cleaned_data["reason"]
        )
        return self.page_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        intro = _(
            "Make sure that it is really they who ask: call them on a number that you know. They "
            "are signed out everywhere, and set up a new second step when they sign in next."
        )
        words = self.words(_("Reset the second step"), _("Reset the second step"))
        return {**kwargs, **words, "intro": intro}


class LeaveForm(ReasonForm):
    """Who takes over, and why somebody leaves."""

    field_order = ("successor", "reason")

    successor = forms.ModelChoiceField(
        queryset=User.objects.none(),
        required=False,
        label=_("Who takes over?"),
        empty_label=_("Nobody yet"),
    )

    def __init__(self, *args: Any, successors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["successor"]
        field.queryset = successors


class LeaveView(Managed, UpdateView):
    """Somebody leaves: one action ends everything and hands over what they hold."""

    queryset = PEOPLE
    permission = MANAGE
    form_class = LeaveForm
    template_name = "accounts/leave.html"

    @cached_property
    def account(self) -> Account:
        """Return what they hold, read once."""
        return account_of(self.object, viewer=self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer people who work beside them."""
        return {"successors": self.account.successors()}

    def perform(self, form: Any) -> str:
        """Let them leave, and say what was done."""
        ended = leave(
            user=self.object,
            by=self.request.user,
            successor=form.cleaned_data["successor"],
            reason=form.cleaned_data["reason"],
        )
        words = _t(
            "%(name)s has left. Ended: %(roles)s roles, %(sessions)s sessions, %(tokens)s tokens, "
            "%(jobs)s waiting jobs."
        ) % {
            "name": self.object,
            "roles": ended.roles,
            "sessions": ended.sessions,
            "tokens": ended.tokens,
            "jobs": ended.jobs,
        }
        messages.success(self.request, words)
        for line in ended.handed_over:
            messages.info(self.request, line)
        return self.still()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what would end and what would be handed over."""
        return {
            **kwargs,
            **self.words(_("This person leaves"), _("Close the account now")),
            "account": self.account,
            "held": [(holding.label, lines) for holding, lines in held_by(self.object)],
        }
