"""The house's views: safe by construction, thin by habit."""

from core.views.base import (
    ActionView,
    CreateView,
    DetailView,
    DownloadView,
    FormPage,
    ListView,
    ScopedView,
    UpdateView,
    public,
)
from core.views.history import HistoryView

__all__ = [
    "ActionView",
    "CreateView",
    "DetailView",
    "DownloadView",
    "FormPage",
    "HistoryView",
    "ListView",
    "ScopedView",
    "UpdateView",
    "public",
]
