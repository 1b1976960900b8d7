"""The public page of a location, for residents: no account, no JavaScript, no cookie needed.

Forms here bear no CSRF token: whoever sends them does it as nobody, whether signed in or not, so
that another site can gain nothing by sending them; and a phone that refuses cookies can.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from accounts.tries import count_try
from accounts.visitors import may_go_on
from core.errors import Refused
from core.views import public
from delivery.choices import ConcernState
from delivery.forms.voice_public import ReferenceForm, TellForm, WorryForm
from delivery.models import PublicPage
from delivery.selectors.voice_public import all_answers, open_page, public_view, reply_to
from delivery.services.voice import hear
from delivery.services.voice_public import take_safeguarding
from programmes import registry

OPEN = "The public page of a location: residents have no account; a closed one does not exist."


class _OpenPage(View):
    """A page under an open public page; where none is open there is nothing."""

    template_name: ClassVar[str]
    # What was typed or answered is kept by no cache; what everybody reads is asked for anew, so
    # that what is taken back is gone with the next click.
    kept: ClassVar[str] = "no-store"
    public_page: PublicPage

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the page, 404 where it is closed or there is none."""
        super().setup(request, *args, **kwargs)
        page = open_page(kwargs["slug"])
        if page is None:
            raise Http404
        self.public_page, self.location = page, page.location

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        """Render the template with what all of these pages have in common."""
        context = {
            "location": self.location,
            "public_page": self.public_page,
            "home_url": self.public_page.get_absolute_url(),
            **context,
        }
        response = render(self.request, self.template_name, context, status=status)
        response["Cache-Control"] = self.kept
        if not (self.public_page.indexed and self.kept != "no-store"):
            response["X-Robots-Tag"] = "noindex"
        return response


@public(OPEN)
class PublicPageView(_OpenPage):
    """What is worked on, what was heard and answered, and how to say something."""

    template_name = "delivery/voice/public.html"
    kept = "private, no-cache"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show it."""
        programme = self.location.programme
        return self.show(
            voice=public_view(self.location),
            passages=self._passages(),
            first_day=programme.starts_on,
            last_day=programme.week_starts(programme.weeks + 1),
        )

    def _passages(self) -> list[SafeString]:
        """Return what other parts add."""
        shown = []
        for passage in registry.public_passages():
            context = passage.context(self.location)
            if context is not None:
                context = {"location": self.location, **context}
                shown.append(render_to_string(passage.template_name, context, self.request))
        return shown


@public(OPEN)
class PublicAnswersView(_OpenPage):
    """Every answer, newest first."""

    template_name = "delivery/voice/public_answers.html"
    kept = "private, no-cache"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show them."""
        return self.show(answers=all_answers(self.location))


@public(OPEN)
@method_decorator(csrf_exempt, name="dispatch")
class TellView(_OpenPage):
    """Takes a concern, an idea or an offer, and gives a reference for the answer."""

    template_name = "delivery/voice/public_tell.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show the form."""
        return self.show(form=TellForm(location=self.location))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Store it and show the reference: in this answer alone, never in an address."""
        form = TellForm(data=request.POST, location=self.location)
        if not form.is_valid():
            return self.show(status=422, form=form)
        if not _slow_enough(request, "tell", slug):
            return self.show(status=429, form=_too_many(form))
        try:
            heard = hear(
                id=form.cleaned_data["id"],
                location=self.location,
                kind=form.cleaned_data["kind"],
                text=form.cleaned_data["text"],
                where=form.cleaned_data["where"],
                target_place=form.chosen_place(),
            )
        except Refused as error:
            form.add_error(None, str(error))
            return self.show(status=422, form=form)
        self.template_name = "delivery/voice/public_heard.html"  # type: ignore[misc]  # set for this answer alone
        return self.show(heard=heard, said_url=reverse("delivery:public-said", args=[slug]))


@public(OPEN)
@method_decorator(csrf_exempt, name="dispatch")
class SaidView(_OpenPage):
    """Looks up what became of something, by its reference; sent as a form, so no log keeps it."""

    template_name = "delivery/voice/public_said.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Ask for the reference."""
        return self.show(form=ReferenceForm())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Tell what became of it."""
        form = ReferenceForm(data=request.POST)
        if not form.is_valid():
            return self.show(status=422, form=form)
        if not may_go_on("public-look", request, slug):
            return self.show(status=429, form=_too_many(form))
        reply = reply_to(self.location, form.cleaned_data["reference"])
        if reply is None:
            form.add_error("reference", _("There is nothing here with this reference. Check it"))
            return self.show(status=422, form=form)
        return self.show(
            reply=reply,
            waiting=reply.state in (ConcernState.NEW, ConcernState.OPEN),
            is_new=reply.state == ConcernState.NEW,
        )


@public(OPEN)
@method_decorator(csrf_exempt, name="dispatch")
class WorriedView(_OpenPage):
    """Whom to call about a child or an adult at risk; and a form for those who cannot call."""

    template_name = "delivery/voice/public_worried.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show whom to call, then the form."""
        return self.show(form=WorryForm())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Store it apart, and tell those who read such messages that there is one."""
        form = WorryForm(data=request.POST)
        if not form.is_valid():
            return self.show(status=422, form=form)
        if not _slow_enough(request, "worried", slug):
            return self.show(status=429, form=_too_many(form))
        try:
            take_safeguarding(
                id=form.cleaned_data["id"],
                location=self.location,
                text=form.cleaned_data["text"],
                contact=form.cleaned_data["contact"],
            )
        except Refused as error:
            form.add_error(None, str(error))
            return self.show(status=422, form=form)
        return self.show(received=True)


def _slow_enough(request: HttpRequest, what: str, slug: str) -> bool:
    """Count one more sending, from this address and at this page altogether."""
    here = may_go_on("public-post", request, what, slug)
    return here and count_try("public-post-all", what, slug)


def _too_many(form: Any) -> Any:
    form.add_error(
        None,
        _(
            "Too much was sent from here in a short time. What you wrote is still in the form: "
            "send it again in a quarter of an hour, or call 101. In an emergency call 999."
        ),
    )
    return form
