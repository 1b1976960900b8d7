"""Delivery groups, training, meetings, decisions, actions, log, asking for help, voice."""

from delivery.models.action import Action, ActionComment
from delivery.models.group import DeliveryGroup, GroupMember, GroupSeat
from delivery.models.help import HelpRequest
from delivery.models.log import LogEntry
from delivery.models.meeting import Decision, Issue, Meeting, MeetingAttendance
from delivery.models.training import TrainingAttendance, TrainingCourse, TrainingSession
from delivery.models.voice import Answer, Concern, Priority, SafeguardingMessage

__all__ = [
    "Action",
    "ActionComment",
    "Answer",
    "Concern",
    "Decision",
    "DeliveryGroup",
    "GroupMember",
    "GroupSeat",
    "HelpRequest",
    "Issue",
    "LogEntry",
    "Meeting",
    "MeetingAttendance",
    "Priority",
    "SafeguardingMessage",
    "TrainingAttendance",
    "TrainingCourse",
    "TrainingSession",
]
