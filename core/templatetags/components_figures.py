"""Tags for numbers, tables, progress, charts and maps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import mark_safe
from django.utils.text import slugify

from core import screen
from core.statuses import status_look
from core.templatetags.components_base import Items, render

register = template.Library()


@register.simple_block_tag(takes_context=True)
def cards(context: Context, content: str) -> str:
    """Hold ``card`` tags."""
    return render(context, "cards", content=content)


@register.simple_tag(takes_context=True)
def card(
    context: Context,
    label: object,
    number: object,
    *,
    sense: object = "",
    tone: str = "neutral",
    href: str = "",
    unit: object = "",
) -> str:
    """Print one number with what it counts and what that means."""
    return render(
        context,
        "card",
        label=label,
        number=number,
        sense=sense,
        tone=tone,
        href=href,
        unit=unit,
    )


@register.simple_tag(takes_context=True)
def table(
    context: Context,
    head: Items,
    rows: Iterable[Sequence[object]],
    *,
    caption: object = "",
    caption_hidden: bool = False,
    first_is_header: bool = True,
    note: object = "",
    empty: object = "",
    stacked: bool = False,
) -> str:
    """Print a table of texts and numbers; a column is right-aligned by its head's ``numeric``.

    ``stacked`` puts a row's cells under each other on a phone, each after the head of its column.
    """
    columns = screen.as_items(head)
    numeric = [bool(column.get("numeric")) for column in columns]
    labels = [column["text"] if stacked else "" for column in columns]
    lines = [
        [
            {"text": cell, "numeric": right, "label": label}
            for cell, right, label in zip(row, numeric, labels, strict=True)
        ]
        for row in rows
    ]
    return render(
        context,
        "table",
        head=screen.with_sorting(columns, context.get("request")),
        rows=lines,
        caption=caption,
        caption_hidden=caption_hidden,
        first_is_header=first_is_header,
        note=note,
        empty=empty,
        stacked=stacked,
    )


@register.simple_block_tag(takes_context=True)
def table_block(
    context: Context,
    content: str,
    caption: object = "",
    *,
    caption_hidden: bool = False,
    note: object = "",
    stacked: bool = False,
) -> str:
    """Print a table around one's own ``thead`` and ``tbody``.

    ``stacked`` puts a row's cells under each other on a phone, each after the head of its column.
    """
    if stacked:
        # The template has escaped the block, and labels are made of its own escaped heads.
        content = mark_safe(screen.with_labels(content))  # noqa: S308  # see the line above
    return render(
        context,
        "table",
        content=content,
        caption=caption,
        caption_hidden=caption_hidden,
        note=note,
        stacked=stacked,
    )


@register.simple_tag(takes_context=True)
def sort_header(context: Context, text: object, field: str, numeric: bool = False) -> str:
    """Print a column's head as a link that sorts by it (``?sort=field``, ``?sort=-field``)."""
    column = {"text": text, "sort": field, "numeric": numeric}
    (head,) = screen.with_sorting([column], context.get("request"))
    return render(context, "sort_header", column=head)


@register.simple_tag(takes_context=True)
def progress_bar(
    context: Context,
    value: float,
    total: float = 100,
    *,
    label: object = "",
    words: object = "",
    id: str = "progress",
    poll: str = "",
) -> str:
    """Print how far something is; with ``poll`` HTMX asks that address for the next state."""
    share = round(100 * value / total) if total else 0
    return render(
        context,
        "progress_bar",
        value=value,
        total=total,
        share=share,
        label=label,
        words=words,
        id=id,
        poll=poll,
    )


@register.simple_tag(takes_context=True)
def step_track(context: Context, steps: Items, label: object = "") -> str:
    """Print numbered steps as a strip, each with its status in words."""
    return render(context, "step_track", steps=screen.with_status(steps), label=label)


@register.simple_tag(takes_context=True)
def status_grid(context: Context, columns: Items, rows: Items, caption: object) -> str:
    """Print things × stages with a coloured, worded cell for each; a list on a phone."""
    heads = screen.as_items(columns)
    lines = [
        {
            "text": screen.pick(row, "text"),
            "href": screen.pick(row, "href"),
            "hint": screen.pick(row, "hint"),
            "cells": [
                {"head": head, **cell}
                for head, cell in zip(
                    heads, screen.with_status(screen.pick(row, "cells")), strict=True
                )
            ],
        }
        for row in rows
    ]
    return render(context, "status_grid", columns=heads, rows=lines, caption=caption)


@register.simple_tag(takes_context=True)
def chart_figure(context: Context, chart: Any) -> str:
    """Print a drawn chart with its table and source; before it is drawn, the table alone."""
    return render(context, "chart_figure", chart=chart)


@register.simple_block_tag(takes_context=True)
def map_figure(
    context: Context,
    content: str,
    title: object,
    layers: Items,
    *,
    id: str = "",
    bounds: Sequence[float] | None = None,
    tall: bool = False,
) -> str:
    """Print a map with its legend; the block is the table that says the same in words."""
    assert context.render_context is not None
    first = not context.render_context.get("_govuk_map")
    context.render_context["_govuk_map"] = True
    map_id = id or f"map-{slugify(str(title))}"
    shown = [screen.layer(item) for item in layers]
    return render(
        context,
        "map_figure",
        content=content,
        title=title,
        layers=shown,
        map_id=map_id,
        tall=tall,
        first=first,
        settings_id=f"{map_id}-settings",
        settings=screen.map_settings(shown, bounds),
    )


@register.simple_block_tag(takes_context=True)
def identity_bar(
    context: Context,
    content: str,
    title: object,
    *,
    caption: object = "",
    caption_href: str = "",
    status: object = "",
    status_label: object = "",
) -> str:
    """Head a page with what it is about and, in the block, what one can do to it."""
    look = status_look(status, status_label) if status else None
    return render(
        context,
        "identity_bar",
        content=content,
        title=title,
        caption=caption,
        caption_href=caption_href,
        look=look,
    )


@register.simple_tag(takes_context=True)
def attribution(context: Context, sources: Items) -> str:
    """Name the sources of the open data on this page."""
    return render(context, "attribution", sources=screen.as_items(sources))
