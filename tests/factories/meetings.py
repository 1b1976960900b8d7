"""Meetings, lists, issues and decisions for tests."""

import datetime as dt

import factory

from delivery.models import Decision, Issue, Meeting, MeetingAttendance


class MeetingFactory(factory.django.DjangoModelFactory):
    """Needs ``location`` and ``called_by``."""

    class Meta:
        model = Meeting

    kind = "delivery_group"
    title = factory.Sequence(lambda n: f"Meeting {n}")
    held_on = dt.date(2024, 6, 26)
    starts_at = dt.time(18)
    ends_at = dt.time(19, 30)
    where = "Town hall"
    agenda = "Welcome\nActions\nNext meeting"


class AttendanceFactory(factory.django.DjangoModelFactory):
    """Needs ``meeting``, and ``user``, ``member`` or ``name``."""

    class Meta:
        model = MeetingAttendance

    agency = factory.LazyAttribute(
        lambda o: getattr(o, "user", None) and o.user.agency,
    )


class IssueFactory(factory.django.DjangoModelFactory):
    """Needs ``meeting`` and ``recorded_by``."""

    class Meta:
        model = Issue

    text = factory.Sequence(lambda n: f"Issue {n}")


class DecisionFactory(factory.django.DjangoModelFactory):
    """Needs ``location`` and ``recorded_by``."""

    class Meta:
        model = Decision

    text = factory.Sequence(lambda n: f"Decision {n}")
    decided_on = dt.date(2024, 6, 12)
