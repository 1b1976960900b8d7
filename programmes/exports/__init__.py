"""The lists that programmes give: locations, steps, the evidence register, who holds which role.

Each is offered of a programme (all of its locations that one may take) and of a location.
"""

from __future__ import annotations


def register() -> None:
    """Make the lists known, and how to tell who reads depersonalised data only."""
    from core import exports
    from core.exports.disclosure import register_reader
    from programmes.exports.common import sees_personal
    from programmes.exports.evidence import EVIDENCE
    from programmes.exports.locations import LOCATIONS
    from programmes.exports.members import MEMBERS
    from programmes.exports.steps import STEPS

    register_reader(sees_personal)
    for export in (LOCATIONS, STEPS, EVIDENCE, MEMBERS):
        exports.register(export)
