"""The pages of help."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from core.help import topic, topics
from core.views.base import public


@public("Help is wanted most before one has signed in; it holds no data.")
class HelpView(TemplateView):
    """The list of what can be read up."""

    template_name = "core/help.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the topics."""
        return super().get_context_data(topics=topics(), **kwargs)


@public("Help is wanted most before one has signed in; it holds no data.")
class HelpTopicView(TemplateView):
    """One subject."""

    template_name = "core/help_topic.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the topic and its neighbours in the list."""
        found = topic(str(self.kwargs["slug"]))
        if found is None:
            raise Http404
        others = [other for other in topics() if other is not found]
        return super().get_context_data(topic=found, others=others, **kwargs)
