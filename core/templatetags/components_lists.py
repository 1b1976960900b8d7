"""Tags for lists, navigation and what opens and closes."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import screen
from core.templatetags.components_base import Items, children, render

register = template.Library()


@register.simple_tag(takes_context=True)
def task_list(context: Context, items: Items, id: str = "tasks") -> str:
    """List tasks with their status, each a link."""
    return render(context, "task_list", items=screen.with_status(items), id=id)


@register.simple_tag(takes_context=True)
def summary_list(context: Context, rows: Items, title: object = "", borders: bool = True) -> str:
    """List keys and values; with a title it becomes a card."""
    return render(context, "summary_list", rows=rows, title=title, borders=borders)


@register.simple_block_tag(takes_context=True)
def summary(context: Context, content: str, title: object = "", borders: bool = True) -> str:
    """Hold ``summary_row`` blocks: a summary list whose values are markup."""
    return render(context, "summary_list", content=content, title=title, borders=borders)


@register.simple_block_tag(takes_context=True)
def summary_row(
    context: Context,
    content: str,
    key: object,
    *,
    change: str = "",
    change_text: object = "",
    change_hidden: object = "",
) -> str:
    """One row of ``summary``; ``change`` is the address of its action."""
    return render(
        context,
        "summary_row",
        content=content,
        key=key,
        change=change,
        change_text=change_text or _("Change"),
        change_hidden=change_hidden or str(key).lower(),
    )


@register.simple_tag(takes_context=True)
def timeline(context: Context, items: Items, heading_level: int = 2) -> str:
    """List what happened, with when and by whom."""
    return render(
        context,
        "timeline",
        items=screen.with_status(items),
        heading_level=heading_level,
    )


@register.simple_tag(takes_context=True)
def breadcrumbs(context: Context, items: Items) -> str:
    """Show where this page lies; items or pairs ``(text, href)``."""
    return render(context, "breadcrumbs", items=screen.as_items(items))


@register.simple_tag(takes_context=True)
def back_link(context: Context, href: str, text: object = "") -> str:
    """Print the link back."""
    return render(context, "back_link", href=href, text=text)


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Any, label: object = "") -> str:
    """Print the numbers of the pages around this one; other query parameters stay."""
    if page.paginator.num_pages < 2:
        return ""
    request = context.get("request")

    def address(number: int) -> str:
        return screen.query_with(request, page=number)

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    pages = [
        {"number": n, "href": address(n), "current": n == page.number}
        if isinstance(n, int)
        else {"ellipsis": True}
        for n in numbers
    ]
    return render(
        context,
        "pagination",
        pages=pages,
        label=label,
        previous=address(page.number - 1) if page.has_previous() else "",
        next=address(page.number + 1) if page.has_next() else "",
    )


@register.simple_tag(takes_context=True)
def cursor_pagination(
    context: Context, previous: str = "", next: str = "", label: object = ""
) -> str:
    """Print previous and next where pages have no numbers."""
    return render(context, "pagination", pages=[], previous=previous, next=next, label=label)


@register.simple_tag(takes_context=True)
def side_navigation(context: Context, items: Items, label: object = "") -> str:
    """Print the pages beside this one; items with a ``heading`` start a group that opens.

    The group of the page we are in is open, or all of them where it is in none.
    """
    groups = navigation_groups(items)
    current = next((group["current"] for group in groups if group["current"] is not None), None)
    return render(
        context,
        "side_navigation",
        groups=groups,
        titled=any(group["heading"] for group in groups),
        current="" if current is None else screen.pick(current, "text"),
        title=label or _("In this section"),
    )


def navigation_groups(items: Items) -> list[dict[str, Any]]:
    """Return the items under their headings: ``heading``, ``items``, ``open``."""
    groups: list[dict[str, Any]] = [{"heading": "", "items": [], "current": None}]
    for item in items:
        heading = screen.pick(item, "heading")
        if heading:
            groups.append({"heading": heading, "items": [], "current": None})
        groups[-1]["items"].append(item)
        if screen.pick(item, "current"):
            groups[-1]["current"] = item
    inside = any(group["heading"] and group["current"] is not None for group in groups)
    for group in groups:
        group["open"] = group["current"] is not None or not inside
    return [group for group in groups if group["items"]]


@register.simple_block_tag(takes_context=True)
def tab(context: Context, content: str, label: object, id: str = "") -> str:
    """One tab of ``tabs``."""
    children(context, "tabs").append(
        {"label": label, "id": id or f"tab-{slugify(str(label))}", "content": content}
    )
    return ""


@register.simple_block_tag(takes_context=True)
def tabs(context: Context, content: str, title: object) -> str:
    """Hold ``tab`` blocks; without JavaScript all are shown, one after the other."""
    found = children(context, "tabs")
    html = render(context, "tabs", tabs=list(found), title=title)
    found.clear()
    return html


@register.simple_block_tag(takes_context=True)
def accordion_section(
    context: Context,
    content: str,
    heading: object,
    summary: object = "",
    expanded: bool = False,
) -> str:
    """One section of ``accordion``."""
    children(context, "accordion").append(
        {
            "heading": heading,
            "summary": summary,
            "expanded": expanded,
            "content": content,
        }
    )
    return ""


@register.simple_block_tag(takes_context=True)
def accordion(context: Context, content: str, id: str, heading_level: int = 2) -> str:
    """Hold ``accordion_section`` blocks."""
    found = children(context, "accordion")
    html = render(
        context,
        "accordion",
        sections=list(found),
        id=id,
        heading_level=heading_level,
    )
    found.clear()
    return html


@register.simple_tag(takes_context=True)
def filter_panel(context: Context, form: Any, title: object = "", clear_href: str = "") -> str:
    """Print a GET form beside a list, and what is selected, each with a link that removes it."""
    request = context.get("request")
    return render(
        context,
        "filter_panel",
        form=form,
        title=title,
        clear_href=clear_href or getattr(request, "path", ""),
        selected=screen.selected_filters(form, request),
    )
