"""What every tag module shares: rendering a component with its own values alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.template import Context
from django.utils.safestring import SafeString

Items = Iterable[Any]


def render(context: Context, component: str, /, **values: Any) -> SafeString:
    """Render ``components/<component>.html`` with these values alone (and the request)."""
    assert context.template is not None
    found = context.template.engine.get_template(f"components/{component}.html")
    values.setdefault("request", context.get("request"))
    return found.render(context.new(values))


def children(context: Context, kind: str) -> list[dict[str, Any]]:
    """Return the list in which child tags (tabs, sections) report to the tag around them."""
    assert context.render_context is not None
    found: Any = context.render_context.setdefault(f"_govuk_{kind}", [])
    return cast("list[dict[str, Any]]", found)
