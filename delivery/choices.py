"""Choices of groups, training, meetings, actions, the log, asking for help and the voice."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GroupKind(models.TextChoices):
    """What a group is for."""

    DELIVERY = "delivery", _("Delivery group")
    WORKING = "working", _("Working group")


class GroupRole(models.TextChoices):
    """What somebody does in a group."""

    CHAIR = "chair", _("Chair")
    SECRETARY = "secretary", _("Keeps the record")
    MEMBER = "member", _("Member")


class MeetingKind(models.TextChoices):
    """Which template a meeting follows."""

    LEADER_WORKSHOP = "leader_workshop", _("Local leader workshop")
    CSP_BRIEFING = "csp_briefing", _("Community safety partnership briefing")
    DELIVERY_GROUP = "delivery_group", _("Delivery group meeting")
    WORKING_GROUP = "working_group", _("Working group meeting")
    OTHER = "other", _("Another meeting")


class MeetingState(models.TextChoices):
    """How a meeting stands."""

    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class Attended(models.TextChoices):
    """Whether somebody was there."""

    INVITED = "invited", _("Invited")
    COMING = "coming", _("Coming")
    PRESENT = "present", _("Present")
    APOLOGIES = "apologies", _("Apologies")
    ABSENT = "absent", _("Absent")


class ActionState(models.TextChoices):
    """How an action stands; "overdue" is computed, never stored."""

    ASKED = "asked", _("Asked for")
    ACCEPTED = "accepted", _("Accepted")
    BLOCKED = "blocked", _("Blocked")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Not going ahead")


class LogKind(models.TextChoices):
    """What is noted in the log."""

    VISIT = "visit", _("Site visit")
    BRIEFING = "briefing", _("Briefing")
    ONE_TO_ONE = "one_to_one", _("One-to-one")
    CALL = "call", _("Call or message")
    OTHER = "other", _("Something else")


class Tier(models.TextChoices):
    """Who is asked for help, from below to above."""

    DELIVERY = "delivery", _("Delivery group")
    TASKING = "tasking", _("Tasking group")
    BOARD = "board", _("Community safety partnership board")


class HelpState(models.TextChoices):
    """How asking for help stands."""

    PROPOSED = "proposed", _("Proposed")
    SENT = "sent", _("Sent")
    DECIDED = "decided", _("Decided")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Taken back")


class HelpOutcome(models.TextChoices):
    """What was decided about help asked for."""

    GIVEN = "given", _("Help is given")
    REFUSED = "refused", _("Help is refused")
    PASSED_UP = "passed_up", _("Passed up to the next tier")


class ConcernKind(models.TextChoices):
    """What a resident brings."""

    CONCERN = "concern", _("A concern")
    IDEA = "idea", _("An idea")
    OFFER = "offer", _("An offer to help")


class ConcernState(models.TextChoices):
    """How what a resident brought stands."""

    NEW = "new", _("Waiting to be read")
    OPEN = "open", _("Being looked at")
    ANSWERED = "answered", _("Answered")
    NOT_PUBLISHED = "not_published", _("Not taken further")


class NotTaken(models.TextChoices):
    """Why what somebody brought is not taken further; the last two count as nobody heard."""

    ELSEWHERE = "elsewhere", _("Somebody else has to deal with it")
    NOT_HERE = "not_here", _("It is about another place")
    CANNOT = "cannot", _("Nothing can be done about it")
    SAME = "same", _("Sent before, word for word")
    EMPTY = "empty", _("It says nothing that can be worked on")


class AnswerKind(models.TextChoices):
    """What was done with what people said."""

    DID = "did", _("You said, we did")
    COULD_NOT = "could_not", _("We could not, because")


class Channel(models.TextChoices):
    """How it reached us."""

    PUBLIC_PAGE = "public_page", _("Public page")
    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", _("By phone")
    LETTER = "letter", _("By letter or e-mail")
    MEETING = "meeting", _("At a meeting")
