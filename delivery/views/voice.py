"""The residents' voice inside: what was heard, reading it, and the public page's switch."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core import clock
from core.selectors import history_of
from core.views import ActionView, CreateView, DetailView, UpdateView
from core.views.history import timeline_item
from delivery.choices import ConcernState
from delivery.forms.voice import (
    ConcernForm,
    ModerateForm,
    NotTakenForm,
    PublicPageForm,
    SureForm,
)
from delivery.models import Answer, Concern, Priority, SafeguardingMessage
from delivery.selectors.voice import (
    answers_of,
    concerns_of,
    drafts,
    priorities_of,
    voice_counts,
)
from delivery.selectors.voice_public import page_of
from delivery.services.voice import (
    moderate,
    move_to_safeguarding,
    not_take_further,
    record_concern,
    take_up_again,
)
from delivery.services.voice_public import set_public_page
from programmes.models import Location
from programmes.pages import location_crumbs, location_page, note_programme

P = Permission
LOCATIONS = Location.objects.select_related("programme", "area")
CONCERNS = Concern.objects.select_related(
    "location__programme", "target_place", "priority__location", "recorded_by", "read_by"
)
LISTS = {
    "new": (_("To read"), (ConcernState.NEW,)),
    "open": (_("Open"), (ConcernState.OPEN,)),
    "answered": (_("Answered"), (ConcernState.ANSWERED,)),
    "closed": (_("Not taken further"), (ConcernState.NOT_PUBLISHED,)),
}
PER_LIST = 50


def voice_crumb(location: Location) -> tuple[str, str]:
    """Return the way back to the voice of a location."""
    return (_t("Residents’ voice"), reverse("delivery:voice", args=[location.slug]))


class VoiceView(DetailView):
    """What was heard at a location, what is worked on because of it, and what was answered."""

    queryset = LOCATIONS
    permission = P.VIEW
    template_name = "delivery/voice/home.html"
    also_shows = (Concern, Priority, Answer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the queue, the priorities and the answers."""
        location, reader = self.object, self.request.user
        page = location_page(self.request, location, current="voice")
        chosen = self.request.GET.get("list", "")
        counts = voice_counts(location)
        if chosen not in LISTS:
            # What waits comes first: for whoever moderates what is to be read, then what is open.
            if P.VOICE_MODERATE in page["rights"] and counts.new:
                chosen = "new"
            else:
                chosen = "open" if counts.open or not counts.answered else "answered"
        today = clock.today()
        rows = concerns_of(location, reader).filter(state__in=LISTS[chosen][1])
        if chosen in ("answered", "closed"):
            rows = rows.order_by("-heard_on")
        answers = answers_of(location, reader)
        public_page = page_of(location)
        messages = (
            SafeguardingMessage.objects.filter(location=location, handled_on__isnull=True).count()
            if P.SAFEGUARDING_READ in page["rights"]
            else None
        )
        return {
            **kwargs,
            **page,
            "counts": counts,
            "lists": [
                {"key": key, "title": title, "current": key == chosen}
                for key, (title, _states) in LISTS.items()
                if key != "closed" or P.VOICE_MODERATE in page["rights"]
            ],
            "chosen": chosen,
            "concerns": list(rows[:PER_LIST]),
            "more": max(0, rows.count() - PER_LIST),
            "priorities": list(priorities_of(location, reader)),
            "answers": list(answers.filter(published_on__isnull=False)[:5]),
            "waiting_answers": list(drafts(answers)),
            "today": today,
            "public_page": public_page,
            "page_is_open": public_page is not None and public_page.is_open_on(today),
            "safeguarding_waiting": messages,
        }


class Framed:
    """Frames a form about a location, or about something at one."""

    object: Any
    request: Any
    heading: Any = ""
    caption: Any = ""
    intro: Any = ""
    submit_label: Any = ""

    def location(self) -> Location:
        """Return the location it is about."""
        return getattr(self.object, "location", self.object)

    def back(self) -> str:
        """Return where "Cancel" leads."""
        if isinstance(self.object, Location):
            return reverse("delivery:voice", args=[self.object.slug])
        return str(self.object.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        location = self.location()
        note_programme(self.request, location.programme)
        return {
            **kwargs,
            "heading": self.heading,
            "caption": self.caption or location.name,
            "intro": self.intro,
            "submit_label": self.submit_label,
            "cancel_url": self.back(),
            "crumbs": location_crumbs(location, voice_crumb(location)),
        }


class ConcernCreateView(Framed, CreateView):
    """Enters what somebody said, for them."""

    queryset = LOCATIONS
    permission = P.VOICE_MODERATE
    form_class = ConcernForm
    template_name = "programmes/form.html"
    also_shows = (Concern,)
    success_message = _("It is entered, and waits to be read.")
    heading = _("Enter what somebody told you")
    intro = _(
        "For people who told you in person, by phone, by letter or at a meeting. Do not enter who "
        "they are. If somebody is in danger now, call 999 instead."
    )
    submit_label = _("Enter it")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the places of this location."""
        return {"location": self.object}

    def perform(self, form: Any) -> str:
        """Enter it."""
        concern = record_concern(location=self.object, by=self.request.user, **form.cleaned_data)
        return concern.get_absolute_url()


class ConcernLookup:
    """Finds a concern under its location."""

    kwargs: dict[str, Any]

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks it."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["concern"]}


class ConcernView(ConcernLookup, DetailView):
    """One concern: their words for those who moderate, the published ones for others."""

    queryset = CONCERNS
    permission = P.VIEW
    template_name = "delivery/voice/concern.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add its answers, its priority, and its history for those who read it."""
        concern: Concern = self.object
        page = location_page(
            self.request, concern.location, current="voice", crumbs=[voice_crumb(concern.location)]
        )
        moderates = P.VOICE_MODERATE in page["rights"]
        answers = answers_of(concern.location, self.request.user)
        entries = (
            [
                timeline_item(change)
                for change in history_of(concern, limit=20, reader=self.request.user)
            ]
            if moderates and P.HISTORY_READ in page["rights"]
            else []
        )
        return {
            **kwargs,
            **page,
            "concern": concern,
            "moderates": moderates,
            "is_new": concern.state == ConcernState.NEW,
            "is_open": concern.state == ConcernState.OPEN,
            "is_closed": concern.state == ConcernState.NOT_PUBLISHED,
            "waiting": concern.state in (ConcernState.NEW, ConcernState.OPEN),
            "overdue": concern.state in (ConcernState.NEW, ConcernState.OPEN)
            and concern.answer_by is not None
            and concern.answer_by < clock.today(),
            "issues": list(concern.issues.select_related("meeting__location")),
            "answers": list(answers.filter(concern=concern)),
            "priority_answers": list(answers.filter(priority=concern.priority_id))
            if concern.priority_id
            else [],
            "make_priority_url": reverse("delivery:priority-new", args=[concern.location.slug])
            + f"?concern={concern.pk}",
            "entries": entries,
        }


class ConcernModerateView(ConcernLookup, Framed, UpdateView):
    """Reads a concern and writes what residents may read of it."""

    queryset = CONCERNS
    permission = P.VOICE_MODERATE
    form_class = ModerateForm
    template_name = "delivery/voice/moderate.html"
    success_message = _("Saved.")
    heading = _("Read and decide")
    submit_label = _("Save")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Bring what is stored."""
        return {"concern": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add their words."""
        return super().get_context_data(concern=self.object, **kwargs)

    def perform(self, form: Any) -> str:
        """Keep it."""
        return moderate(
            concern=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class ConcernCloseView(ConcernLookup, Framed, UpdateView):
    """Closes a concern without an answer, with a reason."""

    queryset = CONCERNS
    permission = P.VOICE_MODERATE
    form_class = NotTakenForm
    template_name = "programmes/form.html"
    success_message = _("It is closed. Whoever has the reference reads why.")
    heading = _("Not take this further")
    submit_label = _("Close it")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version that the person saw."""
        return {"version": self.object.version}

    def perform(self, form: Any) -> str:
        """Close it."""
        return not_take_further(
            concern=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class ConcernReopenView(ConcernLookup, ActionView):
    """The button "Take it up again"."""

    queryset = CONCERNS
    permission = P.VOICE_MODERATE
    success_message = _("It is open again.")

    def perform(self) -> str:
        """Open it."""
        return take_up_again(
            concern=self.object, version=self.object.version, by=self.request.user
        ).get_absolute_url()


class ConcernSafeguardView(ConcernLookup, Framed, UpdateView):
    """Moves a concern to the restricted store, after asking once more."""

    queryset = CONCERNS
    permission = P.VOICE_MODERATE
    form_class = SureForm
    template_name = "delivery/voice/safeguard.html"
    success_message = _("It is moved. Those who read safeguarding messages are told by e-mail.")
    heading = _("Move this to safeguarding")
    submit_label = _("Move it")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version that the person saw."""
        return {"version": self.object.version}

    def perform(self, form: Any) -> str:
        """Move it."""
        location = self.object.location
        move_to_safeguarding(concern=self.object, by=self.request.user, **form.cleaned_data)
        return reverse("delivery:voice", args=[location.slug])


class PublicPageSettingsView(Framed, UpdateView):
    """Opens or closes the public page, and says what it promises."""

    queryset = LOCATIONS
    permission = P.LOCATION_MANAGE
    form_class = PublicPageForm
    template_name = "delivery/voice/page_settings.html"
    success_message = _("The public page is set.")
    heading = _("Public page")
    submit_label = _("Save")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Bring what is stored."""
        return {"page": page_of(self.object)}

    def perform(self, form: Any) -> str:
        """Keep it."""
        set_public_page(location=self.object, by=self.request.user, **form.cleaned_data)
        return reverse("delivery:voice", args=[self.object.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the address."""
        path = reverse("delivery:public-page", args=[self.object.slug])
        return super().get_context_data(address=self.request.build_absolute_uri(path), **kwargs)
