"""Refuses passwords that are known from breaches, without asking anybody outside.

The list lies in ``data/breached-passwords.bin`` (what it is and whose: the ``.json`` beside it;
rebuilt by ``bin/vendor-passwords``): the first six bytes of the SHA-1 of each password in lower
case, sorted.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LIST = Path(__file__).with_name("data") / "breached-passwords.bin"
BYTES_EACH = 6


@cache
def _listed() -> bytes:
    return LIST.read_bytes()


def is_breached(password: str) -> bool:
    """Say whether a password (12 characters or more), in whatever capitals, is on the list.

    A password that is not on it is taken for listed once in six thousand million.
    """
    wanted = hashlib.sha1(password.lower().encode(), usedforsecurity=False).digest()[:BYTES_EACH]
    listed = _listed()
    low, high = 0, len(listed) // BYTES_EACH
    while low < high:
        middle = (low + high) // 2
        if listed[middle * BYTES_EACH : (middle + 1) * BYTES_EACH] < wanted:
            low = middle + 1
        else:
            high = middle
    return listed[low * BYTES_EACH : (low + 1) * BYTES_EACH] == wanted


class BreachedPasswordValidator:
    """Django's validator that asks the list; shorter passwords are refused for their length."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password from a breach."""
        if is_breached(password):
            raise ValidationError(
                _("This password is known from a breach of another service. Choose another one."),
                code="breached",
            )

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return _("It must not be known from a breach of another service.")
