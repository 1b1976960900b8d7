"""The gallery: every pattern in every state on one page, for people and for accessibility tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from core.forms import (
    GovDateField,
    HintedRadios,
    HouseFileField,
    HouseForm,
    MonthField,
)
from core.statuses import STATUSES
from core.views import public

LONG = _(
    "A long text that a person may well write here, with a nameoftheoldestalleywayinthetown that "
    "does not break and a second sentence, so that it fills more than one line on any screen."
)
STEPS = (
    (_("Justification and purpose"), "signed_off"),
    (_("Local teams and assets"), "done"),
    (_("Stakeholders and networks"), "in_progress"),
    (_("Training"), "late"),
    (_("Local working groups"), "out_of_order"),
    (_("Solution rich pictures"), "not_started"),
    (_("Interventions and evaluation"), "not_started"),
    (_("Asking for help"), "cannot_start"),
)
SQUARE = [[-2.752, 52.222], [-2.728, 52.222], [-2.728, 52.234], [-2.752, 52.234], [-2.752, 52.222]]


class GalleryForm(HouseForm):
    """One field of each kind."""

    title = forms.CharField(
        label=_("Name of the target place"), help_text=_("As residents call it"), max_length=80
    )
    email = forms.EmailField(label=_("E-mail address"), required=False)
    cost = forms.DecimalField(
        label=_("Cost"),
        widget=forms.NumberInput(attrs={"data-prefix": "£", "data-width": "5"}),
    )
    weeks = forms.IntegerField(
        label=_("Planned length"),
        min_value=1,
        widget=forms.NumberInput(attrs={"data-suffix": _("weeks"), "data-width": "3"}),
    )
    notes = forms.CharField(
        label=_("What was found"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=200,
        help_text=_("Do not name people"),
    )
    remarks = forms.CharField(
        label=_("Remarks"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    step = forms.ChoiceField(
        label=_("Step"),
        choices=[
            ("", _("Choose a step")),
            (_("First half"), [("1", _("Justification")), ("2", _("Local teams"))]),
            (_("Second half"), [("5", _("Working groups"))]),
        ],
    )
    area = forms.ChoiceField(
        label=_("How is the area drawn?"),
        choices=[("lsoa", _("A set of census areas")), ("drawn", _("A boundary drawn on the map"))],
        widget=HintedRadios(hints={"lsoa": _("Counts use the area code of each report")}),
    )
    types = forms.MultipleChoiceField(
        label=_("Which reports?"),
        choices=[("asb", _("Anti-social behaviour")), ("damage", _("Criminal damage and arson"))],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose all that apply"),
    )
    done_on = GovDateField(label=_("Done on"), help_text=_("For example, 12 March 2024"))
    month = MonthField(label=_("Month"), help_text=_("For example, 3 2024"))
    listed = MonthField(
        label=_("First month"), months=[dt.date(2024, 1, 1), dt.date(2024, 2, 1)], required=False
    )
    file = HouseFileField(label=_("Photo or document"), accept=(".jpg", ".pdf"), required=False)
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput)
    agreed = forms.BooleanField(
        label=_("The partners have agreed to this"), help_text=_("Required before publishing")
    )
    locked = forms.CharField(label=_("Reference"), disabled=True, initial="LEO-1", required=False)


class GalleryFilter(forms.Form):
    """A filter as beside a list."""

    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("All")), ("late", _("Late"))], required=False
    )
    agency = forms.MultipleChoiceField(
        label=_("Agency"),
        choices=[("council", _("Council")), ("police", _("Police"))],
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"data-small": "1"}),
    )


def _feature(geometry: str, coordinates: list[Any], name: str) -> dict[str, Any]:
    """Return one GeoJSON feature."""
    return {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": geometry, "coordinates": coordinates},
    }


@public("Shows the patterns with invented texts; holds no data, and is off in production.")
class GalleryView(TemplateView):
    """The gallery page; answers 404 in production."""

    template_name = "core/gallery.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse in production: the page serves those who build, not those who work."""
        if settings.PRODUCTION:
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]  # Django's type is wider

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the invented items of each pattern."""
        steps = [
            {"number": n, "title": title, "status": status, "href": "#step", "current": n == 4}
            for n, (title, status) in enumerate(STEPS, 1)
        ]
        head: list[Any] = [
            {"text": _("Month"), "sort": "month"},
            {"text": _("Reports of ASB"), "sort": "count", "numeric": True},
            _("Coverage"),
        ]
        rows = [
            [_("January 2024"), 1420, _("Complete")],
            [_("February 2024"), 11, _("Complete")],
            [_("March 2024"), None, _("Missing")],
        ]
        wrong = {"done_on_day": "31", "done_on_month": "2", "done_on_year": "2024"}
        invalid = GalleryForm(
            {
                "id": "3f0c6a5e-94f1-4a55-a3a3-9f5a3a1d1c11",
                "title": "x" * 90,
                "notes": "y" * 210,
                "email": "nobody",
                "month": "13 2024",
                **wrong,
            },
            auto_id="wrong_%s",
        )
        return super().get_context_data(
            form_empty=GalleryForm(),
            form_single=GalleryForm(auto_id="single_%s"),
            form_invalid=invalid,
            filter_form=GalleryFilter(
                {"status": "late", "agency": ["council"]}, auto_id="filter_%s"
            ),
            long=LONG,
            statuses=list(STATUSES),
            steps=steps,
            tasks=[{**step, "hint": LONG if n == 2 else ""} for n, step in enumerate(steps)],
            grid_columns=[title for title, _status in STEPS],
            grid_rows=[
                {
                    "text": name,
                    "href": "#row",
                    "hint": hint,
                    "cells": [
                        {"status": status, "href": "#cell", "note": note}
                        for (_title, status), note in zip(
                            STEPS, ("", "", _("week 12"), _("2 weeks"), "", "", "", ""), strict=True
                        )
                    ],
                }
                for name, hint in (("Leominster", _("4 target places")), ("Oswestry", ""))
            ],
            summary_rows=[
                {
                    "key": _("Coordinator"),
                    "value": _("Demonstration coordinator"),
                    "actions": [{"text": _("Change"), "href": "#change"}],
                },
                {"key": _("Purpose"), "value": LONG},
            ],
            events=[
                {
                    "title": _("Step 3 started"),
                    "at": dt.datetime(2024, 3, 12, 15, 4, tzinfo=dt.UTC),
                    "by": _("the coordinator"),
                    "text": LONG,
                    "status": "in_progress",
                },
                {"title": _("Workshop held"), "at": dt.date(2024, 2, 20), "href": "#event"},
            ],
            crumbs=[(_("Programmes"), "#"), ("West Mercia", "#w"), ("Leominster", "")],
            side_items=[
                {"text": _("Overview"), "href": "#o", "current": True},
                {"text": _("Steps"), "href": "#s", "count": 3},
                {"heading": _("Evidence"), "text": _("Data"), "href": "#d"},
            ],
            page=Paginator(range(500), 25).page(5),
            head=head,
            rows=rows,
            chart={
                "title": _("Reports of ASB per month, demonstration"),
                "alt": _("Bars: 1,420 in January, 11 in February; March is missing."),
                "src": settings.STATIC_URL + "images/gallery-chart.svg",
                "head": head,
                "rows": rows,
                "source": _("invented for this page"),
                "note": _("A missing month has no bar. It is not zero."),
            },
            chart_waiting={
                "title": _("Chart not drawn yet"),
                "src": "",
                "head": [_("Month"), _("Reports")],
                "rows": rows and [[_("January 2024"), 20]],
            },
            layers=[
                {
                    "slug": "boundary",
                    "label": _("Boundary"),
                    "symbol": "boundary",
                    "geojson": _feature("Polygon", [SQUARE], "Leominster"),
                },
                {
                    "slug": "points",
                    "label": _("Reports of ASB (approximate places)"),
                    "symbol": "point",
                    "geojson": _feature("Point", [-2.74, 52.228], "Near <b>Corn Square</b>"),
                },
            ],
            errors=[
                {"text": _("Enter a real date, like 12 March 2024"), "href": "#id_done_on_day"},
                _("The file is empty. Choose another"),
            ],
            sources=[
                {
                    "text": "data.police.uk",
                    "href": "https://data.police.uk/",
                    "licence": _("Open Government Licence v3.0"),
                },
                _("Office for National Statistics, mid-2022 population estimates"),
            ],
            today=dt.date(2024, 6, 25),
            **kwargs,
        )
