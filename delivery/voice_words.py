"""What is cleaned in words that anybody may send, and the references they get for them."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from uuid import UUID

from django.conf import settings

# Crockford's letters: none of them is mistaken for another when read out or copied by hand.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 13  # 65 bits
_MISREAD = str.maketrans("OIL", "011")


def clean_words(text: str) -> str:
    """Return a text without what does not print: control characters and turns of direction.

    Lines stay; more than one empty line in a row becomes one.
    """
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        letter
        for letter in text
        if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


def code_for(key: UUID) -> str:
    """Return the reference for what was sent under an id, as XXXX-XXXX-XXXXX.

    Made from the id with the service's key: the same sending gets the same reference, and nobody
    who knows the id can work it out.
    """
    made = hmac.new(settings.SECRET_KEY.encode(), f"voice|{key}".encode(), hashlib.sha256)
    number = int.from_bytes(made.digest(), "big")
    letters = "".join(LETTERS[(number >> (5 * place)) & 31] for place in range(LENGTH))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def digest_of_code(code: str) -> str:
    """Return what is stored of a reference, however it was typed; empty if it cannot be one."""
    letters = re.sub(r"[\s-]", "", code).upper().translate(_MISREAD)
    if len(letters) != LENGTH or any(letter not in LETTERS for letter in letters):
        return ""
    return hashlib.sha256(f"voice|{letters}".encode()).hexdigest()
