"""Forms that say what area a location or a target place covers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.gis.geos import MultiPolygon
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.forms import HouseFileField, HouseForm
from places.models import Area
from programmes.boundaries import MAX_CHARACTERS, read_boundary
from programmes.selectors.lsoas import codes_in, lsoas_by_code


class _AreaForm(HouseForm):
    """What both ways share: the note, and the version of the area that the person saw."""

    creates = False
    note = forms.CharField(
        label=_("How was the area chosen?"),
        help_text=_("For example: agreed with the council in January 2024."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class LsoaAreaForm(_AreaForm):
    """A set of LSOAs: ticked in a list, pasted as codes, or both."""

    query = forms.CharField(
        label=_("Find LSOAs"),
        help_text=_("By ward, district, town, name or code."),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"data-width": "20"}),
    )
    codes = forms.CharField(
        label=_("Or paste LSOA codes"),
        help_text=_("One on each line or with commas between, like E01014066. They are added."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=20_000,
    )
    field_order = ["query", "codes", "note", "seen"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas: list[Area] = []

    def picked_codes(self) -> list[str]:
        """Return the codes ticked or pasted, as far as they look like codes."""
        sent: Any = self.data  # a QueryDict
        ticked = sent.getlist("picked") if self.is_bound else self.initial.get("picked", [])
        pasted = str(sent.get("codes", "")) if self.is_bound else ""
        return codes_in(" ".join([*ticked, pasted]))

    def clean_codes(self) -> str:
        """Every pasted or ticked code is an LSOA that is held."""
        text: str = self.cleaned_data["codes"]
        leftovers = [word for word in text.replace(",", " ").split() if not codes_in(word)]
        if leftovers:
            raise forms.ValidationError(
                _("“%(word)s” is no LSOA code. A code is a letter and eight digits."),
                params={"word": leftovers[0][:40]},
            )
        self.areas, unknown = lsoas_by_code(self.picked_codes())
        if unknown:
            raise forms.ValidationError(
                _(
                    "Not among the LSOAs held here: %(codes)s. Codes of the newest census year are "
                    "expected."
                ),
                params={"codes": ", ".join(unknown[:10])},
            )
        if not self.areas:
            raise forms.ValidationError(_("Choose at least one LSOA, or paste its code"))
        return text


class DrawnAreaForm(_AreaForm):
    """A drawn boundary: drawn on the map, pasted as GeoJSON, or sent as a file."""

    boundary = forms.CharField(
        label=_("Boundary as GeoJSON"),
        help_text=_("With JavaScript you can draw it on the map instead."),
        widget=forms.Textarea(attrs={"rows": 6, "data-draw": "boundary", "spellcheck": "false"}),
        required=False,
    )
    file = HouseFileField(
        label=_("Or a GeoJSON file"),
        accept=(".geojson", ".json"),
        max_bytes=MAX_CHARACTERS,
        required=False,
    )
    field_order = ["boundary", "file", "note", "seen"]

    def clean(self) -> dict[str, Any]:
        """Read the boundary from the file, else from the text."""
        data = super().clean() or self.cleaned_data
        name = "file" if data.get("file") else "boundary"
        try:
            text = data["file"].read().decode() if data.get("file") else data.get("boundary", "")
            if not text.strip():
                raise Refused(_("Draw a boundary, paste GeoJSON or choose a file"))
            self.shape: MultiPolygon = read_boundary(text)
        except UnicodeDecodeError:
            self.add_error(name, _("The file is not text in UTF-8. Choose a GeoJSON file"))
        except Refused as refusal:
            self.add_error(name, str(refusal))
        return data
