"""Priorities, the actions asked for about them, and answers: draft, approve, withdraw."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.selectors import history_of
from core.views import ActionView, CreateView, DetailView, UpdateView
from core.views.history import timeline_item
from delivery.choices import ConcernState
from delivery.forms.voice import (
    AnswerForm,
    JoinForm,
    LinkActionsForm,
    PriorityActionForm,
    PriorityForm,
    WithdrawAnswerForm,
)
from delivery.models import Action, Answer, Concern, Decision, Priority
from delivery.selectors.actions import actions_of
from delivery.selectors.voice import answers_of, concerns_of
from delivery.selectors.voice_people import somebody_else_approves
from delivery.services.voice_answers import (
    agree_priority,
    approve_answer,
    ask_for_priority,
    change_answer,
    change_priority,
    draft_answer,
    join_concerns,
    link_actions,
    withdraw_answer,
)
from delivery.views.voice import CONCERNS, LOCATIONS, ConcernLookup, Framed, voice_crumb
from programmes.pages import location_page

P = Permission
PRIORITIES = Priority.objects.select_related("location__programme", "target_place", "decision")
ANSWERS = Answer.objects.select_related(
    "location__programme",
    "concern__location",
    "priority__location",
    "drafted_by",
    "approved_by",
)


class _PriorityLookup:
    """Finds a priority under its location."""

    kwargs: dict[str, Any]

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["priority"]}


class _AnswerLookup:
    """Finds an answer under its location."""

    kwargs: dict[str, Any]

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["answer"]}


class PriorityCreateView(Framed, CreateView):
    """Agrees a priority; ``?concern=`` joins the one it comes from."""

    queryset = LOCATIONS
    permission = P.VOICE_MODERATE
    form_class = PriorityForm
    template_name = "programmes/form.html"
    also_shows = (Priority,)
    success_message = _("The priority is agreed.")
    heading = _("Agree a priority")
    intro = _("What the group works on because people asked for it. Join what they said to it.")
    submit_label = _("Agree it")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer places and decisions of this location, beginning with those of the concern."""
        kwargs: dict[str, Any] = {"location": self.object}
        for concern in self.concerns():
            decided = Decision.objects.filter(location=self.object, issue__concern=concern)
            kwargs["initial"] = {
                "target_place": concern.target_place_id,
                "decision": decided.order_by("-decided_on").values_list("pk", flat=True).first(),
            }
        return kwargs

    def concerns(self) -> list[Concern]:
        """Return the concern that it comes from; none where it is not open to this person."""
        wanted = self.request.GET.get("concern", "")
        rows = Concern.objects.filter(location=self.object, state=ConcernState.OPEN)
        rows = rows.visible_to(self.request.user, P.VOICE_MODERATE)
        return [row for row in rows if str(row.pk) == wanted] if wanted else []

    def perform(self, form: Any) -> str:
        """Agree it."""
        return agree_priority(
            location=self.object,
            by=self.request.user,
            concerns=self.concerns(),
            **form.cleaned_data,
        ).get_absolute_url()


class PriorityView(_PriorityLookup, DetailView):
    """One priority: who asked for it, what is done, what was answered."""

    queryset = PRIORITIES
    permission = P.VIEW
    template_name = "delivery/voice/priority.html"
    also_shows = (Concern, Action, Answer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what hangs on it, as far as the reader finds it."""
        priority: Priority = self.object
        location, reader = priority.location, self.request.user
        page = location_page(
            self.request, location, current="voice", crumbs=[voice_crumb(location)]
        )
        entries = (
            [timeline_item(one) for one in history_of(priority, limit=20, reader=reader)]
            if P.HISTORY_READ in page["rights"]
            else []
        )
        return {
            **kwargs,
            **page,
            "priority": priority,
            "concerns": list(concerns_of(location, reader).filter(priority=priority)),
            "actions": list(actions_of(location, reader).filter(priorities=priority)),
            "answers": list(answers_of(location, reader).filter(priority=priority)),
            "moderates": P.VOICE_MODERATE in page["rights"],
            "entries": entries,
        }


class PriorityUpdateView(_PriorityLookup, Framed, UpdateView):
    """Changes, publishes or ends a priority."""

    queryset = PRIORITIES
    permission = P.VOICE_MODERATE
    form_class = PriorityForm
    template_name = "programmes/form.html"
    success_message = _("Saved.")
    heading = _("Change the priority")
    submit_label = _("Save")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Bring what is stored."""
        return {"location": self.object.location, "priority": self.object}

    def perform(self, form: Any) -> str:
        """Change it."""
        return change_priority(
            priority=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class PriorityJoinView(_PriorityLookup, Framed, UpdateView):
    """Joins what people said to a priority."""

    queryset = PRIORITIES
    permission = P.VOICE_MODERATE
    form_class = JoinForm
    template_name = "programmes/form.html"
    also_shows = (Concern,)
    success_message = _("Joined.")
    heading = _("Join what people said")
    submit_label = _("Join")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer what is open here and not part of it yet."""
        rows = concerns_of(self.object.location, self.request.user)
        rows = rows.filter(state__in=(ConcernState.OPEN, ConcernState.ANSWERED))
        return {"concerns": rows.exclude(priority=self.object)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the priority."""
        return {**super().get_context_data(**kwargs), "caption": self.object.title}

    def perform(self, form: Any) -> str:
        """Join them."""
        join_concerns(
            priority=self.object, concerns=form.cleaned_data["concerns"], by=self.request.user
        )
        return str(self.object.get_absolute_url())


class PriorityActionView(_PriorityLookup, Framed, CreateView):
    """Asks somebody to do something about a priority."""

    queryset = PRIORITIES
    permission = P.DELIVERY_RECORD
    form_class = PriorityActionForm
    template_name = "programmes/form.html"
    also_shows = (Action,)
    success_message = _("The action is asked for.")
    heading = _("Ask for an action")
    submit_label = _("Ask for it")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the people of this location."""
        return {"location": self.object.location}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the priority."""
        return {**super().get_context_data(**kwargs), "caption": self.object.title}

    def perform(self, form: Any) -> str:
        """Ask."""
        ask_for_priority(priority=self.object, by=self.request.user, **form.cleaned_data)
        return str(self.object.get_absolute_url())


class PriorityLinkView(_PriorityLookup, Framed, UpdateView):
    """Says which actions asked for elsewhere are part of a priority."""

    queryset = PRIORITIES
    permission = P.VOICE_MODERATE
    form_class = LinkActionsForm
    template_name = "programmes/form.html"
    also_shows = (Action,)
    success_message = _("Linked.")
    heading = _("Link actions to this priority")
    submit_label = _("Link")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the location's actions that are not part of it yet."""
        rows = actions_of(self.object.location, self.request.user)
        return {"actions": rows.exclude(priorities=self.object)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the priority."""
        return {**super().get_context_data(**kwargs), "caption": self.object.title}

    def perform(self, form: Any) -> str:
        """Link them."""
        link_actions(
            priority=self.object, actions=form.cleaned_data["actions"], by=self.request.user
        )
        return str(self.object.get_absolute_url())


class _AnswerCreate(Framed, CreateView):
    """Drafts an answer."""

    abstract = True
    permission = P.VOICE_MODERATE
    form_class = AnswerForm
    template_name = "delivery/voice/answer_form.html"
    also_shows = (Answer,)
    success_message = _("The draft is kept. Nobody outside reads it until it is approved.")
    heading = _("Draft an answer")
    submit_label = _("Keep the draft")


class ConcernAnswerView(ConcernLookup, _AnswerCreate):
    """Drafts an answer to one concern."""

    queryset = CONCERNS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show what is answered."""
        return super().get_context_data(concern=self.object, **kwargs)

    def perform(self, form: Any) -> str:
        """Keep the draft."""
        return draft_answer(
            concern=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class PriorityAnswerView(_PriorityLookup, _AnswerCreate):
    """Drafts an answer to a priority, and so to everything joined to it."""

    queryset = PRIORITIES

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the priority."""
        return {**super().get_context_data(**kwargs), "caption": self.object.title}

    def perform(self, form: Any) -> str:
        """Keep the draft."""
        return draft_answer(
            priority=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class AnswerView(_AnswerLookup, DetailView):
    """One answer: its words, who drafted and approved it, and what can be done with it."""

    queryset = ANSWERS
    permission = P.VIEW
    template_name = "delivery/voice/answer.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what this person may do."""
        answer: Answer = self.object
        location, reader = answer.location, self.request.user
        page = location_page(
            self.request, location, current="voice", crumbs=[voice_crumb(location)]
        )
        is_draft = answer.published_on is None and answer.withdrawn_on is None
        own = answer.drafted_by_id == reader.pk
        approves = is_draft and P.LOCATION_MANAGE in page["rights"]
        others = somebody_else_approves(location, answer.drafted_by) if approves and own else False
        entries = (
            [timeline_item(one) for one in history_of(answer, limit=20, reader=reader)]
            if P.HISTORY_READ in page["rights"]
            else []
        )
        return {
            **kwargs,
            **page,
            "answer": answer,
            "is_draft": is_draft,
            "may_change": is_draft and P.VOICE_MODERATE in page["rights"],
            "may_approve": approves and not (own and others),
            "waits_for_others": approves and own and others,
            "alone": approves and own and not others,
            "same_person": answer.approved_by_id is not None
            and answer.approved_by_id == answer.drafted_by_id,
            "may_withdraw": answer.withdrawn_on is None and P.LOCATION_MANAGE in page["rights"],
            "entries": entries,
        }


class AnswerUpdateView(_AnswerLookup, Framed, UpdateView):
    """Changes a draft."""

    queryset = ANSWERS
    permission = P.VOICE_MODERATE
    form_class = AnswerForm
    template_name = "delivery/voice/answer_form.html"
    success_message = _("Saved.")
    heading = _("Change the draft")
    submit_label = _("Save")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Bring what is stored."""
        return {"answer": self.object}

    def perform(self, form: Any) -> str:
        """Change it."""
        return change_answer(
            answer=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class AnswerApproveView(_AnswerLookup, ActionView):
    """The button "Approve and publish"."""

    queryset = ANSWERS
    permission = P.LOCATION_MANAGE
    success_message = _("Approved. It stands on the public page, if that is open.")

    def perform(self) -> str:
        """Approve the draft as it was shown: the button carries its version."""
        return approve_answer(
            answer=self.object, version=_version(self.request, self.object), by=self.request.user
        ).get_absolute_url()


class AnswerWithdrawView(_AnswerLookup, Framed, UpdateView):
    """Takes an answer from the public page, with a reason."""

    queryset = ANSWERS
    permission = P.LOCATION_MANAGE
    form_class = WithdrawAnswerForm
    template_name = "programmes/form.html"
    success_message = _("Withdrawn. It is gone from the public page.")
    heading = _("Withdraw the answer")
    intro = _("It leaves the public page at once, and what it answered is open again.")
    submit_label = _("Withdraw it")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version that the person saw."""
        return {"version": self.object.version}

    def perform(self, form: Any) -> str:
        """Withdraw it."""
        return withdraw_answer(
            answer=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


def _version(request: HttpRequest, answer: Answer) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 9 else answer.version
