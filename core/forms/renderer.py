"""Prints every form, field and widget from ``templates/forms``."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.template import TemplateDoesNotExist, loader

DJANGO_PREFIX = "django/forms/"


class EngagementRenderer(BaseRenderer):
    """Django's form renderer with our templates in front of Django's own.

    A widget asks for ``django/forms/widgets/text.html``; if ``templates/forms/widgets/text.html``
    exists it answers, else Django's. So a widget nobody thought of still prints.
    """

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    _django = DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        """Find our template of that name, else Django's."""
        if not template_name.startswith(DJANGO_PREFIX):
            return loader.get_template(template_name)
        try:
            return loader.get_template(f"forms/{template_name.removeprefix(DJANGO_PREFIX)}")
        except TemplateDoesNotExist:
            return self._django.get_template(template_name)
