"""One's own actions: all that a session opened by a mail's link reaches, one page an action.

Every answer is a plain form of the one page; what a form refuses comes back with all that was
typed. Opening a page changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core import clock
from core.assurance import Level
from core.errors import Refused
from core.models import StoredFile
from core.views import DetailView, DownloadView, ListView
from delivery.choices import ActionState
from delivery.forms.actions import (
    BlockForm,
    CommentForm,
    FinishForm,
    PassOnForm,
    ProposeForm,
    SuggestForm,
)
from delivery.models import Action, ActionComment
from delivery.selectors.actions import colleagues, comment_lines, my_actions, own_actions
from delivery.services import actions as services
from delivery.services import answers
from delivery.views.actions import ACTIONS, shown_inline, state_shown
from programmes.sharing import shared_for


class _Own:
    """Narrows a page to the actions that the person is to do, as owner or helper."""

    least_level = Level.LINK

    def scoped(self) -> Any:
        """Return the person's own actions at locations they still see."""
        return super().scoped().of(self.request.user)  # type: ignore[misc, attr-defined]  # mixed into a scoped view

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks one."""
        return {"pk": self.kwargs["action"]}  # type: ignore[attr-defined]  # mixed into a scoped view


class MyActionsView(_Own, ListView):
    """What the person is to do, and what they finished lately."""

    queryset = ACTIONS
    permission = Permission.VIEW
    template_name = "delivery/actions/mine.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it."""
        mine = my_actions(request.user)
        closed = own_actions(request.user).filter(closed_on__isnull=False)
        done = list(closed.order_by("-closed_on")[:10])
        self.ledger_rows = [*mine.all, *done]
        return self.page(mine=mine, groups=groups(mine), done=done, today=mine.on)


def groups(mine: Any) -> list[dict[str, Any]]:
    """Return a person's open actions in the groups of the pages that list them."""
    named = (
        ("late", _t("Overdue"), mine.late),
        ("this-week", _t("Due by Sunday"), mine.this_week),
        ("blocked", _t("Blocked"), mine.blocked),
        ("later", _t("Later"), mine.later),
    )
    return [
        {
            "key": key,
            "title": title,
            "lines": [
                {
                    "action": row,
                    **dict(zip(("state", "label"), state_shown(row, mine.on), strict=True)),
                }
                for row in rows
            ],
        }
        for key, title, rows in named
        if rows
    ]


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that the page's owner can do: its form, and what it does with it."""

    do: Callable[[Any, Action, dict[str, Any]], object]
    said: Any
    form: Callable[..., Any] | None = None
    owner_only: bool = False
    takes_people: bool = False


ANSWERS = {
    "accept": Answer(
        lambda by, action, _data: answers.accept_action(action=action, by=by),
        _("Thank you. The action is yours."),
        owner_only=True,
    ),
    "finish": Answer(
        lambda by, action, data: answers.finish_action(action=action, by=by, **data),
        _("Thank you. The action is done, and whoever asked is told."),
        FinishForm,
    ),
    "propose": Answer(
        lambda by, action, data: answers.propose_date(action=action, by=by, **data),
        _("Whoever asked is told of your date. Until they agree the date stays."),
        ProposeForm,
        owner_only=True,
    ),
    "block": Answer(
        lambda by, action, data: answers.block_action(action=action, by=by, **data),
        _("Whoever asked is told what blocks it."),
        BlockForm,
    ),
    "pass": Answer(
        lambda by, action, data: answers.pass_on(action=action, by=by, **data),
        _("It is passed on. They are asked by mail."),
        PassOnForm,
        owner_only=True,
        takes_people=True,
    ),
    "suggest": Answer(
        lambda by, action, data: answers.suggest_person(action=action, by=by, **data),
        _("Whoever asked is told. Until they answer, the action stays with you."),
        SuggestForm,
        owner_only=True,
    ),
    "comment": Answer(
        lambda by, action, data: services.add_comment(action=action, by=by, **data),
        _("Your comment is kept."),
        CommentForm,
    ),
}


class MyActionView(_Own, DetailView):
    """One of the person's own actions, with every answer on the page."""

    queryset = ACTIONS
    permission = Permission.VIEW
    template_name = "delivery/actions/my_action.html"
    also_shows = (ActionComment,)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the form asks; show the page again where that cannot be."""
        self.object = self.fetch()
        name = request.POST.get("do", "")
        answer = ANSWERS.get(name)
        if answer is None:
            raise BadRequest("The form does not say what to do.")
        data: dict[str, Any] = {}
        form = None
        if answer.form is not None:
            form = self.form(name, answer, request.POST, request.FILES)
            if not form.is_valid():
                return self.page(status=422, object=self.object, failed=name, form=form)
            data = form.cleaned_data
        try:
            with transaction.atomic():
                answer.do(request.user, self.object, data)
        except Refused as error:
            self.ledger_refused = True
            if form is None:
                return self.page(status=422, object=self.object, problems=[str(error)])
            form.add_error(None, str(error))
            return self.page(status=422, object=self.object, failed=name, form=form)
        messages.success(request, answer.said)
        if self.scoped().filter(pk=self.object.pk).exists():
            return HttpResponseRedirect(self.object.own_url())
        return HttpResponseRedirect(reverse("delivery:my-actions"))

    def form(self, name: str, answer: Answer, data: Any = None, files: Any = None) -> Any:
        """Return one of the page's forms, its fields' names and ids its own."""
        assert answer.form is not None
        more = {"people": colleagues(self.object)} if answer.takes_people else {}
        return answer.form(data=data, files=files, auto_id=f"{name}_%s", **more)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the action, its comments and the forms."""
        action: Action = self.object
        user, today = self.request.user, clock.today()
        shared = shared_for(self.request, action.location.programme)
        state, label = state_shown(action, today)
        forms = {
            name: kwargs["form"] if kwargs.get("failed") == name else self.form(name, answer)
            for name, answer in ANSWERS.items()
            if answer.form is not None
        }
        owns = action.owner_id == user.pk
        return {
            **kwargs,
            "action": action,
            "forms": forms,
            "owns": owns,
            "may_accept": owns and action.state in (ActionState.ASKED, ActionState.BLOCKED),
            "may_pass": owns and colleagues(action).exists(),
            "state": state,
            "label": label,
            "late": action.days_late(today),
            "comments": comment_lines(action, shared, user),
            "others": my_actions(user).all,
        }


class MyActionPhotoView(_Own, DownloadView):
    """The photo of one of the person's own actions."""

    queryset = ACTIONS
    permission = Permission.VIEW

    def stored_file(self) -> StoredFile | None:
        """Return it: it is their own work."""
        stored: StoredFile | None = self.object.photo
        return stored

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """Show it in the page."""
        return shown_inline(self)
