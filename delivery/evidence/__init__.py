"""What delivery records as evidence of steps: counted, never typed."""

from __future__ import annotations


def register() -> None:
    """Make known the kinds that no other part registers."""
    from delivery.evidence.consents import CONSENTS
    from delivery.evidence.decisions import DECISIONS
    from delivery.evidence.escalations import ESCALATIONS
    from delivery.evidence.training import ATTENDANCE
    from programmes.registry import register_evidence_provider

    for provider in (CONSENTS, ATTENDANCE, DECISIONS, ESCALATIONS):
        register_evidence_provider(provider)
