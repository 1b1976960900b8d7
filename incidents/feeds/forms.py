"""Forms of feeds: what a feed is, its file, what columns become, what categories are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from core.forms import HouseFileField, HouseForm, MonthField
from incidents.choices import FeedKind, Grain, Qualifier, Theme
from incidents.feeds.categories import guess_of
from incidents.feeds.mapping import Clock, Fields, Mapping, Order, System
from incidents.feeds.preview import Head
from incidents.feeds.rows import LIMITS
from incidents.models import Feed, FeedCategory
from programmes.models import SharingAgreement


class FeedForm(HouseForm):
    """A feed: of one agency, one kind of record. An existing one keeps agency and grain."""

    agency: forms.ModelChoiceField[Agency] = forms.ModelChoiceField(
        label=_("Which agency supplies it?"), queryset=None, empty_label=_("Choose an agency")
    )
    title = forms.CharField(
        label=_("What is it called?"),
        help_text=_("For example “Noise complaints” or “ASB incidents of the force”."),
        max_length=150,
    )
    kind = forms.ChoiceField(
        label=_("Whose records are they?"), choices=[("", _("Choose a kind")), *FeedKind.choices]
    )
    grain = forms.ChoiceField(
        label=_("What does a row of its files stand for?"),
        choices=Grain.choices,
        widget=forms.RadioSelect,
        initial=Grain.INCIDENT,
    )
    terms = forms.CharField(
        label=_("How may it be used?"),
        help_text=_("The agreement or licence under which it is supplied, in a few words."),
        max_length=200,
    )
    agreement: forms.ModelChoiceField[SharingAgreement] = forms.ModelChoiceField(
        label=_("Under which sharing agreement?"),
        queryset=None,
        required=False,
        empty_label=_("None: by law or as open data"),
    )
    published = forms.BooleanField(
        label=_("The agency publishes these records itself"),
        help_text=_("Then their counts are shown as they are, in public versions too."),
        required=False,
    )
    public_figures = forms.BooleanField(
        label=_("Counts may stand in public versions, with small ones hidden"),
        help_text=_("Only if the agency has agreed to that."),
        required=False,
    )

    def __init__(
        self, *args: Any, programme: Any, agencies: Any, feed: Feed | None = None, **kwargs: Any
    ) -> None:
        if feed is not None:
            kwargs["version"] = feed.version
            kwargs["initial"] = {
                name: getattr(feed, name)
                for name in ("title", "kind", "terms", "agreement", "published", "public_figures")
            }
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["agreement"].queryset = SharingAgreement.objects.filter(programme=programme)
        if feed is not None:
            del fields["agency"], fields["grain"]
        else:
            fields["agency"].queryset = agencies


class FeedFileForm(HouseForm):
    """A file as the agency sent it."""

    creates = False
    file = HouseFileField(
        label=_("File"),
        help_text=_(
            "CSV, Excel (.xlsx) or GeoJSON with headings in the first row. At most 50 MB and "
            "200,000 rows; large tables as CSV."
        ),
        accept=(".csv", ".xlsx", ".json", ".geojson"),
        max_bytes=LIMITS.size,
    )


class MappingForm(HouseForm):
    """What each column becomes, how its cells are read, and the months the file answers for.

    Without ``taking`` the months may be left open: they then are those of the rows.
    """

    creates = False
    show_optional = False
    order = forms.ChoiceField(label=_("How are dates written?"), choices=Order.choices)
    clock = forms.ChoiceField(
        label=_("By which clock are times given?"),
        help_text=_("A time that says its own offset from UTC is read by that."),
        choices=Clock.choices,
    )
    system = forms.ChoiceField(label=_("How are coordinates given?"), choices=System.choices)
    category = forms.CharField(
        label=_("What are the rows called, if no column is the category?"),
        max_length=150,
        required=False,
    )
    first_month = MonthField(
        label=_("First month the file answers for"),
        help_text=_("A month without a row then counts as none, not as missing."),
    )
    last_month = MonthField(label=_("Last month the file answers for"))
    keep_good = forms.BooleanField(
        label=_("If some rows are wrong, store the others"),
        help_text=_("Otherwise one wrong row stops the import, and nothing is stored."),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        head: Head,
        grain: str,
        mapping: Mapping,
        span: tuple[dt.date | None, dt.date | None],
        taking: bool = True,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {
            "order": mapping.order,
            "clock": mapping.clock,
            "system": mapping.system,
            "category": mapping.category,
            "first_month": span[0],
            "last_month": span[1],
        }
        super().__init__(*args, **kwargs)
        if not taking:  # the months may not be known before the columns are said
            self.fields["first_month"].required = self.fields["last_month"].required = False
        self.counts = grain == Grain.COUNT
        self.headings = head.headings
        fields: dict[str, Any] = self.fields
        filled = {heading.casefold(): name for name, heading in mapping.columns.items()}
        choices = [
            ("", _("Leave it out")),
            *((one.value, one.label) for one in Fields if self.counts or one != Fields.COUNT),
        ]
        for position, heading in enumerate(head.headings):
            fields[f"column_{position}"] = forms.ChoiceField(
                label=heading,
                help_text=head.examples(position) or _("Empty in the first rows"),
                choices=choices,
                required=False,
                initial=filled.get(heading.casefold(), ""),
            )

    def columns(self) -> list[Any]:
        """Return the fields of the columns, in the file's order."""
        return [self[f"column_{position}"] for position in range(len(self.headings))]

    def settings(self) -> list[Any]:
        """Return the fields that say how cells are read."""
        return [self[name] for name in ("order", "clock", "system", "category")]

    def months(self) -> list[Any]:
        """Return the fields of the months and of what happens to wrong rows."""
        return [self[name] for name in ("first_month", "last_month", "keep_good")]

    def clean(self) -> dict[str, Any]:
        """Check that columns do not contradict each other; put them together as a mapping."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        found: dict[str, str] = {}
        for position, heading in enumerate(self.headings):
            name = cleaned.get(f"column_{position}")
            if name and name in found:
                self.add_error(
                    f"column_{position}",
                    _t("“%(field)s” is the column “%(heading)s” already")
                    % {"field": Fields(name).label, "heading": found[name]},
                )
            elif name:
                found[name] = heading
        mapping = Mapping(
            found,
            system=cleaned.get("system", System.DEGREES),
            clock=cleaned.get("clock", Clock.LOCAL),
            order=cleaned.get("order", Order.DAY_FIRST),
            category=cleaned.get("category", ""),
        )
        for problem in mapping.problems(counts=self.counts):
            self.add_error(None, problem)
        first, last = cleaned.get("first_month"), cleaned.get("last_month")
        if first and last and first > last:
            self.add_error("last_month", _("The last month must not come before the first"))
        return {**cleaned, "mapping": mapping}


class CategoriesForm(HouseForm):
    """What each category of a feed is, all in one go; those nobody has said first."""

    creates = False
    show_optional = False

    def __init__(self, *args: Any, categories: Sequence[FeedCategory], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = categories
        fields: dict[str, Any] = self.fields
        for one in categories:
            said = bool(one.theme)
            is_asb, qualifier, theme = (
                (one.is_asb, one.qualifier, one.theme) if said else guess_of(one.name)
            )
            fields[f"asb_{one.pk}"] = forms.BooleanField(
                label=_("Anti-social behaviour"), required=False, initial=is_asb
            )
            fields[f"theme_{one.pk}"] = forms.ChoiceField(
                label=_("Theme"),
                choices=[("", _("Not said yet")), *Theme.choices],
                required=False,
                initial=theme,
            )
            fields[f"qualifier_{one.pk}"] = forms.ChoiceField(
                label=_("Qualifier"),
                choices=[("", _("As the row says, or none")), *Qualifier.choices],
                required=False,
                initial=qualifier,
            )

    def rows(self) -> list[dict[str, Any]]:
        """Return a category with its fields in each row."""
        return [
            {
                "category": one,
                "guessed": not one.theme and bool(guess_of(one.name)[2]),
                "fields": [self[f"{name}_{one.pk}"] for name in ("asb", "theme", "qualifier")],
            }
            for one in self.categories
        ]

    def said(self) -> dict[Any, tuple[bool, str, str]]:
        """Return what was said of each category."""
        cleaned = self.cleaned_data
        return {
            one.pk: (
                cleaned[f"asb_{one.pk}"],
                cleaned[f"qualifier_{one.pk}"],
                cleaned[f"theme_{one.pk}"],
            )
            for one in self.categories
        }
