"""What groups, training and the log tell the floors below."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def register() -> None:
    """Make pages, evidence, panels, chapters, lists, veils and help known."""
    from core.exports import register as register_export
    from core.help import register_help
    from core.selectors import register_veil
    from delivery import group_veils
    from delivery.evidence_groups import MembersEvidence, TrainingEvidence
    from delivery.exports.groups import ATTENDANCE, LOG, MEMBERS
    from delivery.handover_groups import build_group, build_log
    from delivery.models import GroupMember, LogEntry, TrainingAttendance, TrainingSession
    from programmes.registry import (
        PageGroup,
        register_evidence_provider,
        register_handover_chapter,
        register_location_page,
    )

    register_location_page(
        "group",
        label=_("Delivery group"),
        url_name="delivery:group",
        group=PageGroup.PEOPLE,
        order=10,
    )
    register_location_page(
        "training",
        label=_("Training"),
        url_name="delivery:training-list",
        group=PageGroup.PEOPLE,
        order=20,
    )
    register_location_page(
        "log", label=_("Log"), url_name="delivery:log", group=PageGroup.WORK, order=60
    )
    register_evidence_provider(MembersEvidence())
    register_evidence_provider(TrainingEvidence())
    register_handover_chapter("group", title=_("Who is in it"), order=40, build=build_group)
    register_handover_chapter("log", title=_("Lately in the log"), order=80, build=build_log)
    for export in (MEMBERS, ATTENDANCE, LOG):
        register_export(export)
    register_veil(GroupMember, group_veils.member)
    register_veil(TrainingSession, group_veils.session)
    register_veil(TrainingAttendance, group_veils.attendance)
    register_veil(LogEntry, group_veils.log_entry)
    register_help(
        "groups",
        title=_("Groups, training and the log"),
        summary=_("Who sits in a group, whose name is shown, and what to note."),
        template_name="help/groups.html",
        order=22,
    )
    post_migrate.connect(
        _store_courses, sender=apps.get_app_config("delivery"), dispatch_uid="delivery.courses"
    )


def _store_courses(using: str = "default", **kwargs: Any) -> None:
    """Store the courses that come with the product, where their table is there."""
    from delivery.models import TrainingCourse
    from delivery.services.courses import ensure_courses

    if TrainingCourse._meta.db_table in connections[using].introspection.table_names():
        ensure_courses()
