"""Groups, training and the log for tests."""

import datetime as dt

import factory

from delivery.models import (
    DeliveryGroup,
    GroupMember,
    GroupSeat,
    LogEntry,
    TrainingAttendance,
    TrainingCourse,
    TrainingSession,
)
from tests.factories.programmes import LocationFactory

A_DAY = dt.date(2024, 6, 1)


class DeliveryGroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DeliveryGroup

    location = factory.SubFactory(LocationFactory)
    kind = "delivery"
    name = factory.Sequence(lambda n: f"Group {n}")
    formed_on = dt.date(2024, 3, 1)


class GroupSeatFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = GroupSeat

    group = factory.SubFactory(DeliveryGroupFactory)
    label = factory.Sequence(lambda n: f"Seat {n}")


class GroupMemberFactory(factory.django.DjangoModelFactory):
    """A resident whose name is not kept, unless a user, consent or agency is given."""

    class Meta:
        model = GroupMember

    group = factory.SubFactory(DeliveryGroupFactory)
    joined_on = dt.date(2024, 3, 4)


class TrainingCourseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TrainingCourse
        django_get_or_create = ("key",)

    key = "vicinity-awareness"
    name = "Vicinity awareness"
    level = "Everybody who takes part"


class TrainingSessionFactory(factory.django.DjangoModelFactory):
    """A session; ``recorded_by`` is to be given."""

    class Meta:
        model = TrainingSession

    location = factory.SubFactory(LocationFactory)
    course = factory.SubFactory(TrainingCourseFactory)
    held_on = A_DAY


class TrainingAttendanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TrainingAttendance

    session = factory.SubFactory(TrainingSessionFactory)
    people = 3


class LogEntryFactory(factory.django.DjangoModelFactory):
    """An entry; ``recorded_by`` is to be given."""

    class Meta:
        model = LogEntry

    location = factory.SubFactory(LocationFactory)
    kind = "visit"
    done_on = A_DAY
    text = "Walked the town centre."
