"""Members of groups and training sessions as evidence of steps: counted, never typed."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.permissions import Permission
from core import clock
from delivery.models import GroupMember, TrainingSession
from delivery.models.group import present
from programmes.counting import CountedRows


def _members() -> QuerySet[Any]:
    return GroupMember.objects.filter(present(clock.today()), group__ended_on__isnull=True)


def _members_words(members: int, groups: int) -> str:
    return _("%(members)s in %(groups)s") % {
        "members": ngettext("%(n)d member", "%(n)d members", members) % {"n": members},
        "groups": ngettext("%(n)d group", "%(n)d groups", groups) % {"n": groups},
    }


def _sessions() -> QuerySet[Any]:
    return TrainingSession.objects.filter(held_on__lte=clock.today())


def _sessions_words(sessions: int, people: int) -> str:
    return _("%(sessions)s with %(people)s") % {
        "sessions": ngettext("%(n)d session", "%(n)d sessions", sessions) % {"n": sessions},
        "people": ngettext("%(n)d person", "%(n)d people", people) % {"n": people},
    }


class MembersEvidence(CountedRows):
    """Counts who sits today in the groups of each location that have not ended."""

    def __init__(self) -> None:
        super().__init__(
            key="delivery-group-members",
            rows=_members,
            words=_members_words,
            url_name="delivery:group",
            location="group__location",
            date="joined_on",
            also=Count("group", distinct=True),
            make_url_name="delivery:group",
            make_label=gettext_lazy("Form a group or add a member"),
            make_permission=Permission.DELIVERY_RECORD,
            at_a_glance=True,
        )


class TrainingEvidence(CountedRows):
    """Counts the training sessions held at each location."""

    def __init__(self) -> None:
        super().__init__(
            key="training-sessions",
            rows=_sessions,
            words=_sessions_words,
            url_name="delivery:training-list",
            date="held_on",
            count=Count("pk", distinct=True),
            also=Sum("attendance__people"),
            make_url_name="delivery:training-new",
            make_label=gettext_lazy("Record a training session"),
            make_permission=Permission.DELIVERY_RECORD,
            at_a_glance=True,
        )
