"""Help asked for and verification for the access matrix, ours, the neighbour's and Teme's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from programmes.models import StepRecord
from tests.factories.help import HelpRequestFactory, VerificationFactory

TWINS = ("help_id",)
OTHERS = ("help_id",)
SECRETS = {
    "x-help-reason-q7": {"covered", "teme"},
    "x-help-decision-q7": {"covered", "teme"},
    "neighbours-help-q7": {"neighbour"},
    "neighbours-verification-q7": {"neighbour"},
    # My week lists the step sent to the verifier to whom it waits for, and to nobody else.
    '<h2 class="govuk-heading-m">Steps to verify': {"verifier"},
}
WORDS = {
    "decision": "The contractor may work there.",
    "help_from": "Council, street lighting",
    "withdrawn_reason": "Kept for the test.",
    "handling": "As usual.",
}


def world(people: Any, made: dict[str, Any]) -> list[Any]:
    """Make a request of the coordinator's, and send the step to the verifier."""
    asked = HelpRequestFactory(
        location=people.location, sent_by=people.coordinator, agency=people.police, **WORDS
    )
    step = made["programmes.StepRecord"]
    return [asked, VerificationFactory(step_record=step, said_by=people.coordinator)]


def names(made: dict[str, Any]) -> dict[str, Any]:
    """Return the placeholders."""
    return {"help_id": made["delivery.HelpRequest"].pk}


def neighbours(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Make the neighbour's own request, and a word to the neighbour's verifier."""
    people = cast.people
    asked = HelpRequestFactory(
        location=people.other_location, sent_by=people.neighbour, title="neighbours-help-q7"
    )
    VerificationFactory(
        step_record=StepRecord.objects.filter(location=people.other_location)[0],
        said_by=people.neighbour,
        text="neighbours-verification-q7",
    )
    return {"n_help_id": asked.pk}


def anothers(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Make a sensitive request of Teme's, and one of the police's that is decided."""
    people = cast.people
    theirs = HelpRequestFactory(
        location=people.location,
        sent_by=cast.users["teme"],
        agency=cast.agencies["teme"],
        title="Teme’s request",
        reason="x-help-reason-q7",
        decision="x-help-decision-q7",
        help_from="x-help-decision-q7",
        withdrawn_reason="x-help-decision-q7",
        marking="official-sensitive",
        handling="Only as agreed.",
    )
    decided = HelpRequestFactory(
        location=people.location,
        sent_by=people.coordinator,
        agency=people.police,
        state="decided",
        outcome="given",
        decision="Yes.",
        help_from="Council",
        help_by=dt.date(2024, 7, 5),
        decided_on=dt.date(2024, 6, 20),
        decided_by=people.leader,
    )
    return {"x_help_id": theirs.pk, "decided_help_id": decided.pk}


def grow(people: Any, size: int) -> None:
    """Ask for help as often as there are locations, in every state."""
    states = ("sent", "proposed", "decided", "returned")
    for number in range(size):
        HelpRequestFactory(
            location=people.location,
            sent_by=people.coordinator,
            agency=people.police,
            state=states[number % 4],
            rule="3 weeks late" if number % 4 == 1 else "",
            title=f"Request {number}",
        )
