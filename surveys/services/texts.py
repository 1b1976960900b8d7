"""What people wrote in their own words: read by somebody before anybody else sees it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.sharing import Category
from core.errors import NotAllowed, Refused
from programmes import policy
from programmes.sharing import shared_with
from surveys.choices import TextState
from surveys.models import Reply, Wave


def may_read_texts(user: Any, wave: Wave) -> bool:
    """Say whether a person may read what was written: they manage surveys there, and are covered.

    What residents write is the lead agency's; another agency's people read it while an agreement
    opens sensitive notes to them.
    """
    if user is None:
        return True
    covered = shared_with(user, wave.survey.location.programme)
    return covered.covers(Category.SENSITIVE_NOTES, None) and policy.holds(
        user, Permission.SURVEY_MANAGE, wave
    )


@transaction.atomic
def judge_text(*, reply: Reply, keep: bool, by: Any, shown_text: str = "") -> Reply:
    """Keep what somebody wrote, without what could tell who they are, or hold it back.

    ``shown_text`` is what is kept (the whole text if empty). What was written stays as it is, for
    those who moderate. Raises core.errors.NotAllowed, Refused (nothing was written).
    """
    if not may_read_texts(by, reply.submission.wave):
        raise NotAllowed(_("Only those who manage surveys for the lead agency read these texts."))
    current = Reply.objects.select_for_update(of=("self",)).get(pk=reply.pk)
    if not current.text:
        raise Refused(_("Nothing was written here."))
    current.text_state = TextState.KEPT if keep else TextState.HELD_BACK
    current.shown_text = (shown_text.strip() or current.text) if keep else ""
    current.save(update_fields=["text_state", "shown_text"])
    return current
