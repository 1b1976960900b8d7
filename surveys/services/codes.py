"""Single-use codes: made for a sheet that is printed once, kept as keyed digests only."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.errors import Refused
from core.history import because
from programmes import policy
from surveys.choices import WaveMode, WaveState
from surveys.models import AnswerCode, Wave

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0, 1, I, L and O: what is read from paper must not be mistaken."""

LENGTH = 10
"""31 to the power of 10: with 500 codes out, one guess in 1.6 million millions is right. So no
tries are counted, and no visitor's address is kept for counting them."""

MOST_AT_ONCE = 500


def digest_of(wave: Wave, text: str) -> str:
    """Return the keyed digest of a code as somebody typed it: case, spaces and dashes do not count.

    Keyed with the service's secret, because a code is short enough to be tried out.
    """
    plain = "".join(letter for letter in text.upper() if letter.isalnum())
    return salted_hmac(f"surveys.code.{wave.pk}", plain, algorithm="sha256").hexdigest()


@transaction.atomic
def make_codes(*, wave: Wave, number: int, by: Any) -> list[str]:
    """Make single-use codes and return them, for the only time, as "ABCDE-FGHJK".

    Raises core.errors.NotAllowed, Refused (the wave has no codes or is closed, too many at once).
    """
    policy.require(by, Permission.SURVEY_MANAGE, wave)
    if wave.mode != WaveMode.CODES:
        raise Refused(_("This wave is not answered with single-use codes."))
    if wave.state_on(clock.today()) not in (WaveState.PLANNED, WaveState.OPEN):
        raise Refused(_("This wave is closed: a new code could not be used."))
    if not 0 < number <= MOST_AT_ONCE:
        raise Refused(_("Make between 1 and %(most)d codes at once.") % {"most": MOST_AT_ONCE})
    codes: set[str] = set()
    while len(codes) < number:
        codes.add("".join(secrets.choice(LETTERS) for _letter in range(LENGTH)))
    with because(by=by):
        AnswerCode.objects.bulk_create(
            AnswerCode(wave=wave, digest=digest_of(wave, code)) for code in sorted(codes)
        )
    return [f"{code[:5]}-{code[5:]}" for code in codes]
