"""Choices of problems, analysis, interventions, evaluations and rich pictures."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """The four stages of SARA, in their order."""

    SCANNING = "scanning", _("Scanning")
    ANALYSIS = "analysis", _("Analysis")
    RESPONSE = "response", _("Response")
    ASSESSMENT = "assessment", _("Assessment")


class ProblemState(models.TextChoices):
    """Whether a problem is being worked on."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Outcome(models.TextChoices):
    """How a problem was closed."""

    SOLVED = "solved", _("Solved, or so small that it needs no plan")
    SMALLER = "smaller", _("Smaller than it was")
    UNCHANGED = "unchanged", _("Not changed by what we did")
    MOVED = "moved", _("Moved elsewhere")
    HANDED_ON = "handed_on", _("Handed on to somebody else")


class Verdict(models.TextChoices):
    """What the evidence says of a hypothesis."""

    OPEN = "open", _("Not tested yet")
    SUPPORTED = "supported", _("Supported")
    NOT_SUPPORTED = "not_supported", _("Not supported")


class EvidenceKind(models.TextChoices):
    """What a piece of linked evidence is."""

    PACKAGE = "package", _("Data package")
    WAVE = "wave", _("Survey results")
    OBSERVATION = "observation", _("Observation on a walk")
    ASSET = "asset", _("Community asset")
    CONCERN = "concern", _("What residents said")
    ACTION = "action", _("Action")
    STEP_EVIDENCE = "step_evidence", _("Evidence on a step")
    NOTE = "note", _("Something else, with its source")


class Bearing(models.TextChoices):
    """Which way a piece of evidence points."""

    FOR = "for", _("Speaks for it")
    AGAINST = "against", _("Speaks against it")
    BOTH = "both", _("Can be read both ways")


class InterventionState(models.TextChoices):
    """How an intervention stands."""

    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    ENDED = "ended", _("Ended")
    DROPPED = "dropped", _("Not going ahead")


class MeasureKind(models.TextChoices):
    """What shows whether an intervention worked."""

    ASB_REPORTS = "asb_reports", _("Reports of anti-social behaviour, month by month")
    SURVEY = "survey", _("A question of a survey, asked again")


class AreaRole(models.TextChoices):
    """What an area is for in an evaluation; worded as people say it."""

    RESPONSE = "response", _("Where we act")
    COMPARISON = "comparison", _("Similar place")
    BUFFER = "buffer", _("Nearby")
    BUFFER_COMPARISON = "buffer_comparison", _("Similar place for nearby")


class EvaluationVerdict(models.TextChoices):
    """What an evaluation comes to."""

    CLEAR = "clear_change", _("Clear change")
    NO_CLEAR = "no_clear_change", _("No clear change")
    TOO_EARLY = "too_early", _("Too early to tell")
    CANNOT_TELL = "cannot_tell", _("Cannot tell")


class PictureKind(models.TextChoices):
    """What a rich picture shows."""

    PROBLEM = "problem", _("The problem as people see it")
    SOLUTION = "solution", _("How it could be solved")


class Technique(models.TextChoices):
    """The 25 techniques of situational prevention (Cornish and Clarke 2003)."""

    HARDEN = "harden_targets", _("Harden targets")
    ACCESS = "control_access", _("Control access to places")
    EXITS = "screen_exits", _("Screen exits")
    DEFLECT = "deflect_offenders", _("Deflect offenders")
    TOOLS = "control_tools", _("Control tools")
    GUARDIANSHIP = "extend_guardianship", _("Extend guardianship")
    NATURAL = "natural_surveillance", _("Help people to see and be seen")
    ANONYMITY = "reduce_anonymity", _("Reduce anonymity")
    MANAGERS = "place_managers", _("Use place managers")
    FORMAL = "formal_surveillance", _("Strengthen formal surveillance")
    CONCEAL = "conceal_targets", _("Conceal targets")
    REMOVE = "remove_targets", _("Remove targets")
    IDENTIFY = "identify_property", _("Identify property")
    MARKETS = "disrupt_markets", _("Disrupt markets")
    BENEFITS = "deny_benefits", _("Deny benefits")
    FRUSTRATION = "reduce_frustration", _("Reduce frustration and stress")
    DISPUTES = "avoid_disputes", _("Avoid disputes")
    AROUSAL = "reduce_arousal", _("Reduce temptation and arousal")
    PEERS = "neutralise_peer_pressure", _("Neutralise peer pressure")
    IMITATION = "discourage_imitation", _("Discourage imitation")
    RULES = "set_rules", _("Set rules")
    INSTRUCTIONS = "post_instructions", _("Post instructions")
    CONSCIENCE = "alert_conscience", _("Alert conscience")
    COMPLIANCE = "assist_compliance", _("Make it easy to do right")
    ALCOHOL = "control_alcohol_drugs", _("Control alcohol and drugs")


_COLUMNS = (
    _("Increase the effort"),
    _("Increase the risk"),
    _("Reduce the reward"),
    _("Reduce provocation"),
    _("Remove excuses"),
)


def technique_groups() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Return the techniques in their five columns of five, for a choice field."""
    choices: list[tuple[str, Any]] = list(Technique.choices)
    return [(title, choices[5 * n : 5 * n + 5]) for n, title in enumerate(_COLUMNS)]
