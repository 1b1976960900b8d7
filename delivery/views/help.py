"""Pages of asking for help: the register, one request, and what is done about it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.screen import day
from core.views import CreateView, DetailView, UpdateView
from delivery.choices import HelpOutcome, HelpState, Tier
from delivery.forms.help import (
    AskForHelpForm,
    DecideForm,
    ReturnForm,
    SendHelpForm,
    TakeBackForm,
)
from delivery.models import HelpRequest
from delivery.selectors import help as selectors
from delivery.selectors.actions import open_actions, people_to_ask
from delivery.services import help as services
from programmes.models import Location, Programme
from programmes.pages import (
    location_crumbs,
    location_page,
    note_programme,
    programme_crumbs,
)
from programmes.sharing import shared_for
from programmes.views.access import AccessView

LOCATIONS = Location.objects.select_related("programme__lead_agency")
REQUESTS = selectors.with_names(
    HelpRequest.objects.select_related(
        "passed_from__location",
        "passed_to__location",
        "decision_record__location",
        "follow_up__location",
    )
)
P = Permission


class HelpListView(DetailView):
    """What a location asked help for, and what is proposed."""

    queryset = LOCATIONS
    permission = P.VIEW
    template_name = "delivery/help/list.html"
    also_shows = (HelpRequest,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the requests: what waits first, then what is settled."""
        page = location_page(self.request, self.object, current="help")
        lines = selectors.help_at(self.object, shared_for(self.request, self.object.programme))
        return {
            **kwargs,
            **page,
            "waiting": [line for line in lines if line.waits],
            "settled": [line for line in lines if not line.waits],
            "new_url": reverse("delivery:help-new", args=[self.object.slug]),
        }


class ProgrammeHelpView(DetailView):
    """What all locations of a programme asked help for, as far as one sees them."""

    queryset = Programme.objects.select_related("lead_agency")
    permission = P.VIEW
    template_name = "delivery/help/programme.html"
    also_shows = (HelpRequest,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the register."""
        note_programme(self.request, self.object)
        lines = selectors.help_in(
            self.object, self.request.user, shared_for(self.request, self.object)
        )
        return {
            **kwargs,
            "programme": self.object,
            "asked": [line for line in lines if line.state == HelpState.SENT],
            "decided": [
                line for line in lines if line.state == HelpState.DECIDED and not line.is_passed_up
            ],
            "proposed": [line for line in lines if line.state == HelpState.PROPOSED],
            "settled": [
                line
                for line in lines
                if line.state in (HelpState.RETURNED, HelpState.WITHDRAWN) or line.is_passed_up
            ],
            "crumbs": programme_crumbs(self.object),
        }


class _Lookup:
    """Finds a request under its location, and frames its forms."""

    kwargs: dict[str, Any]
    request: HttpRequest
    object: Any
    heading: Any = ""
    submit_label: Any = ""

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["help"]}

    def line(self) -> selectors.HelpLine:
        """Return it as this reader sees it."""
        shared = shared_for(self.request, self.object.location.programme)
        return selectors.help_line(self.object, shared)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around a form."""
        location = self.object.location
        note_programme(self.request, location.programme)
        return {
            **kwargs,
            "line": self.line(),
            "heading": self.heading,
            "submit_label": self.submit_label,
            "caption": location.name,
            "cancel_url": self.object.get_absolute_url(),
            "crumbs": location_crumbs(
                location,
                (_t("Asking for help"), reverse("delivery:help-list", args=[location.slug])),
                (self.object.title, self.object.get_absolute_url()),
            ),
        }


class HelpDetailView(_Lookup, DetailView):
    """One request: what is asked and why, the decision, and what became of it."""

    queryset = REQUESTS
    permission = P.VIEW
    template_name = "delivery/help/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the frame, what it is about, and what this person may do now."""
        request, location = self.object, self.object.location
        line = self.line()
        page = location_page(
            self.request,
            location,
            current="help",
            crumbs=[(_t("Asking for help"), reverse("delivery:help-list", args=[location.slug]))],
        )
        rights = page["rights"]
        runs = P.DELIVERY_RECORD in rights
        own = services.first_of(request).sent_by_id == self.request.user.pk
        where = [location.slug, request.pk]
        above = getattr(request, "passed_to", None)
        return {
            **kwargs,
            **page,
            "line": line,
            "about": selectors.about(request, rights),
            "above": above,
            "below": request.passed_from,
            "kept": request.decision_record,
            "follow_up": request.follow_up,
            "may_send": runs and line.state == HelpState.PROPOSED,
            "may_decide": P.HELP_DECIDE in rights
            and line.state == HelpState.SENT
            and not own
            and not line.withheld,
            "is_own": own and P.HELP_DECIDE in rights and line.state == HelpState.SENT,
            "may_return": runs and line.state == HelpState.DECIDED and not line.is_passed_up,
            "may_take_back": runs and line.state in (HelpState.PROPOSED, HelpState.SENT),
            **{
                f"{name}_url": reverse(f"delivery:help-{name}", args=where)
                for name in ("send", "decide", "return", "withdraw", "access")
            },
        }


class HelpNewView(CreateView):
    """Asks for help with something and sends it."""

    queryset = LOCATIONS
    permission = P.DELIVERY_RECORD
    template_name = "delivery/help/form.html"
    form_class = AskForHelpForm
    success_message = _("Your request is sent. Those who decide are told by mail.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the open actions and the steps of the location."""
        steps = self.object.steps.select_related("definition").order_by("definition__number")
        return {"actions": open_actions(self.object, self.request.user), "steps": steps}

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        """Choose what the address names: an action or a step."""
        form = super().get_form(data, files)
        for name in ("action", "step"):
            form.fields[name].initial = self.request.GET.get(name) or None
        return form

    def perform(self, form: Any) -> str:
        """Send it."""
        return services.ask_for_help(
            location=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        note_programme(self.request, self.object.programme)
        back = reverse("delivery:help-list", args=[self.object.slug])
        return {
            **kwargs,
            "heading": _("Ask for help"),
            "caption": self.object.name,
            "submit_label": _("Send the request"),
            "cancel_url": back,
            "crumbs": location_crumbs(self.object, (_t("Asking for help"), back)),
        }


class HelpSendView(_Lookup, UpdateView):
    """Sends what was proposed by rule, in a person's own words."""

    queryset = REQUESTS
    permission = P.DELIVERY_RECORD
    template_name = "delivery/help/form.html"
    form_class = SendHelpForm
    heading = _("Ask for help")
    submit_label = _("Send the request")
    success_message = _("Your request is sent. Those who decide are told by mail.")

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        """Begin with what was proposed."""
        form = super().get_form(data, files)
        form.fields["title"].initial = self.object.title
        form.fields["tier"].initial = self.object.tier
        return form

    def perform(self, form: Any) -> str:
        """Send it."""
        return services.send(
            request=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class HelpDecideView(_Lookup, UpdateView):
    """Decides on what a group asks."""

    queryset = REQUESTS
    permission = P.HELP_DECIDE
    template_name = "delivery/help/decide.html"
    form_class = DecideForm
    heading = _("Decide")
    submit_label = _("Save the decision")
    success_message = _("Your decision is kept. Whoever asked is told by mail.")

    def fetch(self) -> Any:
        """Return it; nobody decides on what is withheld from them."""
        request = super().fetch()
        services.require_open(self.request.user, request)
        return request

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer to pass it up while somebody is above."""
        return {"may_pass_up": Tier(self.object.tier) in services.ABOVE}

    def perform(self, form: Any) -> str:
        """Decide."""
        return services.decide(
            request=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class HelpReturnView(_Lookup, CreateView):
    """Takes a decision back to the group."""

    queryset = REQUESTS
    permission = P.DELIVERY_RECORD
    template_name = "delivery/help/decide.html"
    form_class = ReturnForm
    heading = _("Take the decision back to the group")
    submit_label = _("Return it to the group")
    success_message = _("The decision is on record and back with the group.")

    def fetch(self) -> Any:
        """Return it; nobody takes back what is withheld from them."""
        request = super().fetch()
        services.require_open(self.request.user, request)
        return request

    def get_form_kwargs(self) -> dict[str, Any]:
        """Begin with the decision's own words, unless they are sensitive."""
        line = self.line()
        words = "" if line.is_sensitive else _decided_words(line)
        return {"owners": people_to_ask(self.object.location), "text": words}

    def perform(self, form: Any) -> str:
        """Return it."""
        return services.return_to_group(
            request=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class HelpWithdrawView(_Lookup, UpdateView):
    """Takes a proposal or a request back."""

    queryset = REQUESTS
    permission = P.DELIVERY_RECORD
    template_name = "delivery/help/decide.html"
    form_class = TakeBackForm
    heading = _("Take it back")
    submit_label = _("Take it back")
    success_message = _("It is taken back.")

    def perform(self, form: Any) -> str:
        """Take it back."""
        return services.withdraw(
            request=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class HelpAccessView(AccessView):
    """Who can see a request."""

    queryset = HelpRequest.objects.select_related("agency", "location__programme__lead_agency")

    def lookup_filter(self) -> dict[str, Any]:
        """Find it under its location."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["help"]}

    def is_open(self) -> bool:
        """Say whether its words are open."""
        shared = shared_for(self.request, self.object.location.programme)
        return selectors.opens(shared, self.object)


def _decided_words(line: selectors.HelpLine) -> str:
    words = f"{line.title}: {line.outcome_label}. {line.decision}"
    if line.outcome == HelpOutcome.GIVEN and line.help_by is not None:
        words += " " + _t("%(who)s, by %(date)s.") % {
            "who": line.help_from,
            "date": day(line.help_by),
        }
    return words


def week_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Return the decisions asked of this person, those to take back, and what is proposed."""
    mine = selectors.my_help(request.user)
    if mine.is_empty:
        return None
    return {"asked": mine.asked, "decided": mine.decided, "proposed": mine.proposed}


def location_panel(request: HttpRequest, location: Location) -> dict[str, Any] | None:
    """Return what waits at a location, for its overview."""
    lines = selectors.help_at(location, shared_for(request, location.programme))
    waiting = [line for line in lines if line.waits]
    if not waiting:
        return None
    return {"waiting": waiting, "list_url": reverse("delivery:help-list", args=[location.slug])}


def step_panel(_request: HttpRequest, record: Any) -> dict[str, Any] | None:
    """Return the link that asks for help with a step."""
    url = reverse("delivery:help-new", args=[record.location.slug])
    return {"url": f"{url}?step={record.pk}"}
