"""The form that moves a programme to a newer edition of its steps."""

from __future__ import annotations

from typing import Any

from django import forms

from core.forms import HouseForm


class EditionForm(HouseForm):
    """Which edition was shown: an edition that came in between is not taken unseen."""

    creates = False
    edition = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, shown: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edition"].initial = shown
