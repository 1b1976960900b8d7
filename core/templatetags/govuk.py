"""One tag per pattern: the look lives in ``templates/components``, pages only name it.

The library is a template builtin. Every text argument is escaped by the template that prints it;
markup can enter only through the block of a block tag, which Django has rendered (and escaped)
already. ``docs/components.md`` lists all tags with their arguments.
"""

from __future__ import annotations

from django import template

from core import screen
from core.templatetags import (
    components_figures,
    components_forms,
    components_lists,
    components_text,
)

register = template.Library()
for part in (components_text, components_lists, components_figures, components_forms):
    register.tags.update(part.register.tags)

for name in ("day", "moment", "month_name", "number", "filesize_words", "attr"):
    register.filter(name, getattr(screen, name))
