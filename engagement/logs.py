"""The access log of the web process, without the tokens that some addresses carry."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger

from core.paths import safe_path


class AccessLogger(Logger):
    """gunicorn's own log, its request line, path, query and referrer cleaned."""

    def atoms(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return what a line may name."""
        atoms: dict[str, Any] = super().atoms(*args, **kwargs)
        return {
            name: safe_path(value)
            if isinstance(value, str) and (name in "rUqf" or name.startswith("{"))
            else value
            for name, value in atoms.items()
        }
