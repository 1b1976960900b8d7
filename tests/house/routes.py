"""Walks the addresses of the product as the resolver knows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Route:
    """One address pattern: as resolved, with the class that answers and the methods it offers."""

    route: str
    view: Any
    callback: Any
    methods: frozenset[str]


def routes() -> Iterator[Route]:
    """Yield every route of the project."""
    yield from _walk(get_resolver(), "")


def _walk(resolver: URLResolver, prefix: str) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
            continue
        callback = pattern.callback
        view = getattr(callback, "view_class", None) or getattr(callback, "cls", callback)
        actions = getattr(callback, "actions", None)
        allowed = getattr(view, "http_method_names", METHODS)
        offered = actions or [name for name in METHODS if hasattr(view, name) and name in allowed]
        yield Route(route, view, callback, frozenset(set(offered) & set(METHODS)))
