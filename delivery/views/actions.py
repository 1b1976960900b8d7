"""Actions at a location, for those who run them and those who see how they stand."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.permissions import Permission
from core import clock, files
from core.errors import Refused
from core.models import StoredFile
from core.selectors import history_of
from core.views import CreateView, DetailView, DownloadView
from core.views.history import timeline_item
from delivery.choices import ActionState
from delivery.forms.actions import (
    ActionFilter,
    ActionForm,
    CommentForm,
)
from delivery.models import Action, ActionComment
from delivery.selectors.actions import (
    action_counts,
    action_words,
    actions_of,
    comment_lines,
    people_to_ask,
)
from delivery.services import actions as services
from delivery.services.action_rules import RECORD, require_words
from programmes.models import Location
from programmes.pages import location_crumbs, location_page, note_programme
from programmes.sharing import shared_for

LOCATIONS = Location.objects.select_related("programme", "area")
ACTIONS = Action.objects.select_related(
    "location__programme__lead_agency",
    "owner__agency",
    "asked_by__agency",
    "agency",
    "target_place",
    "step__definition",
    "meeting",
    "decision",
    "photo",
    "evidence__step_record__definition",
    "evidence__step_record__location",
).prefetch_related("helpers__agency")
BLOCKED_FIRST = Case(
    When(state=ActionState.BLOCKED, then=Value(0)),
    When(state__in=(ActionState.ASKED, ActionState.ACCEPTED), then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def list_url(location: Location) -> str:
    """Return the address of a location's actions."""
    return reverse("delivery:action-list", args=[location.slug])


class ActionListView(DetailView):
    """The actions of a location, open ones first, blocked ones before all."""

    queryset = LOCATIONS
    permission = Permission.VIEW
    template_name = "delivery/actions/list.html"
    also_shows = (Action,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add one page of actions and the filter."""
        location, user, today = self.object, self.request.user, clock.today()
        people = people_to_ask(location)
        form = ActionFilter(
            self.request.GET or None,
            location=location,
            agencies=Agency.objects.filter(people__in=people.values("pk")).distinct(),
        )
        rows = form.narrow(actions_of(location, user), user)
        closed = self.request.GET.get("state") in ("done", "dropped")
        rows = rows.order_by(*(("-closed_on",) if closed else ()), BLOCKED_FIRST, "due_on", "pk")
        page = Paginator(rows, 50).get_page(self.request.GET.get("page"))
        return {
            **kwargs,
            **location_page(self.request, location, current="actions"),
            "form": form,
            "page_obj": page,
            "lines": [_line(row, today) for row in page.object_list],
            "counts": action_counts(location, today),
            "filtered": bool(set(self.request.GET) - {"page"}),
            "list_url": list_url(location),
        }


def _line(action: Action, today: Any) -> dict[str, Any]:
    state, label = state_shown(action, today)
    return {"action": action, "state": state, "label": label, "late": action.days_late(today)}


LOOKS = {"asked": "not_started", "accepted": "in_progress", "dropped": "closed"}


def state_shown(action: Action, today: Any) -> tuple[str, Any]:
    """Return the status and the words of an action's tag."""
    state = action.shown_state(today)
    if state == "late":
        return "late", _t("Overdue")
    return LOOKS.get(state, state), ActionState(state).label


class ActionCreateView(CreateView):
    """Asks somebody for an action."""

    queryset = LOCATIONS
    permission = RECORD
    template_name = "programmes/form.html"
    form_class = ActionForm
    also_shows = (Action,)
    success_message = _("They are asked, by mail.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the people, places and steps of this location."""
        return {"location": self.object, "people": people_to_ask(self.object)}

    def perform(self, form: Any) -> str:
        """Ask."""
        return services.ask_action(
            location=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        note_programme(self.request, self.object.programme)
        back = list_url(self.object)
        return {
            **kwargs,
            "heading": _("Ask for an action"),
            "caption": self.object.name,
            "submit_label": _("Ask for it"),
            "cancel_url": back,
            "crumbs": location_crumbs(self.object, (_t("Actions"), back)),
        }


class ActionLookup:
    """Finds an action under its location; frames its forms."""

    kwargs: dict[str, Any]
    request: HttpRequest
    object: Any
    heading: Any = ""
    submit_label: Any = ""
    intro: Any = ""
    template_name: ClassVar[str] = "programmes/form.html"

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["action"]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around a form."""
        action: Action = self.object
        note_programme(self.request, action.location.programme)
        return {
            **kwargs,
            "heading": self.heading,
            "caption": action.title,
            "intro": self.intro,
            "submit_label": self.submit_label,
            "cancel_url": action.get_absolute_url(),
            "crumbs": location_crumbs(
                action.location,
                (_t("Actions"), list_url(action.location)),
                (action.title, action.get_absolute_url()),
            ),
        }


class ActionDetailView(ActionLookup, DetailView):
    """One action: what is asked, what was answered, comments, history; and what to do next."""

    queryset = ACTIONS
    permission = Permission.VIEW
    template_name = "delivery/actions/detail.html"
    also_shows = (ActionComment,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add its words as far as they are open, and the buttons that this person may press."""
        action: Action = self.object
        location, user, today = action.location, self.request.user, clock.today()
        page = location_page(
            self.request, location, current="actions", crumbs=[(_t("Actions"), list_url(location))]
        )
        shared = shared_for(self.request, location.programme)
        state, label = state_shown(action, today)
        runs, mine = RECORD in page["rights"], action.is_of(user)
        return {
            **kwargs,
            **page,
            "action": action,
            "words": action_words(action, shared, user),
            "comments": comment_lines(action, shared, user),
            "state": state,
            "label": label,
            "late": action.days_late(today),
            "runs": runs,
            "mine": mine,
            "may_comment": runs or mine,
            "comment_form": kwargs.get("form") or CommentForm(),
            "evidence_stands": action.evidence is not None and action.evidence.withdrawn_on is None,
            "may_evidence": runs
            and Permission.STEP_RECORD in page["rights"]
            and action.state == ActionState.DONE,
            "entries": [
                timeline_item(one)
                for one in history_of(
                    action, ActionComment.objects.filter(action=action), limit=30, reader=user
                )
            ]
            if Permission.HISTORY_READ in page["rights"]
            else [],
        }


class ActionCommentView(ActionDetailView):
    """Takes a comment; the action's page with its errors where it cannot."""

    def may(self, obj: Any, permission: str | None = None) -> bool:
        """Let those who do it comment, and those who run actions here."""
        return obj.is_of(self.request.user) or super().may(obj, permission or RECORD)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead back to the action: a reload of the page with errors comes here."""
        self.object = self.fetch()
        return HttpResponseRedirect(self.object.get_absolute_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep it."""
        self.object = self.fetch()
        form = CommentForm(request.POST)
        if form.is_valid():
            try:
                services.add_comment(action=self.object, by=request.user, **form.cleaned_data)
                return HttpResponseRedirect(f"{self.object.get_absolute_url()}#comments")
            except Refused as error:
                form.add_error(None, str(error))
        return self.page(status=422, object=self.object, form=form)


class ActionPhotoView(ActionLookup, DownloadView):
    """The photo of a finished action."""

    queryset = ACTIONS
    permission = Permission.VIEW

    def stored_file(self) -> StoredFile | None:
        """Return it, unless it is withheld."""
        require_words(self.request.user, self.object)
        stored: StoredFile | None = self.object.photo
        return stored

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """Show it in the page: we made the picture ourselves."""
        return shown_inline(self)


def shown_inline(view: Any) -> FileResponse:
    """Send the photo of a view's action so that a page can show it."""
    view.object = view.fetch()
    stored = view.stored_file()
    if stored is None:
        raise Http404
    return files.response(stored, marking=view.file_marking(), inline=True)
