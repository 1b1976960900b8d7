"""Tags for text, buttons, notices."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.text import slugify

from core import screen
from core.statuses import status_look
from core.templatetags.components_base import Items, render

register = template.Library()


@register.simple_tag(takes_context=True)
def page_heading(
    context: Context,
    title: object,
    caption: object = "",
    intro: object = "",
    size: str = "l",
) -> str:
    """Print the page's one ``h1``, with what it belongs to above and one sentence below."""
    return render(context, "page_heading", title=title, caption=caption, intro=intro, size=size)


@register.simple_tag(takes_context=True)
def button(
    context: Context,
    text: object,
    href: str = "",
    *,
    variant: str = "",
    type: str = "submit",
    name: str = "",
    value: object = "",
    disabled: bool = False,
    id: str = "",
    hidden_text: object = "",
) -> str:
    """Print a button, or a link that looks like one where ``href`` is given."""
    return render(
        context,
        "button",
        text=text,
        href=href,
        variant=variant,
        type=type,
        name=name,
        value=value,
        disabled=disabled,
        id=id,
        hidden_text=hidden_text,
    )


@register.simple_tag(takes_context=True)
def post_button(
    context: Context,
    text: object,
    action: str,
    *,
    variant: str = "",
    name: str = "",
    value: object = "",
    hidden_text: object = "",
    disabled: bool = False,
) -> str:
    """Print a form of one button: what changes something is never a plain link."""
    return render(
        context,
        "post_button",
        text=text,
        action=action,
        variant=variant,
        name=name,
        value=value,
        hidden_text=hidden_text,
        disabled=disabled,
        csrf_token=context.get("csrf_token"),
    )


@register.simple_block_tag(takes_context=True)
def button_group(context: Context, content: str) -> str:
    """Set buttons side by side."""
    return render(context, "button_group", content=content)


@register.simple_tag(takes_context=True)
def tag(context: Context, text: object, colour: str = "blue") -> str:
    """Print a coloured word."""
    return render(context, "tag", text=text, colour=colour)


@register.simple_tag(takes_context=True)
def status_tag(context: Context, status: object, label: object = "") -> str:
    """Print a status in its one colour and wording (``core.statuses``)."""
    look = status_look(status, label)
    return render(context, "tag", text=look.label, colour=look.colour)


@register.simple_tag(takes_context=True)
def marking(context: Context, marking: object, handling: object = "") -> str:
    """Print a protective marking, in capitals, with its handling instruction."""
    return render(context, "marking", marking=marking, handling=handling)


@register.simple_block_tag(takes_context=True)
def warning_text(context: Context, content: str) -> str:
    """Print a warning with its sign."""
    return render(context, "warning_text", content=content)


@register.simple_block_tag(takes_context=True)
def inset_text(context: Context, content: str) -> str:
    """Set a passage off from the text around it."""
    return render(context, "inset_text", content=content)


@register.simple_block_tag(takes_context=True)
def details(context: Context, content: str, summary: object, open: bool = False) -> str:
    """Hide a passage behind a line that opens it."""
    return render(context, "details", content=content, summary=summary, open=open)


@register.simple_block_tag(takes_context=True)
def panel(context: Context, content: str, title: object, *, level: int = 1) -> str:
    """Confirm that something was completed; its title is the page's, unless ``level`` is given."""
    return render(context, "panel", content=content, title=title, level=level)


@register.simple_block_tag(takes_context=True)
def notification_banner(
    context: Context,
    content: str,
    kind: str = "information",
    *,
    title: object = "",
    heading: object = "",
) -> str:
    """Tell what happened; ``kind`` is ``information``, ``success`` or ``problem``."""
    return render(
        context,
        "notification_banner",
        content=content,
        kind=kind,
        title=title,
        heading=heading,
        title_id=f"banner-{slugify(kind)}-{slugify(str(heading)) or 'title'}",
    )


@register.simple_tag(takes_context=True)
def error_summary(context: Context, errors: Items, title: object = "") -> str:
    """List what is wrong, each with a link to its field; takes the focus."""
    return render(context, "error_summary", errors=screen.as_items(errors), title=title)


@register.simple_block_tag(takes_context=True)
def empty_state(
    context: Context, content: str, title: object, action: object = "", href: str = ""
) -> str:
    """Say that there is nothing yet, and what to do first."""
    return render(context, "empty_state", content=content, title=title, action=action, href=href)


@register.simple_tag(takes_context=True)
def exit_this_page(context: Context, href: str = "https://www.bbc.co.uk/weather") -> str:
    """Give a person who may be watched a quick way out (also: Shift three times)."""
    return render(context, "exit_this_page", href=href)


@register.simple_block_tag(takes_context=True)
def phase_banner(context: Context, content: str, tag: object) -> str:
    """State on every page what kind of site this is."""
    return render(context, "phase_banner", content=content, tag=tag)
