"""A wave: opening it, its page while it runs, its results, finishing it, making it public."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core import charts, clock
from core.choices import Marking
from core.models import StoredFile
from core.views import ActionView, CreateView, DetailView, DownloadView, UpdateView
from surveys.charts import measures_chart
from surveys.choices import WaveState
from surveys.forms.waves import ReleaseForm, WaveDaysForm, WaveForm
from surveys.posters import latest_poster, request_poster
from surveys.selectors.comparison import compare
from surveys.selectors.lists import fieldwork_of, finished_before, wording_notes
from surveys.selectors.results import results_of
from surveys.services.texts import may_read_texts
from surveys.services.waves import (
    change_wave,
    finish_wave,
    open_wave,
    release_wave,
    take_back_release,
)
from surveys.views.common import (
    SURVEYS,
    WAVES,
    SurveyLookup,
    WaveLookup,
    form_of,
    page_of,
    survey_crumb,
    wave_crumb,
)
from surveys.wording import is_untouched, questions_of


class WaveCreateView(SurveyLookup, CreateView):
    """Opens a wave; its wording is locked from then on."""

    queryset = SURVEYS
    permission = Permission.SURVEY_MANAGE
    template_name = "programmes/form.html"
    form_class = WaveForm
    success_message = _("The wave is made. Its wording is locked.")

    def perform(self, form: Any) -> str:
        """Open it."""
        return open_wave(
            survey=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        survey = self.object
        return {
            **kwargs,
            **form_of(
                self.request,
                survey.location,
                heading=_("Open a wave"),
                submit_label=_("Open the wave and lock its wording"),
                cancel_url=survey.get_absolute_url(),
                way=[survey_crumb(survey)],
                caption=survey.title,
                intro=_(
                    "From then on its questions stay as they are now. If you change a question "
                    "later, the wave after this one asks the new version."
                ),
            ),
        }


class WaveView(WaveLookup, DetailView):
    """One wave: how it stands, how to spread it, its locked wording."""

    queryset = WAVES
    permission = Permission.VIEW
    template_name = "surveys/wave_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how the fieldwork stands."""
        wave = self.object
        state = wave.state_on(clock.today())
        address = self.request.build_absolute_uri(wave.public_url)
        return {
            **kwargs,
            **page_of(
                self.request, wave.survey.location, survey_crumb(wave.survey), wave_crumb(wave)
            ),
            "wave": wave,
            "survey": wave.survey,
            "state": state,
            "is_finished": state == WaveState.FINISHED,
            "is_open": state == WaveState.OPEN,
            "may_enter": state in (WaveState.OPEN, WaveState.ENTERING),
            "may_finish": state == WaveState.ENTERING,
            "fieldwork": fieldwork_of(wave),
            "public_address": address,
            "poster": latest_poster(wave=wave, address=address),
            "questions": questions_of(wave),
            "untouched": is_untouched(wave),
            "wording_notes": wording_notes(wave),
            "may_read_texts": may_read_texts(self.request.user, wave),
        }


class ResultsView(WaveLookup, DetailView):
    """The figures of a wave, and what changed since an earlier one."""

    queryset = WAVES
    permission = Permission.VIEW
    template_name = "surveys/results.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the figures, the chart and the comparison."""
        wave = self.object
        results = results_of(wave)
        earlier = finished_before(wave)
        wanted = self.request.GET.get("with", "")
        against = next((one for one in earlier if str(one.number) == wanted), None)
        against = against or (earlier[-1] if earlier else None)
        chart = measures_chart(results)
        return {
            **kwargs,
            **page_of(
                self.request,
                wave.survey.location,
                survey_crumb(wave.survey),
                wave_crumb(wave),
                (_t("Results"), ""),
            ),
            "wave": wave,
            "survey": wave.survey,
            "results": results,
            "chart": charts.cached(chart) if chart is not None else None,
            "earlier": earlier,
            "against": against,
            "comparison": compare(results_of(against), results) if against else None,
        }


class WaveChangeView(WaveLookup, UpdateView):
    """Changes a wave's last day and how people are reached."""

    queryset = WAVES
    permission = Permission.SURVEY_MANAGE
    template_name = "programmes/form.html"
    form_class = WaveDaysForm
    success_message = _("Saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Bring the wave as it is."""
        return {"wave": self.object}

    def perform(self, form: Any) -> str:
        """Save it."""
        return change_wave(
            wave=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        wave = self.object
        return {
            **kwargs,
            **form_of(
                self.request,
                wave.survey.location,
                heading=_("Change the wave"),
                submit_label=_("Save"),
                cancel_url=wave.get_absolute_url(),
                way=[survey_crumb(wave.survey), wave_crumb(wave)],
                caption=str(wave),
                intro=_("Its questions stay: their wording is locked."),
            ),
        }


class ReleaseView(WaveLookup, UpdateView):
    """Makes a finished wave's main figures public."""

    queryset = WAVES
    permission = Permission.SURVEY_MANAGE
    template_name = "surveys/release.html"
    form_class = ReleaseForm
    success_message = _("The main figures are public.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Bring the wave as it is."""
        return {"wave": self.object}

    def perform(self, form: Any) -> str:
        """Release it."""
        return release_wave(
            wave=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what will be shown."""
        wave = self.object
        results = results_of(wave)
        return {
            **kwargs,
            **form_of(
                self.request,
                wave.survey.location,
                heading=_("Make the main figures public"),
                submit_label=_("Make them public"),
                cancel_url=wave.get_absolute_url(),
                way=[survey_crumb(wave.survey), wave_crumb(wave)],
                caption=str(wave),
            ),
            "measures": [m for m in results.measures if m.figure.state == "shown"],
        }


class _WaveButton(WaveLookup, ActionView):
    """A button on a wave's page; a form sends the version that the person saw."""

    abstract = True
    queryset = WAVES
    permission = Permission.SURVEY_MANAGE

    @property
    def version(self) -> int:
        """The version that the page showed."""
        sent = self.request.POST.get("version", "")
        return int(sent) if sent.isdecimal() and len(sent) < 9 else self.object.version


class FinishView(_WaveButton):
    """Says that a closed wave is finished."""

    queryset = WAVES
    permission = Permission.SURVEY_MANAGE
    success_message = _("The wave is finished. Its results are shown now.")

    def perform(self) -> str:
        """Finish it."""
        return finish_wave(
            wave=self.object, version=self.version, by=self.request.user
        ).get_absolute_url()


class TakeBackView(_WaveButton):
    """Takes a wave's figures off the public page."""

    queryset = WAVES
    permission = Permission.SURVEY_MANAGE
    success_message = _("The figures are not public any more.")

    def perform(self) -> str:
        """Take them back."""
        return take_back_release(
            wave=self.object, version=self.version, by=self.request.user
        ).get_absolute_url()


class PosterView(WaveLookup, ActionView):
    """Asks for the poster with the QR code."""

    queryset = WAVES
    permission = Permission.SURVEY_MANAGE

    def perform(self) -> str:
        """Ask for it and go to its job."""
        address = self.request.build_absolute_uri(self.object.public_url)
        return request_poster(
            wave=self.object, address=address, by=self.request.user
        ).get_absolute_url()


class PosterFileView(WaveLookup, DownloadView):
    """The poster as it was last made, while it says what the wave says."""

    queryset = WAVES
    permission = Permission.SURVEY_MANAGE

    def stored_file(self) -> StoredFile | None:
        """Return the PDF; None (404) where there is none to hang up."""
        address = self.request.build_absolute_uri(self.object.public_url)
        return latest_poster(wave=self.object, address=address)

    def file_marking(self) -> str:
        """Mark it as the poster is marked: it hangs in the street."""
        return Marking.OFFICIAL
