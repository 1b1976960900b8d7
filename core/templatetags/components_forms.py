"""Tags for fields of a form and the frame of the page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from core import screen
from core.templatetags.components_base import render

register = template.Library()


@register.simple_tag(takes_context=True)
def field(context: Context, bound: Any, label_size: str = "") -> str:
    """Print one field of a form, its label as large as asked (``s``, ``m``, ``l``)."""
    bound.label_size = label_size  # read by templates/forms/field.html
    return str(bound.as_field_group())


@register.simple_tag(takes_context=True)
def form_errors(context: Context, form: Any) -> str:
    """Print the error summary of a form whose fields are printed one by one."""
    errors = screen.form_error_items(form)
    return render(context, "error_summary", errors=errors, title="") if errors else ""


@register.simple_tag(takes_context=True)
def service_navigation(context: Context) -> str:
    """Print the product's main pages; ``site.navigation`` replaces the usual list."""
    request = context.get("request")
    items = screen.main_navigation(context.get("site"), getattr(request, "path", "/"))
    return render(context, "service_navigation", items=items)
