"""What the tags need to know besides markup: items, addresses, sorting, dates and numbers in words.

Pure functions; the templates in ``templates/components`` do the printing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.forms.widgets import ChoiceWidget
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.statuses import status_look

Item = dict[str, Any]
SYMBOLS = (
    "boundary",
    "place",
    "point",
    "area",
    "other",
    "square",
    "diamond",
    "ring",
    "triangle",
    "cross",
)
_HEADS = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_ROWS = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELLS = re.compile(r"<t([dh])\b")
KEPT_NAMES = (
    "title",
    "href",
    "hint",
    "at",
    "by",
    "text",
    "link_text",
    "number",
    "current",
    "note",
)


def pick(item: object, name: str, default: object = "") -> Any:
    """Read a name from a mapping or an object; missing or None gives the default."""
    value = item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)
    return default if value is None else value


def as_items(values: Iterable[object]) -> list[Item]:
    """Turn texts, pairs ``(text, href)``, mappings and objects into items with text and href."""
    items: list[Item] = []
    for value in values:
        if isinstance(value, Mapping):
            items.append(dict(value))
        elif isinstance(value, (str, Promise)):
            items.append({"text": value})
        elif isinstance(value, tuple) and not hasattr(value, "_fields"):
            items.append({"text": value[0], "href": value[1] if len(value) > 1 else ""})
        else:
            names = ("text", "href", "hidden", "short", "numeric", "sort", "licence")
            items.append({name: pick(value, name) for name in names})
    return items


def with_status(values: Iterable[object]) -> list[Item]:
    """Give each item the colour and the words of its ``status``."""
    items: list[Item] = []
    for value in values:
        item = (
            dict(value)
            if isinstance(value, Mapping)
            else {name: pick(value, name) for name in KEPT_NAMES}
        )
        status = pick(value, "status")
        item["status"] = str(status)
        item["look"] = status_look(status, pick(value, "status_label")) if status else None
        items.append(item)
    return items


# --- Addresses -------------------------------------------------------------------------------


def with_labels(table: str) -> str:
    """Return the markup of a table with each cell's ``data-label``: the head of its column.

    ``table`` is markup already escaped; what is put into the attributes stays so.
    """
    head, foot, body = table.partition("</thead>")
    labels = [strip_tags(found).strip().replace('"', "&quot;") for found in _HEADS.findall(head)]

    def label_row(row: re.Match[str]) -> str:
        columns = iter(labels)

        def label_cell(cell: re.Match[str]) -> str:
            label = next(columns, "")
            return f'{cell[0]} data-label="{label}"' if cell[1] == "d" and label else cell[0]

        return _CELLS.sub(label_cell, row[0])

    return head + foot + _ROWS.sub(label_row, body)


def query_with(request: HttpRequest | None, **changes: object) -> str:
    """Return the query of this request with some parameters changed; None or "" removes one."""
    if request is None:
        return "?"
    query = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


def with_sorting(columns: Iterable[Item], request: HttpRequest | None) -> list[Item]:
    """Give each sortable column its address and its ``aria-sort`` state.

    A first click sorts upwards, a second downwards; the page number is dropped, because page 3 of
    another order means nothing.
    """
    current = request.GET.get("sort", "") if request is not None else ""
    heads: list[Item] = []
    for column in columns:
        head = dict(column)
        name = head.get("sort")
        if name:
            up = current == name
            head["aria_sort"] = (
                "ascending" if up else "descending" if current == f"-{name}" else "none"
            )
            head["sort_href"] = query_with(request, sort=f"-{name}" if up else name, page=None)
        heads.append(head)
    return heads


def selected_filters(form: Any, request: HttpRequest | None) -> list[Item]:
    """List what a bound GET form filters by, each with the address that removes it."""
    if request is None or not form.is_bound:
        return []
    selected: list[Item] = []
    for bound in form.visible_fields():
        values = _chosen(form.data, bound.html_name)
        # A list of months keeps its words with its control.
        choices: Any = getattr(bound.field, "choices", None)
        if choices is None:
            choices = getattr(bound.field.widget, "choices", ())
        names = dict(flat_choices(choices))
        for value in values:
            if not value:
                continue
            query = request.GET.copy()
            query.setlist(bound.html_name, [v for v in values if v != value])
            query.pop("page", None)
            selected.append(
                {
                    "field": bound.label,
                    "text": names.get(value, value),
                    "href": f"?{query.urlencode()}",
                }
            )
    return selected


def _chosen(data: Any, name: str) -> list[str]:
    """Return the values that came in under a name, from a query or a plain mapping."""
    if hasattr(data, "getlist"):
        return list(data.getlist(name))
    value = data.get(name, "")
    return list(value) if isinstance(value, (list, tuple)) else [value]


def flat_choices(choices: Iterable[Any]) -> list[tuple[str, object]]:
    """Return (value, words) of choices, groups opened."""
    flat: list[tuple[str, object]] = []
    for value, words in choices:
        if isinstance(words, (list, tuple)):
            flat += flat_choices(words)
        else:
            flat.append((str(value), words))
    return flat


def main_navigation(site: object, path: str) -> list[Item]:
    """Return the product's main pages, the one we are in marked.

    Where the site offers ``navigation`` (items ``text``, ``href``) that is shown instead;
    ``more_navigation`` (a function that returns such items) adds to the usual ones.
    """
    items = as_items(pick(site, "navigation", ())) or [
        {"text": _("My week"), "href": "/"},
        {"text": _("Programmes"), "href": "/programmes/", "also": "/locations/"},
        {"text": _("Jobs"), "href": "/jobs/"},
        *as_items(pick(site, "more_navigation", list)()),
    ]
    for item in items:
        href = str(item["href"])
        item["current"] = path == href
        also = str(item.get("also") or href)
        item["active"] = href != "/" and path.startswith((href, also))
    return items


def address_of(name: str, default: str) -> str:
    """Return the address of a named page, or the default while no app offers it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return default


def form_error_items(form: Any) -> list[Item]:
    """List a form's errors in the order of its fields, each linked to what to correct."""
    items: list[Item] = [{"text": error} for error in form.non_field_errors()]
    for bound in form:
        for error in bound.errors:
            if bound.is_hidden:
                items.append({"text": error})
            else:
                items.append({"text": error, "href": f"#{error_target(bound)}"})
    return items


def error_target(bound: Any) -> str:
    """Return the id of the control that an error summary's link must focus."""
    widget = bound.field.widget
    wrong = getattr(widget, "first_part_in_error", None)
    if wrong is not None:
        return str(wrong(bound))
    html_id = str(widget.attrs.get("id") or bound.auto_id)
    if isinstance(widget, ChoiceWidget):
        return str(widget.id_for_label(html_id, index="0") or html_id)
    return html_id


# --- Maps ------------------------------------------------------------------------------------


def layer(value: object) -> Item:
    """Return one map layer with every name the map and its legend read."""
    symbol = str(pick(value, "symbol", "area"))
    if symbol not in SYMBOLS:
        raise ValueError(f"map symbol {symbol!r} is none of {', '.join(SYMBOLS)}")
    return {
        "slug": str(pick(value, "slug")),
        "label": str(pick(value, "label")),
        "url": str(pick(value, "url")),
        "geojson": pick(value, "geojson", None),
        "symbol": symbol,
        "title_property": str(pick(value, "title_property", "name")),
        "hidden": bool(pick(value, "hidden", False)),
    }


def map_settings(layers: Sequence[Item], bounds: Sequence[float] | None) -> Item:
    """Return what static/js/map.js reads: layers, bounds (west, south, east, north) and tiles."""
    from leaflet import app_settings

    tiles = [
        {
            "label": str(label),
            "url": url,
            "options": options if isinstance(options, dict) else {"attribution": str(options)},
        }
        for label, url, options in app_settings["TILES"] or []
    ]
    return {
        "layers": list(layers),
        "bounds": list(bounds) if bounds else None,
        "tiles": tiles,
        "words": {
            "zoom_in": _("Zoom in"),
            "zoom_out": _("Zoom out"),
            "not_loaded": _("This layer could not be loaded. The table below has the same facts."),
        },
    }


# --- Dates and numbers in words --------------------------------------------------------------


def day(value: object) -> str:
    """Write a date as "12 March 2024"; nothing for none."""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    if not isinstance(value, dt.date):
        return ""
    return formats.date_format(value, "j F Y")


def moment(value: object) -> str:
    """Write date and time as "12 March 2024, 3:04pm"; a plain date as a date."""
    if not isinstance(value, dt.datetime):
        return day(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    hour = local.hour % 12 or 12
    half = "am" if local.hour < 12 else "pm"
    return f"{day(value)}, {hour}:{local.minute:02d}{half}"


def month_name(value: object) -> str:
    """Write a month (a date, or the text "2024-03") as "March 2024"."""
    if isinstance(value, str):
        try:
            return month_name(dt.date.fromisoformat(f"{value[:7]}-01"))
        except ValueError:
            return value
    return formats.date_format(value, "F Y") if isinstance(value, dt.date) else ""


def number(value: object) -> str:
    """Write a number with thousands separated; "not known" for none: missing is never zero."""
    if value is None or value == "":
        return _("not known")
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.1f}"
    if isinstance(value, (int, float)):
        return f"{int(value):,}"
    return str(value)


def filesize_words(value: object) -> str:
    """Write a number of bytes as people say it (1 kB = 1,000 bytes)."""
    if not isinstance(value, (int, float)):
        return ""
    if value < 1000:
        return ngettext("%(count)d byte", "%(count)d bytes", int(value)) % {"count": int(value)}
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if value >= size:
            return f"{value / size:.1f} {unit}"
    return f"{value / 1e3:.0f} kB"


def attr(attributes: object, name: str) -> Any:
    """Read an attribute whose name has a hyphen, which a template's dot cannot."""
    return attributes.get(name, "") if isinstance(attributes, Mapping) else ""
