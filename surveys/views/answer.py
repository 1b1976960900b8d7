"""The page at which residents answer: no account, no session, no cookie, no script.

One form goes around: questions, a page to check, thank you. What was typed travels in the form
itself, so nothing is kept before it is sent, and an error loses nothing.

There is no CSRF token on these forms, because a token needs a cookie. A forged request could do
here only what anybody may do without it: nobody is signed in, nothing is read, and the answer
counts as one more answer of the open link. Where single-use codes are asked for, a forger has none.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from core import clock
from core.errors import Refused
from core.views import public
from delivery.selectors.voice_public import open_page
from surveys.answering import Answers, from_form, shown
from surveys.choices import WaveMode, WaveState
from surveys.models import Wave
from surveys.services.answers import check_code, refuse_closed, submit
from surveys.wording import questions_of

OPEN = "Residents answer without an account, and nothing may say who they are."


class AnswerView(View):
    """What the pages of a wave have in common."""

    wave: Wave

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the wave that the address names."""
        super().setup(request, *args, **kwargs)
        found = (
            Wave.objects.filter(code=str(kwargs["code"]).lower())
            .select_related("survey__location")
            .first()
        )
        if found is None:
            raise Http404
        self.wave = found

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """Show a page of this wave."""
        return render(
            self.request,
            template,
            {
                "wave": self.wave,
                "survey": self.wave.survey,
                "location": self.wave.survey.location,
                "with_codes": self.wave.mode == WaveMode.CODES,
                **context,
            },
            status=status,
        )

    def closed(self) -> HttpResponse | None:
        """Return the page that says why the wave cannot be answered; None if it can be."""
        try:
            refuse_closed(self.wave)
        except Refused as error:
            state = self.wave.state_on(clock.today())
            return self.page(
                "surveys/public_closed.html",
                message=str(error),
                status=200 if self.request.method == "GET" else 409,
                planned=state == WaveState.PLANNED,
            )
        return None


@public(OPEN)
class AnswerStartView(AnswerView):
    """Who asks, why, and what is kept."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it, or say that the wave is closed."""
        return self.closed() or self.page(
            "surveys/public_start.html", questions=len(self.wave.wording), id=uuid4()
        )


@public(OPEN)
@method_decorator(csrf_exempt, name="dispatch")
class AnswerQuestionsView(AnswerView):
    """The questions, the page to check, and sending."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Begin: a wave with codes begins at its start page."""
        if self.wave.mode == WaveMode.CODES:
            return HttpResponseRedirect(self.wave.public_url)
        return self.closed() or self.questions(uuid4())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go one page on: ``do`` is begin, check, change or send."""
        try:
            key = UUID(request.POST.get("id", ""))
        except ValueError:
            key = uuid4()
        step = request.POST.get("do", "check")
        if step == "send":
            return self.send(key)
        closed = self.closed()
        if closed is not None:
            return closed
        if step == "begin":
            return self.begin(key)
        if step == "change":
            return self.questions(key)
        return self.check(key)

    @property
    def single_use(self) -> str:
        """The code as typed; empty where the wave has none."""
        return str(self.request.POST.get("code", "")).strip()[:40]

    def begin(self, key: UUID) -> HttpResponse:
        """Check the code before anybody answers for nothing."""
        error = self.wrong_code()
        if error:
            return self.page(
                "surveys/public_start.html",
                status=422,
                questions=len(self.wave.wording),
                id=key,
                code=self.single_use,
                code_error=error,
            )
        return self.questions(key)

    def wrong_code(self) -> str:
        """Return what is wrong with the code; empty if nothing is, or none is asked for."""
        if self.wave.mode != WaveMode.CODES:
            return ""
        if not self.single_use:
            return _("Enter the code from your letter")
        try:
            check_code(self.wave, self.single_use)
        except Refused as error:
            return str(error)
        return ""

    def questions(self, key: UUID, *, read: Answers | None = None, error: str = "") -> HttpResponse:
        """Show the questions with what was typed."""
        data = self.request.POST if self.request.method == "POST" else None
        fields = shown(questions_of(self.wave), data, read)
        return self.page(
            "surveys/public_questions.html",
            status=422 if read is not None or error else 200,
            id=key,
            code=self.single_use,
            fields=fields,
            has_errors=any(one.error for one in fields),
            whole_error=error or (read.errors.get("") if read is not None else ""),
        )

    def check(self, key: UUID) -> HttpResponse:
        """Show what was answered once more, before it is sent."""
        asked = questions_of(self.wave)
        read = from_form(asked, self.request.POST)
        if not read.is_valid:
            return self.questions(key, read=read)
        return self.page(
            "surveys/public_check.html",
            id=key,
            code=self.single_use,
            fields=shown(asked, self.request.POST),
        )

    def send(self, key: UUID) -> HttpResponse:
        """Keep the answers and say thank you; a second sending of the same is harmless."""
        read = from_form(questions_of(self.wave), self.request.POST)
        if not read.is_valid:
            return self.closed() or self.questions(key, read=read)
        try:
            submit(wave=self.wave, id=key, answers=read, code=self.single_use)
        except Refused as error:
            return self.closed() or self.questions(key, error=str(error))
        return HttpResponseRedirect(reverse("surveys:answer-thanks", args=[self.wave.code]))


@public(OPEN)
class AnswerThanksView(AnswerView):
    """Thank you, and where to read what comes of it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it."""
        town = open_page(self.wave.survey.location.slug)
        return self.page("surveys/public_thanks.html", town=town)
