"""What every public service says about itself: how accessible it is, and what it keeps."""

from __future__ import annotations

from django.views.generic import TemplateView

from core.views import public


@public("Everyone may read how accessible the service is, signed in or not.")
class AccessibilityView(TemplateView):
    """The accessibility statement."""

    template_name = "core/accessibility.html"


@public("Everyone may read what the service keeps about people, signed in or not.")
class PrivacyView(TemplateView):
    """What is kept about the people who use the service."""

    template_name = "core/privacy.html"
