"""The form that moves the business date of a demonstration."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from core.forms import GovDateField, HouseForm

# A slip of the hand beyond these would empty every page.
EARLIEST = dt.date(2021, 3, 1)
LATEST = dt.date(2030, 12, 31)


class BusinessDateForm(HouseForm):
    """Asks for the new business date."""

    creates = False

    date = GovDateField(
        label=_("New business date"),
        help_text=_("For example, 12 7 2024."),
        min_value=EARLIEST,
        max_value=LATEST,
    )
