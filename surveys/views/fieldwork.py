"""Fieldwork: single-use codes, paper sheets, and reading what people wrote."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.sharing import Category
from core import clock
from core.choices import Marking
from core.errors import Refused
from core.views import DetailView, UpdateView
from surveys.answering import from_form, shown
from surveys.choices import WaveMode
from surveys.forms.waves import CodesForm, SheetForm, TextForm
from surveys.models import Reply
from surveys.posters import codes_pdf
from surveys.selectors.lists import batches_of
from surveys.services.answers import enter_sheet
from surveys.services.codes import make_codes
from surveys.services.texts import judge_text, may_read_texts
from surveys.views.common import WAVES, WaveLookup, form_of, page_of, survey_crumb, wave_crumb
from surveys.wording import questions_of


class CodesView(WaveLookup, UpdateView):
    """Makes single-use codes and hands them over once: as the answer to this form, never again.

    They are not made in a job, because a job would keep the file with the codes in it.
    """

    queryset = WAVES
    permission = Permission.SURVEY_MANAGE
    template_name = "programmes/form.html"
    form_class = CodesForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the file itself."""
        self.object = self.fetch()
        form = self.get_form(request.POST)
        if not form.is_valid():
            return self.page(status=422, object=self.object, form=form)
        try:
            codes = make_codes(
                wave=self.object, number=form.cleaned_data["number"], by=request.user
            )
        except Refused as error:
            form.add_error(None, str(error))
            return self.page(status=422, object=self.object, form=form)
        address = request.build_absolute_uri(self.object.public_url)
        if form.cleaned_data["form"] == "csv":
            return _file(_csv(codes, address), "text/csv; charset=utf-8", self.object, "csv")
        pdf = codes_pdf(self.object, codes, address)
        return _file(pdf, "application/pdf", self.object, "pdf")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        wave = self.object
        return {
            **kwargs,
            **form_of(
                self.request,
                wave.survey.location,
                heading=_("Make single-use codes"),
                submit_label=_("Make the codes and fetch the file"),
                cancel_url=wave.get_absolute_url(),
                way=[survey_crumb(wave.survey), wave_crumb(wave)],
                caption=str(wave),
                intro=_(
                    "The codes are shown this once. We keep only what is needed to recognise them. "
                    "If the file is lost, make new ones."
                )
                if wave.mode == WaveMode.CODES
                else _("This wave is not answered with single-use codes."),
            ),
        }


def _file(content: bytes, kind: str, wave: Any, ending: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="codes-{wave.code}.{ending}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Protective-Marking"] = Marking.OFFICIAL.label
    return answer


def _csv(codes: list[str], address: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_t("Address"), _t("Code")])
    writer.writerows([address, code] for code in codes)
    return out.getvalue().encode("utf-8-sig")


class SheetView(WaveLookup, UpdateView):
    """Types in a paper sheet, and goes on with the next."""

    queryset = WAVES
    permission = Permission.SURVEY_ENTER
    template_name = "surveys/sheet.html"
    form_class = SheetForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Go on where the last sheet ended."""
        kept = self.request.GET
        sheet = kept.get("sheet", "")
        last = min(self.object.closes_on, clock.today())
        day = last
        with contextlib.suppress(ValueError):  # somebody's own address: start from the last day
            day = dt.date.fromisoformat(kept.get("day", ""))
        return {
            "initial": {
                "batch": kept.get("batch", "")[:40],
                "sheet": int(sheet) if sheet.isdecimal() and len(sheet) < 7 else 1,
                "answered_on": day,
            }
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the sheet; errors lose nothing."""
        self.object = self.fetch()
        form = self.get_form(request.POST)
        read = from_form(questions_of(self.object), request.POST)
        fine = form.is_valid()
        if not (fine and read.is_valid):
            return self.page(status=422, object=self.object, form=form, read=read)
        try:
            enter_sheet(wave=self.object, answers=read, by=request.user, **form.cleaned_data)
        except Refused as error:
            form.add_error(None, str(error))
            return self.page(status=422, object=self.object, form=form, read=read)
        then = {
            "batch": form.cleaned_data["batch"],
            "sheet": form.cleaned_data["sheet"] + 1,
            "day": form.cleaned_data["answered_on"].isoformat(),
            "kept": form.cleaned_data["sheet"],
        }
        return HttpResponseRedirect(f"{request.path}?{urlencode(then)}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the questions and the batches so far."""
        wave, read = self.object, kwargs.get("read")
        data = self.request.POST if self.request.method == "POST" else None
        fields = shown(questions_of(wave), data, read)
        kept = self.request.GET.get("kept", "")
        return {
            **kwargs,
            **form_of(
                self.request,
                wave.survey.location,
                heading=_("Type in a paper sheet"),
                submit_label=_("Keep the sheet and go on"),
                cancel_url=wave.get_absolute_url(),
                way=[survey_crumb(wave.survey), wave_crumb(wave)],
                caption=str(wave),
            ),
            "wave": wave,
            "fields": fields,
            "has_errors": any(one.error for one in fields),
            "whole_error": read.errors.get("") if read is not None else "",
            "batches": batches_of(wave),
            "kept": kept if kept.isdecimal() and data is None else "",
            "answers": sum(one.sheets for one in batches_of(wave)),
        }


class TextsView(WaveLookup, UpdateView):
    """What people wrote, read by those who manage surveys: kept, with names taken out, or not."""

    queryset = WAVES
    permission = Permission.SURVEY_MANAGE
    template_name = "surveys/texts.html"
    form_class = TextForm
    http_method_names = ["get", "head", "options"]
    also_shows = (Reply,)
    ledger_touches = (Category.SENSITIVE_NOTES,)

    def fetch(self) -> Any:
        """Ask also whether the lead agency's notes are open to this person."""
        wave = super().fetch()
        if not may_read_texts(self.request.user, wave):
            raise PermissionDenied
        return wave

    def perform(self, form: Any) -> str:
        """Keep one text or hold it back."""
        rows = Reply.objects.filter(submission__wave=self.object).exclude(text="")
        reply = get_object_or_404(
            rows.select_related("submission__wave__survey__location__programme"),
            pk=self.kwargs["reply"],
        )
        judge_text(
            reply=reply,
            keep=form.cleaned_data["keep"] == "yes",
            shown_text=form.cleaned_data["shown_text"],
            by=self.request.user,
        )
        place = reverse("surveys:wave-texts", args=[self.kwargs["slug"], self.object.pk])
        return f"{place}?page={self.request.POST.get('page', '1')}#{reply.pk}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the texts, those that wait first."""
        wave = self.object
        rows = (
            Reply.objects.filter(submission__wave=wave)
            .exclude(text="")
            .order_by("question", "pk")  # not in the order in which they came
        )
        page = Paginator(rows, 25).get_page(self.request.GET.get("page"))
        self.ledger_rows = page.object_list
        wordings = {one.code: one.wording for one in questions_of(wave)}
        return {
            **kwargs,
            **page_of(
                self.request,
                wave.survey.location,
                survey_crumb(wave.survey),
                wave_crumb(wave),
                (_t("In their own words"), ""),
            ),
            "wave": wave,
            "page_obj": page,
            "texts": [(reply, wordings.get(reply.question, reply.question)) for reply in page],
            "waiting": rows.filter(text_state="waiting").count(),
        }


class TextView(TextsView):
    """The form of one text: sent only, shown among all of them."""

    queryset = WAVES
    permission = Permission.SURVEY_MANAGE
    http_method_names = ["post", "options"]


class WaveWordingView(WaveLookup, DetailView):
    """The locked wording as a sheet to print and fill in."""

    queryset = WAVES
    permission = Permission.VIEW
    template_name = "surveys/paper.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the questions."""
        wave = self.object
        return {
            **kwargs,
            **page_of(
                self.request,
                wave.survey.location,
                survey_crumb(wave.survey),
                wave_crumb(wave),
                (_t("Questions"), ""),
            ),
            "wave": wave,
            "survey": wave.survey,
            "fields": shown(questions_of(wave)),
        }
