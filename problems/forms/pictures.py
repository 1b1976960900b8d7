"""Forms about rich pictures: the picture, its regions, its themes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.forms import CountTextarea, GovDateField, HouseFileField, HouseForm, MarkedForm
from problems.choices import PictureKind
from problems.forms.problems import NO_NAMES, area
from problems.models import PictureRegion, RichPicture

ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp")


class PictureForm(MarkedForm, HouseForm):
    """A photo or scan of a rich picture; the file is asked for once."""

    kind = forms.ChoiceField(
        label=_("What does it show?"), choices=PictureKind.choices, widget=forms.RadioSelect
    )
    title = forms.CharField(label=_("Title"), max_length=150)
    viewpoint = forms.CharField(
        label=_("Whose view is it?"),
        help_text=_("The group that drew it, never a person: “Residents of the garage court”."),
        max_length=150,
    )
    drawn_on = GovDateField(label=_("Date it was drawn"), max_value=clock.today)
    file = HouseFileField(
        label=_("Photo or scan"),
        help_text=_("Up to 20 MB. Photos lose their place data. Cover names and faces first."),
        accept=ENDINGS,
        max_bytes=20_000_000,
    )
    text_alternative = forms.CharField(
        label=_("What does it show, in words?"),
        help_text=_(
            "For those who cannot see it: what is drawn, where, and how things are connected. "
            "Do not name people."
        ),
        widget=CountTextarea(attrs={"rows": 6}),
        max_length=4000,
    )
    field_order = [
        "kind",
        "title",
        "viewpoint",
        "drawn_on",
        "file",
        "text_alternative",
        "problem",
        "follows",
        "marking",
        "handling",
    ]

    def __init__(
        self,
        *args: Any,
        problems: Any,
        pictures: Any,
        chosen: str = "",
        instance: RichPicture | None = None,
        **kwargs: Any,
    ) -> None:
        version = instance.version if instance else None
        super().__init__(*args, version=version, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["drawn_on"].initial = clock.today
        if instance is None:
            self._belonging(problems, pictures, chosen)
        else:
            for name in ("drawn_on", "file"):
                del fields[name]
            for name, field in fields.items():
                if name != "version":
                    field.initial = getattr(instance, name)

    def _belonging(self, problems: Any, pictures: Any, chosen: str) -> None:
        """Ask to which problem it belongs and which picture it follows; both already scoped."""
        self.fields["problem"] = forms.ModelChoiceField(
            label=_("Which problem does it belong to?"),
            label_suffix="",
            queryset=problems,
            empty_label=_("None yet"),
            required=False,
            initial=chosen,
        )
        self.fields["follows"] = forms.ModelChoiceField(
            label=_("Does it follow an earlier picture?"),
            label_suffix="",
            help_text=_("The same group drawing again, so that both can be compared."),
            queryset=pictures,
            empty_label=_("No, it is a new one"),
            required=False,
        )
        self.order_fields(self.field_order)


class RegionForm(HouseForm):
    """A rectangle of a picture by four numbers, and what is there."""

    label = forms.CharField(label=_("What is there?"), max_length=100)
    words = forms.CharField(
        label=_("What did people say of it?"),
        help_text=NO_NAMES,
        widget=area(2),
        required=False,
        max_length=1000,
    )

    def __init__(self, *args: Any, region: PictureRegion | None = None, **kwargs: Any) -> None:
        super().__init__(*args, version=region.version if region else None, **kwargs)
        labels = {
            "left": _("From the left"),
            "top": _("From the top"),
            "width": _("Width"),
            "height": _("Height"),
        }
        for name, label in labels.items():
            self.fields[name] = forms.DecimalField(
                label=label,
                label_suffix="",
                min_value=Decimal(0),
                max_value=Decimal(100),
                decimal_places=1,
                max_digits=4,
                initial=getattr(region, name) if region else None,
                widget=forms.TextInput(
                    attrs={"data-width": "5", "data-suffix": "%", "inputmode": "decimal"}
                ),
            )
        if region is not None:
            self.fields["label"].initial = region.label
            self.fields["words"].initial = region.words

    def clean(self) -> dict[str, Any]:
        """Check that the rectangle lies within the picture."""
        data = super().clean() or self.cleaned_data
        for start, size in (("left", "width"), ("top", "height")):
            one, other = data.get(start), data.get(size)
            if one is None or other is None:
                continue
            if other <= 0:
                self.add_error(size, _("The size must be more than 0"))
            elif one + other > 100:
                self.add_error(size, _("The rectangle must end within the picture (100 %)"))
        return data

    def rectangle(self) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        """Return left, top, width, height."""
        data = self.cleaned_data
        return data["left"], data["top"], data["width"], data["height"]


class ThemeForm(HouseForm):
    """What the picture says, in a sentence."""

    words = forms.CharField(
        label=_("What does the picture tell you?"),
        help_text=_("One theme at a time. It can become a hypothesis or an intervention."),
        max_length=300,
    )
    region = forms.ModelChoiceField(
        label=_("Where in the picture?"),
        queryset=PictureRegion.objects.none(),
        empty_label=_("The picture as a whole"),
        required=False,
    )

    def __init__(self, *args: Any, regions: Any, chosen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region: Any = self.fields["region"]
        region.queryset = regions
        region.initial = chosen
