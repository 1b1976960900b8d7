"""Delivery groups, training, meetings, decisions, actions, log, asking for help, voice."""

from delivery.models.action import Action, ActionComment
from delivery.models.group import DeliveryGroup, GroupMember, GroupSeat
from delivery.models.help import HelpRequest
from delivery.models.log import LogEntry
from delivery.models.meeting import Decision, Issue, Meeting, MeetingAttendance
from delivery.models.notice import CalendarFeed, MailChoice, SentNotice
from delivery.models.training import TrainingAttendance, TrainingCourse, TrainingSession
from delivery.models.voice import Answer, Concern, Priority, PublicPage, SafeguardingMessage

__all__ = [
    "Action",
    "ActionComment",
    "Answer",
    "CalendarFeed",
    "Concern",
    "Decision",
    "DeliveryGroup",
    "GroupMember",
    "GroupSeat",
    "HelpRequest",
    "Issue",
    "LogEntry",
    "MailChoice",
    "Meeting",
    "MeetingAttendance",
    "Priority",
    "PublicPage",
    "SafeguardingMessage",
    "SentNotice",
    "TrainingAttendance",
    "TrainingCourse",
    "TrainingSession",
]
